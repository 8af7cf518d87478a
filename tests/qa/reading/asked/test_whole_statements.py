"""When a yes-or-no question is answered by a whole statement."""

import pytest

from qa.reading.asked.whole_statements import statement_asked_for
from tests.qa.reading.asked.ranges import asked_for

TEXT = """Cover

- Not covered are wear and tear, damage by pets, and theft. Bicycles are covered up to £800 each.

Zone | Floods
1 | covered
3 | not covered
"""


def test_a_word_becomes_the_statement_that_it_stands_in() -> None:
    whole = "Not covered are wear and tear, damage by pets, and theft"
    assert asked_for(statement_asked_for, TEXT, "Not", "Is damage by pets covered?") == whole
    assert (
        asked_for(statement_asked_for, TEXT, "£800 each", "Are bicycles covered?")
        == "Bicycles are covered up to £800 each"
    )


@pytest.mark.parametrize(
    ("span", "question"),
    [
        pytest.param("£800", "Up to what sum are bicycles covered?", id="asks-for-words"),
        pytest.param("covered up to £800", "Are bicycles covered?", id="says-enough"),
        pytest.param("covered\n", "Are floods covered in zone 1?", id="in-a-table"),
    ],
)
def test_any_other_range_stays_as_it_is(span: str, question: str) -> None:
    assert asked_for(statement_asked_for, TEXT, span, question) == span


def test_a_statement_that_fills_a_passage_is_not_an_answer() -> None:
    for length, is_whole in ((300, True), (301, False)):
        statement = f"Not covered is {'x' * (length - 16)}."
        text = f"Cover\n\n{statement}"
        start = text.index("Not")
        assert (len(statement), start) == (length, 7)
        asked = statement_asked_for(text, start, start + 3, "Is damage by pets covered?")
        assert (asked == (start, len(text) - 1)) is is_whole


def test_the_first_cell_of_a_table_stays_alone() -> None:
    table = "Fire | covered\nFloods | not covered"
    assert statement_asked_for(table, 0, 4, "Is fire covered?") == (0, 4)
