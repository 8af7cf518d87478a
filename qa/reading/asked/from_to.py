"""Where something begins and ends, or what it was and is: a question asks for one of the two."""

import re

from qa.language.quantities import MONTHS, WEEKDAYS
from qa.reading.asked.paired_values import NUMBER, VALUE, line_around

_YEAR = r"(?:1\d|20)\d\d\b"
_MONTHS = rf"(?:{'|'.join(map(str.capitalize, MONTHS))})\b"
_DAYS = rf"(?:{'|'.join(map(str.capitalize, WEEKDAYS))})\b"
# A year, a time of the day, a day of the week, or a day or month of the year.
_TIME = (
    rf"(?:\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?m\b|noon\b|midnight\b|{_YEAR}|{_DAYS}"
    rf"|(?:\d{{1,2}}\s)?{_MONTHS}(?:\s\d{{1,2}}\b,?)?(?:\s\d{{4}}\b)?)"
)
_CHANGE = (
    r"(?:f[ae]ll|fallen|ris(?:en?|es|ing)|rose|rais|gr[eo]w|increas|decreas|dropp?|cut|reduc|lower"
    r"|climb|shr[aiu]nk|declin|chang|dou?bl|mov|extend|expand|shorten"
    r"|(?:goes|gone|going|go|went) (?:up|down))\w*"
)
# "From 31 to 22", and in time "9 am to 5 pm", "from 3 April until June 2021", "1115–1234".
_FROM_TO = re.compile(
    rf"(?<!\w)(?P<first>{VALUE}|{_TIME})"
    rf"(?:\s(?:to|until|till|through)\s|\s?[–-]\s?(?={_YEAR}))(?P<last>{_TIME}|{NUMBER})"
)
_IN_TIME = re.compile(_TIME)
_CHANGES = re.compile(
    rf"\b{_CHANGE}\s(?:(?:(?!rang|form)[^.;:\n]){{0,60}}\s)?from\s$", re.IGNORECASE
)
# What is, or will be: neither what was before nor how much it has changed.
_ASKS_HOW_IT_IS = re.compile(
    rf"(?=.*\b(?:is|are|do|does|has|have|will|can|may|must)\b)"
    rf"(?!.*\b(?:{_CHANGE}|by|before|was|were|did)\b)",
    re.IGNORECASE,
)
_ASKS_HOW_IT_WAS = re.compile(
    r"\b(?:before|previous(?:ly)?|original(?:ly)?|former(?:ly)?|(?<!how )old|until then)\b",
    re.IGNORECASE,
)
_ASKS_FOR_BEGIN = re.compile(r"\b(?:beg[aiu]n(?:s|ning)?|(?<!the )start(?:s|ed)?)\b", re.IGNORECASE)
_ASKS_FOR_END = re.compile(
    r"\b(?:end(?:s|ed)?|finish(?:es|ed)?|(?<!how )close[sd]?)\b", re.IGNORECASE
)
_ASKS_FOR_BOTH = re.compile(r"\b(?:how long|between|periods?|range|years|dates)\b", re.IGNORECASE)
_LONGEST_CHANGE = 120
# "Rise from", and the unit of the last value.
_LONGEST_LINK, _LONGEST_UNIT = 15, 25


def end_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the one of two values that a question asks for, where a range of text goes from-to.

    Of "fell from 31 to 22" it is the last where the question asks how it is now, and the first
    where it asks how it was before; of "open 9 am to 5 pm" the one that something begins or ends
    at. Any other range is returned as it is.
    """
    line = line_around(text, start, end)
    for both in _FROM_TO.finditer(text, line.start, line.stop):
        if both.start("last") < end <= both.end() + _LONGEST_UNIT:
            holds_both = both.start() - _LONGEST_LINK <= start < both.end("first")
            asked = _asked_end(both, question)
            # Asked for what was, the reader may take what is.
            if asked == "first" and (holds_both or start == both.start("last")):
                return both.span("first")
            if asked == "last" and holds_both:
                return both.start("last"), end
    return start, end


def _asked_end(both: re.Match[str], question: str) -> str | None:
    """Return which end of a change, or of a time, a question asks for, if for one of them."""
    if _IN_TIME.match(both["last"]):
        is_begin = _ASKS_FOR_BEGIN.search(question) is not None
        is_end = _ASKS_FOR_END.search(question) is not None
        if is_begin == is_end or _ASKS_FOR_BOTH.search(question):
            return None
        return "first" if is_begin else "last"
    before = max(both.start() - _LONGEST_CHANGE, 0)
    if _CHANGES.search(both.string, before, both.start()) is None:
        return None
    if _ASKS_HOW_IT_WAS.search(question):
        return "first"
    return "last" if _ASKS_HOW_IT_IS.match(question) else None
