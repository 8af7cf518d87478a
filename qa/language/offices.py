"""The office that a question asks for: "deputy mayor" in "Who is the deputy mayor of Pellworth?".

Who writes of an office calls it by its name, while a leader, an author or an owner may be told of
in other words: of the training sets' questions for who holds an office here, 13 of 471 are answered
by a text without one of its words, of those for a leader 38 of 79.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from qa.language.function_words import word_set
from qa.language.same_answer import folded

# What a text may say in place of a word of an office, besides words that begin like it: "the Nato
# chief", "the French leader".
_ALSO_WRITTEN = {
    word: word_set(others)
    for words, others in (
        ("ambassador", "envoy"),
        (
            "chair chairman chairperson chairwoman",
            "boss chair chaired chairing chairman chairperson chairwoman chief head",
        ),
        ("chancellor", "leader"),
        ("chief", "ceo cfo coo cto head"),
        ("commander general governor", "chief head leader"),
        ("defence", "defense"),
        ("defense", "defence"),
        ("deputy", "vice"),
        ("director executive", "boss ceo chief head"),
        ("emperor king monarch queen sultan", "king monarch queen ruler sovereign"),
        ("financial", "cfo"),
        ("headmaster headteacher principal rector", "head headmaster headteacher principal"),
        ("judge", "justice magistrate"),
        ("labor", "labour"),
        ("labour", "labor"),
        ("minister", "leader pm premier"),
        ("officer", "ceo cfo chief coo cto director executive head"),
        ("pope", "pontiff"),
        ("president", "head leader vp"),
        ("prime", "leader pm premier"),
        ("secretary", "chief head"),
        ("vice", "deputy vp"),
    )
    for word in words.split()
}
_OFFICES = word_set(
    """
    ambassador archbishop bishop cardinal chair chairman chairperson chairwoman chancellor
    commander commissioner councillor dean director emperor executive general governor headmaster
    headteacher judge king mayor minister monarch officer pope president principal provost queen
    rector secretary senator sheriff speaker sultan treasurer undersecretary
    """
)
_RANKS = word_set("assistant deputy honorary interim vice")
_FIELDS = word_set(
    """
    agriculture artistic attorney campaign chief culture defence defense education energy
    environment finance financial foreign health home housing interior justice labor labour
    managing marketing medical prime research sales technical trade transport treasury
    """
)

# "Deputy prime minister", "vice-president"; "secretary of state for defence".
_RANK_WITHIN, _FIELD_WITHIN = 2, 5
# "Finance director", "minister of finance": what surely belongs to it.
_OTHER_FIELD = (2, 3)
_WORD = re.compile(r"[^\W_]+")
_HOLDER = re.compile(r"(?:man|woman|person|or|er)$")
# Who became it may be told of without it: somebody "won the election", or "succeeded" another.
_ASKED = re.compile(
    r"who(?:[’']s|\s+(?:is|was|are|were|serves as|served as))\s+"
    r"(?:(?:the|an?|its|their|our)\s+)?"
    r"((?:[a-z-]+\s+){0,4}?[a-z-]+)"
    r"(?=\s+(?:of|for|at|in|on|to|when|during|before|after|under|who|that|now)\b|\s*[?.,]|\s*$)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s+(?:of|for)\s+((?:[a-z]+\s+){0,4}[a-z]+)", re.IGNORECASE)


@lru_cache(maxsize=16)
def asked_office(question: str) -> tuple[str, ...]:
    """Return the words of the office that is asked for, in small letters: field, rank and office.

    Nothing where the question asks for something else.
    """
    question = question.strip()
    asked = _ASKED.match(question)
    if asked is None:
        return ()
    words = _WORD.findall(asked[1].lower())
    if words[-1] not in _OFFICES:
        return ()
    behind = _BEHIND.match(question[asked.end() :])
    fields = [] if behind is None else _WORD.findall(behind[1].lower())
    office = (
        *(word for word in fields if word in _FIELDS),
        *(word for word in words if word in _OFFICES | _RANKS | _FIELDS),
    )
    # A chief financial officer holds an office, an army officer a rank.
    return () if office == ("officer",) else office


def missing_of_office(office: Sequence[str], text: str) -> list[str]:
    """Return which words of an office a text does not have.

    A rank counts only right before the office, a field near it: "the council's vice-chair met the
    mayor" tells of no vice-mayor.
    """
    if not office:
        return []
    words = _words_of(text)
    held = _mentions(office[-1], words)
    ranked = {word for at in held for word in words[max(0, at - _RANK_WITHIN) : at]}
    near = {
        word for at in held for word in words[max(0, at - _FIELD_WITHIN) : at + _FIELD_WITHIN + 1]
    }

    def is_there(word: str) -> bool:
        return _has(ranked if word in _RANKS else near if word in _FIELDS else words, word)

    return [word for word in office if not is_there(word)]


def tells_of_other_office(office: Sequence[str], statement: str) -> bool:
    """Return whether a statement has the office alone with another rank or of another field.

    Asked for the mayor it tells of the deputy mayor, or the other way round, of the finance
    director where the sales director is asked for, or of the finance chief for the chairman. Of the
    questions counted above 1 is answered so.
    """
    words = _words_of(statement)
    held = _mentions(office[-1], words)
    if not held:
        return False
    before = [words[max(0, at - _RANK_WITHIN) : at] for at in held]
    ranks = [word for word in office if word in _RANKS]
    if ranks and not any(_has(place, rank) for place in before for rank in ranks):
        return True
    if not ranks and all(not _RANKS.isdisjoint(place) for place in before):
        return True
    fields = [word for word in office if word in _FIELDS]
    beside = [words[max(0, at - _OTHER_FIELD[0]) : at + _OTHER_FIELD[1] + 1] for at in held]
    # The finance director is a director, but no finance chief is the chairman.
    is_called_otherwise = not any(words[at].startswith(office[-1]) for at in held)
    return (bool(fields) or is_called_otherwise) and all(
        not _FIELDS.isdisjoint(place) and not any(_has(place, field) for field in fields)
        for place in beside
    )


def _mentions(word: str, words: Sequence[str]) -> list[int]:
    return [at for at, written in enumerate(words) if _is_form(written, word)]


def _has(place: Iterable[str], word: str) -> bool:
    return any(_is_form(written, word) for written in place)


def _is_form(written: str, word: str) -> bool:
    """Return whether a word of a text stands for one of an office.

    It may go on ("governorship"), or tell of it as done ("chaired", "directed"); "government" tells
    of no governor.
    """
    return written.startswith(word) or written in _forms_of(word)


@lru_cache(maxsize=256)
def _forms_of(word: str) -> frozenset[str]:
    """Return what else may be written for a word of an office."""
    done = _HOLDER.sub("", word)
    verbs = {f"{done}{ending}" for ending in ("ed", "ing", "s")} if done != word else set()
    others = _ALSO_WRITTEN.get(word, frozenset())
    return frozenset({*verbs, *others, *(f"{other}s" for other in others)})


# Of one question, the same passages are looked at after every few that are read.
@lru_cache(maxsize=64)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(text)))
