"""What a question about a measure, a number, a price or a reason is not answered by.

Of the training sets' 2,105 questions why none is answered by an amount, of their 6,149 questions
how many about twenty without a word that tells how many, of their 246 how old something is none in
minutes.
"""

import re

from qa.language.function_words import word_set
from qa.language.quantities import ORDINALS

_HAS = r"(?:am|are|can|could|did|do|does|had|has|have|is|must|should|was|were|will|would)"
_ASKS_FOR_MONEY = re.compile(
    rf"\bhow much {_HAS}\b.*\b(?:costs?|charged?|charges|pays?|paid|earn(?:s|ed)?|sold for)\b",
    re.IGNORECASE,
)
_CLOCK = r"seconds?|minutes?|hours?"
_TIME = rf"{_CLOCK}|days?|weeks?|months?|years?"
_LENGTH = r"km|miles?|(?:kilo|centi|milli)?(?:met(?:er|re)s?)"
_WEIGHT = r"k?g|tonnes?|tons?|(?:kilo|milli)?gram(?:me)?s?"
_SHARE = r"%|per ?cent"


def _behind_number(*units: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?<!/)(?<!per )(?:{'|'.join(units)})\W*$", re.IGNORECASE)


_NO_MONEY = _behind_number(_TIME, _LENGTH, _WEIGHT, "ml|lit(?:er|re)s?")
# What asks how it is, and the measures that it is not told in.
_ASKS_HOW = re.compile(r"\W*how (old|long|tall|high|deep|wide|heavy)\b", re.IGNORECASE)
_NOT_IN = {
    "old": _behind_number(_CLOCK, _LENGTH, _WEIGHT, _SHARE),
    "long": _behind_number(_WEIGHT, _SHARE),
    **dict.fromkeys(("tall", "high", "deep", "wide"), _behind_number(_TIME, _WEIGHT)),
    "heavy": _behind_number(_TIME, _LENGTH),
}
_MONEY = re.compile(
    r"[£$€¥]|\b(?:dollars?|euros?|pounds?|pence|cents?|shillings?|francs?|kron\w+|USD|EUR|GBP|CHF)\b",
    re.IGNORECASE,
)
_ASKS_HOW_MANY = re.compile(r"\W*how many\b", re.IGNORECASE)
_SAY_HOW_MANY = word_set(
    """
    all any both couple countless dozen dozens each eight eleven every everything few fewer five
    four half halves handful hardly hundred hundreds large lot lots majority many more most multiple
    never nine no nobody none nothing number numerous often once one only pair pairs quarter
    quarters score scores seldom series seven several single six small sole some ten thrice three
    triple twelve twice twin twins two unknown unlimited various zero
    """
).union(ORDINALS)
_NUMERAL = re.compile(
    r"\d|\b[ivxlc]+\b|(?:\w{3}teen|\w{2}ty|hundred|thousand|illion)(?:s|th)?\b|fold\b",
    re.IGNORECASE,
)
_ASKS_WHY = re.compile(r"\W*why\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:about |nearly |over |by )?[€$£]?\d[\d.,]*\s?(?:%|per ?cent\b|[mb]illion\b|\W*$)",
    re.IGNORECASE,
)


def is_of_other_measure(answer: str, question: str) -> bool:
    """Return whether an answer measures something else than what is asked for.

    It has time, length, volume or weight where a price is asked for ("£5 a day" is one), minutes
    where it is asked how old, and so on; it has no number where it is asked how many, or begins
    with an amount where it is asked why.
    """
    if _ASKS_WHY.match(question):
        return _AMOUNT.match(answer) is not None
    if _ASKS_HOW_MANY.match(question):
        return not _says_how_many(answer)
    asked = _ASKS_HOW.match(question)
    if asked is not None:
        return _NOT_IN[asked[1].lower()].search(answer) is not None
    if _ASKS_FOR_MONEY.search(question) is None or _MONEY.search(answer) is not None:
        return False
    return _NO_MONEY.search(answer) is not None


def _says_how_many(answer: str) -> bool:
    words = re.findall(r"\w+", answer.lower())
    return not _SAY_HOW_MANY.isdisjoint(words) or _NUMERAL.search(answer) is not None
