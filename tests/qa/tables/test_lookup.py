"""What a question names of a table by its words."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.tables.lookup import Named, named_in
from qa.tables.table import tables_in

PRICES = """Tickets

| Ticket | Low season | High season |
| --- | ---: | ---: |
| Adult | £6.50 | £8.20 |
| Child (4 to 15) | £3.80 | £4.90 |
| Family (2 adults, 3 children) | £17.00 | £22.50 |

The high season begins in June."""
FIGURES = """Quarter | Revenue (£ million) | Operating profit (£ million) | Employees
Q2 2024 | 412.6 | 48.1 | 3,870
Q3 2024 | 437.9 | 55.3 | 3,902
Q4 2024 | 398.2 | 39.8 | 3,911"""
VOTES = """No. | District | Turnout % | Winner | Aurland | Okafor
1 | Old Harbour | 66.1 | Aurland | 2,417 | 549
2 | Millfields | 63.0 | Aurland | 2,288 | 531
3 | Gasworks | 49.7 | Okafor | 655 | 998"""
PUMPS = """Class | Model | Max. depth (m) | Flow (l/min) | Weight (kg)
Light | Aquila 20 | 20 | 35 | 8.2
Light | Aquila 35 | 35 | 42 | 9.6
Heavy | Aquila 80 | 80 | 75 | 17.4
Heavy | Aquila 80S | 80 | 95 | 19.8"""
DESCALING = """Water hardness | K2 | K2 Pro
soft | every 6 months | every 9 months
hard | every 6 weeks | every 2 months"""
HOURS = "Day | Hours\nTuesday | 10:00 to 18:00\nThursday | 12:00 to 20:00"
PEOPLE = "Name | Born | City\nAnn Ray | 1901 | Oslo\nBo Lind | 1934 | Bonn"
FEES = "Service | Fee\nRepair | £5\nPainting | £7\nCart hire | £9"
CAMERAS = " | Lynx 2 | Owlet Mini\nPrice | £89 | £54\nWeight | 310 g | 190 g"


def named(text: str, question: str) -> Named | None:
    return next(iter(named_in(text, question)), None)


def row_and_cell(text: str, question: str) -> tuple[str | None, str | None]:
    """Return the first cell of the row that is named, and the cell that is asked for."""
    found = named(text, question)
    row = None if found is None or found.row is None else found.row[0].text
    return row, found.cell.text if found is not None and found.cell is not None else None


def test_a_table_has_a_head_and_rows_of_as_many_cells() -> None:
    (table,) = tables_in(PRICES)
    assert [cell.text for cell in table.head] == ["Ticket", "Low season", "High season"]
    assert [cell.text for cell in table.rows[1]] == ["Child (4 to 15)", "£3.80", "£4.90"]
    assert [len(tables_in(text)) for text in (FIGURES, VOTES, PUMPS, HOURS)] == [1, 1, 1, 1]
    assert tables_in("A | B | C\n1 | 2 | 3\n4 | 5\n") == ()
    assert tables_in("BBC News | World\n\nOne said a | b.") == ()


def test_two_columns_that_no_rule_parts_from_a_head_have_none() -> None:
    (table,) = tables_in("Born | 8 June 1949\nDied | 2010")
    assert [cell.text for cell in table.head] == ["", ""]
    assert [row[1].text for row in table.rows] == ["8 June 1949", "2010"]


def test_times_of_day_name_no_rows() -> None:
    (table,) = tables_in("Time | Artist | From\n7 pm | The Gannets | Orkney\n9 pm | Bram | Ghent")
    assert table.names == 1
    (table,) = tables_in("Line | Stop | First\nK2 | Square | 06:42\n3B | Harbour | 07:10")
    assert table.names == 0


def test_a_measure_heads_a_column_and_is_no_value() -> None:
    table_text = "Ticket | Price\nAdults | €14\nStudents | €9"
    (table,) = tables_in(table_text)
    assert [cell.text for cell in table.head] == ["Ticket", "Price"]
    assert [row[0].text for row in table.rows] == ["Adults", "Students"]
    assert row_and_cell(table_text, "What does a student ticket cost?") == ("Students", "€9")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Stop\tFirst\tLast\nSquare\t06:42\t18:47\nHarbour\t\t19:22", id="tabs"),
        pytest.param(
            "Stop|First|Last\n---|---|---\nSquare|06:42|18:47\nHarbour||19:22",
            id="bars-below-a-rule",
        ),
        pytest.param(
            """\
=======  =====  =====
Stop     First   Last
=======  =====  =====
Square   06:42  18:47
Harbour  -      19:22
=======  =====  =====""",
            id="blanks",
        ),
    ],
)
def test_a_table_may_be_made_of_tabs_of_bare_bars_and_of_blanks(text: str) -> None:
    (table,) = tables_in(f"Line 14\n\n{text}\n\nDogs travel free.")
    assert [cell.text for cell in table.head] == ["Stop", "First", "Last"]
    assert [row[2].text for row in table.rows] == ["18:47", "19:22"]
    assert row_and_cell(text, "When is the last bus at the harbour?") == ("Harbour", "19:22")


def test_a_long_line_of_dashes_is_told_from_a_rule_fast() -> None:
    began = time.process_time()
    assert len(tables_in(f"| a | b |\n| {'-' * 20_000} | x |\n| c | d |")) == 1
    assert time.process_time() - began < 1


@given(st.text("ab1| -:\t\r\n"))
@example("| a | b |\n|---|---|\n|1|2|\n|3||")
@example("a | b | c\r\n1 | 2 | 3\r\n4 |  | 6\r\n")
@example("a\t\tb\r\n1\t2\t\r\n\t1\t2\r\n")
@example("  a  b  1\n  1  2  a\n  b  b  b")
@example(" | \n | \n | ")
def test_each_cell_is_the_text_at_its_offsets_without_blanks(text: str) -> None:
    for table in tables_in(text):
        before = 0
        for cell in (*table.head, *(cell for row in table.rows for cell in row)):
            assert text[cell.start : cell.end] == cell.text == cell.text.strip()
            assert "\n" not in cell.text
            assert cell.start >= before
            before = cell.end
        assert 0 <= table.start <= table.end <= len(text)


@pytest.mark.parametrize(
    ("text", "question", "row", "cell"),
    [
        (PRICES, "How much is an adult ticket in the high season?", "Adult", "£8.20"),
        (PRICES, "What does a child pay in the low season?", "Child (4 to 15)", "£3.80"),
        (PRICES, "Price of a family ticket", "Family (2 adults, 3 children)", None),
        (FIGURES, "What was the revenue in Q3 2024?", "Q3 2024", "437.9"),
        (FIGURES, "What was the revenue in the third quarter of 2024?", "Q3 2024", "437.9"),
        (FIGURES, "What was the revenue in the second quarter of 2024?", "Q2 2024", "412.6"),
        (FIGURES, "What was the revenue in the 4th quarter of 2024?", "Q4 2024", "398.2"),
        (FIGURES, "How profitable was Q2 2024?", "Q2 2024", "48.1"),
        (FIGURES, "How many were employed in Q2 2024?", "Q2 2024", "3,870"),
        (FIGURES, "In which quarter was revenue 398.2 million?", "Q4 2024", "Q4 2024"),
        (FIGURES, "When were there 3902 employees?", "Q3 2024", None),
        (VOTES, "How many votes did Okafor get in Millfields?", "2", "531"),
        (VOTES, "Who won in Gasworks?", "3", None),
        (VOTES, "Who had 2,417 votes?", "1", "Old Harbour"),
        (VOTES, "Which district had a turnout of 49.7?", "3", "Gasworks"),
        (PUMPS, "How heavy is the Aquila 80?", "Heavy", "17.4"),
        (PUMPS, "How much does the Aquila 80S weigh?", "Heavy", "19.8"),
        (PUMPS, "What is the flow of the Aquila 35?", "Light", "42"),
        (PUMPS, "Which pump has a flow of 75?", "Heavy", "Aquila 80"),
        (PUMPS, "Which pump weighs 9.6 kg?", "Light", "Aquila 35"),
        (DESCALING, "How often must the K2 be descaled with hard water?", "hard", "every 6 weeks"),
        (DESCALING, "how often K2 Pro hard water", "hard", "every 2 months"),
        (PUMPS, "Which light pump weighs 9.6 kg?", "Light", "Aquila 35"),
        (PEOPLE, "Who was born in 1934?", "Bo Lind", "Bo Lind"),
        (PEOPLE, "When was the one from Bonn born?", "Bo Lind", "1934"),
        (PEOPLE, "Where was the one of 1934?", "Bo Lind", None),
        (FEES, "How much is it to paint a boat?", "Painting", None),
        (FEES, "How much are repairs?", "Repair", None),
        (HOURS, "When is the shop open on Thursday?", "Thursday", None),
        (CAMERAS, "How much does the Owlet Mini weigh?", "Weight", "190 g"),
        (CAMERAS, "Which camera costs £54?", "Price", None),
    ],
)
def test_a_row_and_a_column_are_named_by_words_that_no_others_have(
    text: str, question: str, row: str, cell: str | None
) -> None:
    assert row_and_cell(text, question) == (row, cell)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (PRICES, "How warm is the water?"),
        (PRICES, "How much is it in the season?"),
        (PUMPS, "Who tested the Aquila pumps?"),
        (PUMPS, "Are the Aquila 20 and the Aquila 35 good?"),
        (PEOPLE, "Does Ann Ray live in Bonn?"),
        (FEES, "How much is a car?"),
        (VOTES, "How many seats does the Harbour List have?"),
        (VOTES, "Did Millfields and Gasworks count twice?"),
    ],
)
def test_what_is_named_by_no_word_or_by_two_is_not_guessed(text: str, question: str) -> None:
    assert named(text, question) is None


def test_where_no_row_is_named_the_column_still_is() -> None:
    found = named(PRICES, "How much is a group ticket in the high season?")
    assert found is not None
    assert (found.row, found.column) == (None, 2)


def test_a_word_of_the_title_names_a_row_only_if_no_other_word_does() -> None:
    table = "Brand | 2023 | 2024\nHaldane Special | 402 | 371\nOld Tiller | 233 | 260"
    question = "How much Old Tiller did Haldane sell in 2024?"
    assert named_in(table, question) == () or row_and_cell(table, question)[0] is None
    (found,) = named_in(table, question, "Haldane Breweries: figures")
    assert found.cell is not None
    assert found.cell.text == "260"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (FIGURES, "What was the revenue in Q3 2025?"),
        (FIGURES, "What was the revenue in Q4 2023?"),
        (FIGURES, "What was the revenue in the fourth quarter of 2023?"),
        (PUMPS, "What is the flow of the Aquila 90?"),
        (PRICES, "How much is an adult ticket in the mid season?"),
        (
            "Paint | 2.5 litres | 750 ml\nGloss | £74 | £27\nPrimer | £58 | £22",
            "5 litres of gloss?",
        ),
    ],
)
def test_of_what_the_table_does_not_have_nothing_is_named(text: str, question: str) -> None:
    found = named(text, question)
    assert found is not None
    assert (found.row, found.column) == (None, None)
