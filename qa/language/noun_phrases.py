"""Phrases such as "the mayor of Leeds" in a question: where one begins and ends."""

import re

from qa.language.function_words import ARTICLES, AUXILIARIES, PREPOSITIONS, word_set
from qa.language.question_parts import is_past, without_mark

# Behind these and a noun a verb stands.
_BEFORE_VERBS = word_set("do does did can could will would shall should may might must")
# "the weight of the kettle" is about the kettle.
_NO_TOPIC = word_set(
    "name number kind type amount year place reason date part weight height length width depth "
    "size age price colour color"
)
# What is said of a noun behind it: "is the museum open", "how long is a permit valid".
_PREDICATES = word_set("open closed free available valid possible necessary safe due ready full")
_CLAUSE_WORDS = word_set("that while when because and or if who which")
_NO_PART_OF_NOUN = PREPOSITIONS | AUXILIARIES | ARTICLES | _CLAUSE_WORDS
_HANGS_ON_NOUN = word_set("of for in at")
_BEHIND_VERBS = (PREPOSITIONS - {"of"}) | ARTICLES | {""}
_OWNER = re.compile(r"[’']s$|s[’']$")


def noun_phrases(question: str) -> list[str]:
    """Return the phrases with "the" or "a", each with the phrases that hang on it.

    "the toll for a cart" comes before "a cart"; "the name of the bridge" gives "the bridge". Behind
    "did" the verb is left out: "the mayor of Leeds", and not "the mayor of Leeds say".
    """
    words = without_mark(question).split()
    phrases = []
    for at, word in enumerate(words):
        if word.lower() not in ARTICLES:
            continue
        end = _noun_end(words, at + 1)
        if end > at + 1 and is_topic(words[end - 1]):
            phrases.append(" ".join(["the", *words[at + 1 : _whole_phrase_end(words, at)]]))
    return phrases


def owned_phrases(question: str) -> list[str]:
    """Return the phrases with an owner: "Leeds’s new pool" in "What did Leeds’s new pool cost?"."""
    words = without_mark(question).split()
    phrases = []
    for at, word in enumerate(words):
        if _OWNER.search(word) is None or not word[0].isupper():
            continue
        begin = at
        while begin > 1 and words[begin - 1][0].isupper():
            begin -= 1
        end = _end_before_verb(words, begin, at + 1)
        if end > at + 1 and is_topic(words[end - 1]):
            phrases.append(" ".join(words[begin:end]))
    return phrases


def phrase_end(words: list[str], at: int) -> int:
    """Return where the phrase ends whose article is at `at`, without what hangs on it."""
    return _end_before_verb(words, at, at + 1)


def is_topic(phrase: str) -> bool:
    """Return whether a phrase tells what is spoken of, not what is asked of it ("the price")."""
    return phrase.split()[-1].lower() not in _NO_TOPIC


def _whole_phrase_end(words: list[str], at: int) -> int:
    """Return where the phrase ends whose article is at `at`, with all that hangs on it."""
    end = phrase_end(words, at)
    while end < len(words) and words[end].lower() in _HANGS_ON_NOUN:
        begin = end + 1
        if begin < len(words) and words[begin].lower() in ARTICLES:
            begin += 1
        farther = _end_before_verb(words, at, begin)
        if farther == begin:
            break
        end = farther
    return end


def _end_before_verb(words: list[str], at: int, begin: int) -> int:
    """Return where the noun from `begin` ends, part of the phrase whose article is at `at`.

    Where "did" stands before the phrase, the verb that it asks for is no part of the noun: the last
    word before another phrase or the end, or before a name ("the storm hit Leeds").
    """
    end = _noun_end(words, begin)
    following = words[end].lower() if end < len(words) else ""
    if at == 0 or words[at - 1].lower() not in _BEFORE_VERBS or following not in _BEHIND_VERBS:
        return end
    if _stands_in_a_name(words, end):
        return end
    verb = end - 1
    while verb > begin and words[verb][0].isupper():
        verb -= 1
    return verb if verb > begin else end


def _stands_in_a_name(words: list[str], at: int) -> bool:
    """Return whether a name and then a verb stand behind the preposition at `at`.

    "did the new pool in Leeds cost", and not "did the mayor say in Leeds".
    """
    behind = at + 1
    while behind < len(words) and words[behind][0].isupper():
        behind += 1
    return at + 1 < behind < len(words) and not _ends_noun(words[behind])


def _noun_end(words: list[str], begin: int) -> int:
    """Return where the words that can belong to one noun end."""
    end = begin
    # "a lost key": no verb stands right behind an article.
    if begin + 1 < len(words) and words[begin - 1].lower() in ARTICLES and is_past(words[begin]):
        end += 1
    while end < len(words) and not _ends_noun(words[end]):
        end += 1
        if words[end - 1].endswith(","):
            break
    while end > begin + 1 and words[end - 1].lower() in _PREDICATES:
        end -= 1
    return end


def _ends_noun(word: str) -> bool:
    return word.lower() in _NO_PART_OF_NOUN or is_past(word)
