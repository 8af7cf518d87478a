"""What stands within the lines of pages and documents, as their readers see it."""

import re

_SPACE = re.compile(r"[ \t\r\n]+")
# They only say where a word may be broken, or may not.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u2060\ufeff"))
# "10³", not "103", and a note's number is no digit of the amount before it. Browsers take the two
# for the same where they look for a quote.
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_RAISED_NUMBER = re.compile(r"[-+−]?[0-9][0-9, ]*")
_AROUND_LINE_BREAK = re.compile(r" *\n *")


def collapsed(text: str | None) -> str:
    """Return a text with every run of white space made a single space, line breaks too."""
    return _SPACE.sub(" ", (text or "").translate(_UNSEEN))


def raised(text: str) -> str:
    """Return a text that stands above the line: a number in raised digits, all else as it is."""
    return text.translate(_RAISED) if _RAISED_NUMBER.fullmatch(text) else text


def trimmed(lines: str) -> str:
    """Return lines without the spaces at both ends of each."""
    return _AROUND_LINE_BREAK.sub("\n", lines).strip()
