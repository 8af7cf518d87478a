"""Question and passage laid out for the reader: `[CLS] question [SEP] passage [SEP]`.

Those are BERT's special tokens; of another model, its tokenizer tells them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

from tokenizers import Encoding, Tokenizer

from qa.errors import ModelError

# RoBERTa's are the most: one in front, two between question and passage, one behind.
_MOST_SPECIAL_TOKENS = 4


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader sees at once: the question and as much of one passage as fits.

    `offsets[i]` is the (start, end) range in the passage's text of the token at position
    `passage_start + i` of `ids`. `row` tells which passage it is.
    """

    row: int
    ids: tuple[int, ...]
    passage_start: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WindowLayout:
    """How windows are cut: sizes in tokens, special tokens included in `max_tokens`."""

    max_tokens: int
    max_question_tokens: int
    overlap: int

    def __post_init__(self) -> None:
        room = self.max_tokens - self.max_question_tokens - _MOST_SPECIAL_TOKENS
        if room <= self.overlap:
            raise ValueError(
                f"windows of {self.max_tokens} tokens leave no room beside a question of "
                f"{self.max_question_tokens} tokens and an overlap of {self.overlap}"
            )


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """What stands before the question, between it and the passage, and behind the passage."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    behind: tuple[int, ...]

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> "SpecialTokens":
        """Return those with which a tokenizer joins two texts.

        Raises ModelError if it joins them without, so that nothing tells where the passage begins.
        """
        joined = tokenizer.encode("a", "a")
        parts = [
            tuple(token for _, token in tokens)
            for special, tokens in groupby(
                zip(joined.sequence_ids, joined.ids, strict=True), key=lambda pair: pair[0] is None
            )
            if special
        ]
        if len(parts) != len(fields(cls)):
            raise ModelError(
                "the reader's tokenizer.json sets no special tokens before, between and behind "
                "question and passage; export the reader again"
            )
        return cls(*parts)


def cut_windows(
    question: str, passages: Sequence[str], *, tokenizer: Tokenizer, layout: WindowLayout
) -> list[Window]:
    """Return the windows of all passages, in order; a passage longer than one window has several.

    Neighbouring windows share `layout.overlap` tokens. A passage without a single token has one
    window with no offsets. A question over `layout.max_question_tokens` keeps its first tokens.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids
    special = SpecialTokens.of(tokenizer)
    head = (*special.before, *asked[: layout.max_question_tokens], *special.between)
    tail = special.behind
    encodings = tokenizer.encode_batch(list(passages), add_special_tokens=False)
    room = layout.max_tokens - len(head) - len(tail)
    return [
        Window(
            row,
            (*head, *encoding.ids[first:last], *tail),
            len(head),
            tuple(encoding.offsets[first:last]),
        )
        for row, encoding in enumerate(encodings)
        for first, last in _token_ranges(encoding, room=room, overlap=layout.overlap)
    ]


def with_question_mark(question: str) -> str:
    """Return the question with a mark behind its last word, as the reader mostly saw it.

    People who type in haste leave it out, and the reader then takes fewer questions for
    answerable. Other punctuation at the end stays as it is.
    """
    text = question.rstrip()
    return f"{text}?" if text[-1:].isalnum() else question


def _token_ranges(encoding: Encoding, *, room: int, overlap: int) -> Iterator[tuple[int, int]]:
    count = len(encoding.ids)
    first = 0
    while True:
        last = min(first + room, count)
        yield first, last
        if last == count:
            return
        first = last - overlap
