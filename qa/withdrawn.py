"""What an article tells only to take it back: "an earlier version of this article said 31"."""

import re

_TAKEN_BACK_BEFORE = re.compile(
    r"\b(?:our (?:report|article|story)\b[^.!?]*\bwe (?:wrote|said|reported|stated)"
    r"|(?:earlier|previous) (?:version|article|story)\b[^.!?]*\b(?:said|stated|gave|put|wrote)"
    r"|mis(?:stated|reported))\b[^.!?]*$",
    re.IGNORECASE,
)
_NOT = re.compile(r"\bnot(?: (?:the|some|about))?\s+$", re.IGNORECASE)
_AS_REPORTED = re.compile(
    r"(?:\s+[\w-]+)?,? as (?:we )?(?:first|earlier|previously|originally|initially|wrongly) "
    r"(?:reported|stated|said|written|wrote|announced)\b"
)


def is_withdrawn(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]` is what the text says to have been wrong.

    "An earlier version of this article said that 31", "236, not 240 as first reported".
    """
    before = text[:start]
    if _TAKEN_BACK_BEFORE.search(before) is not None:
        return True
    return _NOT.search(before) is not None and _AS_REPORTED.match(text, end) is not None
