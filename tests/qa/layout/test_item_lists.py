"""Which lines are items of one list."""

import pytest

from qa.layout.item_lists import item_lists


def items(text: str) -> list[list[str]]:
    return [[text[item.start : item.end] for item in found] for found in item_lists(text)]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        pytest.param("They are:\n\n- Ada\n- Bo\n\nDone.", [["Ada", "Bo"]], id="bullets"),
        pytest.param("1. Ada\n\n2. Bo", [["Ada", "Bo"]], id="numbers-apart"),
        pytest.param("• Ada\n• Bo", [["Ada", "Bo"]], id="round-bullets"),
        pytest.param(
            "- Ada\n  (born 1815)\n- Bo", [["Ada\n  (born 1815)", "Bo"]], id="a-deeper-line"
        ),
        pytest.param("- Ada\n- Bo,\nher aunt", [["Ada", "Bo,\nher aunt"]], id="a-wrapped-item"),
        pytest.param(
            "- Ada\n  - Lovelace\n  - Byron\n- Bo",
            [["Ada\n  - Lovelace\n  - Byron", "Bo"], ["Lovelace", "Byron"]],
            id="a-list-in-a-list",
        ),
        pytest.param(
            "1. Ada\n   - Lovelace\n   - Byron\n2. Bo",
            [["Ada\n   - Lovelace\n   - Byron", "Bo"], ["Lovelace", "Byron"]],
            id="bullets-in-a-numbered-list",
        ),
        pytest.param("- Ada\n\nText.\n\n- Bo", [], id="text-between"),
        pytest.param("1. Ada\n84. Bo", [], id="no-number-of-this-list"),
        pytest.param("a. Ada\nb. Bo", [["Ada", "Bo"]], id="letters"),
        pytest.param("- Ada\n1. Bo", [], id="another-kind"),
        pytest.param(
            "- Ada\n- Bo\n1. Cleo\n2. Dan", [["Ada", "Bo"], ["Cleo", "Dan"]], id="two-kinds"
        ),
        pytest.param("- Ada", [], id="one-item"),
    ],
)
def test_items_below_one_another_are_a_list(text: str, lists: list[list[str]]) -> None:
    assert items(text) == lists


def test_an_item_begins_with_its_marker_however_deep() -> None:
    text = "They are:\n  - Ada\n  - Bo"
    (found,) = item_lists(text)
    assert [text[item.marker : item.end] for item in found] == ["- Ada", "- Bo"]


def test_short_lines_may_be_a_list_without_markers() -> None:
    text = "For the filling:\n750 g haddock\n500 ml milk\n2 bay leaves\n\nFor the top:\n80 g butter"
    assert items(text) == [["750 g haddock", "500 ml milk", "2 bay leaves"]]
