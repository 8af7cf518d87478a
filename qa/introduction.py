"""What stands above an item, a row or an answer, and says what it is about."""

import re
from collections.abc import Sequence

from qa.layout import is_entry, is_list_item, is_record, is_table_row
from qa.values import Sentence

# "They are:", a headline, a question: no finished statement.
_INTRODUCES = re.compile(r"[^.!…\"”’)]$")
# And no blank line behind it.
_LINE_END = re.compile(r"[^\S\n]*\n[^\S\n]*\S")
# "Born | 8 June 1949": a name and its value, where "Player | Goals" is a head.
_NAMED_VALUE = re.compile(r"(?!.* \| .* \| )(?=.*\d).* \| ")


def is_listed(sentence: str) -> bool:
    """Return whether a sentence is an item of a list, an entry of a programme or a table's row."""
    return _is_item(sentence) or is_table_row(sentence)


def sentence_above(text: str, before: Sequence[Sentence], quote: str) -> Sentence | None:
    """Return what introduces the list or heads the table of a listed `quote`, or None.

    `before` are the sentences of `text` before it, in order. A list or a programme is introduced by
    what stands above it and is no finished statement, nor the last of some records ("Clerk: Ann
    Ray"), a table by its first row, unless that is the first of some named values.
    """
    return _introduction(text, before) if _is_item(quote) else _heading_row(text, before)


def question_before(text: str, before: Sequence[Sentence]) -> Sentence | None:
    """Return the question that the sentence behind `before` answers, if it stands right there."""
    last = before[-1] if before else None
    return last if last is not None and text[last.start : last.end].endswith("?") else None


def _is_item(sentence: str) -> bool:
    return is_list_item(sentence) or is_entry(sentence)


def _goes_on(sentence: str) -> bool:
    """Return whether a sentence is the rest of an item: "Can it be done?⏎with Ada Berg"."""
    return sentence[0].islower() and not sentence.endswith(":")


def _introduction(text: str, before: Sequence[Sentence]) -> Sentence | None:
    quotes = ((sentence, text[sentence.start : sentence.end]) for sentence in reversed(before))
    above = next((s for s, said in quotes if not (_is_item(said) or _goes_on(said))), None)
    if above is None or _INTRODUCES.search(text, above.start, above.end) is None:
        return None
    line_above = "".join(text[: above.start].splitlines()[-1:])
    is_last_record = is_record(line_above) and is_record(text[above.start : above.end])
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
