"""The phrases of questions that follow-ups are understood by, and what people are called."""

from qa.function_words import ARTICLES, AUXILIARIES, PREPOSITIONS, word_set
from qa.question_parts import is_past

# Behind these and a noun a verb stands.
_BEFORE_VERBS = word_set("do does did can could will would shall should may might must")
CALLED_HE = word_set(
    "husband father son brother uncle nephew grandfather grandson widower king prince sir lord mr"
)
CALLED_SHE = word_set(
    "wife mother daughter sister aunt niece grandmother granddaughter widow queen princess dame "
    "lady mrs ms miss"
)
# "the weight of the kettle" is about the kettle.
_NO_TOPIC = word_set(
    "name number kind type amount year place reason date part weight height length width depth "
    "size age price colour color"
)
# What is said of a noun behind it: "is the museum open", "how long is a permit valid".
_PREDICATES = word_set("open closed free available valid possible necessary safe due ready full")
_CLAUSE_WORDS = word_set("that while when because and or if who which")


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
