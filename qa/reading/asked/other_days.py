"""Whether a statement tells of another day of the week, or month, than the question names.

None of the training sets' 152 questions about a day of the week is answered by such a statement,
and 7 of their 1,071 about a month. Of years there are too many: an article leaves out the one that
it is of.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from qa.language.quantities import MONTHS, WEEKDAYS
from qa.reading.statements import statement_at

_DAYS = [day.capitalize() for day in WEEKDAYS]
_MONTHS = [month.capitalize() for month in MONTHS]
_SHORT = "Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun"
# "Mon-Fri", "Sat 9 am"
_DAY = (
    rf"(?:{'|'.join(_DAYS)})s?\b|(?:{_SHORT})\b\.?(?=\s?[–/&,:-]|\sto\s|\s\d)"
    rf"|(?<=[–/&-])(?:{_SHORT})\b|(?<=to )(?:Fri|Sat|Sun)\b"
)
_MONTH = rf"(?:{'|'.join(_MONTHS)})\b"
_RANGE = r"\s?(?:[–-]|to|until|till|through)\s?"
_ANY_DAY = re.compile(r"\b(?:daily|every ?day|week(?:day|end)s?|all week|any day)\b", re.IGNORECASE)


def is_of_other_day(text: str, start: int, question: str) -> bool:
    """Return whether the statement around a span has other days, or months, than the question's.

    A day or month in a range is not another: Thursday from "Tuesday to Sunday". Of months, the text
    has to tell elsewhere of the one that is asked for.
    """
    days, months = _asked(question)
    if not days and not months:
        return False
    begin, stop = statement_at(text, start)
    statement = text[begin:stop]
    if days and _ANY_DAY.search(statement) is None and _are_others(days, _days(statement)):
        return True
    elsewhere = _months(f"{text[:begin]}\n{text[stop:]}") if months else frozenset()
    return not months.isdisjoint(elsewhere) and _are_others(months, _months(statement))


def _are_others(asked: frozenset[int], said: frozenset[int]) -> bool:
    return bool(said) and asked.isdisjoint(said)


# The same question is asked of every passage that is read.
@lru_cache(maxsize=16)
def _asked(question: str) -> tuple[frozenset[int], frozenset[int]]:
    return _days(question), _months(question)


def _days(text: str) -> frozenset[int]:
    return _named(text, _DAY, _DAYS)


def _months(text: str) -> frozenset[int]:
    return _named(text, _MONTH, _MONTHS)


def _named(text: str, pattern: str, names: Sequence[str]) -> frozenset[int]:
    """Return the places of the names that a text has, and of those in a range."""
    places = {name[:3]: at for at, name in enumerate(names)}
    found = {places[name[:3]] for name in re.findall(rf"\b(?:{pattern})", text)}
    for first, last in re.findall(rf"\b({pattern}){_RANGE}({pattern})", text):
        begin = places[first[:3]]
        length = (places[last[:3]] - begin) % len(names)
        found |= {at % len(names) for at in range(begin, begin + length + 1)}
    return frozenset(found)
