"""`quoth calibrate`: what is fitted, what follows from it, and what it refuses."""

import json
import math
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.calibration import CALIBRATION_NAME, Calibration, HopeFeatures, LogisticModel
from qa.errors import ModelError
from qa.filters import Filters
from qa.reading.reader import READ_AT_ONCE, OnnxReader, PassageSpan
from qa.reading.reader_folder import SHIPPED_READER
from qa.retrieval import Retrieval, RetrievedPassage
from qa.values import Passage
from scripts.calibration.fit import enough_lead, fit, hope, report
from scripts.calibration.trials import AskedOf, Trial, run_trials
from scripts.evaluation.collection import Collection
from scripts.evaluation.question_file import KnownQuestion, QuestionFileError, Reference
from scripts.quoth import app

CITIES = (
    "Lisbon",
    "Oslo",
    "Vienna",
    "Madrid",
    "Rome",
    "Paris",
    "Berlin",
    "Warsaw",
    "Athens",
    "Bern",
)
FOODS = ("soup", "bread", "cheese", "wine", "fish", "honey", "pasta", "beer", "olives", "apples")


def questions(path: Path) -> Path:
    """Eighty questions over forty small articles."""
    generator = random.Random(4)
    with path.open("w", encoding="utf-8") as file:
        for number in range(80):
            city, food = CITIES[number % 10], FOODS[(number // 4) % 10]
            year = 1800 + number // 2
            context = f"In {year} the market of {city} sold {food}. It closed in {year + 30}."
            asked, answer = generator.choice(
                [
                    (f"What did the market of {city} sell in {year}?", food),
                    (f"Where was {food} sold in {year}?", city),
                ]
            )
            row = {
                "id": str(number),
                "title": f"{city} {number // 8}",
                "context": context,
                "question": asked,
                "answers": [{"text": answer, "answer_start": context.index(answer)}],
            }
            file.write(json.dumps(row) + "\n")
    return path


def test_the_written_file_belongs_to_the_reader_and_says_what_it_was_fitted_on(
    tmp_path: Path, reader: OnnxReader
) -> None:
    data, out = questions(tmp_path / "own.jsonl"), tmp_path / "calibration.json"
    result = CliRunner().invoke(app, ["calibrate", "--data", str(data), "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout.splitlines()[-1])
    calibration = Calibration.load(out, reader_sha256=reader.fingerprint)
    fitted = int(calibration.fitted_on.split()[0])
    # A quarter is kept apart of the questions and of those about other names.
    assert found["trials"] == pytest.approx(fitted / 3, abs=1)
    assert 120 < fitted + found["trials"] <= 160
    assert calibration.fitted_on.endswith(
        " questions, as they are and about other names, of own.jsonl; titles: all"
    )
    thresholds = [one.min_confidence for one in calibration.precision_thresholds]
    assert thresholds == sorted(thresholds)
    for one in calibration.precision_thresholds:
        assert 0 <= found[f"coverage_at_target_{round(100 * one.precision)}"] <= 1


@pytest.mark.parametrize(
    ("out", "message"),
    [("absent/c.json", "there is no folder"), ("own.jsonl", "its questions would be lost")],
)
def test_what_cannot_be_written_is_told_before_any_question_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, message: str
) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("a reader is opened")

    monkeypatch.setattr(OnnxReader, "load", read)
    data = questions(tmp_path / "own.jsonl")
    before = data.read_bytes()
    result = CliRunner().invoke(
        app, ["calibrate", "--data", str(data), "--out", str(tmp_path / out)]
    )
    assert result.exit_code == 1
    assert message in result.stderr
    assert data.read_bytes() == before


def test_too_few_questions_are_refused(tmp_path: Path) -> None:
    data = questions(tmp_path / "own.jsonl")
    few = tmp_path / "few.jsonl"
    few.write_text("".join(data.read_text().splitlines(keepends=True)[:30]))
    result = CliRunner().invoke(
        app, ["calibrate", "--data", str(few), "--out", str(tmp_path / "c.json")]
    )
    assert result.exit_code == 1
    assert result.stderr == (
        "error: 30 questions are too few to calibrate with; give at least 60\n"
    )
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"title": ""}, "questions of at least two titles", id="no-titles"),
        pytest.param({"title": "One"}, "questions of at least two titles", id="one-title"),
        pytest.param(
            {"answers": []}, "0 questions with an answer are too few", id="nothing-answerable"
        ),
    ],
)
def test_questions_of_one_kind_are_refused_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], message: str
) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("a reader is opened")

    monkeypatch.setattr(OnnxReader, "load", read)
    lines = questions(tmp_path / "own.jsonl").read_text(encoding="utf-8").splitlines()
    data = tmp_path / "alike.jsonl"
    data.write_text("".join(json.dumps(json.loads(line) | changes) + "\n" for line in lines))
    result = CliRunner().invoke(
        app, ["calibrate", "--data", str(data), "--out", str(tmp_path / "c.json")]
    )
    assert result.exit_code == 1
    assert message in result.stderr


def test_answers_that_are_all_wrong_teach_nothing_and_say_so() -> None:
    wrong = [replace(trial(1, 2), answerable=True) for _ in range(3)]
    with pytest.raises(QuestionFileError, match="all right, or all wrong"):
        fit(wrong, reader_sha256="0" * 64, min_margin=0.0, note="nothing")


def test_how_likely_an_answer_is_right_is_learned_of_whole_articles_alone() -> None:
    whole = [trial(4 + n / 100, 1, right=0) for n in range(40)]
    whole += [trial(2 + n / 100, 1, right=5) for n in range(40)]
    torn = [replace(trial(4 + n / 100, 1, right=5), scattered=True) for n in range(200)]
    in_vain = [replace(trial(n / 100, 1), answerable=False) for n in range(40)]
    fitted = fit([*whole, *torn, *in_vain], reader_sha256="0" * 64, min_margin=0.0, note="")
    best = whole[0].decide(fitted).ranking[0]
    assert fitted.right_if_answerable.probability(best.features) > 0.7
    (nine_in_ten,) = (one for one in fitted.precision_thresholds if one.precision == 0.9)
    assert nine_in_ten.coverage > 0.1


def test_trials_of_one_kind_have_no_area_that_tells_the_kinds_apart(reader: OnnxReader) -> None:
    path = SHIPPED_READER / CALIBRATION_NAME
    calibration = Calibration.load(path, reader_sha256=reader.fingerprint)
    found = report([trial(1, 2)] * 3, calibration)
    assert found["trials"] == 3
    assert "auroc_answerable" not in found


def trial(*margins: float, right: int | None = None) -> Trial:
    """Return a trial that reads one span of each margin, in passages read one batch each.

    `right` is the batch whose span is the right answer.
    """
    answers = (
        () if right is None else (Reference(text=f"{right * READ_AT_ONCE:02}", answer_start=0),)
    )
    question = KnownQuestion(id="q", context="x y", question="?", answers=answers)
    found = [
        (
            RetrievedPassage(Passage(n, f"a{n}", 0, 3, f"{n:02}."), 0.01, 0.5, 1, 2.0, 0.7, 1),
            [PassageSpan(0, 2, margin, 0.0)] if n % READ_AT_ONCE == 0 else [],
        )
        for n in range(READ_AT_ONCE * len(margins))
        for margin in [margins[n // READ_AT_ONCE]]
    ]
    return Trial(question, True, tuple(found))


# The articles answer with the logistic function of the best margin.
BY_MARGIN = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"margin": 1}, bias=0),
    right_if_answerable=LogisticModel(weights={}, bias=0),
    answerable=LogisticModel(weights={"margin": 1}, bias=0),
    min_answerable=0.5,
    min_margin=0.0,
)


def to_come(cosine: float, found: Trial) -> Trial:
    """Return the trial with passages behind the first ones that are all so like the question."""
    passages = (
        (passage if n < READ_AT_ONCE else replace(passage, cosine=cosine), spans)
        for n, (passage, spans) in enumerate(found.found)
    )
    return replace(found, found=tuple(passages))


def hope_of(likeness: float, model: LogisticModel | None) -> float:
    assert model is not None
    return model.probability(HopeFeatures(math.log(0.1), likeness, 0.7))


def test_there_is_less_hope_the_less_what_is_unread_resembles_the_question() -> None:
    alike = [to_come(0.5 + n / 1000, trial(-2, 4, right=1)) for n in range(100)]
    unlike = [to_come(n / 1000, trial(-2, -1)) for n in range(300)]
    learned = hope([*alike, *unlike], BY_MARGIN)
    assert hope_of(0.05, learned) > 0.8
    assert hope_of(-0.45, learned) < 0.02


def test_how_many_questions_have_no_answer_does_not_matter_to_giving_up() -> None:
    alike = [to_come(0.5 + n / 1000, trial(-2, 4, right=1)) for n in range(100)]
    asked_in_vain = replace(trial(-2, -1), answerable=False)
    unlike = [to_come(n / 200, asked_in_vain) for n in range(100)]
    once, often = (hope([*alike, *(unlike * times)], BY_MARGIN) for times in (1, 5))
    assert hope_of(-0.2, often) == pytest.approx(hope_of(-0.2, once), abs=0.03)


def test_nothing_is_given_up_where_nothing_tells_when_reading_on_helps() -> None:
    never = [to_come(n / 10, trial(-2, -1)) for n in range(5)]
    always = [to_come(n / 10, trial(-2, 4, right=1)) for n in range(5)]
    assert hope(never, BY_MARGIN) is None
    assert hope(always, BY_MARGIN) is None


def test_giving_up_is_learned_where_the_product_would_abstain() -> None:
    answered = [to_come(0.8, trial(1, 2, right=right)) for right in (0, 1)]
    assert hope(answered, BY_MARGIN) is None


def test_an_answer_that_is_not_there_to_find_is_no_loss() -> None:
    wrongly_answered = replace(to_come(0.6, trial(-2, 4, right=1)), answerable=False)
    assert hope([wrongly_answered], BY_MARGIN) is None


def test_an_answer_is_enough_where_reading_on_hardly_ever_brings_the_right_one() -> None:
    late = [trial(n / 100, 9, right=1) for n in range(100)]
    early = [trial(3 + n / 100, 1, right=0) for n in range(300)]
    lead = enough_lead([*late, *early], BY_MARGIN)
    assert lead is not None
    unread_promise = math.log(READ_AT_ONCE)  # of each of these passages nothing is said
    assert 1 < lead + unread_promise < 4


def test_questions_without_an_answer_do_not_make_a_lead_enough() -> None:
    late = [trial(n / 100, 9, right=1) for n in range(100)]
    early = [trial(3 + n / 100, 1, right=0) for n in range(300)]
    without = [replace(trial(n / 100, 1), answerable=False) for n in range(300)]
    assert enough_lead([*late, *early, *without], BY_MARGIN) == enough_lead(
        [*late, *early], BY_MARGIN
    )


def test_every_lead_is_enough_where_reading_on_never_brought_an_answer() -> None:
    found = [trial(2, 1, right=0), trial(3, 1, right=0), trial(6, 1, right=0)]
    assert enough_lead(found, BY_MARGIN) == pytest.approx(2 - math.log(READ_AT_ONCE), abs=1e-4)


def test_a_wrong_answer_that_reading_on_would_change_is_no_loss() -> None:
    changed = [trial(4, 5), trial(4, 5, right=0)]
    assert enough_lead(changed, BY_MARGIN) == pytest.approx(4 - math.log(READ_AT_ONCE), abs=1e-4)


def test_no_lead_is_enough_where_greater_leads_lose_more() -> None:
    assert enough_lead([trial(4, 5, right=1), trial(2, 1, right=0)], BY_MARGIN) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_trial_among_few_passages_keeps_the_questions_own(seed: int) -> None:
    found = trial(3, 2, 1, 0, -1)
    own = found.question.model_copy(update={"context": "before 07. behind"})
    few = replace(found, question=own).among_few(random.Random(seed))
    numbers = [passage.passage.passage_id for passage, _ in few.found]
    assert 7 in numbers
    assert 4 <= len(numbers) <= 15
    assert numbers == sorted(numbers)
    assert few.answerable
    assert max(passage.keyword_share for passage, _ in few.found) == 1.0


def test_a_trial_among_few_has_no_answer_where_the_questions_own_passage_was_not_found() -> None:
    assert not trial(3, 2, 1).among_few(random.Random(1)).answerable


def test_a_trial_among_few_has_an_answer_only_with_the_passage_that_holds_it() -> None:
    found = trial(3, 2, 1)
    context = "01. 03. 05."
    answers = (Reference(text="05", answer_start=8),)
    question = found.question.model_copy(update={"context": context, "answers": answers})
    assert replace(found, question=question).among_few(random.Random(1)).answerable
    without = tuple(one for one in found.found if one[0].passage.passage_id != 5)
    few = replace(found, question=question, found=without).among_few(random.Random(1))
    assert not few.answerable


class Finding:
    """A retriever that finds every article it is asked of."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def retrieve(self, question: str, *, filters: Filters, limit: int) -> Retrieval:
        """Return the articles of the filter as passages."""
        passages = [
            RetrievedPassage(Passage(n, i, 0, len(text), text), 0.01, 0.5, 1, 2.0, 0.7, 1)
            for n, (i, text) in enumerate(self.texts.items())
            if filters.article_ids is None or i in filters.article_ids
        ]
        return Retrieval(question, passages[:limit])


@pytest.mark.parametrize(
    ("other", "trials"), [("Ships come to Bergen.", 1), ("The Oslo fish is red.", 0)]
)
def test_what_others_tell_is_no_answer_unless_one_says_the_same(
    monkeypatch: pytest.MonkeyPatch, reader: OnnxReader, other: str, trials: int
) -> None:
    monkeypatch.setattr("scripts.calibration.trials._WEIGHTS", {AskedOf.ALL_BUT_OWN: 1})
    answers = (Reference(text="Oslo", answer_start=12),)
    own = "Fish is from Oslo."
    asked = KnownQuestion(
        id="1", title="Fish", context=own, question="Where is fish from?", answers=answers
    )
    beside = asked.model_copy(update={"context": other, "title": "Ships"})
    collection = Collection.of([asked, beside])
    retriever = Finding({i: context for context, i in collection.article_ids.items()})
    found = run_trials([asked], collection, retriever, reader, seed=1, on_result=lambda: None)
    assert [one.answerable for one in found] == [False] * trials
    assert all(passage.passage.text == other for one in found for passage, _ in one.found)


def test_what_promises_most_is_read_first() -> None:
    by_keywords = BY_MARGIN.model_copy(
        update={"order": LogisticModel(weights={"keyword_share": 1}, bias=0)}
    )
    shares = [0.2, 0.9, 0.5, 0.9, 0.1, 0.3, 0.4, 1.0]
    read = trial(*range(len(shares) // READ_AT_ONCE))
    found = [
        (replace(passage, keyword_share=share), spans)
        for share, (passage, spans) in zip(shares, read.found, strict=True)
    ]
    ordered = replace(read, found=tuple(found)).read_by_promise(by_keywords)
    assert [passage.passage.passage_id for passage, _ in ordered.found] == [7, 1, 3, 2, 6, 5, 0, 4]
    assert all(
        spans == read.found[passage.passage.passage_id][1] for passage, spans in ordered.found
    )


def test_a_target_precision_picks_the_lowest_threshold_that_reaches_it(
    reader: OnnxReader,
) -> None:
    thresholds = [
        {"precision": p, "min_confidence": c, "coverage": 0.5}
        for p, c in ((0.7, 0.3), (0.8, 0.4), (0.9, 0.6))
    ]
    shipped = Calibration.load(SHIPPED_READER / CALIBRATION_NAME, reader_sha256=reader.fingerprint)
    calibration = Calibration.model_validate(
        shipped.model_dump() | {"precision_thresholds": thresholds}
    )
    assert calibration.min_confidence == 0.0
    assert calibration.for_precision(0.75).min_confidence == 0.4
    assert calibration.for_precision(0.9).min_confidence == 0.6
    with pytest.raises(ModelError, match=r"precision of 0\.99; ask for at most 0\.9"):
        calibration.for_precision(0.99)
