"""Which of two values a question asks for."""

import pytest

from qa.reading.paired_values import value_asked_for

WARRANTY = "The warranty is 24 months for the K2 and 36 months for the K2 Pro."
FIRMWARE = "It brings firmware 2.9 to the K2 Pro and 2.8.4 to the K2."
STALLS = "The number of stalls in the Thursday market had fallen from 31 to 22 in a year."
RENT = "The rent for a full plot will rise from £48 to £54 a year on 1 October."


def asked_for(text: str, span: str, question: str) -> str:
    start = text.index(span)
    first, last = value_asked_for(text, start, start + len(span), question)
    return text[first:last]


@pytest.mark.parametrize(
    ("text", "span", "question", "value"),
    [
        pytest.param(
            WARRANTY,
            "24 months for the K2 and 36 months",
            "How long is the warranty of the K2 Pro?",
            "36 months",
            id="named-with-more-words",
        ),
        pytest.param(
            WARRANTY,
            "24 months for the K2 and 36 months",
            "How long is the warranty of the K2?",
            "24 months",
            id="named-with-fewer-words",
        ),
        pytest.param(
            FIRMWARE,
            "2.9 to the K2 Pro and 2.8.4",
            "Which firmware does the K2 get?",
            "2.8.4",
            id="the-last-one",
        ),
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
    ],
)
def test_of_two_values_the_one_asked_for_is_given(
    text: str, span: str, question: str, value: str
) -> None:
    assert asked_for(text, span, question) == value


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        pytest.param(
            WARRANTY,
            "24 months for the K2 and 36 months for the K2 Pro",
            "How long are the warranties?",
            id="neither-is-named",
        ),
        pytest.param(
            "It costs £5 for adults and £3 for children.",
            "£5 for adults and £3 for children",
            "What do adults and children pay?",
            id="both-are-named",
        ),
        pytest.param(
            "The temperature ranges from 15 to 55 °C.", "15 to 55 °C", "How warm is it?", id="range"
        ),
        pytest.param(STALLS, "31 to 22", "By how much has the number fallen?", id="a-change"),
        pytest.param(STALLS, "31 to 22", "How many stalls were there?", id="what-was"),
        pytest.param(
            "between 24 months in 2019 and 36 people",
            "24 months in 2019 and 36 people",
            "How many were there in 2019?",
            id="no-pair",
        ),
    ],
)
def test_any_other_range_stays_as_it_is(text: str, span: str, question: str) -> None:
    assert asked_for(text, span, question) == span
