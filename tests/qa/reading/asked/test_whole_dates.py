"""Which dates are whole."""

import pytest

from qa.reading.asked.whole_dates import whole_date
from tests.qa.reading.asked.ranges import asked_for


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        pytest.param("died on 21 November 1998 in Leeds", "1998", "21 November 1998", id="day"),
        pytest.param("died on November 21, 1998", "1998", "November 21, 1998", id="month-first"),
        pytest.param("died in Nov. 1998", "1998", "Nov. 1998", id="month"),
        pytest.param("the third quarter of 2025", "2025", "third quarter of 2025", id="quarter"),
        pytest.param("held on 3–5 May 2020", "May 2020", "3–5 May 2020", id="days"),
        pytest.param("held May 3–5, 2020", "2020", "May 3–5, 2020", id="days-behind"),
        pytest.param("at 10:30 May 5, 2020", "2020", "May 5, 2020", id="time-before"),
        pytest.param("on the thirty-first of May", "May", "thirty-first of May", id="last-day"),
        pytest.param(
            "It was the second of January.", "January", "second of January", id="day-in-words"
        ),
    ],
)
def test_who_asks_when_gets_the_whole_date(text: str, part: str, whole: str) -> None:
    assert asked_for(whole_date, text, part, "When did she die?") == whole
    assert asked_for(whole_date, text, part, "What day was it?") == whole
    assert asked_for(whole_date, text, part, "What was the worst day?") == whole


def test_who_asks_for_the_year_gets_the_year() -> None:
    for question in ("In what year did she die?", "What year was it when she died?"):
        assert asked_for(whole_date, "on 21 November 1998", "1998", question) == "1998"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("from May to June 1998", "June 1998", id="range"),
        pytest.param("Some 300 of 1998 sheep", "1998", id="no-date"),
        pytest.param("the month of May", "May", id="no-day"),
        pytest.param("since the birth of April 1990", "April 1990", id="no-ordinal"),
        pytest.param("in 2019 June was warm", "June", id="year-before"),
        pytest.param("some 1,012 May 2020 fairs", "May 2020", id="number-before"),
        pytest.param("on 3 May, 1998 sheep", "3 May", id="more-than-a-part"),
    ],
)
def test_any_other_range_stays_as_it_is(text: str, part: str) -> None:
    assert asked_for(whole_date, text, part, "When was it?") == part
