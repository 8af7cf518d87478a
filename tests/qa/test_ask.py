"""The question's road with fakes in place of retriever, reader and store."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.calibration import Calibration, LogisticModel
from qa.deciding.agreement import Agreement
from qa.deciding.giving import AnswerFate
from qa.filters import Filters
from qa.language.question_kind import QuestionKind
from qa.question import Question
from qa.reading.read import ReadingEnd
from qa.reading.reader import READ_AT_ONCE, PassageSpan
from qa.retrieval import Retrieval, RetrievedPassage
from qa.values import Article, Passage, Sentence


@dataclass
class ListRetriever:
    """Returns the texts it was given, as passages of an article each, and notes what was asked."""

    texts: Sequence[str]
    asked: list[tuple[str, Filters, int]] = field(default_factory=list)

    def retrieve(self, question: str, *, filters: Filters, limit: int) -> Retrieval:
        self.asked.append((question, filters, limit))
        found = [
            RetrievedPassage(
                Passage(n, f"article {n}", 0, len(text), text),
                fused_score=1 / (n + 61),
                cosine=0.5,
                dense_rank=n + 1,
                keyword_score=0.0,
                keyword_share=0.0,
                keyword_rank=None,
            )
            for n, text in enumerate(self.texts[:limit])
        ]
        return Retrieval(question, found)


@dataclass
class WordReader:
    """Finds the words that it has scores for, and notes what it was asked."""

    scores: dict[str, float]
    seconds: float = 0.0
    read_texts: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        self.questions.append(question)
        for passage in passages:
            self.read_texts.append(passage)
            time.sleep(self.seconds)
            yield self._spans(passage)

    def _spans(self, passage: str) -> list[PassageSpan]:
        found = [
            PassageSpan(passage.index(word), passage.index(word) + len(word), score, 0.0)
            for word, score in self.scores.items()
            if word in passage
        ]
        return sorted(found, key=lambda span: -span.score)


@dataclass
class ListStore:
    """Holds the same texts as articles of one sentence each."""

    texts: Sequence[str]

    def article(self, article_id: str) -> Article:
        return Article(article_id, "", self.texts[int(article_id.removeprefix("article "))])

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        return [Sentence(0, 0, len(self.article(article_id).text))]


# Candidates are ordered by score; an answer is right with the logistic function of its score, if
# the articles answer, and they do with that of the first answer's score minus 1.
CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"span_score": 1}, bias=0),
    right_if_answerable=LogisticModel(weights={"span_score": 1}, bias=0),
    answerable=LogisticModel(weights={"span_score": 1}, bias=-1),
    min_answerable=0.5,
    min_margin=0.0,
)


def road(texts: Sequence[str], reader: WordReader) -> QuestionRoad:
    return QuestionRoad(ListRetriever(texts), reader, ListStore(texts), CALIBRATION)


def given(outcome: Outcome) -> list[str]:
    return [answer.text for answer in outcome.answers]


def considered(outcome: Outcome) -> list[str]:
    return [answer.text for answer in outcome.considered]


TOWNS = ["Oslo won.", "Moss lost.", "Again Oslo won.", "Hamar slept."]


def test_answers_come_best_first_each_with_all_its_citations() -> None:
    outcome = road(TOWNS, WordReader({"Oslo": 3, "Moss": 2})).ask(Question("Who won?"))
    assert outcome.answered
    assert given(outcome) == ["Oslo", "Moss"]
    assert [c.quote for c in outcome.answers[0].citations] == ["Oslo won.", "Again Oslo won."]
    assert [answer.support for answer in outcome.answers] == [2, 1]
    assert outcome.degraded is None


def test_the_retriever_gets_the_question_on_one_line_with_filters_and_limit() -> None:
    retriever = ListRetriever(TOWNS)
    filters = Filters(source="Politico")
    question = Question("  Who\n\twon? ", filters=filters, passages=7)
    parts = QuestionRoad(retriever, WordReader({}), ListStore(TOWNS), CALIBRATION)
    outcome = parts.ask(question)
    assert retriever.asked == [("Who won?", filters, 7)]
    assert outcome.question == "  Who\n\twon? "


def test_what_a_speaker_takes_back_is_not_asked() -> None:
    retriever = ListRetriever(TOWNS)
    parts = QuestionRoad(retriever, WordReader({"Oslo": 3}), ListStore(TOWNS), CALIBRATION)
    outcome = parts.ask(Question("Who lost no wait who won in Oslo?"))
    assert [text for text, _, _ in retriever.asked] == ["Who won in Oslo?"]
    assert outcome.question == "Who lost no wait who won in Oslo?"
    assert outcome.asked == "Who won in Oslo?"
    assert parts.ask(Question("Who won in Oslo?")).asked is None


def test_a_misspelt_question_is_read_as_the_retriever_spelled_it() -> None:
    class Spelling(ListRetriever):
        def retrieve(self, question: str, *, filters: Filters, limit: int) -> Retrieval:
            return super().retrieve(question.replace("Olso", "Oslo"), filters=filters, limit=limit)

    reader = WordReader({"Oslo": 3})
    parts = QuestionRoad(Spelling(TOWNS), reader, ListStore(TOWNS), CALIBRATION)
    outcome = parts.ask(Question("Did  Olso win?"))
    assert set(reader.questions) == {"Did Oslo win?"}
    assert (outcome.question, outcome.asked) == ("Did  Olso win?", "Did Oslo win?")


def test_below_the_threshold_nothing_is_answered_but_the_best_guess_is_considered() -> None:
    # The threshold of 0.5 is met by a score of 1.
    outcome = road(TOWNS, WordReader({"Oslo": 0.9})).ask(Question("Who won?"))
    assert not outcome.answered
    assert given(outcome) == []
    assert considered(outcome) == ["Oslo"]
    assert outcome.answerable_probability == pytest.approx(0.475, abs=0.001)
    assert road(TOWNS, WordReader({"Oslo": 1})).ask(Question("Who won?")).answered


def test_an_asked_confidence_of_zero_does_not_make_it_answer_below_the_threshold() -> None:
    question = Question("Who won?", min_confidence=0)
    assert given(road(TOWNS, WordReader({"Oslo": 0.9})).ask(question)) == []


def test_another_answer_needs_a_confidence_of_a_tenth() -> None:
    # 0.88, that the articles answer, times the logistic function of -1.9 is 0.115, of -2.3 0.080.
    reader = WordReader({"Oslo": 3, "Moss": -1.9, "Hamar": -2.3})
    outcome = road(TOWNS, reader).ask(Question("Who won?"))
    assert given(outcome) == ["Oslo", "Moss"]
    assert considered(outcome) == ["Oslo", "Moss", "Hamar"]


def test_an_answer_exactly_as_likely_as_asked_for_is_given() -> None:
    parts = road(TOWNS, WordReader({"Oslo": 3, "Moss": 2}))
    least = parts.ask(Question("Who won?")).answers[1].confidence
    assert given(parts.ask(Question("Who won?", min_confidence=least))) == ["Oslo", "Moss"]


def test_the_first_answer_needs_no_tenth_where_the_articles_are_likely_to_answer() -> None:
    # Confidences of 0.042 and 0.016.
    rarely = LogisticModel(weights={"span_score": 1}, bias=-6)
    unsure = CALIBRATION.model_copy(update={"right_if_answerable": rarely})
    reader = WordReader({"Oslo": 3, "Moss": 2})
    parts = QuestionRoad(ListRetriever(TOWNS), reader, ListStore(TOWNS), unsure)
    assert given(parts.ask(Question("Who won?"))) == ["Oslo"]


def test_the_asked_confidence_holds_for_every_answer_and_replaces_the_tenth() -> None:
    # Confidences of 0.84, 0.78 and 0.04.
    reader = WordReader({"Oslo": 3, "Moss": 2, "Hamar": -3})
    at = {
        least: given(road(TOWNS, reader).ask(Question("Who won?", min_confidence=least)))
        for least in (0, 0.5, 0.8, 0.9)
    }
    assert at == {0: ["Oslo", "Moss", "Hamar"], 0.5: ["Oslo", "Moss"], 0.8: ["Oslo"], 0.9: []}


@pytest.mark.parametrize("top_k", [1, 2, 3])
def test_no_more_than_top_k_answers_are_given_or_considered(top_k: int) -> None:
    reader = WordReader({"Oslo": 3, "Moss": 2, "Hamar": 1})
    outcome = road(TOWNS, reader).ask(Question("Who won?", top_k=top_k))
    assert given(outcome) == considered(outcome) == ["Oslo", "Moss", "Hamar"][:top_k]


def test_all_passages_are_read_in_order_where_time_is_not_limited() -> None:
    texts = [f"Passage {n}." for n in range(12)]
    reader = WordReader({})
    road(texts, reader).ask(Question("Who won?"))
    assert reader.read_texts == texts


@pytest.mark.parametrize("budget_ms", [0.001, 10], ids=["up-before-reading", "up-while-reading"])
def test_when_time_is_up_what_was_read_is_answered_and_the_rest_reported(budget_ms: float) -> None:
    texts = ["Oslo won."] + [f"Passage {n}." for n in range(10)] + ["Moss won."]
    reader = WordReader({"Oslo": 3, "Moss": 9}, seconds=0.02)
    outcome = road(texts, reader).ask(Question("Who won?", time_budget_ms=budget_ms))
    # The first few are always read, for an answer from little is better than none.
    assert given(outcome) == ["Oslo"]
    read = len(reader.read_texts)
    assert read == READ_AT_ONCE
    assert outcome.degraded == f"the time budget allowed reading {read} of 12 passages"


def test_a_budget_that_suffices_changes_nothing() -> None:
    texts = [f"Passage {n}." for n in range(11)] + ["Moss won."]
    outcome = road(texts, WordReader({"Moss": 9})).ask(Question("Who?", time_budget_ms=60_000))
    assert given(outcome) == ["Moss"]
    assert outcome.degraded is None


@pytest.mark.parametrize("texts", [[], ["Nothing here."]], ids=["empty-index", "no-spans"])
def test_where_nothing_is_found_it_abstains_without_a_guess(texts: list[str]) -> None:
    outcome = road(texts, WordReader({"Oslo": 3})).ask(Question("Who won?"))
    assert (outcome.answers, outcome.considered) == ((), ())
    assert outcome.answerable_probability == 0
    assert outcome.degraded is None


def test_timings_are_milliseconds_that_add_up() -> None:
    timings = road(TOWNS, WordReader({}, seconds=0.02)).ask(Question("Who won?")).timings_ms
    assert timings["read"] >= 20
    assert timings["total"] == pytest.approx(timings["retrieve"] + timings["read"])


def test_the_same_question_has_the_same_answer() -> None:
    parts = road(TOWNS, WordReader({"Oslo": 3, "Moss": 3, "Hamar": 3}))
    one, other = parts.ask(Question("Who won?")), parts.ask(Question("Who won?"))
    assert one.answers == other.answers
    assert one.answerable_probability == other.answerable_probability


def test_several_articles_with_one_answer_agree_and_likely_others_differ() -> None:
    one = road(TOWNS, WordReader({"Oslo": 3})).ask(Question("Who won?"))
    two = road(TOWNS, WordReader({"Oslo": 3, "Moss": 2})).ask(Question("Who won?", top_k=1))
    assert one.agreement is Agreement.AGREE
    assert given(two) == ["Oslo"]
    assert two.agreement is Agreement.DIFFER
    assert road(TOWNS, WordReader({"Oslo": 0})).ask(Question("Who won?")).agreement is None


def test_what_was_said_before_is_not_given_again_and_the_others_are_compared() -> None:
    reader = WordReader({"Oslo": 3, "Moss": 2.5, "lost": 2})
    outcome = road(TOWNS, reader).ask(Question("Who won?", top_k=1), said=["oslo"])
    assert given(outcome) == considered(outcome) == ["Moss"]
    assert outcome.agreement is Agreement.SINGLE
    assert outcome.explanation is not None
    assert list(outcome.explanation.fates) == [
        AnswerFate.SAID_BEFORE,
        AnswerFate.GIVEN,
        AnswerFate.BEYOND,
    ]
    none_left = road(TOWNS, WordReader({"Oslo": 3})).ask(Question("Who won?"), said=["Oslo, Moss"])
    assert (none_left.answered, none_left.agreement) == (False, None)


def test_a_yes_or_no_question_is_answered_with_evidence_and_a_note() -> None:
    outcome = road(TOWNS, WordReader({"Oslo": 3})).ask(Question("Did Oslo win?"))
    assert given(outcome) == ["Oslo won", "Again Oslo won"]
    assert (outcome.note, outcome.note_kind) == (QuestionKind.YES_NO.note, "yes_no")
    assert road(TOWNS, WordReader({})).ask(Question("Who won?")).note is None


def test_a_row_that_was_found_by_comparing_is_answered_with_a_note() -> None:
    table = "Cereal | Fat (g) | Salt (mg)\nOats | 6.1 | 20\nNut Crunch | 21.4 | 180"
    asked = road([table], WordReader({"Nut Crunch": 3}))
    most = asked.ask(Question("Which cereal has the most fat?"))
    assert given(most) == ["Nut Crunch"]
    assert most.note is not None
    assert most.note_kind == "compared"
    assert asked.ask(Question("Which cereal has 180 mg salt?")).note is None


def test_a_name_that_nothing_mentions_is_told_where_nothing_answers() -> None:
    unread = road(TOWNS, WordReader({})).ask(Question("Who won in Narnia in 1999?"))
    assert unread.note == "Nothing that was read mentions “Narnia” or “1999”."
    assert (unread.note_kind, unread.unmentioned) == ("unmentioned", ("Narnia", "1999"))
    read = road(TOWNS, WordReader({"Oslo": 3})).ask(Question("Who won in Narnia?"))
    assert (given(read), read.note) == (["Oslo"], None)


def test_filters_that_no_article_passes_are_told_whatever_was_asked() -> None:
    nobody = Filters(source="Nobody")
    outcome = road([], WordReader({})).ask(Question("Did Narnia win?", filters=nobody))
    assert outcome.note == "No article passes the filters (dates, source, tags, articles)."
    assert (outcome.note_kind, outcome.unmentioned) == ("no_article", ())
    assert road([], WordReader({})).ask(Question("Who won?")).note is None


def test_a_question_that_counts_articles_is_not_answered() -> None:
    outcome = road(TOWNS, WordReader({"Oslo": 9})).ask(Question("How many articles mention Oslo?"))
    assert not outcome.answered
    assert considered(outcome) == ["Oslo"]
    assert outcome.note == QuestionKind.COUNTING.note


def test_the_least_confidence_of_the_calibration_holds_where_the_question_asks_none() -> None:
    # Confidences of 0.84 and 0.78.
    texts = TOWNS
    strict = CALIBRATION.model_copy(update={"min_confidence": 0.8})
    reader = WordReader({"Oslo": 3, "Moss": 2})
    parts = QuestionRoad(ListRetriever(texts), reader, ListStore(texts), strict)
    assert given(parts.ask(Question("Who won?"))) == ["Oslo"]
    assert given(parts.ask(Question("Who won?", min_confidence=0.5))) == ["Oslo", "Moss"]


def test_the_explanation_tells_each_step() -> None:
    reader = WordReader({"Oslo": 3, "Moss": -2.3, "lost": 2})
    outcome = road(TOWNS, reader).ask(Question("Who won?", top_k=2))
    explanation = outcome.explanation
    assert explanation is not None
    assert [steps.found.dense_rank for steps in explanation.passages] == [1, 2, 3, 4]
    assert [steps.read_as for steps in explanation.passages] == [1, 2, 3, 4]
    assert [[t.candidate.text for t in steps.traces] for steps in explanation.passages] == [
        ["Oslo"],
        ["lost", "Moss"],
        ["Oslo"],
        [],
    ]
    assert explanation.reading_end is ReadingEnd.ALL_READ
    assert [ranked.places[0].text for ranked in explanation.ranking] == ["Oslo", "lost", "Moss"]
    assert list(explanation.fates) == [AnswerFate.GIVEN, AnswerFate.GIVEN, AnswerFate.BEYOND]
    assert explanation.timings_ms.keys() == {"retrieve", "read", "decide", "cite"}


def test_a_passage_that_was_not_read_is_explained_as_such() -> None:
    texts = [f"Passage {n}." for n in range(12)]
    reader = WordReader({"Passage": 1}, seconds=0.02)
    explanation = road(texts, reader).ask(Question("Who?", time_budget_ms=1)).explanation
    assert explanation is not None
    read = len(reader.read_texts)
    assert explanation.reading_end is ReadingEnd.TIME
    assert [steps.read_as for steps in explanation.passages] == [
        *range(1, read + 1),
        *[None] * (12 - read),
    ]


def test_a_question_that_looks_hopeless_is_given_up_early_and_not_called_degraded() -> None:
    read = ["Oslo slept."] * READ_AT_ONCE
    texts = [*read, *(f"Passage {n}." for n in range(8))]
    hasty = CALIBRATION.model_copy(
        update={"hope": LogisticModel(weights={}, bias=0), "least_hope": 0.9}
    )
    reader = WordReader({"Oslo": 0})
    outcome = QuestionRoad(ListRetriever(texts), reader, ListStore(texts), hasty).ask(
        Question("Who won?")
    )
    assert not outcome.answered
    assert outcome.degraded is None
    assert outcome.explanation is not None
    assert outcome.explanation.reading_end is ReadingEnd.HOPELESS
    assert reader.read_texts == read


@pytest.mark.parametrize(
    ("question", "fates"),
    [
        (Question("Who won?"), [AnswerFate.GIVEN, AnswerFate.UNLIKELY]),
        (Question("Who won?", min_confidence=0), [AnswerFate.GIVEN, AnswerFate.GIVEN]),
        (Question("How many articles mention it?"), [AnswerFate.NOT_QUOTABLE] * 2),
    ],
)
def test_why_an_answer_was_not_given_is_explained(
    question: Question, fates: list[AnswerFate]
) -> None:
    outcome = road(TOWNS, WordReader({"Oslo": 3, "Moss": -2.3})).ask(question)
    assert outcome.explanation is not None
    assert list(outcome.explanation.fates) == fates
