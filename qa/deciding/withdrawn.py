"""What an article tells only to take it back: "an earlier version of this article said 31"."""

import re

_TAKEN_BACK_BEFORE = re.compile(
    r"\b(?:our (?:report|article|story)\b[^.!?]*\bwe (?:wrote|said|reported|stated)"
    r"|(?:earlier|previous) (?:version|article|story)\b[^.!?]*\b(?:said|stated|gave|put|wrote)"
    r"|mis(?:stated|reported))\b(?P<since>[^.!?;]*)$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:instead of|rather than)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot(?: (?:the|some|about))?\s+$", re.IGNORECASE)
_AS_REPORTED = re.compile(
    r"(?:\s+[\w-]+)?,? as (?:we )?(?:first|earlier|previously|originally|initially|wrongly) "
    r"(?:reported|stated|said|written|wrote|announced)\b"
)


def is_withdrawn(text: str, start: int, end: int) -> bool:
    """Return whether `text[start:end]` is what the text says to have been wrong.

    "An earlier version of this article said that 31", "236, not 240 as first reported"; but not
    what stands behind "instead of", or behind a semicolon.
    """
    before = text[:start]
    taken_back = _TAKEN_BACK_BEFORE.search(before)
    if taken_back is not None and _INSTEAD.search(taken_back["since"]) is None:
        return True
    return _NOT.search(before) is not None and _AS_REPORTED.match(text, end) is not None
