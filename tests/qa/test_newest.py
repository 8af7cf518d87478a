"""Of answers that contradict each other, the newest comes first where what holds now is asked."""

from datetime import date

import pytest

from qa.answers import Answer
from qa.calibration import AnswerFeatures, CandidateFeatures
from qa.citing.cite import cite
from qa.deciding.decide import Candidate, RankedAnswer
from qa.newest import newest_first
from qa.values import Article, Passage, Sentence


class Store:
    """Holds one article of one sentence."""

    def __init__(self, article: Article) -> None:
        self._article = article

    def article(self, article_id: str) -> Article:
        return self._article

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        return [Sentence(0, 0, len(self._article.text))]


def given(
    name: str,
    confidence: float,
    published: date | None,
    margin: float = 5,
    *,
    before: str = "",
) -> tuple[RankedAnswer, Answer]:
    """Return an answer from an article of its own, such as "Ann Ray leads the bank."."""
    text = f"{before}{name} leads the bank."
    at = len(before)
    article = Article(name, "", text, published=published)
    passage = Passage(0, name, 0, len(text), text)
    features = CandidateFeatures(0, margin, 0, 0)
    place = Candidate(name, at, at + len(name), name, features, 0, passage)
    ranked = RankedAnswer((place,), AnswerFeatures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), confidence)
    return ranked, Answer(name, confidence, (cite(place, Store(article), question=""),))


OLD = given("Priya Raghunathan", 0.6, date(2023, 2, 1))
NEW = given("Marcus Oyelaran", 0.3, date(2024, 8, 1))
UNDATED = given("Bo Lind", 0.3, None)
UNLIKELY = given("Colin Strang", 0.12, date(2025, 1, 1), margin=1)


def texts(*answers: tuple[RankedAnswer, Answer], question: str) -> list[str]:
    return [answer.text for answer in newest_first(answers, question)]


@pytest.mark.parametrize(
    "question",
    [
        "Who is the current head of the bank?",
        "who leads the bank now",
        "Who is the latest head of the bank?",
        "Who leads the bank today?",
        "Who leads the bank at present?",
        "Who leads the bank these days?",
        "Who became head of the bank most recently?",
    ],
)
def test_what_holds_now_is_told_by_the_newest_article(question: str) -> None:
    assert texts(OLD, UNDATED, NEW, question=question) == [
        "Marcus Oyelaran",
        "Priya Raghunathan",
        "Bo Lind",
    ]
    assert texts(OLD, NEW, question=question)[0] == "Marcus Oyelaran"


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the bank?",
        "Who led today’s meeting?",
        "Who was known as the head of the bank?",
        "Who",
        "head of the bank",
    ],
)
def test_else_the_likeliest_answer_comes_first(question: str) -> None:
    assert texts(OLD, NEW, question=question) == ["Priya Raghunathan", "Marcus Oyelaran"]


def test_what_does_not_contradict_the_first_answer_stays_behind_it() -> None:
    question = "Who leads the bank now?"
    assert texts(OLD, UNLIKELY, question=question)[0] == "Priya Raghunathan"
    assert texts(NEW, OLD, question=question)[0] == "Marcus Oyelaran"
    assert texts(OLD, question=question) == ["Priya Raghunathan"]
    assert texts(question=question) == []


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who is the head of the bank?", "Marcus Oyelaran"),
        ("who will be the head of the bank", "Marcus Oyelaran"),
        ("Who was the head of the bank?", "Priya Raghunathan"),
        ("Who is the head of the bank in 2023?", "Priya Raghunathan"),
        ("Who is originally the head of the bank?", "Priya Raghunathan"),
    ],
)
def test_a_question_in_the_present_asks_for_what_holds_now(question: str, first: str) -> None:
    assert texts(OLD, NEW, question=question)[0] == first


def test_what_is_less_likely_or_no_value_holds_now_only_if_that_is_asked() -> None:
    less = given("Marcus Oyelaran", 0.24, date(2024, 8, 1))
    assert texts(OLD, less, question="Who is the head?")[0] == "Priya Raghunathan"
    assert texts(OLD, less, question="Who is the head now?")[0] == "Marcus Oyelaran"
    elsewhere = given("Yusuf Adair", 0.4, date(2024, 1, 1), before="On a ship, ")
    assert texts(OLD, elsewhere, question="Who is the head?")[0] == "Yusuf Adair"
    assert texts(elsewhere, NEW, question="Who is the head of a ship?")[0] == "Yusuf Adair"
    words = given("a former nurse", 0.4, date(2024, 8, 1))
    assert texts(OLD, words, question="Who is the head?")[0] == "Priya Raghunathan"


@pytest.mark.parametrize(
    "question",
    [
        "What was the hall originally to cost?",
        "What was the hall to cost at first?",
        "What did they initially want to pay?",
    ],
)
def test_what_held_originally_is_told_by_the_oldest_article(question: str) -> None:
    late = given("96 million euros", 0.5, date(2022, 3, 1))
    undated = given("71 million euros", 0.4, None)
    early = given("48 million euros", 0.3, date(2018, 4, 1))
    assert texts(late, undated, early, question=question)[0] == "48 million euros"


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("At least ", "34"),
        ("No fewer than ", "34"),
        ("The toll rose to ", "34"),
        ("The toll, climbing to ", "34"),
        ("The toll has risen to ", "34"),
        ("It began to rise to ", "9"),
        ("More than half, ", "9"),
        ("", "9"),
    ],
)
def test_what_may_rise_yet_stands_behind_a_newer_number(before: str, first: str) -> None:
    early = given("9", 0.6, date(2024, 5, 3), before=before)
    late = given("34", 0.2, date(2024, 11, 20))
    assert texts(early, late, question="How many people died?")[0] == first
