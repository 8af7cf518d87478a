"""What lists and tables look like in a text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.layout import are_apart, item_lists, stretches

TABLE = "Goals of 2023\n\nPlayer | Goals\nMarco Silva | 21\nYuki Tanaka | 17\n\nThe season is over."


def said(text: str) -> list[str]:
    return [text[begin:end].strip() for begin, end in stretches(text)]


def items(text: str) -> list[list[str]]:
    return [[text[item.start : item.end] for item in found] for found in item_lists(text)]


def test_something_is_said_in_a_paragraph_an_item_or_a_cell() -> None:
    assert said("One\nwrapped line.\n \nAnother.") == ["One\nwrapped line.", "Another."]
    assert said("They are:\n- Ada\n  (born 1815)\n2) Bo") == [
        "They are:",
        "Ada\n  (born 1815)",
        "Bo",
    ]
    assert said(TABLE) == [
        "Goals of 2023",
        *("Player", "Goals", "Marco Silva", "21", "Yuki Tanaka", "17"),
        "The season is over.",
    ]


@given(st.text("ab|-*1. \n\t•"))
@example("- | ")
def test_stretches_are_in_order_and_leave_out_nothing_but_markers(text: str) -> None:
    ranges = list(stretches(text))
    ends = [0, *(end for _, end in ranges)]
    begins = [*(begin for begin, _ in ranges), len(text)]
    assert all(begin <= end for begin, end in ranges)
    gaps = [text[end:begin] for end, begin in zip(ends, begins, strict=True)]
    assert not any("a" in gap or "b" in gap for gap in gaps)


@pytest.mark.parametrize(
    ("above", "below", "apart"),
    [
        ("We need", "- bread", True),
        ("We need", "12. Bread", True),
        ("Player | Goals", "All of 2023", True),
        ("Goals", "Ada | 2", True),
        ("It was", "1990. Then", False),
        ("a well", "-known line", False),
        ("this or", "that|those", False),
    ],
)
def test_lines_of_lists_and_tables_are_apart(above: str, below: str, apart: bool) -> None:
    assert are_apart(above, below) is apart


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        pytest.param("They are:\n\n- Ada\n- Bo\n\nDone.", [["Ada", "Bo"]], id="bullets"),
        pytest.param("1. Ada\n\n2. Bo", [["Ada", "Bo"]], id="numbers-apart"),
        pytest.param("• Ada\n• Bo", [["Ada", "Bo"]], id="round-bullets"),
        pytest.param("- Ada\n  (born 1815)\n- Bo", [["Ada", "Bo"]], id="a-deeper-line"),
        pytest.param(
            "- Ada\n  - Lovelace\n  - Byron\n- Bo",
            [["Ada", "Bo"], ["Lovelace", "Byron"]],
            id="a-list-in-a-list",
        ),
        pytest.param("- Ada\nText.\n- Bo", [], id="text-between"),
        pytest.param("- Ada\n1. Bo", [], id="another-kind"),
        pytest.param("- Ada", [], id="one-item"),
    ],
)
def test_items_below_one_another_are_a_list(text: str, lists: list[list[str]]) -> None:
    assert items(text) == lists
