"""What a rule makes of a span of a text."""

from collections.abc import Callable

Rule = Callable[[str, int, int, str], tuple[int, int]]


def asked_for(rule: Rule, text: str, span: str, question: str) -> str:
    """Return the text of the range that a rule returns for the first place of a span."""
    start = text.index(span)
    first, last = rule(text, start, start + len(span), question)
    return text[first:last]
