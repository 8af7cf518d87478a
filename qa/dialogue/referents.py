"""What words of earlier turns that point back may point to: people, things and places."""

import re
from collections.abc import Callable, Iterator, Sequence

from qa.dialogue.turns import Exchange, ReferentKind
from qa.language.function_words import ARTICLES, QUESTION_WORDS
from qa.language.names import (
    CALLED_HE,
    CALLED_SHE,
    PARTICLES,
    is_full_name,
    is_person_noun,
    name_words,
    names_in,
)
from qa.language.noun_phrases import noun_phrases, owned_phrases
from qa.language.question_parts import asked_parts, plainly_asked

KIND_OF_WORD = {
    **dict.fromkeys(["he", "him", "his"], ReferentKind.HE),
    **dict.fromkeys(["she", "her", "hers"], ReferentKind.SHE),
    **dict.fromkeys(["it", "its"], ReferentKind.THING),
    **dict.fromkeys(["they", "them", "their", "theirs", "these", "those"], ReferentKind.SEVERAL),
    "there": ReferentKind.PLACE,
}
"""What the words that point back mean."""

_LONGEST_REFERENT = 8
# Whom an answer such as "I" means no later question can tell.
_NOBODY = frozenset([*KIND_OF_WORD, "i", "me", "we", "us", "you"])
# What only one of the two is called.
_CALLED = {ReferentKind.HE: CALLED_HE, ReferentKind.SHE: CALLED_SHE}
_OTHER = {ReferentKind.HE: ReferentKind.SHE, ReferentKind.SHE: ReferentKind.HE}
_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})[ -]"
_WITH_CAPITAL = r"[^\W\d_a-z][\w’'-]*"
# "husband" in "who was Ann Ray’s husband", "wife" in "who is the wife of Bo Lind"
_CALLED_IN_QUESTION = re.compile(r"\b(?:is|are|was|were) .*?([\w-]+)(?= of\b|\W*$)", re.I)
_OF_THE = r"\bthe(?: [A-Z][\w’'-]*(?: (?:of|in|for))?)*"
# "the Greens" are nobody that "she" is.
_OF_A_GROUP = re.compile(r"the [A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*$")
_OWNED = re.compile(r"[’']s? .*")
# "£3 million"
_NUMBER = re.compile(r"\W?\d")
_SEVERAL_ANSWERED = re.compile(r" and |,.*,|^[a-z-]+, [a-z-]+$", re.S)


def referents(kind: ReferentKind, text: str, earlier: Sequence[Exchange]) -> list[str]:
    """Return what a word of one kind may point to, nearer turns first."""
    if kind in _OTHER:
        # Who was answered is a person; names in questions may be those of places, too.
        for find in (_people_named, _names_asked_about):
            named = _found(find, text, earlier)
            likely = [name for name in named if not _is_known_as(_OTHER[kind], name, earlier)]
            if likely:
                return likely
        return []
    if kind is ReferentKind.SEVERAL:
        return _found(_several, text, earlier)
    people = [name for exchange in earlier for name in _people_in(exchange)]

    def unlikeliness(referent: str) -> int:
        """A company may be "who" and "it", but comes last, behind what looks like a full name."""
        if _OWNED.search(referent) is None and any(name in referent for name in people):
            return 3
        return 2 if _SEVERAL_ANSWERED.search(referent) else int(is_full_name(referent))

    if kind is ReferentKind.PLACE:
        places = sorted(_found(_places, text, earlier), key=unlikeliness)
        return [place for place in places if unlikeliness(place) < 3]
    things = sorted(_found(_things, text, earlier), key=unlikeliness)
    if {"it", "its"}.isdisjoint(map(bare, text.split())):  # "is this true?"
        return [thing for thing in things if unlikeliness(thing) < 2]
    return things


def _found(
    find: Callable[[Exchange], Iterator[str]], text: str, earlier: Sequence[Exchange]
) -> list[str]:
    own = {bare(word) for word in text.split()}
    found = [
        referent
        for exchange in reversed(earlier)
        for referent in find(exchange)
        if len(referent.split()) <= _LONGEST_REFERENT
        # What the question names itself it does not point to.
        and not own.issuperset(bare(word) for word in referent.split() if word != "the")
    ]
    return list(dict.fromkeys(found))


def _is_known_as(kind: ReferentKind, name: str, earlier: Sequence[Exchange]) -> bool:
    """Return whether earlier turns speak of somebody as "he", or "she", alone."""
    kinds = {
        known
        for exchange in earlier
        for known in _OTHER
        if (known, name) in exchange.pointed
        or (name in (exchange.answer or "") and _CALLED[known] & _called(exchange))
    }
    return kinds == {kind}


def _called(exchange: Exchange) -> set[str]:
    """Return what who was answered may be called by: "husband", "mrs"."""
    called = _CALLED_IN_QUESTION.search(plainly_asked(exchange.question))
    answered = (exchange.answer or "").split()[:-1]
    return {bare(word) for word in (*answered, *(called.groups() if called else ()))}


def _people_in(exchange: Exchange) -> Iterator[str]:
    """Yield who was answered, all of them, and whom "he" or "she" meant."""
    parts = asked_parts(exchange.question)
    which = parts is not None and is_person_noun(parts.noun)
    if told_of := _told_of(exchange):
        yield told_of
    elif exchange.answer and (
        _question_word(exchange.question) in ("who", "whom", "whose") or which
    ):
        yield from _names_in_order(exchange.answer) or [exchange.answer]
    yield from _meant(exchange, ReferentKind.HE, ReferentKind.SHE)


def _meant(exchange: Exchange, *kinds: ReferentKind) -> Iterator[str]:
    """Yield what words of these kinds meant in a question."""
    yield from (referent for kind, referent in exchange.pointed if kind in kinds)


def _told_of(exchange: Exchange) -> str:
    """Return the name that a question asks about: "Who is Ann Ray?", "a Hungarian-born chemist"."""
    parts = asked_parts(exchange.question)
    if parts is None or parts.question_word != "who" or not parts.asks_what_one_is:
        return ""
    name = " ".join(parts.rest[1:])
    return name if name in _names_in_order(exchange.question) else ""


def _people_answered(exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    if told_of := _told_of(exchange):
        yield told_of
    elif answer and _OF_A_GROUP.match(answer):
        return
    elif answer and _question_word(exchange.question) in ("who", "whom", "which", "whose"):
        name = _first_name(answer)
        if name:
            yield name
        elif bare(answer) not in _NOBODY:
            yield answer


def _people_named(exchange: Exchange) -> Iterator[str]:
    """Yield who was answered, also to "Name the mayor" and "What is the mayor’s name?".

    Who is "he" in "Which club did he join?" stays so behind the club.
    """
    parts = asked_parts(exchange.question)
    if parts is not None and parts.question_word == "which" and not is_person_noun(parts.noun):
        yield from _meant(exchange, ReferentKind.HE, ReferentKind.SHE)
    if parts is None or (parts.question_word == "what" and parts.asks_what_one_is):
        name = _first_name(exchange.answer or "")
        if len(name_words(name)) > 1:
            yield name
    yield from _people_answered(exchange)
    yield from _meant(exchange, ReferentKind.HE, ReferentKind.SHE)


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
    question = plainly_asked(exchange.question)
    # "the Nobel Prize in Literature" is nobody.
    runs = [
        name
        for name in _names_in_order(question)
        if re.search(rf"{_OF_THE} {re.escape(name)}", question) is None
    ]
    yield from [run for run in runs if len(name_words(run)) > 1]
    yield from [run for run in runs if len(name_words(run)) == 1]


def _things(exchange: Exchange) -> Iterator[str]:
    question, answer = exchange.question, exchange.answer
    asked, names = _question_word(question), _names_in_order(question)
    parts = asked_parts(question)
    told_of: tuple[str, ...] = ()
    if parts is not None and not parts.noun and parts.asks_what_one_is:
        told_of = parts.rest[1:]
    # "What is Aspirin?" is answered by what Aspirin is.
    if " ".join(told_of) in names:
        yield from names
    # "In which town is the library?" is about the library.
    is_place = parts is not None and parts.preposition != ""
    if answer and asked in ("what", "which") and answer[:1].isupper() and not is_place:
        yield answer
    # "What did she demand?", "that they impose a fine" speaks of the fine from now on.
    are_several = answer is not None and _SEVERAL_ANSWERED.search(answer) is not None
    introduced = re.search(r"(?<= )an? .+", answer or "")
    if introduced is not None and asked in ("what", "why") and not are_several:
        yield from noun_phrases(introduced[0])[:1]
    yield from _meant(exchange, ReferentKind.THING)
    # "What is Acme’s revenue?" is about Acme, and what somebody has is never "he".
    yield from [
        phrase
        for phrase in owned_phrases(question)
        if not told_of or is_full_name(_OWNED.sub("", phrase))
    ]
    phrases = noun_phrases(question)
    # "Who is the head of the school?" has a person's phrase, and what hangs on it.
    is_person = asked == "who" and " ".join(told_of[:1]) in ARTICLES
    yield from [
        phrase
        for phrase in (phrases[1:] if is_person else phrases)
        if not phrase.endswith("s") or phrase.split()[-1][0].isupper()
    ]
    may_be_thing = answer is not None and (answer[0].isupper() or not are_several)
    if answer and asked in ("what", "which", "who") and may_be_thing and not _NUMBER.match(answer):
        yield answer
    yield from names


def _several(exchange: Exchange) -> Iterator[str]:
    question, answer = exchange.question, exchange.answer
    asked = _question_word(question)
    parts = asked_parts(question)
    yield from _meant(exchange, ReferentKind.SEVERAL)
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
    yield from _meant(exchange, ReferentKind.PLACE)
    yield from _names_in_order(question)


def _question_word(question: str) -> str:
    parts = asked_parts(question)
    return "" if parts is None else parts.question_word


def _names_in_order(text: str) -> list[str]:
    """Return the names in a text as they come, without the word that opens a question."""
    return [name for name in names_in(text) if bare(name.split()[0]) not in QUESTION_WORDS]


def bare(word: str) -> str:
    """Return a word in small letters, without the marks around it."""
    return word.strip("?!.,;:“”\"'‘’()").lower()
