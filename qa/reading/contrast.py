"""Of two values in one sentence the one that belongs to what the question names.

"A lost key is charged at £18 and a lost fob at £45": the reader finds both, and is hardly surer of
the fob's where the question is about the fob.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from qa.language.function_words import AUXILIARIES, content_stems
from qa.language.quantities import MONTHS, NUMBER_WORD, in_one_spelling
from qa.language.question_parts import is_past
from qa.reading.spans import TextRange

_AND = re.compile(r"[,;]?\s(?:and|but|while|whereas)\s")
# Between names and dates these part what is said of one: "Ann Ray (secretary), Bo Lind".
_BORDER = re.compile(rf"{_AND.pattern}|[,;]\s|\s\(")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\W\d_a-z])|\n|$")
_NAMED = re.compile(r"(?<=\s)(?:[A-Z][\w’'-]*|[b-hj-r]\b(?!['’])|\d[\d.]*)")
_LONGEST_NAME = 5
_DATE = re.compile(rf"\b(?:{'|'.join(MONTHS)}|(?:1[5-9]|20)\d\d)\b", re.IGNORECASE)
_LONGEST_SHORT_FORM = 8
_ANY_NUMBER = re.compile(rf"\d|{NUMBER_WORD.pattern}", re.IGNORECASE)

Span = TypeVar("Span", bound=TextRange)


def may_be_contrasted(span: TextRange, text: str) -> bool:
    """Return whether the sentence of a value may hold another of its kind; most do not."""
    kind = _kind(text[span.start : span.end])
    if kind is None:
        return False
    start, end = _sentence(text, span.start, span.end)
    rest = text[start : span.start], text[span.end : end]
    another, border = (_NAMED, _AND) if kind == "name" else (_ANY_NUMBER, _BORDER)
    return any(another.search(side) and border.search(f"{side} ") for side in rest)


def contrasted(spans: Sequence[Span], text: str, question: str) -> Span | None:
    """Return the span that the question asks for rather than for the first of `spans`, or None.

    It stands in the same sentence, is of the same kind (a sum, a date, a number, a name), and its
    part of the sentence has words of the question that the part of the first has not. Behind "a
    lost key is charged at £18", "a lost fob at £45" leaves out the verb, so that it may lack words
    of the question, unless the values are names; for the part before it, a name or a number tells.
    """
    best = spans[0]
    kind = _kind(text[best.start : best.end])
    start, end = _sentence(text, best.start, best.end)
    alike = [
        span
        for span in spans
        if start <= span.start and span.end <= end and _kind(text[span.start : span.end]) == kind
    ]
    if kind is None or len(alike) < 2:
        return None
    border = _AND if kind in ("name", "date") else _BORDER
    asked, named = _stems(question), _stems(" ".join(_NAMED.findall(question)))
    for other in alike[1:]:
        parts = _parts(text, (start, end), (best, other), alike, border)
        left, right = map(_stems, parts)
        is_short = _is_short_form(parts[1])
        only_left, only_right = asked & left - right, asked & right - left
        if other.start > best.start:
            # "Skateboarder Ann Ray and surfer Bo Lind live in Oslo" tells the same of both.
            is_asked = bool(only_right) and (not only_left or (is_short and kind != "name"))
        else:
            is_asked = is_short and bool(only_left & named) and not only_right
        if is_asked:
            return other
    return None


def _parts(
    text: str,
    sentence: tuple[int, int],
    two: Sequence[TextRange],
    alike: Sequence[TextRange],
    border: re.Pattern[str],
) -> tuple[str, str]:
    """Return the parts of a sentence that two ranges stand in; both are "" if it has none."""
    left, right = sorted(two, key=lambda span: span.start)
    between = _last(border, text, left.end, right.start)
    if between is None:
        return "", ""
    following = min((span.start for span in alike if span.start > right.start), default=None)
    behind = None if following is None else _last(border, text, right.end, following)
    return (
        text[sentence[0] : between.start()],
        text[between.end() : sentence[1] if behind is None else behind.start()],
    )


def _last(border: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    return next(reversed(list(border.finditer(text, start, end))), None)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return (
        max((place for place in ends if place <= start), default=0),
        next(place for place in ends if place >= end),
    )


def _kind(answer: str) -> str | None:
    """Return what two answers have in common that can stand for one another, or None."""
    if any(sign in answer for sign in "£$€%"):
        return next(sign for sign in "£$€%" if sign in answer)
    if _DATE.search(answer):
        return "date"
    if any(character.isdigit() for character in in_one_spelling(answer.lower())):
        return "number"
    return "name" if answer[0].isupper() and len(answer.split()) <= _LONGEST_NAME else None


def _is_short_form(part: str) -> bool:
    """Return whether a part of a sentence leaves out the verb of the part before."""
    words = part.split()
    has_verb = any(word in AUXILIARIES or is_past(word) for word in words)
    return len(words) <= _LONGEST_SHORT_FORM and not has_verb


def _stems(text: str) -> frozenset[str]:
    letters = (found.lower() for found in _NAMED.findall(text) if len(found) == 1)
    return content_stems(text) | frozenset(letters)
