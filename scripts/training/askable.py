"""Places of a passage that a question can be asked about: names, numbers, phrases and clauses."""

import random
import re
from collections.abc import Iterator, Sequence

from scripts.evaluation.altered import FUNCTION_WORDS

Range = tuple[int, int]
"""Start and end of a place, half-open, in code points of its passage."""

_LETTERS = r"[\w\u0300-\u036f]+"
_WORD = re.compile(rf"[$€£]?{_LETTERS}(?:[.,:'’/-]{_LETTERS})*%?")
_JOINED = re.compile(r"[ -]|, | of | of the | and | and the | for | de | in the ")
_CLAUSE_END = re.compile(r"\s*(?:[.;:?!]\s|,\s|\n|$)")
# Words that no phrase runs over, beside those that carry no meaning.
_LINKS = FUNCTION_WORDS | frozenset(
    ("after", "all", "also", "although", "because", "before", "being", "between", "both", "but",
     "can", "could", "during", "each", "even", "he", "her", "him", "his", "how", "however", "i",
     "if", "into", "may", "more", "most", "no", "not", "one", "only", "other", "our", "over", "she",
     "should", "since", "so", "some", "such", "than", "their", "them", "then", "these", "they",
     "those", "through", "under", "until", "up", "we", "what", "when", "where", "which", "while",
     "who", "whose", "will", "within", "without", "would", "you")
)  # fmt: skip
_LONGEST_PHRASE = 6
_LONGEST_CLAUSE = 120
# How often answers to questions that people ask of a passage are what the rules below find, about
# as in SQuAD 1.1's training set: one in five has a number in it, two in five begin in lower case.
_NUMBER_WEIGHT = 3.0
_NAME_WEIGHT = 3.0
_PHRASE_WEIGHT = 1.2
_WORD_WEIGHT = 0.5
_LENGTHENED_RATE = 0.15
_CLAUSE_RATE = 0.08


def phrases(passage: str) -> list[Range]:
    """Return the longest runs of words without a link word or a mark between them."""
    found: list[Range] = []
    words = 0
    for match in _WORD.finditer(passage):
        if match.group().lower() in _LINKS:
            words = 0
        elif words in (0, _LONGEST_PHRASE) or passage[found[-1][1] : match.start()] not in " -":
            found.append(match.span())
            words = 1
        else:
            found[-1] = (found[-1][0], match.end())
            words += 1
    return found


def askable_places(
    passage: str, taken: Sequence[Range], generator: random.Random
) -> Iterator[Range]:
    """Yield places that overlap none of those taken and no earlier one, the likelier ones first.

    The order is drawn (weighted sampling without replacement, Efraimidis & Spirakis 2006).
    """
    found = phrases(passage)
    order = sorted(
        range(len(found)),
        key=lambda number: generator.random() ** (1 / _weight(passage[slice(*found[number])])),
        reverse=True,
    )
    left_out = list(taken)
    for number in order:
        start, end = _widened(passage, found, number, generator)
        if all(end <= a or b <= start for a, b in left_out):
            left_out.append((start, end))
            yield start, end


def _weight(phrase: str) -> float:
    if any(sign.isdigit() for sign in phrase):
        return _NUMBER_WEIGHT
    if phrase[0].isupper():
        return _NAME_WEIGHT
    return _PHRASE_WEIGHT if " " in phrase else _WORD_WEIGHT


def _widened(passage: str, found: Sequence[Range], number: int, generator: random.Random) -> Range:
    start, end = found[number]
    chance = generator.random()
    if chance < _CLAUSE_RATE:
        clause_end = _CLAUSE_END.search(passage, end)
        if clause_end and clause_end.start() - start <= _LONGEST_CLAUSE:
            return start, clause_end.start()
    elif chance < _CLAUSE_RATE + _LENGTHENED_RATE and number + 1 < len(found):
        next_start, next_end = found[number + 1]
        if _JOINED.fullmatch(passage, end, next_start):
            return start, next_end
    return start, end
