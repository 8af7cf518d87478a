"""A question taken apart: what it asks for, and what it says of that."""

import re
from dataclasses import dataclass

from qa.language.function_words import ARTICLES, AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, word_set

_DO = word_set("do does did")
# What begins a noun's phrase, so that no verb stands there.
_BEGINS_NOUN = ARTICLES | word_set(
    "this that these those he she it they we you i his her its their"
)
_DEGREES = word_set("long old often far tall high big large wide deep fast heavy soon late")
# Pasts that do not end in -ed; those that are nouns, too ("cut", "set") are left out.
_IRREGULAR_PASTS = word_set(
    "ate became began bore bought broke brought built came caught chose dealt drew drove fell "
    "felt flew forgot fought found froze gave got grew held kept knew led left lent lost made "
    "meant met paid ran rose said sang sank sat saw sent shook shot slept sold sought spent spoke "
    "stole stood struck swam swore taught threw told took went won wore wrote"
)
_REGULAR_PAST = re.compile(r"[a-z]{2,}ed$")
_FARTHEST_AUXILIARY = 4
# What may open a question and asks for nothing itself.
_OPENERS = re.compile(
    r"(?:(?:and|but|so|or|then|ok|okay|well|also|please)\b[,.!]?\s+"
    r"|(?:hi|hello|hey|excuse me|thanks|thank you|good (?:morning|afternoon|evening))[,.!]\s+)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:please )?(?:(?:(?:can|could|would|will) you )?(?:please )?(?:tell|show|give) me"
    r"|name|list) ",
    re.I,
)
_CONTRACTED = re.compile(r"(who|what|which|when|where|why|how)[’'](s|re|ll)\b", re.I)
_FULL = {"s": "is", "re": "are", "ll": "will"}
# "who the mayor of Brakk is"
_INDIRECT = re.compile(r"(who|what|where|when) (.+) (is|are|was|were)$", re.I)


@dataclass(frozen=True, slots=True)
class AskedParts:
    """A question in three parts: "to | which country | is Britain sending soldiers"."""

    preposition: str
    asked_for: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def question_word(self) -> str:
        """The question word in small letters."""
        return self.asked_for[0].lower()

    @property
    def noun(self) -> str:
        """What is counted or chosen from: "country" in "which country"; nothing for the rest."""
        skipped = 2 if self.question_word == "how" else 1
        return " ".join(self.asked_for[skipped:])

    @property
    def asks_for_subject(self) -> bool:
        """Whether what is asked for does something: "who sent troops"."""
        return bool(self.rest) and self.rest[0].lower() not in AUXILIARIES

    @property
    def asks_what_one_is(self) -> bool:
        """Whether "is" or "was" follows what is asked for: "who | is the mayor"."""
        return self.rest[:1] in (("is",), ("was",))

    @property
    def noun_is_subject(self) -> bool:
        """Whether an auxiliary and a verb tell of the noun: "how many people | were killed"."""
        auxiliary, verb, following = (*self.rest, "", "", "")[:3]
        if not self.noun or auxiliary.lower() not in AUXILIARIES - _DO or verb in _BEGINS_NOUN:
            return False
        # "how many books | can people borrow" is about people.
        borders = following.lower() in PREPOSITIONS | ARTICLES | {""}
        return verb[:1].islower() and (borders or is_past(verb) or verb.endswith("ing"))


def without_openers(question: str) -> str:
    """Return a question without "and", "ok," and the like at its beginning."""
    opened = _OPENERS.match(question)
    return question if opened is None else question[opened.end() :]


def without_mark(question: str) -> str:
    """Return a question without what stands behind its last word."""
    return question.rstrip("?!. ")


def asked_parts(question: str) -> AskedParts | None:
    """Return the parts of a question that begins with a question word, or None."""
    words = plainly_asked(question).split()
    preposition = ""
    if len(words) > 1 and words[0].lower() in PREPOSITIONS:
        preposition, words = words[0].lower(), words[1:]
    if not words or words[0].lower() not in QUESTION_WORDS:
        return None
    end = _end_of_asked_for([word.lower() for word in words])
    return AskedParts(preposition, tuple(words[:end]), tuple(words[end:]))


def plainly_asked(question: str) -> str:
    """Return a question without a request before it, a contraction, or the mark behind it.

    "Tell me who the mayor is" and "Who’s the mayor?" both give "who is the mayor".
    """
    text = without_mark(question)
    direct = _REQUEST.sub("", text, count=1) if _REQUEST.match(text) else text
    if direct != text:
        direct = _INDIRECT.sub(r"\1 \3 \2", direct)
    return _CONTRACTED.sub(lambda found: f"{found[1]} {_FULL[found[2].lower()]}", direct, count=1)


def _end_of_asked_for(words: list[str]) -> int:
    head, following = words[0], words[1:]
    if head in ("who", "whom", "when", "where", "why") or not following:
        return 1
    if head == "how":
        if following[0] in _DEGREES:
            return 2
        if following[0] not in ("many", "much"):
            return 1
        return 2 + _nouns(following[1:], at_least=1)
    return 1 + _nouns(following, at_least=0 if head == "what" else 1)


def _nouns(words: list[str], *, at_least: int) -> int:
    """Return how many words stand before the auxiliary near by; `at_least` where none does."""
    for number, word in enumerate(words[:_FARTHEST_AUXILIARY]):
        if word in AUXILIARIES:
            return number
    if words and is_past(words[0]):
        return 0
    if len(words) <= 2 and at_least == 0:
        return len(words) if len(words) == 1 else 0
    return min(at_least, len(words))


def is_past(word: str) -> bool:
    """Return whether a word in small letters is a past, most likely: "killed", "built"."""
    return word in _IRREGULAR_PASTS or _REGULAR_PAST.match(word) is not None
