"""The words and phrases of questions that follow-ups are understood by."""

import re
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREPOSITIONS = _words(
    "of in on at by for from to with until since during after before about into over under against "
    "between near through without toward towards among across per"
)
AUXILIARIES = _words(
    "is are was were am do does did has have had can could will would shall should may might must"
)
ARTICLES = _words("the a an")
_DO = _words("do does did")
# Behind these and a noun a verb stands.
_BEFORE_VERBS = _DO | _words("can could will would shall should may might must")
# What begins a noun's phrase, so that no verb stands there.
_BEGINS_NOUN = ARTICLES | _words("this that these those he she it they we you i his her its their")
QUESTION_WORDS = _words("who whom whose what which when where why how")
CALLED_HE = _words(
    "husband father son brother uncle nephew grandfather grandson widower king prince sir lord mr"
)
CALLED_SHE = _words(
    "wife mother daughter sister aunt niece grandmother granddaughter widow queen princess dame "
    "lady mrs ms miss"
)
_DEGREES = _words("long old often far tall high big large wide deep fast heavy soon late")
# "the weight of the kettle" is about the kettle.
_NO_TOPIC = _words(
    "name number kind type amount year place reason date part weight height length width depth "
    "size age price colour color"
)
# What is said of a noun behind it: "is the museum open", "how long is a permit valid".
_PREDICATES = _words("open closed free available valid possible necessary safe due ready full")
_CLAUSE_WORDS = _words("that while when because and or if who which")
# Pasts that do not end in -ed; those that are nouns, too ("cut", "set") are left out.
_IRREGULAR_PASTS = _words(
    "ate became began bore bought broke brought built came caught chose dealt drew drove fell "
    "felt flew forgot fought found froze gave got grew held kept knew led left lent lost made "
    "meant met paid ran rose said sang sank sat saw sent shook shot slept sold sought spent spoke "
    "stole stood struck swam swore taught threw told took went won wore wrote"
)
_REGULAR_PAST = re.compile(r"[a-z]{2,}ed$")
_FARTHEST_AUXILIARY = 4
# What may open a question and asks for nothing itself.
_OPENERS = re.compile(
    r"(?:(?:and|but|so|or|then|ok|okay|well|also|please|thanks)\b[,.!]?\s+"
    r"|(?:hi|hello|hey|excuse me|good (?:morning|afternoon|evening))[,.!]\s+)+",
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
    text = question.rstrip("?!. ")
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


def noun_phrases(question: str) -> list[str]:
    """Return the phrases with "the" or "a", each with the phrases that hang on it.

    "the toll for a cart" comes before "a cart"; "the name of the bridge" gives "the bridge". Behind
    "did" the verb is left out: "the mayor of Leeds", and not "the mayor of Leeds say".
    """
    words = question.rstrip("?!. ").split()
    phrases = []
    for at, word in enumerate(words):
        if word.lower() not in ARTICLES:
            continue
        begin, end = at + 1, _phrase_end(words, at + 1)
        if end == begin or not is_topic(words[end - 1]):
            continue
        while True:
            verb = _verb_at(words, begin, end) if _verb_follows(words, at) else begin
            if verb > begin:
                end = verb
                break
            if end == len(words) or words[end].lower() not in ("of", "for", "in", "at"):
                break
            begin = end + 1
            if begin < len(words) and words[begin].lower() in ARTICLES:
                begin += 1
            longer = _phrase_end(words, begin)
            if longer == begin:
                break
            end = longer
        phrases.append(" ".join(["the", *words[at + 1 : end]]))
    return phrases


def phrase_end(words: list[str], at: int) -> int:
    """Return where the phrase ends whose article is at `at`, without what hangs on it."""
    end = _phrase_end(words, at + 1)
    verb = _verb_at(words, at + 1, end) if _verb_follows(words, at) else 0
    return verb if verb > at + 1 else end


def is_topic(phrase: str) -> bool:
    """Return whether a phrase tells what is spoken of, not what is asked of it ("the price")."""
    return phrase.split()[-1].lower() not in _NO_TOPIC


def _verb_follows(words: list[str], at: int) -> bool:
    return at > 0 and words[at - 1].lower() in _BEFORE_VERBS


def _verb_at(words: list[str], begin: int, end: int) -> int:
    """Return where the verb that "did" asks for stands behind the noun from `begin`, or `begin`.

    It is the last word before a phrase or the end, or before a name: "the storm hit Leeds".
    """
    following = words[end].lower() if end < len(words) else ""
    if following not in (PREPOSITIONS - {"of"}) | ARTICLES | {""}:
        return begin
    while end > begin and words[end - 1][0].isupper():
        end -= 1
    return max(begin, end - 1)


def _phrase_end(words: list[str], start: int) -> int:
    """Return where the words that can belong to one noun end."""
    end = start
    while end < len(words) and not _ends_phrase(words[end]):
        end += 1
        if words[end - 1].endswith(","):
            break
    while end > start + 1 and words[end - 1].lower() in _PREDICATES:
        end -= 1
    return end


def _ends_phrase(word: str) -> bool:
    lower = word.lower()
    return (
        lower in PREPOSITIONS
        or lower in AUXILIARIES
        or lower in _CLAUSE_WORDS
        or lower in ARTICLES
        or is_past(word)
    )


def is_past(word: str) -> bool:
    """Return whether a word in small letters is a past, most likely: "killed", "built"."""
    return word in _IRREGULAR_PASTS or _REGULAR_PAST.match(word) is not None
