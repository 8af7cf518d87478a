"""Of the dates of a life the one that is asked for answers."""

import pytest

from qa.reading.asked.life_dates import date_asked_for
from tests.qa.reading.asked.ranges import asked_for

MOSS = "Ada Moss (3 May 1911 – 9 June 1998) and Otto Moss (1899-1970) were chemists."


@pytest.mark.parametrize(
    ("dates", "question", "date"),
    [
        ("3 May 1911 – 9 June 1998", "When was Ada Moss born?", "3 May 1911"),
        ("3 May 1911 – 9 June 1998", "What is the date of birth of Ada Moss?", "3 May 1911"),
        ("3 May 1911 – 9 June 1998", "when did ada moss die", "9 June 1998"),
        ("1899-1970", "In what year did Otto Moss die?", "1970"),
        ("3 May 1911 – 9 June 1998", "When did Ada Moss live?", "3 May 1911 – 9 June 1998"),
        ("1899-1970", "When was Otto Moss born and when did he die?", "1899-1970"),
        ("9 June 1998", "When was Ada Moss born?", "9 June 1998"),
        ("Otto Moss (1899-1970)", "When was Otto Moss born?", "Otto Moss (1899-1970)"),
    ],
)
def test_who_asks_for_one_date_of_a_life_gets_that_one(
    dates: str, question: str, date: str
) -> None:
    assert asked_for(date_asked_for, MOSS, dates, question) == date
