"""What a speaker meant who corrected themselves: "Who leads Poland no wait Belarus?".

A correction has three parts (Shriberg 1994, "Preliminaries to a Theory of Speech Disfluencies"):
words that are taken back, an editing phrase ("no wait", "or rather", "er"), and the repair. Which
words are taken back is told from the repair alone, by rules, in this order:

1. It begins like a question: all that was said before.
2. It says a word again: all from there on.
3. It is a name or a number: the name or number before it.
4. Else the last word, if the editing phrase cannot be anything else.
"""

import re

from qa.dialogue_words import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS

_REQUESTS = frozenset(("name", "list", "tell", "give"))
_OFTEN_SAID_AGAIN = frozenset(("to", "of", "as", "and", "in"))

# Said for no other reason than to take words back.
_SURE = (
    r"i mean(?:t)?(?: to (?:say|ask))?|(?:scratch|cancel) (?:that|this)|never ?mind|excuse me"
    r"|or (?:make|change) that|or (?:rather|actually|instead|wait|sorry)"
    r"|let me (?:rephrase|ask|correct that)|(?:oh )?that['’]s (?:not right|wrong)"
    r"|oops|whoops|whoa|woah|(?-i:er+m?|uh+|u+m+|hm+|ur?gh)"
)
# Other uses are common: "Which bird has no wings?".
_DOUBTFUL = r"(?-i:no)|sorry|wait|rather|or (?:like|better(?: yet)?|maybe)"
_BESIDE = (
    r"or|and|but|oh|well|just|like|really|actually|instead|maybe|better|correction|i guess"
    r"|(?:make|change|swap) that(?: to)?|that should be|tell me(?: instead)?"
    r"|i(?: want|['’]d like) to know"
)
_EDITING = re.compile(
    rf"""(?<![\w'’"“-])(?:(?:{_BESIDE})[\s,.…–—-]+)*(?:{_SURE}|{_DOUBTFUL})"""
    rf"""(?:[\s,.…–—-]+(?:{_SURE}|{_DOUBTFUL}|{_BESIDE}))*(?![\w'’"”-])""",
    re.IGNORECASE,
)
_WITHOUT_DOUBT = re.compile(
    rf"(?<![\w-])(?:{_SURE})(?![\w-])"
    r"|\b(?:no|sorry|wait|oh)[\s,.…–—-]+(?:no|sorry|wait|rather|actually|instead|correction"
    r"|(?:make|change|swap) that|that should be)\b",
    re.IGNORECASE,
)
_DRAWN_TOGETHER = re.compile(r"(?:n['’]t|['’](?:s|re|d|ll|ve))$")
_BETWEEN = " \t\n,.…-–—"
_MOST_CORRECTIONS = 4


def without_corrections(question: str) -> str:
    """Return the question as the speaker meant it; one without corrections comes back as it is."""
    # Among capitals alone no name is told from other words, nor "ER" from "er".
    meant = question.lower() if question.isupper() else question
    for number in range(_MOST_CORRECTIONS):
        corrected = _corrected(meant)
        if corrected is None:
            return meant if number else question
        meant = corrected
    return meant


def _corrected(question: str) -> str | None:
    for editing in _EDITING.finditer(question):
        said = question[: editing.start()].rstrip(_BETWEEN).split()
        repair = question[editing.end() :].lstrip(_BETWEEN).split()
        if not said or not repair:
            continue
        sure = _WITHOUT_DOUBT.search(editing[0]) is not None
        words = _repaired(said, repair, sure=sure)
        if words is not None:
            text = " ".join(words)
            return text[0].upper() + text[1:] if question[0].isupper() else text
    return None


def _repaired(said: list[str], repair: list[str], *, sure: bool) -> list[str] | None:
    """Return the words that were meant; None where nothing was taken back."""
    if _begins_like_a_question(repair) and len(repair) > 3:
        return repair
    again = _said_again(said, repair)
    if again is not None and (sure or _bare(repair[0]) not in _OFTEN_SAID_AGAIN):
        return said[:again] + repair
    if sure and _bare(repair[0]) in AUXILIARIES:
        verbs = [n for n, word in enumerate(said) if _bare(word) in AUXILIARIES]
        if verbs:
            return said[: verbs[0]] + repair
    if _is_number(repair[0]) and _is_number(said[-1]):
        return said[:-1] + repair
    if _is_name(repair[0]):
        first, end = _last_names(said)
        if end == len(said):
            return said[:first] + repair
        if end and all(map(_is_name, repair)):
            *names, last = repair
            return [*said[:first], *names, last.rstrip("?!."), *said[end:-1], f"{said[-1]}?"]
    if not sure:
        return None
    if len(said) == 1 and not any(_bare(word) in QUESTION_WORDS for word in repair):
        return said + repair
    return said[:-1] + repair


def _begins_like_a_question(words: list[str]) -> bool:
    first, second = (*map(_bare, words[:2]), "")[:2]
    return (
        first in QUESTION_WORDS
        or (first in PREPOSITIONS and second in QUESTION_WORDS)
        or (first in _REQUESTS and len(words) > 3 and second in ("me", "the", "a", "one"))
    )


def _said_again(said: list[str], repair: list[str]) -> int | None:
    """Return where what was said goes on as the repair does, the most words and then the latest."""
    best, length = None, 0
    for start in range(len(said)):
        same = 0
        while (
            start + same < len(said)
            and same < len(repair)
            and _bare(said[start + same]) == _bare(repair[same])
        ):
            same += 1
        if same and same >= length:
            best, length = start, same
    return best


def _last_names(words: list[str]) -> tuple[int, int]:
    """Return the range of the last names, but for the first word, which is a capital anyhow."""
    end = len(words)
    while end > 1 and not _is_name(words[end - 1]):
        end -= 1
    first = end
    while first > 1 and _is_name(words[first - 1]):
        first -= 1
    return (first, end) if first < end else (0, 0)


def _bare(word: str) -> str:
    """Return the word in small letters, without marks and what is drawn together with it."""
    return _DRAWN_TOGETHER.sub("", word.strip("?!.,;:\"'“”’()").lower())


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _is_name(word: str) -> bool:
    return word.strip("\"'“”(")[:1].isupper()
