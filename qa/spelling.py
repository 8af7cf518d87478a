"""Misspelt words of a question in the spelling of a passage: "Who is Alexnader Lukashenko?"."""

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]+")
# Of shorter words too many are one letter apart.
_FEWEST_LETTERS = 4


def rare_words(question: str, is_common: Callable[[str], bool]) -> frozenset[str]:
    """Return the words of the question that may be misspelt, in small letters.

    A word that the reader has whole in its vocabulary is taken for what was meant.
    """
    words = {found.lower() for found in _WORD.findall(question)}
    return frozenset(w for w in words if len(w) >= _FEWEST_LETTERS and not is_common(w))


def spelled_as_in(passage: str, question: str, rare: frozenset[str]) -> str:
    """Return the question with the rare words that the passage spells otherwise in its spelling.

    Otherwise is with the same first letter and one letter more, less or another, or with two
    neighbouring letters swapped (Damerau 1964), by which most misspellings differ. A word that the
    passage has, that it may have in two spellings, or in another number, stays as it is.
    """
    if not rare:
        return question
    known = {found.lower(): found for found in _WORD.findall(passage)}
    meant = {
        word: known[spellings[0]]
        for word in rare - known.keys()
        for spellings in [[other for other in known if _is_misspelling(word, other)]]
        if len(spellings) == 1
    }
    if not meant:
        return question
    return _WORD.sub(lambda found: meant.get(found.group().lower(), found.group()), question)


def _is_misspelling(word: str, other: str) -> bool:
    if word[0] != other[0] or abs(len(word) - len(other)) > 1 or len(other) < _FEWEST_LETTERS:
        return False
    if word.rstrip("s") == other.rstrip("s"):
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if same is None:
        return True
    left, right = word[same:], other[same:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[1::-1] == right[:2] and left[2:] == right[2:])
    )
