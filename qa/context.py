"""The sentence before, where a quoted sentence does not name whom it speaks of, or who speaks."""

import re
from collections.abc import Callable, Sequence
from enum import Enum

from qa.function_words import AUXILIARIES, PREPOSITIONS
from qa.introduction import is_listed
from qa.names import is_full_name, is_person_noun, is_titled, names_in
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
_VERB = (
    r"is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do"
    r"|said|says|told|tells|won|lost|made|took|came|went|became|began|left|met|ran|gave|got|led"
    r"|held|found|saw|wrote|sent|kept|stood|sits|wants|plans|runs|costs|lies|stands|[a-z]{3,}ed"
)
# "After the war she ...", but not "In 1922 Bell said he ..." nor "By the time he ..."
_PHRASE = (
    r"(?:In|On|At|By|For|From|With|After|Before|During|Since|Until|Under|Despite)"
    rf"(?:[ ](?!(?:all|as|if|that|what|which|who|whom|moment|time|way|{_VERB})\b)[\w’'-]+){{1,7}}"
    r"[ ](?=(?:he|she|it|I|we)\b)"
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
# Not "this spring" and "that said", which point at nothing that was said before.
_DEMONSTRATIVE = (
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
_IN_A_PLACE = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear)[ ](?:the[ ])?(?:[A-Z][\w’'-]*[ ]?)+")
# What stands behind "it" or "her" that is an object.
_BEHIND_OBJECT = rf"(?=\W*$|[.,;:!?]|[ ](?:[“\"]|(?:as|{'|'.join(sorted(PREPOSITIONS))})\b))"
# "King Frederick visited it": something else than what the sentence names, if it names one only.
_IT = re.compile(
    rf"\b[a-z]+[ ]it{_BEHIND_OBJECT}|\b[a-z]+ed[ ]it\b(?![ ](?:{'|'.join(AUXILIARIES)})\b)"
)
_SMALL_BEFORE = r"(?<=[a-z,][ ])"


# "Its chief executive, Bo Li", "Her son Otto": whose it is does not matter to who it is.
_OWNED = re.compile(
    r"(?:Its|Their|His|Her)(?: [a-z][\w’'-]*){1,5},? (?:the (?:[a-z]+ ){1,3})?(?!I\b)[A-Z]"
)


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
# Somebody else than the subject, who has the name that is looked for: "Judge Marsh sentenced him",
# "Bo Li was his teacher".
_OBJECT = {
    Unnamed.HE: re.compile(r"\bhim\b|\b(?:is|was|became) his\b"),
    Unnamed.SHE: re.compile(
        r"\b(?:is|was|became) her\b"
        rf"|\bher(?:(?=[ ](?:an?|the|{'|'.join(AUXILIARIES)})\b)|{_BEHIND_OBJECT})"
    ),
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
        return _nearest(
            text, before, lambda earlier: _names_person(earlier, pointer, text), pointer=pointer
        )
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


def _nearest(
    text: str,
    before: Sequence[Sentence],
    fits: Callable[[str], bool],
    *,
    pointer: Unnamed | None = None,
) -> Sentence | None:
    """Return the nearest sentence that fits, of the last three.

    Whom "she" stands for in one sentence after the other may be named long before: three are looked
    at before each that has the `pointer` for its subject.
    """
    others = 0
    for sentence in reversed(before):
        quote = text[sentence.start : sentence.end]
        if not is_listed(quote) and fits(quote):
            return sentence
        goes_on = pointer is not None and unnamed_subject(quote) is pointer
        others = 0 if goes_on else others + 1
        if others == _FARTHEST:
            return None
    return None


def _names_its_subject(sentence: str, text: str) -> bool:
    is_named = unnamed_subject(sentence) is None or _OWNED.match(sentence) is not None
    return is_named and names_somebody(sentence, text=text)


def _names_person(sentence: str, pointer: Unnamed, text: str) -> bool:
    """Return whether a sentence may name "he" or "she", as "She was followed by Otto" may "he"."""
    told = _QUOTATION.sub("", sentence).lstrip(" ,.")
    subject = unnamed_subject(told)
    elsewhere = _IN_A_PLACE.sub("", told)
    if not names_somebody(elsewhere, text=text):
        return False
    if subject is not None:
        return subject is _OTHER_PERSON[pointer] or (
            subject is not pointer and _names_other_person(told)
        )
    return not _points_back(_OBJECT[pointer], elsewhere)


def _points_back(word: re.Pattern[str], sentence: str) -> bool:
    """Return whether a word means somebody else than the one name before it, if there is one."""
    found = word.search(sentence)
    if found is None:
        return False
    before = sentence[: found.start()].replace(" of ", " ")  # "University of Bologna" is one
    return len(names_in(before)) < 2


def _names_other_person(sentence: str) -> bool:
    """Return whether a sentence names a person beside its subject: "Its chief, Bo Li, left"."""
    names_person = any(is_titled(name) or is_full_name(name) for name in names_in(sentence))
    is_owned = _OWNED.match(sentence) is not None
    return names_person and (is_owned or _ATTRIBUTION.search(sentence) is not None)


def _naming_thing(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that names "it": behind "The fort has", one that names the fort.

    Where there is none, "The fort has" right before names it well enough.
    """
    is_nearest = True
    for at in range(len(before) - 1, max(len(before) - 1 - _FARTHEST, -1), -1):
        quote = text[before[at].start : before[at].end]
        if is_listed(quote):
            continue
        noun = _noun(quote)
        if noun and not _is_persons(noun):
            named = _naming_noun(text, before[:at], quote)
            if named is not None or is_nearest:
                return named or before[at]
        if _names_thing(quote, text):
            return before[at]
        is_nearest = is_nearest and unnamed_subject(quote) is Unnamed.IT
    return None


def _is_persons(noun: str) -> bool:
    return is_person_noun(noun.removesuffix("s")) or "year-old" in noun


def _names_thing(sentence: str, text: str) -> bool:
    """Return whether a sentence may name "it": not one on what a president does."""
    if not names_somebody(sentence, text=text) or _points_back(_IT, _QUOTATION.sub("", sentence)):
        return False
    subject = unnamed_subject(sentence)
    if subject is Unnamed.THE:
        return not _is_persons(_noun(sentence))
    if subject is not None:
        return subject in _OTHER_PERSON
    titled = any(map(is_titled, names_in(sentence)[:1]))
    return not titled or _ATTRIBUTION.search(sentence) is not None


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
    if nearest is not None or not (is_person_noun(noun) or "year-old" in noun):
        return nearest
    return _nearest(text, before, lambda earlier: _names_its_subject(earlier, text))


def _noun(sentence: str) -> str:
    """Return the noun of a subject such as "the damage", or ""."""
    found = _UNNAMED_SUBJECT.match(sentence)
    return "" if found is None or not found["noun"] else found["noun"]
