"""What can be asked; a question that cannot be names the field and the cure."""

import pytest

from qa.errors import InvalidQuestionError
from qa.question import MAX_ANSWERS, MAX_PASSAGES, MAX_QUESTION_CHARACTERS, Question


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "is empty; ask something", id="empty"),
        pytest.param(" \n\u3000", "is empty; ask something", id="only-white-space"),
        pytest.param(
            "x" * 2_001, "has 2,001 characters; shorten it to at most 2,000", id="too-long"
        ),
        pytest.param(
            "Who\x00?", "has the control character U+0000 at position 3; remove it", id="nul"
        ),
        pytest.param(
            "\x1b[1m", "has the control character U+001B at position 0; remove it", id="escape"
        ),
        pytest.param(
            "Who \ud83d?", "has the lone surrogate U+D83D at position 4; remove it", id="surrogate"
        ),
    ],
)
def test_a_text_that_cannot_be_asked_is_refused_with_the_cure(text: str, problem: str) -> None:
    with pytest.raises(InvalidQuestionError) as caught:
        Question(text)
    assert (caught.value.field, caught.value.problem) == ("question", problem)
    assert str(caught.value) == f"question: {problem}"


@pytest.mark.parametrize(
    ("options", "field", "problem"),
    [
        pytest.param({"top_k": 0}, "top_k", "is 0; it must be from 1 to 20", id="no-answers"),
        pytest.param({"top_k": 21}, "top_k", "is 21; it must be from 1 to 20", id="many-answers"),
        pytest.param(
            {"passages": 0}, "passages", "is 0; it must be from 1 to 100", id="no-passages"
        ),
        pytest.param(
            {"passages": 101}, "passages", "is 101; it must be from 1 to 100", id="many-passages"
        ),
        pytest.param(
            {"min_confidence": -0.1},
            "min_confidence",
            "is -0.1; it must be from 0 to 1",
            id="confidence-below-0",
        ),
        pytest.param(
            {"min_confidence": 1.1},
            "min_confidence",
            "is 1.1; it must be from 0 to 1",
            id="confidence-above-1",
        ),
        pytest.param(
            {"min_confidence": float("nan")},
            "min_confidence",
            "is nan; it must be from 0 to 1",
            id="confidence-not-a-number",
        ),
        pytest.param(
            {"time_budget_ms": 0},
            "time_budget_ms",
            "must be more than 0 milliseconds",
            id="no-time",
        ),
        pytest.param(
            {"time_budget_ms": float("nan")},
            "time_budget_ms",
            "must be more than 0 milliseconds",
            id="time-not-a-number",
        ),
    ],
)
def test_an_option_out_of_its_range_is_refused_with_the_range(
    options: dict[str, float], field: str, problem: str
) -> None:
    with pytest.raises(InvalidQuestionError) as caught:
        Question("Who?", **options)  # type: ignore[arg-type]  # floats stand for ints as well
    assert (caught.value.field, caught.value.problem) == (field, problem)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Who\tdid\r\nwhat?", id="white-space-that-people-paste"),
        pytest.param("谁是总统？ 😀", id="any-script"),
        pytest.param("x" * MAX_QUESTION_CHARACTERS, id="longest"),
    ],
)
def test_an_ordinary_text_can_be_asked_and_is_kept_as_given(text: str) -> None:
    assert Question(text).text == text


def test_the_bounds_themselves_are_allowed() -> None:
    lowest = Question("Who?", top_k=1, passages=1, min_confidence=0, time_budget_ms=0.001)
    highest = Question("Who?", top_k=MAX_ANSWERS, passages=MAX_PASSAGES, min_confidence=1)
    assert (lowest.top_k, highest.top_k) == (1, 20)
