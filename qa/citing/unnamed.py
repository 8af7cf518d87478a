"""What a sentence leaves unnamed: whom it speaks of, or who speaks."""

import re
from enum import Enum

from qa.language.function_words import PREPOSITIONS
from qa.language.quantities import MONTHS, WEEKDAYS

_OPENING = r"[\s\"“‘'(\[—–-]*"
_MONTHS = "|".join(month.capitalize() for month in MONTHS)
# "On 4 July 1806 (some say July 5) it ...", "In the summer of 1990 she ..."
_DATE = (
    r"(?:In|On|By|Since|During|Until|After|From)[ ]"
    rf"(?:(?:\d[\w.-]*|(?:{_MONTHS})|\([^()\n]{{1,30}}\)|of|the|early|late|mid|spring|summer|autumn|fall"
    r"|winter),?[ ]){1,7}(?<=[\d,)] )"
)
_VERB = (
    r"is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do"
    r"|said|says|told|tells|won|lost|made|took|came|went|became|began|left|met|ran|gave|got|led"
    r"|held|found|saw|wrote|sent|kept|stood|sits|wants|plans|runs|costs|lies|stands|[a-z]{3,}ed"
)
# "After the war she ...", "After the war the boy was", but not "In 1922 Bell said he ..." nor "By
# the time he ..."
_PHRASE = (
    r"(?:In|On|At|By|For|From|With|After|Before|During|Since|Until|Under|Despite)"
    rf"(?:[ ](?!(?:all|as|if|that|what|which|who|whom|moment|time|way|{_VERB})\b)[\w’'-]+){{1,7}}"
    rf"[ ](?=(?:he|she|it|I|we)\b|the[ ][a-z]+[ ](?:{_VERB})\b)"
)
# "In that case, he ...", "However, she ...", "But it ...", "Today it ...", "Asked why, he ...",
# "“We won,” they ..."; a name and a comma are no introduction: "Johann, his superior, ..."
_INTRODUCTION = (
    r"(?:(?:But|And|So|Yet|Then)[ ]"
    r"|(?:In|On|At|By|For|From|To|With|Without|After|Before|During|Since|Until|Under|Over|Despite"
    r"|Unlike|Like|As|However|Still|Then|Also|Later|Meanwhile|Moreover|Instead|Nevertheless"
    r"|[A-Z][a-z]+ly)\b(?:[ ][\w’'-]+){0,5},[ ]"
    rf"|{_PHRASE}"
    r"|(?:Born|[A-Z][a-z]{2,}(?:ed|ing))[ ][a-z](?:[^,\n]{0,60}),[ ]"
    rf"|(?:Today|Now|Soon|Later|Then|Once|Still|Here|There)[ ]|{_DATE}"
    r"|[“\"][^”\"\n]{1,300}[”\"],?[ ])?"
)
# "It was announced that" points at nothing.
_IMPERSONAL = (
    r"it[ ](?:is|was)[ ](?:also[ ])?"
    r"(?:[a-z]+ed|here|there|then|known|said|thought|found|shown|clear|likely|possible|true)"
    r"[ ]that\b"
)
_PRONOUN = rf"(?!{_IMPERSONAL})(?P<pronoun>he|she|it|they|his|her|hers|its|their|theirs)\b"
# Not "this spring" and "that said", which point at nothing that was said before. "In that trial a
# dose" does, "in that case" hardly.
_DEMONSTRATIVE = (
    r"(?:(?:in|on|at|by|for|from|with|after|before|during|under)[ ](?=th(?:at|ose)[ ]"
    r"(?!(?:case|day|moment|point|regard|respect|sense|way)\b)[a-z]))?"
    r"(?P<demonstrative>this|that|these|those)\b"
    r"(?![ ](?:said|week|month|year|spring|summer|autumn|fall|winter|morning|time|past|last)\b)"
)
_ADVERBS = "also|now|then|still|soon|later|never|always|often"
_NO_NOUN = "|".join([*sorted(PREPOSITIONS), "and", "or", _ADVERBS])
# "The school now", "The dam, which"; in "The number of injured was" "of" is no noun.
_DEFINITE = (
    rf"[Tt]he(?:[ ][a-z][a-z-]*)??[ ](?!(?:{_NO_NOUN})\b)"
    r"(?P<noun>\d+-year-old(?:[ ]\w+)??|[a-z][a-z-]*)"
    rf"(?:[ ](?:{_VERB}|{_ADVERBS})\b|,[ ](?:[a-z]+[ ])?(?:who|which|whose)\b)"
)
_UNNAMED_SUBJECT = re.compile(
    rf"{_OPENING}{_INTRODUCTION}(?:(?i:{_PRONOUN}|{_DEMONSTRATIVE})|{_DEFINITE})"
)

_FIRST_PERSON = re.compile(rf"{_OPENING}{_INTRODUCTION}(?:I|[Ww]e|[Mm]y|[Oo]ur)\b")
ATTRIBUTION = re.compile(
    r"\b(?:(?<![Tt]hat )said|says|told|tells|added|adds|wrote|writes|argued|argues|warned|warns"
    r"|noted|notes|explained|explains|recalled|recalls|stressed|stresses|insisted|insists|predicted"
    r"|predicts|asked|asks|according to)\b"
)
"""Words that say that somebody said something."""
_QUOTATION = re.compile(r"[\"“][^\"“”]*[\"”]")
_WORD = re.compile(r"[^\W_][\w’'-]*")
NO_NAME = re.compile("|".join(["I", *map(str.capitalize, (*MONTHS, *WEEKDAYS))]))
"""A word with a capital that makes no name which a pronoun can stand for."""


class Unnamed(Enum):
    """What stands for a subject that is not named; "the official" is `THE`."""

    HE = "he"
    SHE = "she"
    IT = "it"
    THEY = "they"
    THIS = "this"
    THE = "the"


_UNNAMED = {
    **dict.fromkeys(["he", "his"], Unnamed.HE),
    **dict.fromkeys(["she", "her", "hers"], Unnamed.SHE),
    **dict.fromkeys(["it", "its"], Unnamed.IT),
    **dict.fromkeys(["they", "their", "theirs"], Unnamed.THEY),
}


def unnamed_subject(sentence: str) -> Unnamed | None:
    """Return what stands for the subject where only the text before a sentence names it, or None.

    That is a third person's pronoun ("He said", "Its army"), a demonstrative ("This requires"), or
    "the" with one or two plain words and a verb that can be told by its form ("The official
    told"), each at the beginning or behind an introduction ("In that case,", "In 1922", "But") or a
    quotation. "“This was hard,” said Ann Ray" needs none: what she speaks of is what she says.
    """
    found = _UNNAMED_SUBJECT.match(sentence)
    if found is None:
        return None
    if found["noun"]:
        return Unnamed.THE
    pointer = _UNNAMED[found["pronoun"].lower()] if found["pronoun"] else Unnamed.THIS
    is_thing = pointer in (Unnamed.IT, Unnamed.THIS)
    return None if is_thing and _is_said_by_name(sentence, found.end()) else pointer


def unnamed_noun(sentence: str) -> str:
    """Return the noun of a subject such as "the damage", or ""."""
    found = _UNNAMED_SUBJECT.match(sentence)
    return "" if found is None or not found["noun"] else found["noun"]


def has_unnamed_speaker(sentence: str) -> bool:
    """Return whether a sentence is said by somebody and does not say by whom.

    It speaks in the first person, or all of it is a quotation that points back ("“It was cold.”").
    """
    quoted = _QUOTATION.fullmatch(sentence) is not None and unnamed_subject(sentence) is not None
    is_said = quoted or is_in_first_person(sentence)
    return is_said and ATTRIBUTION.search(sentence) is None


def is_in_first_person(sentence: str) -> bool:
    """Return whether the subject is "I" or "we", or what belongs to them."""
    return _FIRST_PERSON.match(sentence) is not None


def without_quotations(sentence: str) -> str:
    """Return a sentence without what it quotes."""
    return _QUOTATION.sub("", sentence)


def names_somebody(sentence: str, *, text: str = "") -> bool:
    """Return whether a word has a capital that it owes to no position: a name, most likely.

    The first word is one if it has its capital behind small letters, too, somewhere in `text`.
    """
    words = [word.removesuffix("’s").removesuffix("'s") for word in _WORD.findall(sentence)]
    named = [word for word in words if word[0].isupper() and NO_NAME.fullmatch(word) is None]
    if named[:1] != words[:1]:
        return bool(named)
    return len(named) > 1 or any(
        re.search(rf"(?<=[a-z,][ ]){re.escape(word)}\b", text) for word in named
    )


def _is_said_by_name(sentence: str, end: int) -> bool:
    """Return whether what ends at `end` is in a quotation whose speaker the sentence names."""
    quotation = _QUOTATION.match(sentence)
    if quotation is None or quotation.end() < end:
        return False
    behind = sentence[quotation.end() :]
    return ATTRIBUTION.search(behind) is not None and names_somebody(behind)
