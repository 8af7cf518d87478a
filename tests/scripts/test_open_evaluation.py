"""`quoth evaluate open`, `abstain`, `cite`, `lists` and `--compare`, over a small corpus."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.settings import Settings
from index.file_names import RECORD_NAME
from index.generation.generation import open_generation
from index.record.record import Record
from scripts.command_line.build_progress import build_progress
from scripts.evaluation import altered
from scripts.evaluation.collection import Collection, is_left_out
from scripts.evaluation.own_index import check_may_rebuild
from scripts.evaluation.product import build_product
from scripts.evaluation.question_file import KnownQuestion, read_questions
from scripts.evaluation.runs import Run, RunError, compare
from scripts.quoth import app
from scripts.report_evaluation import Folders
from tests.conftest import ROOT

FACTS = {
    "Belarus": (
        "The longtime dictator of Belarus is Alexander Lukashenko. He has ruled since 1994.",
        "Who is the longtime dictator of Belarus?",
        "Alexander Lukashenko",
    ),
    "Lisbon": (
        "Lisbon is the capital of Portugal. The city lies at the mouth of the Tagus river.",
        "Which river's mouth does Lisbon lie at?",
        "Tagus",
    ),
    "Insulin": (
        "Insulin was isolated by Frederick Banting in Toronto in 1921. It lowers blood sugar.",
        "Who isolated insulin in Toronto?",
        "Frederick Banting",
    ),
    "Everest": (
        "Mount Everest is 8,849 metres high. Tenzing Norgay and Edmund Hillary climbed it first.",
        "How high is Mount Everest?",
        "8,849 metres",
    ),
}


def row(name: str, **changes: object) -> dict[str, object]:
    context, question, answer = FACTS[name]
    first_sentence = context[: context.index(". ") + 1]
    sentence = first_sentence if answer in first_sentence else context[len(first_sentence) + 1 :]
    known = {
        "id": name,
        "title": name,
        "context": context,
        "question": question,
        "answers": [{"text": answer, "answer_start": context.index(answer)}],
        "evidence": [{"text": sentence, "start": context.index(sentence)}],
    }
    return known | changes


def answers(context: str, *texts: str) -> list[dict[str, object]]:
    return [{"text": text, "answer_start": context.index(text)} for text in texts]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def evaluate(*arguments: str | Path) -> dict[str, object]:
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    last: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return last


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept between evaluations, as --index-dir promises."""
    return tmp_path_factory.mktemp("index")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "facts.jsonl", [row(title) for title in FACTS])


def test_the_open_corpus_is_asked_in_another_form(data: Path, index_dir: Path) -> None:
    found = evaluate("open", "--data", data, "--index-dir", index_dir, "--form", "one typo")
    assert found["command"] == "quoth evaluate open --data facts.jsonl --form 'one typo'"
    assert found["recall@1"] == 100
    found = evaluate("open", "--data", data, "--index-dir", index_dir)
    assert found["command"] == "quoth evaluate open --data facts.jsonl"


def test_the_contexts_of_a_title_can_be_asked_as_one_article(
    tmp_path: Path, index_dir: Path
) -> None:
    rows = [row(title, title="Almanac") for title in FACTS]
    data = write(tmp_path / "almanac.jsonl", rows)
    found = evaluate("open", "--data", data, "--index-dir", index_dir, "--whole-articles")
    assert found["command"] == "quoth evaluate open --data almanac.jsonl --whole-articles"
    assert found["recall@1"] == 100
    [(_, article, _)] = open_generation(index_dir).tables.articles_with_passages()
    assert article.text == "\n\n".join(context for context, _, _ in FACTS.values())


def test_contexts_without_a_title_stay_articles_of_their_own(tmp_path: Path) -> None:
    untitled = write(tmp_path / "untitled.jsonl", [row(title, title="") for title in FACTS])
    collection = Collection.of(read_questions(untitled), whole_articles=True)
    assert len(set(collection.article_ids.values())) == len(FACTS)


def test_everything_is_read_where_that_is_asked(data: Path, index_dir: Path) -> None:
    found = evaluate("open", "--data", data, "--index-dir", index_dir, "--read-all")
    assert found["command"] == "quoth evaluate open --data facts.jsonl --read-all"
    collection = Collection.of(read_questions(data))
    for read_all in (True, False):
        with build_progress(Console(quiet=True)) as progress:
            product = build_product(
                collection, Settings(), index_dir, read_all=read_all, progress=progress
            )
        calibration = product.serving.road.calibration
        ends = (calibration.enough_lead, calibration.hope)
        assert (ends == (None, None)) is read_all


@pytest.mark.parametrize("task", ["open", "abstain", "cite"])
def test_an_index_that_no_evaluation_made_is_left_as_it_is(
    data: Path, tmp_path: Path, task: str
) -> None:
    source = tmp_path / "mine.txt"
    source.write_text("What I have written.", encoding="utf-8")
    mine = tmp_path / "mine"
    assert CliRunner().invoke(app, ["index", str(source), "--index-dir", str(mine)]).exit_code == 0
    result = CliRunner().invoke(
        app, ["evaluate", task, "--data", str(data), "--index-dir", str(mine)]
    )
    assert result.exit_code == 1
    assert "name a folder of its own with --index-dir" in result.stderr
    with closing(Record(mine / RECORD_NAME)) as record:
        assert [article.text for article in record.articles()] == ["What I have written."]


def test_the_reports_command_goes_on_with_the_indexes_in_its_folder(
    data: Path, tmp_path: Path
) -> None:
    folders = Folders(dev=tmp_path, train=tmp_path, work=tmp_path / "work")
    made = folders.work / "squad1"
    args = ["index", str(ROOT / "seeds"), "--index-dir", str(made)]
    assert CliRunner().invoke(app, args).exit_code == 0
    options = folders.options("facts", index="squad1")
    assert options.index_dir == made
    check_may_rebuild(made)


def test_open_finds_reads_and_cites_in_the_corpus_of_all_contexts(
    data: Path, index_dir: Path
) -> None:
    found = evaluate("open", "--data", data, "--index-dir", index_dir)
    assert (found["task"], found["questions"], found["contexts"]) == ("open", 4, 4)
    assert found["recall@1"] == found["recall@100"] == 100.0
    assert found["recall_after_reading@1"] == 100.0
    scores = [found[name] for name in ("em", "f1", "best_of_3_em", "best_of_3_f1")]
    em, f1, best_em, best_f1 = (float(str(score)) for score in scores)
    assert 50 <= em <= f1 <= best_f1
    assert em <= best_em
    assert found["cites_gold"] == 1.0


def test_distractors_join_the_corpus_and_are_not_asked(tmp_path: Path, index_dir: Path) -> None:
    data = write(tmp_path / "one.jsonl", [row("Belarus")])
    more = write(tmp_path / "more.jsonl", [row("Lisbon"), row("Everest")])
    found = evaluate("open", "--data", data, "--distractors", more, "--index-dir", index_dir)
    assert (found["questions"], found["contexts"]) == (1, 3)
    assert found["command"] == "quoth evaluate open --data one.jsonl --distractors more.jsonl"


def test_a_question_without_an_answer_is_not_asked_of_the_open_corpus(
    tmp_path: Path, index_dir: Path
) -> None:
    rows = [row("Belarus"), row("Lisbon", question="Who rules Lisbon?", answers=[])]
    found = evaluate("open", "--data", write(tmp_path / "f.jsonl", rows), "--index-dir", index_dir)
    assert (found["questions"], found["contexts"]) == (1, 2)


def test_abstain_tells_questions_of_the_corpus_from_those_of_other_files(
    tmp_path: Path, index_dir: Path
) -> None:
    context = FACTS["Everest"][0]
    everest = row("Everest", answers=answers(context, "8,849 metres", "8,849 metres high"))
    data = write(tmp_path / "in.jsonl", [row("Belarus"), everest])
    strangers = write(tmp_path / "out.jsonl", [row("Lisbon"), row("Insulin")])
    plot = tmp_path / "curves.png"
    found = evaluate(
        "abstain", "--data", data, "--unanswerable", strangers, "--plot", plot,
        "--index-dir", index_dir,
    )  # fmt: skip
    assert (found["answerable"], found["unanswerable"]) == (2, 2)
    assert found["auroc"] == 1.0
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert found["precision_at_target_90"] == 1.0
    for name in ("aupr", "expected_calibration_error", "brier", "risk_coverage_area"):
        assert isinstance(found[name], float)


def test_without_such_files_half_of_the_titles_are_left_out(
    tmp_path: Path, index_dir: Path
) -> None:
    titles = [f"part {number}" for number in range(6)]
    rows = [
        row("Everest", id=t, title=t, context=f"{FACTS['Everest'][0]} See {t}.") for t in titles
    ]
    found = evaluate(
        "abstain", "--data", write(tmp_path / "f.jsonl", rows), "--index-dir", index_dir
    )
    assert found["unanswerable"] == sum(is_left_out(title) for title in titles) > 0


def test_questions_about_other_names_are_asked_of_the_same_articles(
    tmp_path: Path, index_dir: Path
) -> None:
    data = write(tmp_path / "f.jsonl", [row("Belarus"), row("Everest"), row("Lisbon")])
    found = evaluate("abstain", "--data", data, "--other-names", "--index-dir", index_dir)
    # No other name is of two words, as Mount Everest is.
    assert (found["answerable"], found["unanswerable"]) == (3, 2)


def test_abstain_needs_both_kinds_of_question(tmp_path: Path, index_dir: Path) -> None:
    data = write(tmp_path / "f.jsonl", [row("Belarus", answers=[])])
    more = write(tmp_path / "more.jsonl", [row("Lisbon")])
    result = CliRunner().invoke(
        app,
        ["evaluate", "abstain", "--data", str(data), "--unanswerable", str(more),
         "--index-dir", str(index_dir)],
    )  # fmt: skip
    assert result.exit_code == 1
    assert "name more with --unanswerable" in result.stderr


@pytest.mark.parametrize("title", ["", "Lisbon", "One"])
def test_abstain_needs_titles_to_leave_out_and_says_so_before_it_builds(
    tmp_path: Path, title: str
) -> None:
    rows = [row(name, title=title) for name in FACTS]
    data, made = write(tmp_path / "f.jsonl", rows), tmp_path / "index"
    result = CliRunner().invoke(
        app, ["evaluate", "abstain", "--data", str(data), "--index-dir", str(made)]
    )
    assert result.exit_code == 1
    assert "ask a file of at least two titles" in " ".join(result.stderr.split())
    assert not made.exists()


def test_cite_compares_the_cited_sentence_with_the_evidence(data: Path, index_dir: Path) -> None:
    found = evaluate("cite", "--data", data, "--index-dir", index_dir)
    assert found["first_is_evidence"] == found["evidence_f1"] == 1.0


def test_questions_without_evidence_cannot_be_compared(tmp_path: Path) -> None:
    data = write(tmp_path / "f.jsonl", [row("Belarus", evidence=[]), row("Everest", evidence=[])])
    result = CliRunner().invoke(app, ["evaluate", "cite", "--data", str(data)])
    assert result.exit_code == 1
    assert "no question has `evidence`" in " ".join(result.stderr.split())


def test_of_few_questions_the_slowest_is_the_95th_percentile(
    tmp_path: Path, index_dir: Path
) -> None:
    data = write(tmp_path / "f.jsonl", [row("Belarus"), row("Everest")])
    found = evaluate("open", "--data", data, "--index-dir", index_dir)
    assert float(str(found["p95_ms"])) >= float(str(found["median_ms"]))


def test_a_sentence_that_is_no_evidence_counts_against_precision(
    tmp_path: Path, index_dir: Path
) -> None:
    context = FACTS["Belarus"][0]
    other = {"text": "He has ruled since 1994.", "start": context.index("He has")}
    data = write(tmp_path / "f.jsonl", [row("Belarus", evidence=[other]), row("Everest")])
    found = evaluate("cite", "--data", data, "--index-dir", index_dir)
    assert found["first_is_evidence"] == 0.5
    assert found["evidence_precision"] == 0.5


def test_a_wrong_answer_does_not_count_where_the_evidence_of_right_ones_does(
    tmp_path: Path, index_dir: Path
) -> None:
    context = FACTS["Belarus"][0]
    at = context.index("1994")
    other = {"text": "He has ruled since 1994.", "start": context.index("He has")}
    year = {"text": "1994", "answer_start": at}
    wrong = row("Belarus", evidence=[other], answers=[year])
    data = write(tmp_path / "f.jsonl", [wrong, row("Insulin")])
    found = evaluate("cite", "--data", data, "--index-dir", index_dir)
    assert found["first_is_evidence"] == 0.5
    assert found["first_is_evidence_where_right"] == 1.0


def test_evidence_offsets_count_in_the_context_although_its_white_space_is_not_stored(
    tmp_path: Path, index_dir: Path
) -> None:
    context, _, answer = FACTS["Belarus"]
    padded = f"\n  {context} "
    rows = [
        row(
            "Belarus",
            context=padded,
            answers=[{"text": answer, "answer_start": padded.index(answer)}],
            evidence=[{"text": context[:57], "start": 3}],
        )
    ]
    found = evaluate("cite", "--data", write(tmp_path / "f.jsonl", rows), "--index-dir", index_dir)
    assert found["first_is_evidence"] == 1.0


def test_lists_that_stand_in_one_sentence_must_be_quoted_whole(
    tmp_path: Path, index_dir: Path
) -> None:
    everest, belarus = FACTS["Everest"][0], FACTS["Belarus"][0]
    people = answers(everest, "Tenzing Norgay", "Edmund Hillary")
    rows = [
        row("Everest", id="both", question="Who climbed Everest first?", answers=people),
        # The reader quotes the height alone.
        row("Everest", id="one", answers=answers(everest, "Mount Everest", "8,849 metres")),
        row("Belarus", id="two sentences", answers=answers(belarus, "Belarus", "1994")),
        row("Lisbon", id="one member"),
    ]
    data = write(tmp_path / "lists.jsonl", rows)
    found = evaluate("lists", "--data", data, "--index-dir", index_dir)
    assert (found["questions"], found["members"]) == (2, 4)
    assert (found["quoted_whole"], found["members_quoted"]) == (0.5, 0.75)
    assert found["em"] == 50


@pytest.mark.parametrize("task", ["read", "open", "abstain", "lists"])
def test_two_questions_of_one_id_are_refused(tmp_path: Path, data: Path, task: str) -> None:
    again = write(tmp_path / "again.jsonl", [row("Belarus")])
    more = ["--unanswerable", str(again)] if task == "abstain" else []
    if task != "abstain":
        write(data, [row("Belarus"), row("Everest"), row("Lisbon", id="Belarus")])
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(data), *more])
    assert result.exit_code == 1
    assert "2 questions have the id 'Belarus'" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["abstain", "--plot", "curves.foo"], "its name must end with", id="plot"),
        pytest.param(["open", "--index-dir", "facts.jsonl/x"], "Not a directory", id="index"),
    ],
)
def test_a_wrong_place_for_what_is_made_is_told_in_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.chdir(data.parent)
    result = CliRunner().invoke(app, ["evaluate", *options, "--data", str(data)])
    assert result.exit_code == 1
    [told] = result.stderr.splitlines()
    assert message in told


def test_a_file_without_answers_is_told_so(tmp_path: Path) -> None:
    path = write(tmp_path / "f.jsonl", [row("Belarus", answers=[])])
    result = CliRunner().invoke(app, ["evaluate", "open", "--data", str(path)])
    assert result.exit_code == 1
    assert "no question has an answer" in result.stderr


def test_what_the_index_lacks_is_told(tmp_path: Path, index_dir: Path) -> None:
    data = write(tmp_path / "f.jsonl", [row("Belarus"), row("Lisbon", context=" ")])
    command = ["evaluate", "open", "--data", str(data), "--index-dir", str(index_dir)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert "1 articles are not in the index" in result.stderr


def test_a_file_without_lists_is_told_so(data: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "lists", "--data", str(data)])
    assert result.exit_code == 1
    assert "no question has two answers or more in one sentence" in result.stderr


def test_a_kept_run_is_compared_question_by_question(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    evaluate("read", "--data", data, "--out", kept)
    result = CliRunner().invoke(
        app, ["evaluate", "read", "--data", str(data), "--compare", str(kept)]
    )
    assert result.exit_code == 0
    assert "+0.00 to +0.00" in result.stdout
    assert json.loads(result.stdout.splitlines()[-1])["em"] == Run.load(kept).summary["em"]


@pytest.mark.parametrize("task", ["read", "robust", "open", "abstain", "cite", "lists"])
def test_a_run_keeps_of_each_question_what_its_figures_are_means_of(
    tmp_path: Path, index_dir: Path, task: str
) -> None:
    people = answers(FACTS["Everest"][0], "Tenzing Norgay", "Edmund Hillary")
    climbed = row("Everest", id="both", question="Who climbed Everest first?", answers=people)
    data = write(tmp_path / "in.jsonl", [row("Belarus"), row("Everest"), climbed])
    strangers = write(tmp_path / "out.jsonl", [row("Lisbon"), row("Insulin")])
    more: list[str | Path] = [] if task in ("read", "robust") else ["--index-dir", index_dir]
    more += ["--unanswerable", strangers] if task == "abstain" else []
    kept = tmp_path / "run.json"
    found = evaluate(task, "--data", data, "--out", kept, *more)
    scores = Run.load(kept).questions.values()
    for measure in ("em", "f1"):
        mean = 100 * sum(getattr(one, measure) for one in scores) / len(scores)
        assert found[measure] == pytest.approx(mean, abs=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--compare", "absent.json"], "cannot read absent.json", id="no-such-run"),
        pytest.param(["--compare", "other.json"], "is of 'open', not 'read'", id="other-task"),
        pytest.param(["--out", "absent/run.json"], "there is no folder", id="no-such-folder"),
        pytest.param(["--out", "."], "it is a folder", id="a-folder"),
        pytest.param(["--out", "facts.jsonl"], "its questions would be lost", id="the-questions"),
    ],
)
def test_a_wrong_file_is_refused_before_any_question_is_read(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Run(task="open", command="", reader_sha256="", summary={}).save(tmp_path / "other.json")
    result = CliRunner().invoke(app, ["evaluate", "read", "--data", str(data), *options])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr


def test_a_run_is_kept_although_there_is_nothing_to_compare_it_with(
    data: Path, tmp_path: Path
) -> None:
    before, kept = tmp_path / "before.json", tmp_path / "run.json"
    Run(task="read", command="", reader_sha256="", summary={}).save(before)
    args = ["--data", str(data), "--compare", str(before), "--out", str(kept)]
    result = CliRunner().invoke(app, ["evaluate", "read", *args])
    assert result.exit_code == 1
    assert "shares no question" in result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["em"] == Run.load(kept).summary["em"]


def test_a_file_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    run = Run(task="read", command="", reader_sha256="", summary={})
    with pytest.raises(RunError, match=r"cannot write .*: Is a directory"):
        run.save(tmp_path)


def test_the_change_is_that_of_shared_questions_alone(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    evaluate("read", "--data", data, "--out", kept)
    after = Run.load(kept)
    worse = {
        name: scores.model_copy(update={"em": 0.0}) for name, scores in after.questions.items()
    }
    before = after.model_copy(update={"questions": worse | {"other": worse["Belarus"]}})
    assert compare(before, after)["em"].difference == pytest.approx(after.summary["em"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "cannot read", id="missing"),
        pytest.param("{}", "is not a run", id="not-a-run"),
    ],
)
def test_a_file_that_is_no_run_is_refused(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=message):
        Run.load(path)


def test_runs_of_different_tasks_are_not_compared() -> None:
    one = Run(task="read", command="", reader_sha256="", summary={})
    with pytest.raises(RunError, match="is of 'read', not 'open'"):
        compare(one, one.model_copy(update={"task": "open"}))
    with pytest.raises(RunError, match="shares no question"):
        compare(one, one)


def test_a_collection_has_an_article_for_each_distinct_context(tmp_path: Path) -> None:
    rows = [
        row("Belarus"),
        row("Belarus", id="again"),
        row("Lisbon"),
        row("Lisbon", context="Other."),
    ]
    questions: list[KnownQuestion] = read_questions(write(tmp_path / "f.jsonl", rows))
    collection = Collection.of(questions)
    assert list(collection.article_ids.values()) == ["Belarus/1", "Lisbon/1", "Lisbon/2"]
    assert collection.under_titles(["Lisbon"]) == ("Lisbon/1", "Lisbon/2")


def test_altered_questions_are_read_beside_the_ones_that_were_asked(tmp_path: Path) -> None:
    rows = [row(name, original_question=FACTS[name][1]) for name in FACTS]
    found = evaluate("robust", "--data", write(tmp_path / "f.jsonl", rows))
    assert found["as asked"] == found["fluent"]
    assert found["em"] == found["as asked"]["em"]  # type: ignore[index]
    for form in altered.Form:
        assert found[form]["questions"] == len(FACTS)  # type: ignore[index]


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        (altered.without_question_mark, "Which river's mouth does Lisbon lie at"),
        (altered.in_capitals, "WHICH RIVER'S MOUTH DOES LISBON LIE AT?"),
        (altered.in_small_letters, "which river's mouth does lisbon lie at?"),
        (altered.keywords, "Which river's mouth Lisbon lie"),
    ],
)
def test_a_question_is_altered_as_the_form_says(
    form: Callable[[KnownQuestion], str], asked: str
) -> None:
    assert form(KnownQuestion.model_validate(row("Lisbon"))) == asked


def test_a_typo_swaps_two_letters_of_the_longest_word_always_the_same() -> None:
    question = KnownQuestion.model_validate(row("Lisbon"))
    typed = altered.one_typo(question)
    assert typed == altered.one_typo(question) != question.question
    assert sorted(typed) == sorted(question.question)
