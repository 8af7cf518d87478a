"""The sentence before, without which a quoted one does not say of whom, of what, or who speaks."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from qa.layout import is_list_item, is_table_row
from qa.values import Sentence

_FARTHEST = 3

_OPENING = r"[\s\"“‘'(\[—–-]*"
# "In that case, he ...", "However, she ...", "But it ...", "“We won,” they ..."; a name and a
# comma are no introduction: "Johann, his superior, ..."
_INTRODUCTION = (
    r"(?:(?:But|And|So|Yet|Then)[ ]"
    r"|(?:In|On|At|By|For|From|To|With|Without|After|Before|During|Since|Until|Under|Over|Despite"
    r"|Unlike|Like|As|However|Still|Then|Also|Later|Meanwhile|Moreover|Instead|Nevertheless"
    r"|[A-Z][a-z]+ly)\b(?:[ ][\w’'-]+){0,5},[ ]"
    r"|[“\"][^”\"\n]{1,300}[”\"],?[ ])?"
)
_PRONOUN = r"(?:he|she|it|they|his|her|hers|its|their|theirs)\b"
# Not "this spring" and "that said", which point at nothing that was said before.
_DEMONSTRATIVE = (
    r"(?:this|that|these|those)\b"
    r"(?![ ](?:said|week|month|year|spring|summer|autumn|fall|winter|morning|time|past|last)\b)"
)
_VERB = (
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do"
    r"|said|says|told|tells|won|lost|made|took|came|went|became|began|left|met|ran|gave|got|led"
    r"|held|found|saw|wrote|sent|kept|stood|sits|wants|plans|also|[a-z]{3,}ed)\b"
)
_DEFINITE = rf"[Tt]he(?:[ ][a-z][a-z-]*){{1,2}}[ ]{_VERB}"
_UNNAMED_SUBJECT = re.compile(
    rf"{_OPENING}{_INTRODUCTION}(?:(?i:{_PRONOUN}|{_DEMONSTRATIVE})|{_DEFINITE})"
)

_UNNAMED_SPEAKER = re.compile(rf"{_OPENING}{_INTRODUCTION}(?:I|[Ww]e|[Mm]y|[Oo]ur)\b")
_ATTRIBUTION = re.compile(
    r"\b(?:(?<![Tt]hat )said|says|told|tells|added|adds|wrote|writes|argued|argues|warned|warns"
    r"|noted|notes|explained|explains|recalled|recalls|stressed|stresses|insisted|insists|predicted"
    r"|predicts|asked|asks|according to)\b"
)

# Of a list, or a headline above it.
_INTRODUCES = re.compile(r"(?:[:,]|[^.!?…\"”’)])$")

# And no blank line behind it.
_LINE_END = re.compile(r"[^\S\n]*\n[^\S\n]*\S")

_WORD = re.compile(r"[^\W_][\w’'-]*")
# A capital that makes no name which a pronoun can stand for.
_NO_NAME = re.compile(
    r"I|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)


FindContext: TypeAlias = Callable[[str, Sequence[Sentence]], Sentence | None]
"""Of a text and the sentences before a quote, in order, finds the one to show with the quote."""


def context_finder(quote: str) -> FindContext | None:
    """Return how the sentence is found without which `quote` is not understood, if it needs one."""
    if is_list_item(quote):
        return introducing_sentence
    if is_table_row(quote):
        return heading_row
    if has_unnamed_subject(quote):
        return naming_sentence
    if has_unnamed_speaker(quote):
        return attributing_sentence
    return None


def has_unnamed_subject(sentence: str) -> bool:
    """Return whether a sentence begins with a subject that only the text before it names.

    That is a third person's pronoun ("He said", "Its army"), a demonstrative ("This requires"), or
    "the" with one or two plain words and a verb that can be told by its form ("The official
    told"), each at the beginning or behind an introduction ("In that case,", "But") or a quotation.
    """
    return _UNNAMED_SUBJECT.match(sentence) is not None


def has_unnamed_speaker(sentence: str) -> bool:
    """Return whether a sentence speaks in the first person and does not say who speaks."""
    speaks = _UNNAMED_SPEAKER.match(sentence) is not None
    return speaks and _ATTRIBUTION.search(sentence) is None


def names_somebody(sentence: str) -> bool:
    """Return whether a word has a capital though it is not the first: a name, most likely."""
    words = [word.removesuffix("’s").removesuffix("'s") for word in _WORD.findall(sentence)]
    return any(word[0].isupper() and _NO_NAME.fullmatch(word) is None for word in words[1:])


def naming_sentence(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that names whom the one behind `before` speaks of, or None.

    `before` are sentences of `text` in order. Of the last three the nearest is taken that has a
    name and a subject of its own; where there is none, no sentence is better than a wrong one.
    """
    return _nearest(
        text, before, lambda quote: names_somebody(quote) and not has_unnamed_subject(quote)
    )


def attributing_sentence(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that names who speaks in the one behind `before`, or None.

    As `naming_sentence`, but one that says that somebody said something.
    """
    return _nearest(
        text,
        before,
        lambda quote: names_somebody(quote) and _ATTRIBUTION.search(quote) is not None,
    )


def introducing_sentence(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return what says of what the list is whose item stands behind `before`, or None.

    That is what stands above the list and is no finished sentence: "They are:", or a headline.
    """
    above = next((s for s in reversed(before) if not is_list_item(text[s.start : s.end])), None)
    if above is None or _INTRODUCES.search(text, above.start, above.end) is None:
        return None
    return above


def heading_row(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the first row of the table whose row stands behind `before`; of the first, None."""
    head = None
    for row in reversed(before):
        is_row = is_table_row(text[row.start : row.end])
        if not is_row or _LINE_END.match(text, row.end) is None:
            break
        head = row
    return head


def _nearest(text: str, before: Sequence[Sentence], fits: Callable[[str], bool]) -> Sentence | None:
    near = reversed(before[-_FARTHEST:])
    quotes = ((one, text[one.start : one.end]) for one in near)
    return next((one for one, quote in quotes if not _is_listed(quote) and fits(quote)), None)


def _is_listed(sentence: str) -> bool:
    return is_list_item(sentence) or is_table_row(sentence)
