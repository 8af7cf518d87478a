"""Questions and passages turned into the token ids and labels that the reader learns from."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from scripts.training.question_sets import TrainingQuestion

MAX_QUESTION_TOKENS = 64
LEAST_WINDOW_TOKENS = 16
# People type questions with and without their mark.
_DROP_QUESTION_MARK_RATE = 0.15


@dataclass(frozen=True, slots=True)
class Feature:
    """One (question, passage window) pair, as `[CLS] question [SEP] passage [SEP]`.

    `start` and `end` are the first and last token of the answer, both 0 (the `[CLS]` token)
    where the window does not answer. `passage_start` is the position of its first passage token.
    `taught` holds the start and end logits that teachers give its tokens, shape (2, tokens).
    """

    ids: NDArray[np.int32]
    passage_start: int
    start: int
    end: int
    taught: NDArray[np.float16] | None = None


Group = tuple[Feature, ...]
"""Windows read for one question, sharing one softmax; at most one of them holds the answer."""


@dataclass(frozen=True, slots=True)
class FeatureMaker:
    """Builds groups of features; every choice is drawn from the generator it is given."""

    tokenizer: Tokenizer
    max_tokens: int
    near_miss_rate: float

    def group(self, question: TrainingQuestion, generator: random.Random) -> Group:
        """Return the question's own window and, at `near_miss_rate`, one near miss beside it."""
        text = question.question
        if generator.random() < _DROP_QUESTION_MARK_RATE:
            text = text.rstrip("? ")
        longest = min(MAX_QUESTION_TOKENS, self.max_tokens // 2)
        asked = self.tokenizer.encode(text, add_special_tokens=False).ids[:longest]
        answer = generator.choice(question.answers) if question.answers else None
        own = self._window(asked, question.context, answer, generator)
        if question.near_misses and generator.random() < self.near_miss_rate:
            return own, self._window(asked, generator.choice(question.near_misses), None, generator)
        return (own,)

    def _window(
        self,
        question: Sequence[int],
        context: str,
        answer: tuple[int, str] | None,
        generator: random.Random,
    ) -> Feature:
        passage = self.tokenizer.encode(context, add_special_tokens=False)
        room = self.max_tokens - len(question) - 3
        first, last = (0, 0) if answer is None else _token_range(passage, *answer)
        latest = max(0, len(passage.ids) - room)
        if answer is None:
            offset = generator.randint(0, latest)
        else:
            last = min(last, first + room - 1)
            offset = generator.randint(min(latest, max(0, last - room + 1)), min(latest, first))
        cls, sep = self.tokenizer.token_to_id("[CLS]"), self.tokenizer.token_to_id("[SEP]")
        window = passage.ids[offset : offset + room]
        ids = np.array([cls, *question, sep, *window, sep], dtype=np.int32)
        shift = len(question) + 2
        if answer is None:
            return Feature(ids, shift, 0, 0)
        return Feature(ids, shift, first - offset + shift, last - offset + shift)


def _token_range(passage: Encoding, start: int, text: str) -> tuple[int, int]:
    end = start + len(text)
    inside = [i for i, (a, b) in enumerate(passage.offsets) if a < end and b > start]
    if not inside:
        raise ValueError(f"the answer {text!r} at {start} covers no token")
    return inside[0], inside[-1]


def batches(groups: Sequence[Group], *, max_tokens: int) -> Iterator[list[Group]]:
    """Yield groups of similar length together, each batch padded to at most `max_tokens` tokens."""
    batch: list[Group] = []
    rows = 0
    longest = 0
    for group in sorted(groups, key=_longest):
        if batch and (rows + len(group)) * max(longest, _longest(group)) > max_tokens:
            yield batch
            batch, rows, longest = [], 0, 0
        batch.append(group)
        rows += len(group)
        longest = max(longest, _longest(group))
    if batch:
        yield batch


def _longest(group: Group) -> int:
    return max(len(feature.ids) for feature in group)
