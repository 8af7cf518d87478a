"""Two values side by side, of which a question asks for one."""

import re

from qa.language.function_words import content_stems
from qa.language.same_answer import comparable_words

NUMBER = r"(?:[€$£¥]\s?)?\d+(?:[.,:]\d+)*"
"""The pattern of a number in digits, which may be an amount or a time of day."""
VALUE = rf"{NUMBER}(?:\s?%|(?:\s[^\W\d_]+){{0,2}}?)"
"""The pattern of a number with its unit, of two words at most."""

_LINK = r"for|to|in|at|on|by|of|from|with|under"
# "24 months for the K2 and 36 months", and behind it "for the K2 Pro".
_EACH_FOR_ONE = re.compile(
    rf"(?P<first>{VALUE})\s(?P<link>{_LINK})\s(?P<one>[^.,;:()\n]{{1,40}}?),?\s(?:and|but|or)\s"
    rf"(?P<second>{VALUE})\s(?P=link)\s(?P<other>[^\s.,;:()]+(?:\s[^\W\d_a-z][^\s.,;:()]*)*)"
)
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_AMOUNT = (
    rf"(?:(?:about|around|over|some|under|up to|within)\s)?(?:(?:EUR|GBP|USD)\s)?"
    rf"(?:{NUMBER}|(?:{_COUNT})\b)(?:\s?%)?"
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
# What stands between two values, so that most ranges need no further look.
_BETWEEN = re.compile(r"\s(?:and|but|or)\s|[,;]\s", re.IGNORECASE)
_FARTHEST = 120
# "It costs"
_LONGEST_LINK = 15


def value_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the one value that a question asks for, of a range of text that holds two.

    Of "24 months for the K2 and 36 months for the K2 Pro" it is that of what the question names,
    and most of; of "€4.90 a month and Gold €12.90" the second one where the question names Gold.
    Any other range is returned as it is.
    """
    if _BETWEEN.search(text, start, end) is None:
        return start, end
    line = line_around(text, start, end)
    for pair in _EACH_FOR_ONE.finditer(text, line.start, line.stop):
        if start <= pair.start("first") <= start + _LONGEST_LINK and pair.start("second") < end:
            named = _named(pair, question)
            return pair.span(named) if named else (start, end)
    for two in _ONE_AND_ANOTHER.finditer(text, start, line.stop):
        if two.start() <= start + _LONGEST_LINK and two.start("second") < end:
            return _of_two_amounts(two, start, end, question)
    return start, end


def line_around(text: str, start: int, end: int) -> slice:
    """Return the part of a text that is looked at for a range: 120 characters on either side.

    It begins in the line that the range begins in.
    """
    return slice(max(text.rfind("\n", 0, start) + 1, start - _FARTHEST), end + _FARTHEST)


def _of_two_amounts(two: re.Match[str], start: int, end: int, question: str) -> tuple[int, int]:
    """Return the amount that the question asks for: the second one if it names whose that is."""
    whose = content_stems(two["whose"])
    if not whose or not _ASKS_FOR_AMOUNT.match(question) or _ASKS_FOR_SEVERAL.search(question):
        return start, end
    if whose & content_stems(question):
        return two.start("second"), end
    return start, two.end("first")


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
