"""Words that point back, such as "he", "its" and "there", and what they may point to."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import product

from qa.dialogue_ellipsis import stated
from qa.dialogue_words import (
    AUXILIARIES,
    PREPOSITIONS,
    QUESTION_WORDS,
    asked_parts,
    noun_phrases,
    plainly_asked,
)
from qa.names import PARTICLES, is_full_name, name_words, names_in

_MOST_REFERENTS = 3
_LONGEST_REFERENT = 8
_PLACE = re.compile(r"\b(?:in|at|near) ((?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)")

_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})[ -]"
_WITH_CAPITAL = r"[^\W\d_a-z][\w’'-]*"


class _Kind(Enum):
    PERSON = "he"
    THING = "it"
    SEVERAL = "they"
    PLACE = "there"


_KINDS = {
    **dict.fromkeys(["he", "him", "his", "she", "her", "hers"], _Kind.PERSON),
    **dict.fromkeys(["it", "its"], _Kind.THING),
    **dict.fromkeys(["they", "them", "their", "theirs", "these", "those"], _Kind.SEVERAL),
    "there": _Kind.PLACE,
}
# Whom an answer such as "I" means no later question can tell.
_NOBODY = frozenset([*_KINDS, "i", "me", "we", "us", "you"])
_POSSESSIVES = frozenset(["his", "its", "their"])
EarlierQuestion = tuple[str, str | None]
"""A question that stands alone, and its answer."""


def refers_back(text: str) -> bool:
    """Return whether a word of the question points to something outside of it."""
    words = text.split()
    return any(_kind_at(words, at) is not None for at in range(len(words)))


def may_point_inside(text: str) -> bool:
    """Return whether the first word that points back may mean a name before it in the question.

    "Why did Tesla move its headquarters?" may stand alone; "What did Biden say to him?" does not.
    """
    words = text.split()
    at = next((at for at in range(len(words)) if _kind_at(words, at) is not None), len(words))
    if not any(word.strip("“\"'(")[:1].isupper() and word != "I" for word in words[1:at]):
        return False
    following = _bare(words[at + 1]) if at + 1 < len(words) else ""
    is_subject = _bare(words[at]) in ("he", "she", "they") or (
        _bare(words[at]) == "it" and following not in PREPOSITIONS | QUESTION_WORDS | {""}
    )
    return is_subject or _is_possessive(words, at)


def resolved(text: str, earlier: Sequence[EarlierQuestion]) -> list[str]:
    """Return the question with what its words may point to in their places, the likeliest first.

    Nearer turns come before earlier ones. A word that nothing is found for stays.
    """
    words = text.split()
    statement = stated(*earlier[-1]) if earlier and words[-1].lower() == "that" else None
    if statement is not None:
        return [f"{text} {statement}"]
    kinds = {kind for at in range(len(words)) if (kind := _kind_at(words, at)) is not None}
    ordered = sorted(kinds, key=lambda kind: kind.value)
    choices = [_referents(kind, text, earlier)[:_MOST_REFERENTS] or [""] for kind in ordered]
    picks = sorted(
        product(*[list(enumerate(choice)) for choice in choices]),
        key=lambda pick: sum(number for number, _ in pick),
    )
    return [
        _replaced(words, dict(zip(ordered, [referent for _, referent in pick], strict=True)))
        for pick in picks
    ]


def _kind_at(words: Sequence[str], at: int) -> _Kind | None:
    word = _bare(words[at])
    if _is_part_of_a_name(words, at):
        return None
    if word in ("that", "this"):
        alone = at == len(words) - 1 or _bare(words[at - 1]) in AUXILIARIES
        return _Kind.THING if at and alone else None
    if word == "there" and at and _bare(words[at - 1]) in ("is", "are", "was", "were"):
        return None
    if word in ("these", "those") and at < len(words) - 1:
        return None
    return _KINDS.get(word)


def _is_part_of_a_name(words: Sequence[str], at: int) -> bool:
    """Return whether a word has capitals that it owes to a name: "IT", "Her Majesty"."""
    word = words[at].strip("“\"'(")
    capital = word[:1].isupper() and (at > 0 or word[1:2].isupper())
    return capital and not " ".join(words).isupper()


def _replaced(words: Sequence[str], referents: dict[_Kind, str]) -> str:
    shown = []
    for at, word in enumerate(words):
        kind = _kind_at(words, at)
        referent = "" if kind is None else referents[kind]
        if not referent:
            shown.append(word)
        elif kind is _Kind.PLACE:
            shown.append(f"at {referent}")
        elif _is_possessive(words, at):
            shown.append(f"{referent}’s")
        else:
            shown.append(referent)
    return " ".join(shown)


def _is_possessive(words: Sequence[str], at: int) -> bool:
    word = _bare(words[at])
    if word != "her":
        return word in _POSSESSIVES
    following = _bare(words[at + 1]) if at + 1 < len(words) else ""
    return bool(following) and following not in PREPOSITIONS | AUXILIARIES


def _referents(kind: _Kind, text: str, earlier: Sequence[EarlierQuestion]) -> list[str]:
    """Return what a word of one kind may point to, nearer turns first."""
    if kind is _Kind.PERSON:
        # Who was answered is a person; names in questions may be those of places, too.
        named = _found(_people_named, text, earlier)
        return named or _found(_names_asked_about, text, earlier)
    if kind is _Kind.SEVERAL:
        return _found(_several, text, earlier)
    if kind is _Kind.PLACE:
        return _found(_places, text, earlier)
    people = _found(_people_answered, text, earlier)

    def personal(thing: str) -> int:
        """A company may be "who" and "it", but comes last, behind what looks like a full name."""
        return 2 if any(name in thing for name in people) else int(is_full_name(thing))

    things = sorted(_found(_things, text, earlier), key=personal)
    if {"it", "its"}.isdisjoint(map(_bare, text.split())):  # "is this true?"
        return [thing for thing in things if personal(thing) < 2]
    return things


def _found(
    find: Callable[[str, str | None], Iterator[str]], text: str, earlier: Sequence[EarlierQuestion]
) -> list[str]:
    own = {_bare(word) for word in text.split()}
    found = [
        referent
        for question, answer in reversed(earlier)
        for referent in find(question, answer)
        if len(referent.split()) <= _LONGEST_REFERENT
        # What the question names itself it does not point to.
        and not own.issuperset(_bare(word) for word in referent.split() if word != "the")
    ]
    return list(dict.fromkeys(found))


def _people_answered(question: str, answer: str | None) -> Iterator[str]:
    if answer and _question_word(question) in ("who", "whom", "which", "whose"):
        name = _first_name(answer)
        if name:
            yield name
        elif _bare(answer) not in _NOBODY:
            yield answer


def _people_named(question: str, answer: str | None) -> Iterator[str]:
    """Yield who was answered, also to "Name the mayor" and "What is the mayor’s name?"."""
    parts = asked_parts(question)
    copula = parts is not None and parts.rest[:1] in (("is",), ("was",))
    if parts is None or (parts.question_word == "what" and copula):
        name = _first_name(answer or "")
        if len(name_words(name)) > 1:
            yield name
    yield from _people_answered(question, answer)


def _first_name(answer: str) -> str:
    """Return the first name in an answer, with its particles, or "".

    "Karl von Rehn" is one name; in "NGC’s director, Colin Frye" the one that owns is passed over.
    """
    names = _names_in_order(answer)
    owners = {name for name in names if re.search(rf"{re.escape(name)}[’'](?:s\b)? ", answer)}
    name = next((name for name in names if name not in owners), "".join(names[:1]))
    if not name:
        return ""
    whole = re.search(
        rf"(?:\b{_PARTICLE})*{re.escape(name)}(?: (?:{_PARTICLE})+{_WITH_CAPITAL}"
        rf"(?: {_WITH_CAPITAL})*)*",
        answer,
    )
    return name if whole is None else whole[0]


def _names_asked_about(question: str, _: str | None) -> Iterator[str]:
    runs = _names_in_order(plainly_asked(question))
    yield from [run for run in runs if len(name_words(run)) > 1]
    yield from [run for run in runs if len(name_words(run)) == 1]


def _things(question: str, answer: str | None) -> Iterator[str]:
    asked = _question_word(question)
    if answer and asked in ("what", "which") and answer[:1].isupper():
        yield answer
    yield from noun_phrases(question)
    if answer and asked in ("what", "which", "who"):
        yield answer
    yield from _names_in_order(question)


def _several(question: str, answer: str | None) -> Iterator[str]:
    asked = _question_word(question)
    parts = asked_parts(question)
    if answer and asked in ("who", "which") and " and " in answer:
        yield answer
    if parts is not None and parts.noun:
        yield f"the {parts.noun}"
    phrases = noun_phrases(question)
    yield from [phrase for phrase in phrases if phrase.split()[-1].endswith("s")]
    if answer and asked in ("who", "which", "what"):
        yield answer
    yield from _names_in_order(question)
    yield from phrases


def _places(question: str, answer: str | None) -> Iterator[str]:
    if answer and _question_word(question) in ("where", "which", "what"):
        yield re.sub(r"^(?:in|at|near|on) ", "", answer)
    yield from _PLACE.findall(question)


def _question_word(question: str) -> str:
    parts = asked_parts(question)
    return "" if parts is None else parts.question_word


def _names_in_order(text: str) -> list[str]:
    """Return the names in a text as they come, without the word that opens a question."""
    return [name for name in names_in(text) if _bare(name.split()[0]) not in QUESTION_WORDS]


def _bare(word: str) -> str:
    return word.strip("?!.,;:“”\"'‘’()").lower()
