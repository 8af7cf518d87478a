"""Words that point back, such as "he", "its" and "there", and what they may point to."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import product

from qa.dialogue_ellipsis import stated
from qa.dialogue_exchange import Exchange
from qa.dialogue_words import (
    ARTICLES,
    AUXILIARIES,
    CALLED_HE,
    CALLED_SHE,
    PREPOSITIONS,
    QUESTION_WORDS,
    asked_parts,
    noun_phrases,
    plainly_asked,
)
from qa.names import PARTICLES, is_full_name, is_person_noun, name_words, names_in

_MOST_REFERENTS = 3
_LONGEST_REFERENT = 8
_PLACE = re.compile(r"\b(?:in|at|near) ((?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)")

_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})[ -]"
_WITH_CAPITAL = r"[^\W\d_a-z][\w’'-]*"


class _Kind(Enum):
    HE = "he"
    SHE = "she"
    THING = "it"
    SEVERAL = "they"
    PLACE = "there"


_KINDS = {
    **dict.fromkeys(["he", "him", "his"], _Kind.HE),
    **dict.fromkeys(["she", "her", "hers"], _Kind.SHE),
    **dict.fromkeys(["it", "its"], _Kind.THING),
    **dict.fromkeys(["they", "them", "their", "theirs", "these", "those"], _Kind.SEVERAL),
    "there": _Kind.PLACE,
}
# Whom an answer such as "I" means no later question can tell.
_NOBODY = frozenset([*_KINDS, "i", "me", "we", "us", "you"])
_POSSESSIVES = frozenset(["his", "its", "their"])
# What only one of the two is called.
_CALLED = {_Kind.HE: CALLED_HE, _Kind.SHE: CALLED_SHE}
_OTHER = {_Kind.HE: _Kind.SHE, _Kind.SHE: _Kind.HE}
# "husband" in "who was Ann Ray’s husband", "wife" in "who is the wife of Bo Lind"
_CALLED_IN_QUESTION = re.compile(r"\b(?:is|are|was|were) .*?([\w-]+)(?= of\b|\W*$)", re.I)
_SEVERAL_ANSWERED = re.compile(r" and |,.*,", re.S)


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


def resolved(text: str, earlier: Sequence[Exchange]) -> list[str]:
    """Return the question with what its words may point to in their places, the likeliest first.

    Nearer turns come before earlier ones. A word that nothing is found for stays.
    """
    words = text.split()
    if earlier and words[-1].lower() == "that":
        statement = stated(earlier[-1].question, earlier[-1].answer)
        if statement is not None:
            return [f"{text} {statement}"]
    return [_replaced(words, pick) for pick in _picks(text, earlier)]


def pointed_to(text: str, earlier: Sequence[Exchange]) -> tuple[tuple[str, str], ...]:
    """Return what the words of a question that point back most likely mean, as in `Exchange`."""
    likeliest = _picks(text, earlier)[0]
    return tuple((kind.value, referent) for kind, referent in likeliest.items() if referent)


def _picks(text: str, earlier: Sequence[Exchange]) -> list[dict[_Kind, str]]:
    """Return what the words of each kind may mean together, the likeliest first."""
    words = text.split()
    kinds = {kind for at in range(len(words)) if (kind := _kind_at(words, at)) is not None}
    ordered = sorted(kinds, key=lambda kind: kind.value)
    choices = [_referents(kind, text, earlier)[:_MOST_REFERENTS] or [""] for kind in ordered]
    # "Did she marry him?" is about two.
    picks = sorted(
        product(*[list(enumerate(choice)) for choice in choices]),
        key=lambda pick: (
            len({referent for _, referent in pick}) < len(pick),
            sum(number for number, _ in pick),
        ),
    )
    return [dict(zip(ordered, [referent for _, referent in pick], strict=True)) for pick in picks]


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


def _referents(kind: _Kind, text: str, earlier: Sequence[Exchange]) -> list[str]:
    """Return what a word of one kind may point to, nearer turns first."""
    if kind in _OTHER:
        # Who was answered is a person; names in questions may be those of places, too.
        for find in (_people_named, _names_asked_about):
            named = _found(find, text, earlier)
            likely = [name for name in named if not _is_known_as(_OTHER[kind], name, earlier)]
            if likely:
                return likely
        return []
    if kind is _Kind.SEVERAL:
        return _found(_several, text, earlier)
    people = [name for exchange in earlier for name in _people_in(exchange)]

    def unlikeliness(referent: str) -> int:
        """A company may be "who" and "it", but comes last, behind what looks like a full name."""
        if any(name in referent for name in people):
            return 3
        return 2 if _SEVERAL_ANSWERED.search(referent) else int(is_full_name(referent))

    if kind is _Kind.PLACE:
        places = sorted(_found(_places, text, earlier), key=unlikeliness)
        return [place for place in places if unlikeliness(place) < 3]
    things = sorted(_found(_things, text, earlier), key=unlikeliness)
    if {"it", "its"}.isdisjoint(map(_bare, text.split())):  # "is this true?"
        return [thing for thing in things if unlikeliness(thing) < 2]
    return things


def _found(
    find: Callable[[Exchange], Iterator[str]], text: str, earlier: Sequence[Exchange]
) -> list[str]:
    own = {_bare(word) for word in text.split()}
    found = [
        referent
        for exchange in reversed(earlier)
        for referent in find(exchange)
        if len(referent.split()) <= _LONGEST_REFERENT
        # What the question names itself it does not point to.
        and not own.issuperset(_bare(word) for word in referent.split() if word != "the")
    ]
    return list(dict.fromkeys(found))


def _is_known_as(kind: _Kind, name: str, earlier: Sequence[Exchange]) -> bool:
    """Return whether earlier turns speak of somebody as "he", or "she", alone."""
    kinds = {
        known
        for exchange in earlier
        for known in _OTHER
        if (known.value, name) in exchange.pointed
        or (name in (exchange.answer or "") and _CALLED[known] & _called(exchange))
    }
    return kinds == {kind}


def _called(exchange: Exchange) -> set[str]:
    """Return what who was answered may be called by: "husband", "mrs"."""
    called = _CALLED_IN_QUESTION.search(plainly_asked(exchange.question))
    answered = (exchange.answer or "").split()[:-1]
    return {_bare(word) for word in (*answered, *(called.groups() if called else ()))}


def _people_in(exchange: Exchange) -> Iterator[str]:
    """Yield who was answered, all of them, and whom "he" or "she" meant."""
    parts = asked_parts(exchange.question)
    which = parts is not None and is_person_noun(parts.noun)
    if exchange.answer and (_question_word(exchange.question) in ("who", "whom", "whose") or which):
        yield from _names_in_order(exchange.answer) or [exchange.answer]
    yield from _meant(exchange, _Kind.HE, _Kind.SHE)


def _meant(exchange: Exchange, *kinds: _Kind) -> Iterator[str]:
    """Yield what words of these kinds meant in a question."""
    yield from (referent for word, referent in exchange.pointed if _Kind(word) in kinds)


def _people_answered(exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    if answer and _question_word(exchange.question) in ("who", "whom", "which", "whose"):
        name = _first_name(answer)
        if name:
            yield name
        elif _bare(answer) not in _NOBODY:
            yield answer


def _people_named(exchange: Exchange) -> Iterator[str]:
    """Yield who was answered, also to "Name the mayor" and "What is the mayor’s name?"."""
    parts = asked_parts(exchange.question)
    copula = parts is not None and parts.rest[:1] in (("is",), ("was",))
    if parts is None or (parts.question_word == "what" and copula):
        name = _first_name(exchange.answer or "")
        if len(name_words(name)) > 1:
            yield name
    yield from _people_answered(exchange)
    yield from _meant(exchange, _Kind.HE, _Kind.SHE)


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


def _names_asked_about(exchange: Exchange) -> Iterator[str]:
    runs = _names_in_order(plainly_asked(exchange.question))
    yield from [run for run in runs if len(name_words(run)) > 1]
    yield from [run for run in runs if len(name_words(run)) == 1]


def _things(exchange: Exchange) -> Iterator[str]:
    question, answer = exchange.question, exchange.answer
    asked, names = _question_word(question), _names_in_order(question)
    parts = asked_parts(question)
    copula = parts is not None and not parts.noun and parts.rest[:1] in (("is",), ("was",))
    # "What is Aspirin?" is answered by what Aspirin is.
    if parts is not None and copula and " ".join(parts.rest[1:]) in names:
        yield from names
    if answer and asked in ("what", "which") and answer[:1].isupper():
        yield answer
    # "What did she demand?", "that they impose a fine" speaks of the fine from now on.
    are_several = answer is not None and _SEVERAL_ANSWERED.search(answer) is not None
    introduced = re.search(r"(?<= )an? .+", answer or "")
    if introduced is not None and asked in ("what", "why") and not are_several:
        yield from noun_phrases(introduced[0])[:1]
    yield from _meant(exchange, _Kind.THING)
    phrases = noun_phrases(question)
    # "Who is the head of the school?" has a person's phrase, and what hangs on it.
    is_person = copula and asked == "who" and " ".join(parts.rest[1:2] if parts else ()) in ARTICLES
    yield from [
        phrase
        for phrase in phrases[is_person:]
        if not phrase.endswith("s") or phrase.split()[-1][0].isupper()
    ]
    if answer and asked in ("what", "which", "who") and (answer[0].isupper() or not are_several):
        yield answer
    yield from names


def _several(exchange: Exchange) -> Iterator[str]:
    question, answer = exchange.question, exchange.answer
    asked = _question_word(question)
    parts = asked_parts(question)
    yield from _meant(exchange, _Kind.SEVERAL)
    if answer and asked in ("who", "which") and " and " in answer:
        yield answer
    if parts is not None and parts.noun:
        yield f"the {parts.noun}"
    phrases = noun_phrases(question)
    yield from [phrase for phrase in phrases if phrase.split()[-1].endswith("s")]
    # "What do otters eat?"
    if parts is not None and parts.rest[:1] in (("do",), ("are",)) and len(parts.rest) > 1:
        yield from [word for word in parts.rest[1:2] if word.islower() and word.endswith("s")]
    if answer and asked in ("who", "which", "what"):
        yield answer
    yield from _names_in_order(question)
    yield from phrases


def _places(exchange: Exchange) -> Iterator[str]:
    question, answer = exchange.question, exchange.answer
    if answer and _question_word(question) in ("where", "which", "what"):
        yield re.sub(r"^(?:in|at|near|on) ", "", answer)
    yield from _meant(exchange, _Kind.PLACE)
    yield from _PLACE.findall(question)
    yield from _names_in_order(question)


def _question_word(question: str) -> str:
    parts = asked_parts(question)
    return "" if parts is None else parts.question_word


def _names_in_order(text: str) -> list[str]:
    """Return the names in a text as they come, without the word that opens a question."""
    return [name for name in names_in(text) if _bare(name.split()[0]) not in QUESTION_WORDS]


def _bare(word: str) -> str:
    return word.strip("?!.,;:“”\"'‘’()").lower()
