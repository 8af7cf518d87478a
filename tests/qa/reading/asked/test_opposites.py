"""A statement about the largest does not answer a question for the smallest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.asked.opposites import tells_of_opposite

LAKES = (
    "The largest lake is Mere, with 4 km². Ida Quill swims in it. Its growth slowed in the winter."
)


def tells(text: str, answer: str, question: str) -> bool:
    start = text.index(answer)
    return tells_of_opposite(text, start, start + len(answer), question)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which is the smallest lake?", "Mere"),
        ("Smallest lake", "Mere"),
        ("WHICH IS THE SMALLEST LAKE?", "Mere"),
        ("When did its decline slow?", "winter"),
        ("In what season of summer did it slow?", "winter"),
    ],
)
def test_what_is_said_of_the_opposite_does_not_answer(question: str, answer: str) -> None:
    assert tells(LAKES, answer, question)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        pytest.param(LAKES, "Which is the largest lake?", "Mere", id="what-is-asked-for"),
        pytest.param(LAKES, "Who swims in the smallest lake?", "Ida Quill", id="other-statement"),
        pytest.param(LAKES, "Which lake is it?", "Mere", id="without-such-a-word"),
        pytest.param(
            f"{LAKES} The smallest is Tarn.", "Which is the smallest lake?", "Mere", id="both-there"
        ),
        pytest.param(LAKES, "Is it the largest or the smallest?", "Mere", id="both-asked-for"),
        pytest.param(
            "The current was weaker.", "Was it stronger?", "weaker", id="the-opposite-itself"
        ),
        pytest.param(
            "The upper town, the largest in the public park.",
            "What is in the Private Gallery?",
            "The upper town",
            id="part-of-a-name",
        ),
    ],
)
def test_all_else_may_answer(text: str, question: str, answer: str) -> None:
    assert not tells(text, answer, question)


def test_what_fell_did_not_rise() -> None:
    assert tells("Revenue rose 8 percent.", "8 percent", "How much did revenue fall?")
    assert not tells("Revenue fell 8 percent.", "8 percent", "How much did revenue fall?")
    assert not tells("Revenue fell 8 percent.", "8 percent", "Has revenue fallen?")


@given(st.text(), st.integers(0, 40), st.integers(0, 40), st.text())
def test_any_text_can_be_looked_at(text: str, one: int, other: int, question: str) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert tells_of_opposite(text, start, end, question) in {True, False}
