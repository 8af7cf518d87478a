"""What stands above an item, a row or an answer, and says what it is about."""

import re
from collections.abc import Sequence
from itertools import takewhile

from qa.layout.line_openings import Opening, opening_of
from qa.layout.lines import cell_borders, is_table_row
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
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_MAY_HAVE_CELLS = re.compile(r"\||\S {2,}\S")
_WORD = re.compile(r"\w")
_LONGEST_CAPTION = 160
# In characters; the head of a longer one is far from what is quoted, and costs time.
_LONGEST_TABLE = 200_000


def is_listed(sentence: str) -> bool:
    """Return whether a sentence is an item of a list, an entry of a programme or a table's row."""
    return _opens_item(opening_of(sentence)) or is_table_row(sentence)


def may_be_row(sentence: str) -> bool:
    """Return whether a sentence may be a row of a table, as far as it tells that alone."""
    return is_table_row(sentence) or _MAY_HAVE_CELLS.search(sentence) is not None


def sentence_above(text: str, before: Sequence[Sentence], listed: Sentence) -> Sentence | None:
    """Return what introduces the list or heads the table of a listed sentence, or None.

    `before` are the sentences of `text` before it, in order. A list or a programme is introduced by
    what stands above it and is no finished statement, nor the last of some records ("Clerk: Ann
    Ray"); a list in a list by the item that holds it; a table by its first row, unless that is the
    first of some named values, and by the caption right above that.
    """
    opening = opening_of(text[listed.start : listed.end])
    if opening is None or not _opens_item(opening):
        return _head_of_table(text, before, listed)
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


def _head_of_table(text: str, before: Sequence[Sentence], row: Sentence) -> Sentence | None:
    """Return the head of the table that a sentence is of, with the caption right above it."""
    first = max((found.end() for found in _BLANK_LINE.finditer(text, 0, row.start)), default=0)
    if row.start - first > _LONGEST_TABLE:
        return None
    below = _BLANK_LINE.search(text, row.end, row.end + _LONGEST_TABLE)
    lines = text[first : below.start() if below else row.end + _LONGEST_TABLE].split("\n")
    borders = cell_borders(lines)
    at = text.count("\n", first, row.start)
    rows = takewhile(lambda line: borders[line] is not None, range(at, -1, -1))
    head = min((line for line in rows if _WORD.search(lines[line])), default=at)
    if head == at or _NAMED_VALUE.match(lines[head]):
        return None
    start = first + sum(len(line) + 1 for line in lines[:head])
    start += len(lines[head]) - len(lines[head].lstrip())
    end = start + len(lines[head].strip())
    above = next((one for one in reversed(before) if one.end <= start), None)
    if above is not None and _is_caption(text, above, start):
        return Sentence(above.index, above.start, end)
    index = next((one.index for one in before if one.end > start), row.index)
    return Sentence(index, start, end)


def _is_caption(text: str, above: Sentence, head: int) -> bool:
    """Return whether a sentence is a line right above the head of a table: "Prices in euros"."""
    quote = text[above.start : above.end]
    return (
        not text[above.end : head].strip()
        and len(quote) <= _LONGEST_CAPTION
        and "\n" in text[above.end : head]
        and _INTRODUCES.search(quote) is not None
        and not is_listed(quote)
    )
