"""A citation that is not what its article says cannot be built."""

import dataclasses

import pytest

from qa.answers import Answer, Citation, Context, Outcome
from qa.values import Article, Sentence

ARTICLE = Article("a", "Title", "It rained. 🎉 Oslo won. Then it snowed.")
CITATION = Citation(
    article=ARTICLE,
    sentence=Sentence(1, 11, 22),
    quote="🎉 Oslo won.",
    answer_start=13,
    answer_end=17,
    answer="Oslo",
    prefix="It rained. ",
    suffix=" Then it snowed.",
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            {"quote": "🎉 Oslo lost."}, "the quote is not what 'a' says there", id="reworded-quote"
        ),
        pytest.param(
            {"sentence": Sentence(1, 10, 22)},
            "the quote is not what 'a' says there",
            id="quote-from-elsewhere",
        ),
        pytest.param(
            {"answer": "oslo"}, "the answer is not what 'a' says there", id="reworded-answer"
        ),
        pytest.param(
            {"answer_start": 14, "answer_end": 18},
            "the answer is not what 'a' says there",
            id="answer-from-elsewhere",
        ),
        pytest.param(
            {"answer_start": 3, "answer_end": 9, "answer": "rained"},
            "the answer does not lie inside the quote",
            id="answer-before-the-quote",
        ),
        pytest.param(
            {"answer_start": 18, "answer_end": 27, "answer": "won. Then"},
            "the answer does not lie inside the quote",
            id="answer-runs-out-of-the-quote",
        ),
        pytest.param(
            {"answer_start": 13, "answer_end": 13, "answer": ""},
            "the answer does not lie inside the quote",
            id="empty-answer",
        ),
        pytest.param(
            {"context": Context(Sentence(0, 0, 10), "It snowed.")},
            "the context is not what 'a' says there",
            id="reworded-context",
        ),
        pytest.param(
            {"context": Context(Sentence(2, 23, 38), "Then it snowed.")},
            "the context does not lie before the quote",
            id="context-behind-the-quote",
        ),
    ],
)
def test_a_citation_that_disagrees_with_its_article_is_refused(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(CITATION, **change)  # type: ignore[arg-type]  # what is changed varies


def test_a_citation_may_be_all_answer() -> None:
    whole = dataclasses.replace(CITATION, answer_start=11, answer_end=22, answer="🎉 Oslo won.")
    assert whole.answer == whole.quote


def test_the_support_of_an_answer_is_how_many_places_give_it() -> None:
    assert Answer("Oslo", 0.5, (CITATION, CITATION)).support == 2


def test_an_outcome_without_answers_is_not_answered_though_some_were_considered() -> None:
    guess = Answer("Oslo", 0.1, (CITATION,))
    given = Outcome("Who won?", (guess,), (guess,), 0.9, {}, None)
    assert given.answered
    assert not dataclasses.replace(given, answers=()).answered
