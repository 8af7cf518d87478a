"""Misspelt words of a question in the spelling of a passage: "Who is Alexnader Lukashenko?"."""

import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase

from tokenizers import Tokenizer

from qa.language.function_words import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, stem

_WORD = re.compile(r"[^\W\d_]+")
# Of shorter words too many are one letter apart; longer ones are none.
_FEWEST_LETTERS, _MOST_LETTERS = 4, 32
# With another letter, a shorter word is mostly another word.
_FEWEST_FOR_ANOTHER_LETTER = 6
# The pieces of an article and a word that is whole.
_WITH_ARTICLE = 2
_SMALL_WORDS = AUXILIARIES | PREPOSITIONS | QUESTION_WORDS


def rare_words(question: str, is_common: Callable[[str], bool]) -> frozenset[str]:
    """Return the words of the question that may be misspelt, in small letters.

    A word that a model has whole in its vocabulary is taken for what was meant (`whole_in`), and so
    is one in capitals ("OPEC") among others.
    """
    typed = _WORD.findall(question)
    words = {word.lower() for word in typed if question.isupper() or not word.isupper()}
    return frozenset(
        word
        for word in words
        if _FEWEST_LETTERS <= len(word) <= _MOST_LETTERS and not is_common(word)
    )


def whole_in(tokenizer: Tokenizer) -> Callable[[str], bool]:
    """Return what tells of a word whether it is one piece in the tokenizer's vocabulary.

    Some vocabularies have a word only as it stands behind a blank, and a name only with a capital.
    """

    def is_whole(word: str) -> bool:
        return any(
            len(tokenizer.encode(f"a {written}", add_special_tokens=False).ids) <= _WITH_ARTICLE
            for written in (word, word.capitalize())
        )

    return is_whole


def spelled_as_in(passage: str, question: str, rare: frozenset[str]) -> str:
    """Return the question with the rare words that the passage spells otherwise in its spelling.

    Otherwise is with the same first letter and one letter more, less or another, or with two
    neighbouring letters swapped (Damerau 1964), by which most misspellings differ. A word that the
    passage has, that it may have in two spellings, or in another number, stays as it is, and so
    does one that a "y" makes of another ("forgery" of "forger"). What was typed as a name is
    spelled only as one, and a short word with another letter only where the passage has more of
    the question.
    """
    if not rare:
        return question
    known = {found.lower(): found for found in _WORD.findall(passage)}
    # The first word has a capital anyhow, and so has each where all is in capitals.
    typed = _WORD.findall(question)[1:]
    names = {word.lower() for word in typed if word[0].isupper() and not word.isupper()}
    meant = {}
    for word in rare - known.keys():
        spellings = [
            spelling
            for other, spelling in known.items()
            if _is_misspelling(word, other) and (word not in names or spelling[0].isupper())
        ]
        if len(spellings) == 1 and (
            not _is_doubtful(word, spellings[0]) or words_shared(question, passage, but=word)
        ):
            meant[word] = spellings[0]
    if not meant:
        return question
    spelled = _WORD.sub(lambda found: meant.get(found.group().lower(), found.group()), question)
    # What is right now may be what tells of another word.
    return spelled_as_in(passage, spelled, rare - meant.keys())


def words_shared(question: str, passage: str, *, but: str) -> int:
    """Return how many words of the question but one the passage has, in whatever inflection."""
    return len((_stems(question) - {stem(but)}) & _stems(passage))


def one_slip_away(word: str) -> Iterator[str]:
    """Yield what the word may have been meant for, most of it no word, swapped letters first.

    The first letter stays. The letters that are put in are English ones and the word's own.
    """
    letters = sorted({*ascii_lowercase, *word})
    places = range(1, len(word))
    yield from (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places[:-1])
    yield from (word[:i] + word[i + 1 :] for i in places)
    yield from (word[:i] + letter + word[i + 1 :] for i in places for letter in letters)
    yield from (word[:i] + letter + word[i:] for i in (*places, len(word)) for letter in letters)


def _is_misspelling(word: str, other: str) -> bool:
    if word[0] != other[0] or abs(len(word) - len(other)) > 1 or len(other) < _FEWEST_LETTERS:
        return False
    if word == f"{other}y" or word.rstrip("s") == other.rstrip("s"):
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


def _is_doubtful(word: str, spelling: str) -> bool:
    is_another_letter = len(word) == len(spelling) and sorted(word) != sorted(spelling.lower())
    return is_another_letter and len(word) < _FEWEST_FOR_ANOTHER_LETTER


def _stems(text: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(text) if len(word) >= _FEWEST_LETTERS}
    return {stem(word) for word in words - _SMALL_WORDS}
