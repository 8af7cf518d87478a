"""Question and passage laid out for the reader: `[CLS] question [SEP] passage [SEP]`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Encoding, Tokenizer

from qa.errors import ModelError


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
        if self.max_tokens - self.max_question_tokens - 3 <= self.overlap:
            raise ValueError(
                f"windows of {self.max_tokens} tokens leave no room beside a question of "
                f"{self.max_question_tokens} tokens and an overlap of {self.overlap}"
            )


def cut_windows(
    question: str, passages: Sequence[str], *, tokenizer: Tokenizer, layout: WindowLayout
) -> list[Window]:
    """Return the windows of all passages, in order; a passage longer than one window has several.

    Neighbouring windows share `layout.overlap` tokens. A passage without a single token has one
    window with no offsets. A question over `layout.max_question_tokens` keeps its first tokens.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids
    cls, sep = _token_id(tokenizer, "[CLS]"), _token_id(tokenizer, "[SEP]")
    head = (cls, *asked[: layout.max_question_tokens], sep)
    tail = (sep,)
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


def _token_id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ModelError(f"the reader's tokenizer has no {token}; export the reader again")
    return found
