"""Which of two values a question asks for."""

import pytest

from qa.reading.asked.paired_values import value_asked_for
from tests.qa.reading.asked.ranges import asked_for

WARRANTY = "The warranty is 24 months for the K2 and 36 months for the K2 Pro."
FIRMWARE = "It brings firmware 2.9 to the K2 Pro and 2.8.4 to the K2."
COSTS = "Plus costs €4.90 a month and Gold €12.90."
TRANSFERS = "In Europe they take ten seconds, those to other countries within two to four days."


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
            COSTS,
            "€4.90 a month and Gold €12.90",
            "How much is a Plus account?",
            "€4.90 a month",
            id="one",
        ),
        pytest.param(
            COSTS, "€4.90 a month and Gold €12.90", "What does Gold cost?", "€12.90", id="another"
        ),
        pytest.param(
            TRANSFERS,
            "ten seconds, those to other countries within two to four days",
            "How long do transfers to other countries take?",
            "within two to four days",
            id="another-in-more-words",
        ),
    ],
)
def test_of_two_values_the_one_asked_for_is_given(
    text: str, span: str, question: str, value: str
) -> None:
    assert asked_for(value_asked_for, text, span, question) == value


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
            COSTS,
            "€4.90 a month and Gold €12.90",
            "How much do Plus and Gold cost?",
            id="both-cost",
        ),
        pytest.param(
            COSTS, "€4.90 a month and Gold €12.90", "What are the prices?", id="no-amount-asked"
        ),
        pytest.param(
            "It took four years and ten months.",
            "four years and ten months",
            "How long did it take?",
            id="one-amount",
        ),
        pytest.param(
            f"It was decided that {COSTS}",
            f"It was decided that {COSTS[:-1]}",
            "How much does Gold cost?",
            id="amounts-in-a-sentence",
        ),
        pytest.param(
            f"The council resolved as follows: {WARRANTY}",
            f"The council resolved as follows: {WARRANTY[:-1]}",
            "How long is the warranty of the K2 Pro?",
            id="values-in-a-sentence",
        ),
        pytest.param(COSTS, "€4.90 a month", "How much does Gold cost?", id="one-amount-of-two"),
        pytest.param(
            "between 24 months in 2019 and 36 people",
            "24 months in 2019 and 36 people",
            "How many were there in 2019?",
            id="no-pair",
        ),
    ],
)
def test_any_other_range_stays_as_it_is(text: str, span: str, question: str) -> None:
    assert asked_for(value_asked_for, text, span, question) == span
