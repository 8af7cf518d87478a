"""Two values side by side, of which a question asks for one."""

import re

from qa.language.function_words import content_stems
from qa.language.quantities import MONTHS
from qa.language.same_answer import comparable_words

_NUMBER = r"(?:[€$£¥]\s?)?\d+(?:[.,:]\d+)*"
_VALUE = rf"{_NUMBER}(?:\s?%|(?:\s[^\W\d_]+){{0,2}}?)"
_YEAR = r"(?:1\d|20)\d\d\b"
_MONTHS = rf"(?:{'|'.join(map(str.capitalize, MONTHS))})\b"
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_LINK = r"for|to|in|at|on|by|of|from|with|under"
# "24 months for the K2 and 36 months", and behind it "for the K2 Pro".
_EACH_FOR_ONE = re.compile(
    rf"(?P<first>{_VALUE})\s(?P<link>{_LINK})\s(?P<one>[^.,;:()\n]{{1,40}}?),?\s(?:and|but|or)\s"
    rf"(?P<second>{_VALUE})\s(?P=link)\s(?P<other>[^\s.,;:()]+(?:\s[^\W\d_a-z][^\s.,;:()]*)*)"
)
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_AMOUNT = (
    rf"(?:(?:about|around|over|some|under|up to|within)\s)?(?:(?:EUR|GBP|USD)\s)?"
    rf"(?:{_NUMBER}|(?:{_COUNT})\b)(?:\s?%)?"
)
# "€4.90 a month and Gold €12.90", "within ten seconds, those to other countries two days"
_ONE_AND_ANOTHER = re.compile(
    rf"(?<!\w)(?P<first>{_AMOUNT}(?:\s[a-z]+){{0,3}}?)(?:,?\s(?:and|but)\s|,\s|;\s)"
    rf"(?P<whose>(?:[^\s,;.:()\d]+\s){{1,6}}?)(?P<second>{_AMOUNT})",
    re.IGNORECASE,
)
_ASKS_FOR_AMOUNT = re.compile(
    r"\W*(?:how (?:much|long|fast|quickly|soon)|what (?:do|does|did)\b.*\bcost)\b", re.IGNORECASE
)
_ASKS_FOR_SEVERAL = re.compile(r"\b(?:and|or|both|each|every|all)\b", re.IGNORECASE)
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
    rf"(?<!\w)(?P<first>{_VALUE}|{_TIME})"
    rf"(?:\s(?:to|until|till|through)\s|\s?[–-]\s?(?={_YEAR}))(?P<last>{_TIME}|{_NUMBER})"
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
_FARTHEST = 120
# "Rise from", and the unit of the last value.
_LONGEST_LINK, _LONGEST_UNIT = 15, 25


def value_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the one value that a question asks for, of a range of text that holds two.

    Of "24 months for the K2 and 36 months for the K2 Pro" it is that of what the question names,
    and most of. Of "fell from 31 to 22" it is the last where the question asks how it is now, and
    the first where it asks how it was before; of "open 9 am to 5 pm" the one at the end that is
    asked for. Any other range is returned as it is.
    """
    line = slice(max(text.rfind("\n", 0, start) + 1, start - _FARTHEST), end + _FARTHEST)
    for pair in _EACH_FOR_ONE.finditer(text, line.start, line.stop):
        if start <= pair.start("first") <= start + _LONGEST_LINK and pair.start("second") < end:
            named = _named(pair, question)
            return pair.span(named) if named else (start, end)
    for two in _ONE_AND_ANOTHER.finditer(text, start, line.stop):
        if two.start() <= start + _LONGEST_LINK and two.start("second") < end:
            return _of_two_amounts(two, start, end, question)
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


def _of_two_amounts(two: re.Match[str], start: int, end: int, question: str) -> tuple[int, int]:
    """Return the amount that the question asks for: the second one if it names whose that is."""
    whose = content_stems(two["whose"])
    if not whose or not _ASKS_FOR_AMOUNT.match(question) or _ASKS_FOR_SEVERAL.search(question):
        return start, end
    if whose & content_stems(question):
        return two.start("second"), end
    return start, two.end("first")


def _asked_end(both: re.Match[str], question: str) -> str | None:
    """Return which end of a change, or of a time, a question asks for, if for one of them."""
    if _IN_TIME.match(both["last"]):
        is_begin = _ASKS_FOR_BEGIN.search(question) is not None
        is_end = _ASKS_FOR_END.search(question) is not None
        if is_begin == is_end or _ASKS_FOR_BOTH.search(question):
            return None
        return "first" if is_begin else "last"
    before = max(both.start() - _FARTHEST, 0)
    if _CHANGES.search(both.string, before, both.start()) is None:
        return None
    if _ASKS_HOW_IT_WAS.search(question):
        return "first"
    return "last" if _ASKS_HOW_IT_IS.match(question) else None


def _named(pair: re.Match[str], question: str) -> str | None:
    """Return which value of a pair is for what the question names, if it is for one of them."""
    asked = set(comparable_words(question))
    one, other = (set(comparable_words(pair[whom])) for whom in ("one", "other"))
    # Who asks for the K2 Pro names the K2 as well.
    if one <= asked and (one > other or not other <= asked):
        return "first"
    if other <= asked and (other > one or not one <= asked):
        return "second"
    return None
