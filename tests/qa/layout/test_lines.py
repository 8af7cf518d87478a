"""What lists and tables look like in a text."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.layout.lines import cell_borders, read_lines, stretches

TABLE = "Goals of 2023\n\nPlayer | Goals\nMarco Silva | 21\nYuki Tanaka | 17\n\nThe season is over."


def said(text: str) -> list[str]:
    return [text[begin:end].strip() for begin, end in stretches(text)]


def test_something_is_said_in_a_paragraph_an_item_or_a_cell() -> None:
    assert said("One\nwrapped line.\n \nAnother.") == ["One\nwrapped line.", "Another."]
    assert said("They are:\n- Ada\n  (born 1815)\n- Bo") == [
        "They are:",
        "Ada\n  (born 1815)",
        "Bo",
    ]
    assert said("Born: 1815\nDied: 1852") == ["Born: 1815", "Died: 1852"]
    assert said(TABLE) == [
        "Goals of 2023",
        *("Player", "Goals", "Marco Silva", "21", "Yuki Tanaka", "17"),
        "The season is over.",
    ]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("Pos|Team|Won\n---|---|---\n1|Castleby|8\n2|Melby||", id="bars-below-a-rule"),
        pytest.param("|Pos|Team|\n|---|---|\n|1|Castleby|", id="bars-in-a-frame"),
        pytest.param("Stop\tFirst\tLast\nMarket Square\t06:42\t18:47", id="tabs"),
        pytest.param(
            "Stop      First    Last\nSt Bride  06:42   18:47\nHarbour   07:19   19:22",
            id="blanks",
        ),
    ],
)
def test_cells_are_parted_by_bars_below_a_rule_by_tabs_and_by_blanks_that_make_columns(
    table: str,
) -> None:
    cells = [cell.strip() for cell in re.split(r"[|\t\n]| {2,}", table)]
    assert [cell for cell in said(table) if cell] == [cell for cell in cells if cell]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It takes yes|no|maybe\nor nothing.", id="bars-without-a-rule"),
        pytest.param("See\tthe map.", id="one-tab"),
        pytest.param("We  came  home\nand it was  dark  then.", id="two-lines"),
        pytest.param(
            "Justified  lines  have\nblanks where  they  fell\nand  make no  columns.",
            id="blanks-anywhere",
        ),
    ],
)
def test_bars_tabs_and_blanks_within_prose_part_nothing(text: str) -> None:
    assert cell_borders(text.split("\n")) == [None] * (text.count("\n") + 1)


def test_the_borders_of_long_lines_are_found_fast() -> None:
    long = 50_000
    began = time.process_time()
    for line in (
        "a" + "\t" * long,
        "a  " * long,
        " " * long + "a\t",
        "-|" * long,
        "| " * long + "a",
    ):
        cell_borders(["a|b|c", line, line, line])
    assert time.process_time() - began < 2


def test_the_number_of_a_section_says_nothing_but_a_time_does() -> None:
    assert said("4 Care\n\n4.2 Every week\n\nDry it.") == ["4 Care", "Every week", "Dry it."]
    assert said("1.9 Fees\n1.10 Fines") == ["Fees", "Fines"]
    assert said("18.30 Opening\n19.00 Talk") == ["18.30 Opening", "19.00 Talk"]
    assert said("Far.\n\n1.5 km is far.") == ["Far.", "1.5 km is far."]


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
    "lines",
    [
        pytest.param(["We need", "- bread"], id="item"),
        pytest.param(["They are", "1. Ada", "2. Bo"], id="numbered-items"),
        pytest.param(["1. The age", "3. The cause"], id="a-number-left-out"),
        pytest.param(["They are", "a. Ada", "b. Bo"], id="lettered-items"),
        pytest.param(["1. Fees", "1.1 For adults", "1.2 For children"], id="sections"),
        pytest.param(["They are", "– Ada", "– Bo"], id="dashes"),
        pytest.param(["Player | Goals", "All of 2023"], id="row-above"),
        pytest.param(["goals by player", "ada | 2"], id="row-below"),
        pytest.param(["player   goals", "ada   21"], id="columns"),
        pytest.param(["4.9 For adults", "4.10 For children", "4.11 For all"], id="ten-sections"),
        pytest.param(["1990: doctorate", "1993–97 lecturer"], id="years"),
        pytest.param(["Ada: 21 goals", "Born: 1815"], id="records"),
        pytest.param(["Goals of 2023", "Ada scored 21."], id="headline"),
        pytest.param(["For a pie:", "750 g fish", "2 eggs", "a lemon", "a dish"], id="no-markers"),
    ],
)
def test_lines_that_speak_for_themselves_are_apart(lines: list[str]) -> None:
    assert [line.begins for line in read_lines("\n".join(lines))] == [True for _ in lines]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("at the age of\n84. The cause", id="number"),
        pytest.param("1. At the age of\n84. The cause", id="number-far-from-the-item-above"),
        pytest.param("of oxygen, O\n2. It is", id="subscript"),
        pytest.param("It was\n1990. Then", id="year"),
        pytest.param("it begins at\n18:00 and ends at\n19:00 or so", id="times"),
        pytest.param("doors open on Friday\n18:00 sharp", id="one-time"),
        pytest.param("the bacterium\ne. coli", id="letter"),
        pytest.param("a well\n-known line", id="hyphen"),
        pytest.param("this or\nthat|those", id="bar"),
        pytest.param("He left.  She\nstayed.  They came.", id="two-blanks-behind-a-full-stop"),
    ],
)
def test_a_wrapped_line_goes_on_with_the_line_above(text: str) -> None:
    first, *others = read_lines(text)
    assert first.begins
    assert not any(line.begins for line in others)
