"""What a question makes of a span: nothing, or a range of the same text that says something."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.reading.asked.rules import may_answer, range_asked_for
from qa.reading.borders import says_something, tidy

PIECES = [
    "Ada Cole", "(chair)", "(1911 – 1998)", "Bo Ruiz", "rose", "from", "£48", "to", "£54 a year",
    "9 am", "until", "noon", "3 May 1911", "2 years", "and", "five", "for the K2", "Plus", "€4.90",
    "Gold", ",", ";", ".", "\n", "Mondays", "season 4", "the 2nd quarter", "4.2", "not", "date",
    "8080", "–", "1115–1234", "the mayor", "Oslo (AP) –", "é", "died", "in", "%",
]  # fmt: skip
QUESTIONS = [
    "How much is it?",
    "What was it before?",
    "When does it begin?",
    "When did it end?",
    "When was Ada Cole born?",
    "Who is the chair?",
    "How long is it for the K2?",
    "What does Gold cost?",
    "When did Bo Ruiz die?",
    "Is it open on Mondays?",
    "What happened in season 5?",
]


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = " ".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25)))
    start = draw(st.integers(0, len(text) - 1))
    return text, *tidy(text, start, draw(st.integers(start + 1, len(text))))


@given(spans(), st.sampled_from(QUESTIONS))
@example(("Plus €4.90 and Gold €4.90 a year", 5, 32), "What does Gold cost?")
def test_the_range_is_one_of_the_text_and_says_something(
    span: tuple[str, int, int], question: str
) -> None:
    text, start, end = span
    first, last = range_asked_for(text, start, end, question)
    assert 0 <= first < last <= len(text)
    assert says_something(text[first:last]) or (first, last) == (start, end)
    may_answer(text, start, end, question)


@pytest.mark.parametrize(
    ("text", "answer", "question"),
    [
        ("The mayor opened it. The deputy mayor, Bo Ruiz, closed it.", "Bo Ruiz", "Who is mayor?"),
        ("Kestrel 4.2 came out in May.", "May", "When did Kestrel 4.1 come out?"),
        ("The largest hall holds 40.", "40", "How many does the smallest hall hold?"),
        ("It is closed on Mondays.", "Mondays", "When is it closed on Fridays?"),
        ("It was 12 percent.", "12 percent", "Why did it fall?"),
    ],
)
def test_what_tells_of_another_may_not_answer(text: str, answer: str, question: str) -> None:
    start = text.index(answer)
    assert not may_answer(text, start, start + len(answer), question)
    assert may_answer(text, start, start + len(answer), "What is it?")
