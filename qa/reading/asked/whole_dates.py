"""Dates that a question after a time asks for whole."""

import re

from qa.language.quantities import MONTHS, ORDINALS

# "Jan", "Jan." and "January", but not "may" and "march".
_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in map(str.capitalize, MONTHS))
_MONTH = rf"(?:{_NAMES}|Sept)\b\.?"
_NUMBER = r"(?<![\d.,:])\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_DAY = rf"{_NUMBER}(?:\s?[–-]\s?\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?"
_ORDINAL = rf"\b(?:[a-z]+-)?(?:{'|'.join(ORDINALS)})\b"
_DATE = re.compile(
    rf"""
      {_MONTH}\s{_DAY} (?:,?\s\d{{4}})?
    | (?:(?:{_DAY}\s(?:of\s)?|{_ORDINAL}\sof\s))? {_MONTH} (?:,?\s\d{{4}})?
    | (?:first|second|third|fourth|last)\s(?:quarter|half)\sof\s\d{{4}}
    """,
    re.VERBOSE,
)
_PART = re.compile(rf"\d{{4}}|{_MONTH}(?:,?\s\d{{4}})?")
_ASKS_FOR_A_DATE = re.compile(
    r"(?!.*\b(?:what|which)\s(?:year|month)\b)"
    r".*\b(?:when|(?:what|which)\b.*\b(?:day|date))\b",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_DATE = 30


def whole_date(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the date that the range ends, where a question asks when: "21 November [1998]".

    A range that is not the year or the month of a date is returned as it is, and so are all where
    the question asks for the year or the month.
    """
    if _ASKS_FOR_A_DATE.match(question) is None or _PART.fullmatch(text, start, end) is None:
        return start, end
    for date in _DATE.finditer(text, max(start - _LONGEST_DATE, 0), end):
        if date.start() < start and date.end() == end:
            return date.span()
    return start, end
