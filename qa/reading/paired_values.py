"""Two values side by side, of which a question asks for one."""

import re

from qa.language.same_answer import comparable_words

_NUMBER = r"(?:[€$£¥]\s?)?\d+(?:[.,:]\d+)*"
_VALUE = rf"{_NUMBER}(?:\s?%|(?:\s[^\W\d_]+){{0,2}}?)"
_LINK = r"for|to|in|at|on|by|of|from|with|under"
# "24 months for the K2 and 36 months", and behind it "for the K2 Pro".
_EACH_FOR_ONE = re.compile(
    rf"(?P<first>{_VALUE})\s(?P<link>{_LINK})\s(?P<one>[^.,;:()\n]{{1,40}}?),?\s(?:and|but|or)\s"
    rf"(?P<second>{_VALUE})\s(?P=link)\s(?P<other>[^\s.,;:()]+(?:\s[^\W\d_a-z][^\s.,;:()]*)*)"
)
_CHANGE = (
    r"(?:f[ae]ll|fallen|ris(?:en?|es|ing)|rose|rais|gr[eo]w|increas|decreas|dropp?|cut|reduc|lower"
    r"|climb|shr[aiu]nk|declin|chang|dou?bl)\w*"
)
_FROM_TO = re.compile(
    rf"\b{_CHANGE}\s[^.;:\n]{{0,60}}?\bfrom\s{_VALUE}\s(?P<to>to\s)(?={_NUMBER})", re.IGNORECASE
)
# What is, or will be: neither what was before nor how much it has changed.
_ASKS_HOW_IT_IS = re.compile(
    rf"(?=.*\b(?:is|are|do|does|has|have|will)\b)(?!.*\b(?:{_CHANGE}|by|before|was|were|did)\b)",
    re.IGNORECASE,
)
_FARTHEST = 120


def value_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the one value that a question asks for, of a range that holds two.

    Of "24 months for the K2 and 36 months for the K2 Pro" it is that of what the question names,
    and most of. Of "fell from 31 to 22" it is the last where the question asks how it is now. Any
    other range is returned as it is.
    """
    line = slice(max(text.rfind("\n", 0, start) + 1, start - _FARTHEST), end + _FARTHEST)
    for pair in _EACH_FOR_ONE.finditer(text, line.start, line.stop):
        if pair.start("first") >= start and start < pair.start("second") < end:
            named = _named(pair, question)
            return pair.span(named) if named else (start, end)
    if _ASKS_HOW_IT_IS.match(question):
        for change in _FROM_TO.finditer(text, line.start, line.stop):
            if start < change.start("to") and change.end() < end:
                return change.end(), end
    return start, end


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
