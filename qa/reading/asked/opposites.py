"""Spans that tell of the opposite: asked for the smallest lake, "the largest lake is Mere".

Of 2,810 questions in the training sets that their passage does not answer, 87 have such a word,
which the passage lacks and whose opposite it has; of 97,350 that are answered, 75 are so by a
statement with the opposite.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from qa.language.function_words import AUXILIARIES
from qa.reading.statements import statement_at

# Not "more" and "less", "first" and "last", "before" and "after", which a sentence has of many
# things, nor what two do to each other, as who wins and who loses.
_POLES = """
    smallest / largest biggest, lowest / highest, lower / higher, smaller / larger bigger,
    shorter / longer taller, shortest / longest tallest, younger / older, youngest / oldest,
    weaker / stronger, weakest / strongest, poorer / richer, poorest / richest, slower / faster,
    slowest / fastest, lighter / heavier, lightest / heaviest, thinner / thicker,
    thinnest / thickest, narrower / wider, narrowest / widest, shallower / deeper,
    shallowest / deepest, cheapest / dearest, worst / best, latest / earliest,
    minimum minimal / maximum maximal,
    increase increasing / decrease decreasing, rise rose risen rising / fall fell fallen,
    grow grew grown growth / shrink shrank decline declining,
    strengthen / weaken, improve / worsen, expand / shrink, gain / loss, import / export,
    public / private, male / female, men / women, boys / girls, junior / senior, summer / winter,
    net / gross, major / minor, primary / secondary, defend / attack, birth / death, born / died,
    majority / minority, temporary / permanent, maternal / paternal, input / output, dry / wet,
    hot / cold, ancient / modern, odd / even, liquid / solid, civilian / military,
    religious / secular, offline / online, indoor / outdoor, inside / outside, upper / lower,
    inner / outer, internal / external, north / south, east / west, positive / negative,
    strong / weak, rich / poor, direct / indirect, mandatory / optional, compulsory / voluntary,
    guilty / innocent, visible / invisible, native / foreign, vertical / horizontal
"""
_ENDINGS = ("", "s", "d", "ed", "ing", "ly")
_WORD = re.compile(r"[^\W\d_]+")
_LEAVES_OPEN = re.compile(rf"^\W*(?:how|{'|'.join(sorted(AUXILIARIES))})\b|\bor\b", re.IGNORECASE)


def tells_of_opposite(text: str, start: int, end: int, question: str) -> bool:
    """Return whether the statement around a span has the opposite of what is asked for.

    The word that is asked for stands nowhere in the text. Where the question leaves open how
    something is ("How strong is it?", "Is it strong?"), the opposite itself may answer.
    """
    opposites = _missing_opposites(question, text)
    if not opposites:
        return False
    begin, stop = statement_at(text, start)
    if not _LEAVES_OPEN.search(question):
        said = _words_of(text[begin:stop])
        return any(said & forms for forms in opposites)
    answer, said = _words_of(text[start:end]), _words_of(f"{text[begin:start]} | {text[end:stop]}")
    return any(said & forms and not answer & forms for forms in opposites)


def _opposites() -> Mapping[str, frozenset[str]]:
    """Return the forms of each word's opposites, for each of its forms."""
    found: dict[str, set[str]] = defaultdict(set)
    for poles in _POLES.split(","):
        one, other = (
            {form for word in pole.split() for form in _forms(word)} for pole in poles.split("/")
        )
        for words, opposites in ((one, other), (other, one)):
            for word in words:
                found[word] |= opposites
    return {word: frozenset(opposites) for word, opposites in found.items()}


def _forms(word: str) -> frozenset[str]:
    return frozenset(word + ending for ending in _ENDINGS)


_OPPOSITES = _opposites()


@lru_cache(maxsize=16)
def _asked_for(question: str) -> frozenset[str]:
    """Return the words of a question that have opposites, none of which it has itself.

    Those with capitals are parts of names: "the Lower Rhine".
    """
    words = _words_of(question)
    own = {
        word.lower()
        for at, word in enumerate(_WORD.findall(question))
        if at == 0 or word.islower() or question.isupper()
    }
    return frozenset(word for word in own if word in _OPPOSITES and not words & _OPPOSITES[word])


def _missing_opposites(question: str, text: str) -> list[frozenset[str]]:
    """Return the opposites of the words that are asked for and that a text does not have."""
    asked = _asked_for(question)
    if not asked:
        return []
    words = _words_of(text)
    return [_OPPOSITES[word] for word in asked if not words & _alike(word)]


def _alike(word: str) -> frozenset[str]:
    """Return the forms of a word, which are the opposites of its opposites."""
    return frozenset().union(*(_OPPOSITES[opposite] for opposite in _OPPOSITES[word]))


# Of one passage, several spans are looked at.
@lru_cache(maxsize=64)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
