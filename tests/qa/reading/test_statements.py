"""Where statements end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.statements import statements


def said(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in statements(text, [(0, len(text))])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "He is liable to a fine of £500.", "A person who swims pays £100.", id="sentences"
        ),
        pytest.param("It opens in September.", "It will close in May.", id="month"),
        pytest.param('She said "no."', "He left.", id="end-in-a-quotation"),
        pytest.param("Is it open?", "Éva thinks so.", id="question"),
        pytest.param(
            "It was filed on 2 September;", "a decision is expected in 2025.", id="clause"
        ),
        pytest.param("It lasted 22 years;", "it was closed in 2009.", id="pronoun"),
    ],
)
def test_no_statement_runs_into_the_next(one: str, other: str) -> None:
    assert said(f"{one} {other}") == [one, other]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("by Rep. Joe Barton of Texas", id="office"),
        pytest.param("on the U.S. Gulf Coast with J. R. Tolkien", id="initials"),
        pytest.param("the offices of Yahoo! Inc. in Ohio", id="name-with-a-mark"),
        pytest.param("the FCC v. Pacifica Foundation", id="case"),
        pytest.param("sung by Drake ft. Rihanna for Messrs. Roe", id="other-abbreviations"),
        pytest.param("about 5.5 million at 5 p.m. local time", id="small-letter-behind"),
        pytest.param("his wife, Ana; two sons, Ibrahim and Jean; and six others", id="list"),
        pytest.param("those who live here; those who have lived here", id="relative-clauses"),
        pytest.param('"We know. We have waited. It is time," she said', id="quotation"),
        pytest.param('"It is fast," he said of it. "It may be faster."', id="quotation-goes-on"),
        pytest.param("the pie (stir it. Let it stand) and the jelly", id="brackets"),
    ],
)
def test_one_statement_is_not_parted(text: str) -> None:
    assert said(text) == [text]


@given(st.text('aA. ;it"('))
def test_statements_are_in_order_and_leave_out_nothing(text: str) -> None:
    assert "".join(text[start:end] for start, end in statements(text, [(0, len(text))])) == text
