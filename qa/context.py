"""The sentence before, where a quoted sentence does not name whom it speaks of, or who speaks."""

import re
from collections.abc import Callable, Sequence
from enum import Enum

from qa.introduction import is_listed
from qa.names import is_person_noun
from qa.quantities import MONTHS
from qa.values import Sentence

_FARTHEST = 3

_OPENING = r"[\s\"“‘'(\[—–-]*"
_MONTHS = "|".join(month.capitalize() for month in MONTHS)
# "On 4 July 1806 (some say July 5) it ...", "In the summer of 1990 she ..."
_DATE = (
    r"(?:In|On|By|Since|During|Until|After|From)[ ]"
    rf"(?:(?:\d[\w.-]*|(?:{_MONTHS})|\([^()\n]{{1,30}}\)|of|the|early|late|mid|spring|summer|autumn|fall"
    r"|winter),?[ ]){1,7}(?<=[\d,)] )"
)
# "In that case, he ...", "However, she ...", "But it ...", "Today it ...", "Asked why, he ...",
# "“We won,” they ..."; a name and a comma are no introduction: "Johann, his superior, ..."
_INTRODUCTION = (
    r"(?:(?:But|And|So|Yet|Then)[ ]"
    r"|(?:In|On|At|By|For|From|To|With|Without|After|Before|During|Since|Until|Under|Over|Despite"
    r"|Unlike|Like|As|However|Still|Then|Also|Later|Meanwhile|Moreover|Instead|Nevertheless"
    r"|[A-Z][a-z]+ly)\b(?:[ ][\w’'-]+){0,5},[ ]"
    r"|(?:Born|[A-Z][a-z]{2,}(?:ed|ing))[ ][a-z](?:[^,\n]{0,60}),[ ]"
    rf"|(?:Today|Now|Soon|Later|Then|Once|Still|Here|There)[ ]|{_DATE}"
    r"|[“\"][^”\"\n]{1,300}[”\"],?[ ])?"
)
# "It was announced that" points at nothing.
_IMPERSONAL = (
    r"it[ ](?:is|was)[ ](?:[a-z]+ed|here|there|then|known|said|thought|found|shown|clear|likely"
    r"|possible|true)[ ]that\b"
)
_PRONOUN = rf"(?!{_IMPERSONAL})(?P<pronoun>he|she|it|they|his|her|hers|its|their|theirs)\b"
# Not "this spring" and "that said", which point at nothing that was said before.
_DEMONSTRATIVE = (
    r"(?P<demonstrative>this|that|these|those)\b"
    r"(?![ ](?:said|week|month|year|spring|summer|autumn|fall|winter|morning|time|past|last)\b)"
)
_VERB = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do"
    r"|said|says|told|tells|won|lost|made|took|came|went|became|began|left|met|ran|gave|got|led"
    r"|held|found|saw|wrote|sent|kept|stood|sits|wants|plans|also|[a-z]{3,}ed)\b"
)
_DEFINITE = rf"[Tt]he(?:[ ][a-z][a-z-]*)??[ ](?P<noun>[a-z][a-z-]*)[ ]{_VERB}"
_UNNAMED_SUBJECT = re.compile(
    rf"{_OPENING}{_INTRODUCTION}(?:(?i:{_PRONOUN}|{_DEMONSTRATIVE})|{_DEFINITE})"
)

_UNNAMED_SPEAKER = re.compile(rf"{_OPENING}{_INTRODUCTION}(?:I|[Ww]e|[Mm]y|[Oo]ur)\b")
_ATTRIBUTION = re.compile(
    r"\b(?:(?<![Tt]hat )said|says|told|tells|added|adds|wrote|writes|argued|argues|warned|warns"
    r"|noted|notes|explained|explains|recalled|recalls|stressed|stresses|insisted|insists|predicted"
    r"|predicts|asked|asks|according to)\b"
)
# "We left early, Ann Ray said" is Ann Ray's; "We left; Ann Ray says it rains" is not.
_SAYS_WHO_SPEAKS = re.compile(rf"[^;:]*,[^;:]*{_ATTRIBUTION.pattern}")

_WORD = re.compile(r"[^\W_][\w’'-]*")
# A capital that makes no name which a pronoun can stand for.
_NO_NAME = re.compile(
    rf"I|{_MONTHS}"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_QUOTATION = re.compile(r"[\"“][^\"“”]*[\"”]")
_IN_A_PLACE = re.compile(r"\b(?:in|at|near)[ ](?:the[ ])?(?:[A-Z][\w’'-]*[ ]?)+")
_SMALL_BEFORE = r"(?<=[a-z,][ ])"


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
_OTHER_PERSON = {Unnamed.HE: Unnamed.SHE, Unnamed.SHE: Unnamed.HE}


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


def _is_said_by_name(sentence: str, end: int) -> bool:
    """Return whether what ends at `end` is in a quotation whose speaker the sentence names."""
    quotation = _QUOTATION.match(sentence)
    if quotation is None or quotation.end() < end:
        return False
    behind = sentence[quotation.end() :]
    return _ATTRIBUTION.search(behind) is not None and names_somebody(behind)


def has_unnamed_speaker(sentence: str) -> bool:
    """Return whether a sentence is said by somebody and does not say by whom.

    It speaks in the first person, or all of it is a quotation that points back ("“It was cold.”").
    """
    quoted = _QUOTATION.fullmatch(sentence) is not None and unnamed_subject(sentence) is not None
    speaks = quoted or _UNNAMED_SPEAKER.match(sentence) is not None
    return speaks and _ATTRIBUTION.search(sentence) is None


def names_somebody(sentence: str, *, text: str = "") -> bool:
    """Return whether a word has a capital that it owes to no position: a name, most likely.

    The first word is one if it has its capital behind small letters, too, somewhere in `text`.
    """
    words = [word.removesuffix("’s").removesuffix("'s") for word in _WORD.findall(sentence)]
    named = [word for word in words if word[0].isupper() and _NO_NAME.fullmatch(word) is None]
    if named[:1] != words[:1]:
        return bool(named)
    return len(named) > 1 or any(
        re.search(rf"{_SMALL_BEFORE}{re.escape(word)}\b", text) for word in named
    )


def naming_sentence(text: str, before: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """Return the sentence that names whom `sentence` speaks of, or None.

    `before` are the sentences of `text` before it, in order. Of the last three the nearest is taken
    that has a name which the subject can stand for: no place's for "he", not what "the president"
    does for "it", and for "the damage" only one that speaks of damage. Where there is none, no
    sentence is better than a wrong one.
    """
    quote = text[sentence.start : sentence.end]
    pointer = unnamed_subject(quote)
    if pointer is None:
        return None
    if pointer is Unnamed.THE:
        return _naming_noun(text, before, quote)
    if pointer is Unnamed.IT:
        return _naming_thing(text, before)
    if pointer in _OTHER_PERSON:
        return _nearest(text, before, lambda earlier: _names_person(earlier, pointer, text))
    return _nearest(text, before, lambda earlier: _names_its_subject(earlier, text))


def attributing_sentence(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that names who speaks in the one behind `before`, or None.

    As `naming_sentence`, but the nearest one that says that somebody said something, and not only
    what "I" or "we" heard somebody say.
    """
    return _nearest(text, before, _attributes)


def _attributes(sentence: str) -> bool:
    is_spoken = _UNNAMED_SPEAKER.match(_QUOTATION.sub("", sentence)) is not None
    attribution = _SAYS_WHO_SPEAKS.match if is_spoken else _ATTRIBUTION.search
    return names_somebody(sentence) and attribution(sentence) is not None


def _nearest(text: str, before: Sequence[Sentence], fits: Callable[[str], bool]) -> Sentence | None:
    near = reversed(before[-_FARTHEST:])
    quotes = ((one, text[one.start : one.end]) for one in near)
    return next((one for one, quote in quotes if not is_listed(quote) and fits(quote)), None)


def _names_its_subject(sentence: str, text: str) -> bool:
    return unnamed_subject(sentence) is None and names_somebody(sentence, text=text)


def _names_person(sentence: str, pointer: Unnamed, text: str) -> bool:
    """Return whether a sentence may name "he" or "she", as "She was followed by Otto" may "he"."""
    told = _QUOTATION.sub("", sentence).lstrip(" ,.")
    subject = unnamed_subject(told)
    is_another = subject is None or subject is _OTHER_PERSON[pointer]
    return is_another and names_somebody(_IN_A_PLACE.sub("", told), text=text)


def _naming_thing(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that names "it": behind "The fort has", one that names the fort."""
    earlier = list(before[-_FARTHEST:])
    while earlier:
        sentence = earlier.pop()
        quote = text[sentence.start : sentence.end]
        if is_listed(quote):
            continue
        noun = _noun(quote)
        if noun and not is_person_noun(noun.removesuffix("s")):
            named = _naming_noun(text, earlier, quote)
            if named is not None:
                return named
        if _names_thing(quote, text):
            return sentence
    return None


def _names_thing(sentence: str, text: str) -> bool:
    """Return whether a sentence may name "it": not one on what "the president" does."""
    subject = unnamed_subject(sentence)
    if subject is Unnamed.THE and is_person_noun(_noun(sentence).removesuffix("s")):
        return False
    is_another = subject in (None, Unnamed.THE, *_OTHER_PERSON)
    return is_another and names_somebody(sentence, text=text)


def _naming_noun(text: str, before: Sequence[Sentence], quote: str) -> Sentence | None:
    """Return the sentence that names something and speaks of the subject ("the damage").

    "The official" may be anybody near, "the officials" are no single one.
    """
    noun = _noun(quote)
    spoken_of = re.compile(rf"\b{re.escape(noun.removesuffix('s'))}s?\b", re.IGNORECASE)
    nearest = _nearest(
        text,
        before,
        lambda earlier: _names_its_subject(earlier, text) and spoken_of.search(earlier) is not None,
    )
    if nearest is not None or not is_person_noun(noun):
        return nearest
    return _nearest(text, before, lambda earlier: _names_its_subject(earlier, text))


def _noun(sentence: str) -> str:
    """Return the noun of a subject such as "the damage", or ""."""
    found = _UNNAMED_SUBJECT.match(sentence)
    return "" if found is None or not found["noun"] else found["noun"]
