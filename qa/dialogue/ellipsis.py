"""Questions that leave out what the question before said: "and when?", "how many points?"."""

import re

from qa.language.function_words import AUXILIARIES, COPULAS, PREPOSITIONS
from qa.language.question_parts import AskedParts, asked_parts

_THAT_HAPPENED = re.compile(
    r"(?:(?:is|was|did|does|has|would) )?(?:that|this)"
    r"(?: (?:be|been|happen(?:ed)?|take place|so))?$"
    r"|(?:did|was) it (?:happen|be)?$",
    re.I,
)
_WHY_NOT = re.compile(r"why not$", re.I)
_NOT = {
    "can": "can’t",
    "will": "won’t",
    "shall": "shan’t",
    "am": "am not",
    "may": "may not",
}
_WHAT_FOR = re.compile(r"(what) (for|with|from|about|to)$", re.I)
_LONGEST_INSERTED = 6
_BARE_NOUNS = 3


def is_bare(text: str) -> bool:
    """Return whether a question is a question word with next to nothing behind it."""
    if _WHAT_FOR.match(text) or _WHY_NOT.match(text):
        return True
    parts = asked_parts(text)
    if parts is None:
        return False
    if parts.rest:
        about_event = parts.question_word in ("when", "where", "why", "how")
        return about_event and _THAT_HAPPENED.match(" ".join(parts.rest)) is not None
    return len(parts.asked_for) <= _BARE_NOUNS


def completed(text: str, question: str, answer: str | None) -> list[str]:
    """Return the earlier question asked for something else, best form first.

    What it asked for is put in its place where that is a short text: "When did the army place
    explosives in the piers?".
    """
    asked = _asked_for(text)
    earlier = asked_parts(question)
    if earlier is None or not earlier.rest:
        return [_of_yes_or_no(text, question) or f"{asked} {question}"]
    if _WHY_NOT.match(text):
        return [text]
    known = _known(earlier, answer)
    if earlier.asks_for_subject:
        # "How many points?" asks for another thing than the one that is told of.
        statement = stated(question, answer)
        if statement is not None and _asks_for_a_noun(text):
            return [f"{statement}. {asked}"]
        subject = answer or " ".join(earlier.asked_for)
        return [f"{asked} was it that {subject} {' '.join(earlier.rest)}"]
    if earlier.asked_for[-1] == "many" and earlier.rest[0] in ("are", "were"):
        # "how many were injured"
        return [" ".join([asked, earlier.rest[0], answer or "they", *earlier.rest[1:]])]
    if earlier.noun_is_subject:
        auxiliary, *told = earlier.rest
        counted = earlier.question_word == "how"
        subject = earlier.noun if counted else answer or f"the {earlier.noun}"
        return [" ".join([asked, auxiliary, subject, *told])]
    rest = " ".join(earlier.rest)
    plain = f"{asked} {rest}"
    return [f"{asked} {_inserted(earlier, known)}", plain] if known else [plain]


def _asks_for_a_noun(text: str) -> bool:
    parts = asked_parts(text)
    return parts is not None and not parts.preposition and parts.noun != ""


def _of_yes_or_no(text: str, question: str) -> str | None:
    """Return a yes-or-no question asked for when or why, or why not; None for other questions."""
    auxiliary, *rest = question.split()
    auxiliary = auxiliary.lower()
    if auxiliary not in AUXILIARIES:
        return text if _WHY_NOT.match(text) else None
    if not _WHY_NOT.match(text):
        return " ".join([_asked_for(text), auxiliary, *rest])
    return " ".join(["Why", _NOT.get(auxiliary, f"{auxiliary}n’t"), *rest])


def stated(question: str, answer: str | None) -> str | None:
    """Return a question and its answer as a statement as far as words alone allow it, or None.

    "Poland sent more troops to the border"; "the army place explosives in the piers".
    """
    parts = asked_parts(question)
    if parts is None or not parts.rest or answer is None:
        return None
    if parts.noun_is_subject:
        noun = "" if parts.noun.lower() in answer.lower() else parts.noun
        return " ".join([answer, *noun.split(), *parts.rest])
    copula = parts.rest[0].lower() in COPULAS
    if parts.asks_for_subject or (copula and parts.question_word in ("who", "what", "which")):
        return " ".join([answer, *parts.rest])
    if parts.rest[1:3] == ("it", "that"):
        return " ".join([*parts.rest[3:], answer])
    if parts.preposition:
        return " ".join([*parts.rest[1:], parts.preposition, answer])
    if parts.question_word in ("when", "where", "why", "how"):
        return " ".join([*parts.rest[1:], answer])
    return _inserted(parts, answer).split(maxsplit=1)[1]


def _asked_for(text: str) -> str:
    what_for = _WHAT_FOR.match(text)
    if what_for is not None:
        return f"{what_for[2]} {what_for[1]}".capitalize()
    parts = asked_parts(text)
    if parts is None:
        return text
    words = [parts.preposition, *parts.asked_for] if parts.preposition else [*parts.asked_for]
    shown = " ".join(words)
    return shown[:1].upper() + shown[1:]


def _known(earlier: AskedParts, answer: str | None) -> str:
    """Return what stands where the earlier question asked: its answer, or what it counts."""
    if earlier.preposition or earlier.question_word in ("when", "where", "why"):
        return ""
    if earlier.question_word == "how":
        return earlier.noun
    if earlier.rest[0].lower() in COPULAS and not earlier.noun:
        return ""
    short = answer is not None and len(answer.split()) <= _LONGEST_INSERTED
    return answer if answer is not None and short else earlier.noun


def _inserted(earlier: AskedParts, known: str) -> str:
    rest = list(earlier.rest)
    at = next(
        (n for n, word in enumerate(rest) if n > 1 and word.lower() in PREPOSITIONS), len(rest)
    )
    return " ".join([*rest[:at], known, *rest[at:]])
