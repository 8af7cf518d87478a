"""What stands above an item, a row or an answer, and says what it is about."""

import re
from collections.abc import Sequence

from qa.layout.line_openings import Opening, opening_of
from qa.layout.lines import is_table_row
from qa.values import Sentence

# "They are:", a headline, a question: no finished statement.
_INTRODUCES = re.compile(r"[^.!…\"”’)]$")
# And no blank line behind it.
_LINE_END = re.compile(r"[^\S\n]*\n[^\S\n]*\S")
# "Born | 8 June 1949": a name and its value, where "Player | Goals" is a head.
_NAMED_VALUE = re.compile(r"(?!.* \| .* \| )(?=.*\d).* \| ")
# "A: No." alone is no answer that can be quoted; what follows it is.
_YES_OR_NO = r"(?:\w{1,20}:\s*)?(?:[-–—]\s*)?(?:no|yes|never|certainly|of\s+course)[.!]"
_BARE_ANSWER = re.compile(_YES_OR_NO, re.IGNORECASE)
_BEHIND_QUESTION = re.compile(rf"\?\s*(?:{_YES_OR_NO}\s*)?$", re.IGNORECASE)
_LONGEST_BARE_ANSWER = 60


def is_listed(sentence: str) -> bool:
    """Return whether a sentence is an item of a list, an entry of a programme or a table's row."""
    return _opens_item(opening_of(sentence)) or is_table_row(sentence)


def sentence_above(text: str, before: Sequence[Sentence], listed: Sentence) -> Sentence | None:
    """Return what introduces the list or heads the table of a listed sentence, or None.

    `before` are the sentences of `text` before it, in order. A list or a programme is introduced by
    what stands above it and is no finished statement, nor the last of some records ("Clerk: Ann
    Ray"); a list in a list by the item that holds it; a table by its first row, unless that is the
    first of some named values.
    """
    opening = opening_of(text[listed.start : listed.end])
    if opening is None or not _opens_item(opening):
        return _heading_row(text, before)
    return _introduction(text, before, opening, _indent(text, listed))


def stands_behind_question(before: str) -> bool:
    """Return whether a text ends with a question, or with one and "No."."""
    return _BEHIND_QUESTION.search(before[-_LONGEST_BARE_ANSWER:]) is not None


def question_before(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the question that the sentence behind `before` answers, if it stands right there.

    "No." may stand between them.
    """
    near = [s for s in before[-2:] if not _BARE_ANSWER.fullmatch(text, s.start, s.end)]
    last = near[-1] if near else None
    return last if last is not None and text[last.start : last.end].endswith("?") else None


def _opens_item(opening: Opening | None) -> bool:
    return opening is not None and (opening.is_marker or opening.is_entry)


def _is_record(line: str) -> bool:
    opening = opening_of(line)
    return opening is not None and not opening.is_marker


def _goes_on(sentence: str) -> bool:
    """Return whether a sentence is the rest of an item: "Can it be done?⏎with Ada Berg"."""
    return sentence[0].islower() and not sentence.endswith(":")


def _may_introduce(text: str, above: Sentence, opening: Opening, indent: int) -> bool:
    said = text[above.start : above.end]
    holder = opening_of(said)
    if holder is None or not _opens_item(holder):
        return not _goes_on(said)
    is_chapter = (holder.kind, opening.kind) == ("number", "section")  # 1. and 1.1
    return is_chapter or _indent(text, above) < indent


def _indent(text: str, sentence: Sentence) -> int:
    return sentence.start - text.rfind("\n", 0, sentence.start)


def _introduction(
    text: str, before: Sequence[Sentence], opening: Opening, indent: int
) -> Sentence | None:
    above = next((s for s in reversed(before) if _may_introduce(text, s, opening, indent)), None)
    if above is None or _INTRODUCES.search(text, above.start, above.end) is None:
        return None
    begin = text.rfind("\n", 0, max(above.start - 1, 0)) + 1
    line_above = "".join(text[begin : above.start].splitlines()[-1:])
    is_last_record = _is_record(line_above) and _is_record(text[above.start : above.end])
    return None if is_last_record and _LINE_END.match(text, above.end) is None else above


def _heading_row(text: str, before: Sequence[Sentence]) -> Sentence | None:
    head = None
    for row in reversed(before):
        is_row = is_table_row(text[row.start : row.end])
        if not is_row or _LINE_END.match(text, row.end) is None:
            break
        head = row
    is_named_value = head is not None and _NAMED_VALUE.match(text, head.start, head.end)
    return None if is_named_value else head
