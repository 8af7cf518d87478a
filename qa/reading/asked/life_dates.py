"""The two dates of a life, of which a question asks for one."""

import re

_DATE = r"(?:\d{1,2} [A-Z][a-z]+ |[A-Z][a-z]+ (?:\d{1,2}, )?)?\d{3,4}"
_LIFE = re.compile(rf"({_DATE})\s?[–—-]\s?({_DATE})")
_BORN = re.compile(r"\b(?:born|birth|birthday)\b", re.IGNORECASE)
_DIED = re.compile(r"\b(?:die[ds]?|death)\b", re.IGNORECASE)


def date_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the date of birth, or of death, of "3 May 1911 – 9 June 1998", where one is asked for.

    Any other range of text is returned as it is.
    """
    life = _LIFE.fullmatch(text, start, end)
    if life is None:
        return start, end
    is_born, is_died = _BORN.search(question) is not None, _DIED.search(question) is not None
    if is_born == is_died:
        return start, end
    return life.span(1 if is_born else 2)
