"""The small words that hold a sentence together, and the stems of the others."""

import re


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


PREPOSITIONS = word_set(
    "of in on at by for from to with until since during after before about into over under against "
    "between near through without toward towards among across per"
)
AUXILIARIES = word_set(
    "is are was were am do does did has have had can could will would shall should may might must"
)
COPULAS = word_set("is are was were")
ARTICLES = word_set("the a an")
QUESTION_WORDS = word_set("who whom whose what which when where why how")
# Of no other class: they say nothing of what a text is about either.
_OTHERS = word_set(
    "and or but not no that this these those there he she it they his her its their them him be "
    "been being s t"
)
_FUNCTION_WORDS = PREPOSITIONS | AUXILIARIES | ARTICLES | QUESTION_WORDS | _OTHERS
_WORD = re.compile(r"[^\W_]+")
_STEM_LETTERS = 5


def content_stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that say what a text is about."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(stem(word) for word in words if not is_function_word(word))


def stem(word: str) -> str:
    """Return the beginning that the forms of a word share: "invented", "inventor"."""
    return word[:_STEM_LETTERS]


def is_function_word(word: str) -> bool:
    """Return whether a word in small letters says nothing of what a text is about."""
    return word in _FUNCTION_WORDS
