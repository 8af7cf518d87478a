"""The sentence before, where a quoted sentence does not name whom it speaks of, or who speaks."""

import re
from collections.abc import Callable, Sequence

from qa.citing.introduction import is_listed
from qa.citing.unnamed import (
    ATTRIBUTION,
    NO_NAME,
    Unnamed,
    is_in_first_person,
    names_somebody,
    unnamed_noun,
    unnamed_subject,
    without_quotations,
)
from qa.language.function_words import AUXILIARIES, PREPOSITIONS, word_set
from qa.language.names import is_full_name, is_person_noun, is_titled, names_in
from qa.values import Sentence

_FARTHEST = 3
# "We left early, Ann Ray said" is Ann Ray's; "We left; Ann Ray says it rains" is not.
_SAYS_WHO_SPEAKS = re.compile(rf"[^;:]*,[^;:]*{ATTRIBUTION.pattern}")
_IN_A_PLACE = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear)[ ](?:the[ ])?(?:[A-Z][\w’'-]*[ ]?)+")
# What stands behind "it" or "her" that is an object.
_BEHIND_OBJECT = rf"(?=\W*$|[.,;:!?]|[ ](?:[“\"]|(?:as|{'|'.join(sorted(PREPOSITIONS))})\b))"
# "King Frederick visited it": something else than what the sentence names, if it names one only.
_IT = re.compile(
    rf"\b[a-z]+[ ]it{_BEHIND_OBJECT}|\b[a-z]+ed[ ]it\b(?![ ](?:{'|'.join(AUXILIARIES)})\b)"
)
# "Its chief executive, Bo Li", "Her son Otto": whose it is does not matter to who it is.
_OWNED = re.compile(
    r"(?:Its|Their|His|Her)(?: [a-z][\w’'-]*){1,5},? (?:the (?:[a-z]+ ){1,3})?(?!I\b)[A-Z]"
)
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
# "Dahl was charged", "Castell, 49, is": a last name, if the text has no such word.
_LAST_NAME_FIRST = re.compile(
    r"(?P<word>[A-Z][a-z]+(?:-[A-Z][a-z]+)?)"
    r"(?:,[ ](?:now[ ])?\d{1,3},|[ ](?:is|was|has|had|will|said|says|told)\b)"
)
_NO_LAST_NAMES = word_set(
    "another anybody anyone anything both each eight either eleven enough everybody everyone "
    "everything few five four little many most much neither nine nobody none nothing one several "
    "seven six somebody someone something such ten three twelve two"
)
# "Roses did badly in the Arctic wind; he planted pines" goes on about him.
_SECOND_CLAUSE = {
    pointer: re.compile(rf"(?:[;:]|,? (?:and|but|so)) {pointer.value}\b")
    for pointer in _OTHER_PERSON
}


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
        return _naming_thing(text, before, sentence)
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
    in_first_person = is_in_first_person(without_quotations(sentence))
    attribution = _SAYS_WHO_SPEAKS.match if in_first_person else ATTRIBUTION.search
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
    told = without_quotations(sentence).lstrip(" ,.")
    subject = unnamed_subject(told)
    elsewhere = _IN_A_PLACE.sub("", told)
    if not (names_somebody(elsewhere, text=text) or _opens_with_last_name(told, text)):
        return False
    goes_on = _SECOND_CLAUSE[pointer].search(told)
    if goes_on is not None and not names_somebody(told[: goes_on.start()], text=text):
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
    """Return whether a sentence names a person beside its subject: "Its chief, Bo Li, left".

    Of "The affair has cost clerk Bo Li his job" only one can be a person; in "The second is the
    scandal over which Bo Li, the minister, fell" it may be somebody else.
    """
    persons = [name for name in names_in(sentence) if is_titled(name) or is_full_name(name)]
    noun = unnamed_noun(sentence)
    is_object = len(persons) == 1 and persons[0] in re.split(r"[,;:]|\bwh", sentence)[0]
    is_only = is_object and bool(noun) and not _is_of_people(noun)
    is_owned = _OWNED.match(sentence) is not None
    return bool(persons) and (is_only or is_owned or ATTRIBUTION.search(sentence) is not None)


def _opens_with_last_name(sentence: str, text: str) -> bool:
    found = _LAST_NAME_FIRST.match(sentence)
    if found is None or not names_in(found["word"]) or NO_NAME.fullmatch(found["word"]):
        return False
    word = found["word"].lower()
    return word not in _NO_LAST_NAMES and re.search(rf"\b{word}\b", text) is None


def _naming_thing(text: str, before: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """Return the sentence that names "it": behind "The fort has", one that names the fort.

    Where there is none, "The fort has" right before names it well enough, and so does whatever else
    the paragraph says right before, or the question that it answers.
    """
    is_nearest = True
    for at in reversed(range(max(0, len(before) - _FARTHEST), len(before))):
        quote = text[before[at].start : before[at].end]
        if is_listed(quote):
            continue
        if _is_paragraph(text, before[at]) and quote.endswith("?"):
            return before[at]
        # A paragraph that has begun says itself what "it" is.
        if at + 1 < len(before) and "\n\n" in text[before[at].end : before[at + 1].start]:
            break
        noun = unnamed_noun(quote)
        if noun and not _is_of_people(noun):
            named = _naming_noun(text, before[:at], quote)
            if named is not None or is_nearest:
                return named or before[at]
        if _names_thing(quote, text):
            return before[at]
        is_nearest = is_nearest and unnamed_subject(quote) is Unnamed.IT
    is_right_before = before and "\n" not in text[before[-1].end : sentence.start]
    return before[-1] if is_right_before else None


def _is_paragraph(text: str, sentence: Sentence) -> bool:
    return text[: sentence.start].endswith("\n") and text.startswith("\n", sentence.end)


def _is_person(noun: str) -> bool:
    return is_person_noun(noun) or "year-old" in noun


def _is_of_people(noun: str) -> bool:
    return _is_person(noun.removesuffix("s"))


def _names_thing(sentence: str, text: str) -> bool:
    """Return whether a sentence may name "it": not one on what a president does."""
    if not names_somebody(sentence, text=text) or _points_back(_IT, without_quotations(sentence)):
        return False
    subject = unnamed_subject(sentence)
    if subject is Unnamed.THE:
        return not _is_of_people(unnamed_noun(sentence))
    if subject is not None:
        return subject in _OTHER_PERSON
    titled = any(map(is_titled, names_in(sentence)[:1]))
    return not titled or ATTRIBUTION.search(sentence) is not None


def _naming_noun(text: str, before: Sequence[Sentence], quote: str) -> Sentence | None:
    """Return the sentence that names something and speaks of the subject ("the damage").

    "The judge" may be "Judge Helen Marsh" long before, else "the official" anybody near; "the
    officials" are no single one.
    """
    noun = unnamed_noun(quote)
    is_person = _is_person(noun)
    word = rf"{re.escape(noun.removesuffix('s'))}s?\b"
    spoken_of = re.compile(rf"\b{word}", re.IGNORECASE)
    pointed_to = re.compile(rf"\bthe {word}")

    def names(earlier: str) -> bool:
        if not _names_its_subject(earlier, text) or spoken_of.search(earlier) is None:
            return False
        return is_person or pointed_to.search(earlier) is None or not _names_people_alone(earlier)

    nearest = _nearest(text, before, names)
    if nearest is not None or not is_person:
        return nearest
    called = re.compile(rf"\b(?i:{re.escape(noun)}),? [A-Z]")
    for earlier in reversed(before):
        if called.search(text, earlier.start, earlier.end) is not None:
            return earlier
    return _nearest(text, before, lambda earlier: _names_its_subject(earlier, text))


def _names_people_alone(sentence: str) -> bool:
    """Return whether a sentence names people alone: "Ann Ray left the company in May"."""
    names = [name for name in names_in(sentence) if NO_NAME.fullmatch(name) is None]
    return all(is_titled(name) or is_full_name(name) for name in names)
