"""Which row of a table a superlative means, and where that is not sure."""

import pytest

from qa.tables.lookup import named_in

CEREALS = """Cereal | Fat (g) | Sugars (g) | Energy
Apple Oats | 6.1 | 14.2 | 1,368 kJ
Nut Crunch | 21.4 | 19.6 | 1,471 kJ
Plain Porridge | 8.0 | 1.1 | 998 kJ"""
PAINTS = """Product | 250 ml | 750 ml
Topside gloss | £11.90 | £27.50
Antifouling Red | £18.40 | £46.00"""
CAMERAS = """ | Lynx 2 | Owlet Mini
Price | £89 | £54
Weight | 310 g | 190 g
Battery | 4 months | 6 weeks"""
LEAGUE = """Place | Team | Points | Goals
1 | Castleby | 25 | 27:11
2 | Thornham | 25 | 22:12
3 | Melby | 12 | 12:17"""


def compared(text: str, question: str) -> str | None:
    (found,) = named_in(text, question) or (None,)
    is_compared = found is not None and found.is_compared
    return found.cell.text if is_compared and found and found.cell else None


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (CEREALS, "Which cereal has the most fat?", "Nut Crunch"),
        (CEREALS, "Which cereal has the least sugar?", "Plain Porridge"),
        (CEREALS, "What is the cereal with the lowest energy?", "Plain Porridge"),
        (CEREALS, "Which brand has the highest amount of sugars?", "Nut Crunch"),
        (PAINTS, "Which paint is the most expensive in 750 ml?", "Antifouling Red"),
        (PAINTS, "Which paint is the least expensive in 250 ml?", "Topside gloss"),
        (CAMERAS, "Which camera is the cheapest?", "Owlet Mini"),
        (CAMERAS, "What is the heaviest camera?", "Lynx 2"),
        (LEAGUE, "Which team has the fewest points?", "Melby"),
    ],
)
def test_a_superlative_means_the_row_with_the_least_or_greatest_number(
    text: str, question: str, answer: str
) -> None:
    assert compared(text, question) == answer


@pytest.mark.parametrize(
    ("text", "question"),
    [
        pytest.param(LEAGUE, "Which team has the most points?", id="two-are-equal"),
        pytest.param(LEAGUE, "Which team has the most goals?", id="no-numbers"),
        pytest.param(LEAGUE, "Which team has the highest place?", id="ranks"),
        pytest.param(CAMERAS, "Which camera has the longest battery life?", id="other-units"),
        pytest.param(CEREALS, "Which cereal has the most fibre?", id="no-such-column"),
        pytest.param(CEREALS, "Which Scottish cereal has the most fat?", id="some-rows"),
        pytest.param(CEREALS, "Which of the oats has the most fat?", id="a-word-of-a-cell"),
        pytest.param(CEREALS, "Which cereal had the most fat in 2019?", id="another-time"),
        pytest.param(CEREALS, "Which cereal has the most fat per serving?", id="another-amount"),
        pytest.param(CEREALS, "Which cereal has the most fat and the least sugar?", id="two"),
        pytest.param(PAINTS, "Which paint is the cheapest?", id="two-columns"),
        pytest.param(
            f"{CEREALS}\nTotal | 35.5 | 34.9 | 3,837 kJ", "Which has the most fat?", id="sum"
        ),
        pytest.param(CEREALS, "How much fat has Nut Crunch at most?", id="asks-for-no-row"),
    ],
)
def test_what_is_not_sure_to_be_comparable_is_not_compared(text: str, question: str) -> None:
    assert compared(text, question) is None
