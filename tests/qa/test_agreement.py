"""When sources agree, and when they differ."""

import pytest

from qa.agreement import Agreement, agreement
from qa.calibration import AnswerFeatures, CandidateFeatures
from qa.decide import Candidate, Verdict
from qa.values import Passage


def verdict(text: str, confidence: float, *articles: str, margin: float = 1) -> Verdict:
    places = tuple(
        Candidate(
            name,
            0,
            len(text),
            text,
            CandidateFeatures(0, margin, 0, 0),
            0,
            Passage(0, name, 0, len(text), text),
        )
        for name in articles
    )
    return Verdict(places, AnswerFeatures(0, 0, 0, 0, 0, 0, 0, 0), confidence)


def test_without_answers_nothing_agrees_or_differs() -> None:
    assert agreement([]) is None


def test_one_article_is_a_single_source_in_however_many_places() -> None:
    assert agreement([verdict("10", 0.9, "a", "a")]) is Agreement.SINGLE


def test_several_articles_with_the_same_answer_agree() -> None:
    assert agreement([verdict("10", 0.9, "a", "b"), verdict("12", 0.2, "c")]) is Agreement.AGREE


def test_an_article_that_only_mentions_the_answer_does_not_agree() -> None:
    assert agreement([verdict("10", 0.9, "a", "b", margin=-1)]) is Agreement.SINGLE


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param(verdict("10", 0.6, "a"), verdict("12", 0.3, "b"), id="half-as-likely"),
        pytest.param(verdict("10", 0.9, "a", "b"), verdict("12", 0.8, "c"), id="two-against-one"),
        pytest.param(verdict("guilty", 0.6, "a"), verdict("not guilty", 0.5, "b"), id="not"),
        pytest.param(verdict("North Korea", 0.6, "a"), verdict("South Korea", 0.5, "b"), id="half"),
    ],
)
def test_likely_answers_of_different_articles_differ(first: Verdict, other: Verdict) -> None:
    assert agreement([first, verdict("0", 0.01, "z"), other]) is Agreement.DIFFER


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param(verdict("10", 0.7, "a"), verdict("12", 0.3, "b"), id="much-less-likely"),
        pytest.param(verdict("10", 0.3, "a"), verdict("12", 0.2, "b"), id="unlikely"),
        pytest.param(verdict("10", 0.6, "a"), verdict("12", 0.5, "a"), id="the-same-article"),
        pytest.param(verdict("10", 0.6, "a"), verdict("12", 0.5, "a", "b"), id="one-gives-both"),
        pytest.param(verdict("4 May 1979", 0.6, "a"), verdict("May 1979", 0.5, "b"), id="shorter"),
    ],
)
def test_weak_alternatives_and_shorter_forms_do_not_differ(first: Verdict, other: Verdict) -> None:
    assert agreement([first, other]) is Agreement.SINGLE
