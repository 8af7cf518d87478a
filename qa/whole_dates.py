"""Dates that a question after a time asks for whole."""

import re

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_ORDINAL = r"\b(?:[a-z]+-)?(?:first|second|third|(?!month)[a-z]+th)"
_DATE = re.compile(
    rf"""
      {_MONTH}\s{_DAY} (?:,?\s\d{{4}})?
    | (?:(?:{_DAY}\s(?:of\s)?|{_ORDINAL}\sof\s))? {_MONTH} (?:,?\s\d{{4}})?
    | (?:first|second|third|fourth|last)\s(?:quarter|half)\sof\s\d{{4}}
    """,
    re.VERBOSE,
)
_PART = re.compile(rf"\d{{4}}|{_MONTH}(?:,?\s\d{{4}})?")
_ASKS_FOR_A_DATE = re.compile(r"\b(?:when|(?:what|which)\b.*\b(?:day|date))\b", re.IGNORECASE)
_LONGEST_DATE = 30


def whole_date(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the date that the range ends, where a question asks when: "21 November [1998]".

    A range that is not the year or the month of a date is returned as it is, and so are all where
    the question asks for the year or the month.
    """
    if _ASKS_FOR_A_DATE.search(question) is None or _PART.fullmatch(text, start, end) is None:
        return start, end
    for date in _DATE.finditer(text, max(start - _LONGEST_DATE, 0), end):
        if date.start() < start and date.end() == end:
            return date.span()
    return start, end
