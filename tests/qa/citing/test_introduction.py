"""What is shown with an item of a list or a row of a table."""

import pytest

from index.splitting.sentences import split_sentences
from qa.citing.introduction import (
    is_listed,
    question_before,
    sentence_above,
    stands_behind_question,
)
from qa.values import Sentence

CLUB = """The club signed three players.

New players:

- Ada Berg, from Hamburg
- Bo Dahl, from Lund. He is a striker.
- She was there before

Top scorers
Player | Goals
Ada Berg | 21
Bo Dahl | 17

Team | Points
Rovers | 50

She scored twice. Ada Berg | 2"""


@pytest.mark.parametrize(
    ("quote", "context"),
    [
        pytest.param("- Ada Berg, from Hamburg", "New players:", id="item"),
        pytest.param("- She was there before", None, id="behind-another-sentence"),
        pytest.param("Player | Goals", None, id="head"),
        pytest.param("Bo Dahl | 17", "Top scorers\nPlayer | Goals", id="row-with-caption"),
        pytest.param("Team | Points", None, id="head-of-the-next-table"),
        pytest.param("Rovers | 50", "Team | Points", id="row-of-the-next-table"),
    ],
)
def test_items_and_rows_are_shown_with_what_stands_above_them(
    quote: str, context: str | None
) -> None:
    sentences = split_sentences(CLUB)
    at = CLUB.index(quote)
    before = [one for one in sentences if one.end <= at]
    found = sentence_above(CLUB, before, Sentence(0, at, at + len(quote)))
    assert (CLUB[found.start : found.end] if found else None) == context


@pytest.mark.parametrize(
    ("table", "head"),
    [
        pytest.param("Pos|Team|Won\n---|---|---\n1|Castleby|8", "Pos|Team|Won", id="bare-bars"),
        pytest.param("Stop\tFirst\tLast\nHarbour\t07:19\t19:22", "Stop\tFirst\tLast", id="tabs"),
        pytest.param(
            "=====  =====\nStop   First   Last\nSquare  06:42   18:47\nHarbour 07:19   19:22",
            None,
            id="no-columns",
        ),
        pytest.param(
            "Stop     First   Last\nSquare   06:42   18:47\nHarbour  07:19   19:22",
            "Stop     First   Last",
            id="blanks",
        ),
        pytest.param(
            "Cereal | Fat (g) | Salt (mg)\nOats | 6.1 | 20",
            "Cereal | Fat (g) | Salt (mg)",
            id="units",
        ),
    ],
)
def test_a_row_is_shown_with_its_whole_head_and_the_caption_that_may_have_the_unit(
    table: str, head: str | None
) -> None:
    for above, caption in (("In thousand tonnes:\n\n", True), ("It is over.\n\n", False)):
        text = f"{above}{table}\n\nThe end."
        *before, row, _ = split_sentences(text)
        found = sentence_above(text, before, row)
        assert (text[found.start : found.end] if found else None) == (
            head and (above * caption) + head
        )


def test_an_introduction_may_begin_in_small_letters_but_the_rest_of_an_item_is_none() -> None:
    for above, context in (("new players:", "new players:"), ("with Ada Berg", None)):
        text = f"{above}\n- Bo Dahl"
        *before, last = split_sentences(text)
        found = sentence_above(text, before, last)
        assert (text[found.start : found.end] if found else None) == context


def test_an_entry_is_shown_with_its_day() -> None:
    day = "Saturday, 22 June\n14:00 Panel: Is it done?\nwith Ada Berg, Old Mill\n20:00 Concert"
    *before, last = split_sentences(day)
    found = sentence_above(day, before, last)
    assert found is not None
    assert day[found.start : found.end] == "Saturday, 22 June"


def test_a_finished_sentence_introduces_no_list() -> None:
    text = "The club signed two players.\n\n- Ada Berg\n- Bo Dahl"
    *before, last = split_sentences(text)
    assert sentence_above(text, before, last) is None


@pytest.mark.parametrize(
    ("text", "context"),
    [
        pytest.param("Present: Bo\nClerk: Ann\n\n1. It opened.", None, id="last-record"),
        pytest.param("Step 2: Fold it\n\n1. It opened.", "Step 2: Fold it", id="headline"),
        pytest.param("By: Bo\nNeeds: all\n1. It opened.", "Needs: all", id="right-above"),
        pytest.param("Born | 8 June\nDied | 1 May", None, id="named-values"),
        pytest.param("Team | Won | In 2020\nRovers | 3 | 1", "Team | Won | In 2020", id="head"),
    ],
)
def test_the_last_of_some_records_and_a_named_value_stand_above_nothing(
    text: str, context: str | None
) -> None:
    *before, last = split_sentences(text)
    found = sentence_above(text, before, last)
    assert (text[found.start : found.end] if found else None) == context


def test_a_sentence_is_not_listed() -> None:
    assert not is_listed("The club - of Lund - signed three players.")
    assert is_listed("- Bo Dahl")
    assert is_listed("Bo Dahl | 17")


def test_an_answer_is_shown_with_the_question_right_before_it() -> None:
    text = "How long may I keep a book?\n\nFour weeks. You may renew it once.\n\n- Ask us."
    asked, answer, more, item = split_sentences(text)
    assert question_before(text, [asked]) == asked
    assert question_before(text, [asked, answer]) is None
    assert question_before(text, []) is None
    assert sentence_above(text, [asked, answer, more], item) is None
    assert sentence_above(text, [asked], item) == asked


@pytest.mark.parametrize("bare", ["No.", "Yes!", "- No.", "A: Of course."])
def test_a_bare_yes_or_no_may_stand_between_question_and_answer(bare: str) -> None:
    text = f"Were you afraid?\n{bare} I was cold. I sang."
    asked, said, answer, more = split_sentences(text)
    assert stands_behind_question(text[: answer.start])
    assert question_before(text, [asked, said]) == asked
    assert not stands_behind_question(text[: more.start])
    assert question_before(text, [asked, said, answer]) is None


@pytest.mark.parametrize(
    ("text", "context"),
    [
        pytest.param("1. Fees\n1.1 Adults pay.\n1.2 Children do not.", "1. Fees", id="chapter"),
        pytest.param("- Tools\n  - Saw\n- Wood\n  - Oak", "- Wood", id="deeper-item"),
        pytest.param("We sell:\n- Tools\n  - Saw\n- Wood", "We sell:", id="behind-a-deeper-item"),
    ],
)
def test_an_item_of_an_inner_list_is_shown_with_the_item_that_holds_it(
    text: str, context: str
) -> None:
    *before, last = split_sentences(text)
    found = sentence_above(text, before, last)
    assert found is not None
    assert text[found.start : found.end] == context
