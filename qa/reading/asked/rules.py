"""What a question makes of a span: whether it may answer, and what of it is asked for.

The reader has learned where answers stand. That a statement tells of another mayor, season or day
than the question's, it often does not see.
"""

from qa.layout.press import is_byline_at, without_dateline
from qa.reading.asked.from_to import end_asked_for
from qa.reading.asked.life_dates import date_asked_for
from qa.reading.asked.measures import is_of_other_measure
from qa.reading.asked.opposites import tells_of_opposite
from qa.reading.asked.other_days import is_of_other_day
from qa.reading.asked.other_numbers import is_of_other_number
from qa.reading.asked.other_offices import is_of_other_office
from qa.reading.asked.other_subjects import is_of_other_subject
from qa.reading.asked.own_questions import is_asked_at
from qa.reading.asked.paired_values import value_asked_for
from qa.reading.asked.versions import is_of_other_version
from qa.reading.asked.whole_dates import whole_date

_TELL_OF_ANOTHER = (
    is_asked_at,
    is_byline_at,
    is_of_other_version,
    is_of_other_office,
    is_of_other_number,
    is_of_other_day,
    is_of_other_subject,
)
_NARROW_OR_WIDEN = (date_asked_for, whole_date, value_asked_for, end_asked_for)


def may_answer(text: str, start: int, end: int, question: str) -> bool:
    """Return whether the range may answer, by what stands there and around it."""
    return (
        not any(of_another(text, start, question) for of_another in _TELL_OF_ANOTHER)
        and not is_of_other_measure(text[start:end], question)
        and not tells_of_opposite(text, start, end, question)
    )


def range_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the range without what the reader takes along, such as a dateline or another value.

    A date that it took a part of is whole where the question asks when.
    """
    start, end = without_dateline(text, start, end)
    for asked_for in _NARROW_OR_WIDEN:
        start, end = asked_for(text, start, end, question)
    return start, end
