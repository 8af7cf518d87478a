"""Which end of a change or a time a question asks for."""

import pytest

from qa.reading.asked.from_to import end_asked_for
from tests.qa.reading.asked.ranges import asked_for

STALLS = "The number of stalls in the Thursday market had fallen from 31 to 22 in a year."
PORT = "The default port of the admin interface moved from 8080 to 9440."
LEAVE = "The leave year runs from 1 April to 31 March."
HOURS = "The desk is open 9 am to 5 pm."
RENT = "The rent for a full plot will rise from £48 to £54 a year on 1 October."


@pytest.mark.parametrize(
    ("text", "span", "question", "value"),
    [
        pytest.param(
            STALLS, "31 to 22", "How many stalls does the market have?", "22", id="what-is"
        ),
        pytest.param(
            RENT,
            "rise from £48 to £54 a year",
            "What will the rent for a full plot be?",
            "£54 a year",
            id="what-will-be",
        ),
        pytest.param(PORT, "8080 to 9440", "Which port may be used?", "9440", id="what-may-be"),
        pytest.param(
            PORT, "8080 to 9440", "What was the port before?", "8080", id="what-was-before"
        ),
        pytest.param(
            LEAVE, "1 April to 31 March", "When does the leave year begin?", "1 April", id="begin"
        ),
        pytest.param(
            LEAVE, "1 April to 31 March", "When does the leave year end?", "31 March", id="end"
        ),
        pytest.param(PORT, "9440", "What was the port previously?", "8080", id="not-what-is"),
        pytest.param(
            "The Jin dynasty (1115–1234) fell.",
            "1115–1234",
            "When did the dynasty begin?",
            "1115",
            id="years",
        ),
        pytest.param(
            "The tent is open from noon to midnight.",
            "noon to midnight",
            "When does the tent close?",
            "midnight",
            id="in-words",
        ),
        pytest.param(HOURS, "9 am to 5 pm", "When does the desk close?", "5 pm", id="closing"),
    ],
)
def test_of_two_values_the_one_asked_for_is_given(
    text: str, span: str, question: str, value: str
) -> None:
    assert asked_for(end_asked_for, text, span, question) == value


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        pytest.param(
            "The temperature ranges from 15 to 55 °C.", "15 to 55 °C", "How warm is it?", id="range"
        ),
        pytest.param(HOURS, "9 am to 5 pm", "When is the desk open?", id="hours"),
        pytest.param(LEAVE, "1 April to 31 March", "How long is it from its start?", id="how-long"),
        pytest.param(
            "The dose starts from 10 to 20 drops.",
            "10 to 20 drops",
            "How does it start?",
            id="span",
        ),
        pytest.param(
            f"Mr Speke said the rent had gone up. {RENT}",
            RENT,
            "What is to be done about the rent?",
            id="a-sentence",
        ),
        pytest.param(STALLS, "31", "How many stalls does it have?", id="one-value-of-a-change"),
        pytest.param(STALLS, "31 to 22", "By how much has the number fallen?", id="a-change"),
        pytest.param(STALLS, "31 to 22", "How many stalls were there?", id="what-was"),
    ],
)
def test_any_other_range_stays_as_it_is(text: str, span: str, question: str) -> None:
    assert asked_for(end_asked_for, text, span, question) == span
