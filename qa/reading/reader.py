"""Reading: where a passage answers a question, and how sure it is that it does.

The reader is a cross-encoder over (question, passage) exported to ONNX: one pass gives a start
and an end logit for each token, and the pair at `[CLS]` is the score of "no answer here"
(Devlin et al. 2019, section 4.3).
"""

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.language.one_or_several import may_ask_for_items
from qa.layout.item_lists import item_lists
from qa.reading.asked.rules import may_answer, range_asked_for
from qa.reading.borders import says_something, tidy
from qa.reading.reader_folder import ReaderManifest, open_reader_folder
from qa.reading.spans import TokenSpan, apart, best_span_over_items, best_token_spans
from qa.reading.spelling import rare_words, spelled_as_in, whole_in
from qa.reading.statements import statements_of
from qa.reading.windows import Window, cut_windows, with_question_mark

_SPANS_PER_PASSAGE = 3
# What windows took while they were read, tens of megabytes, is not kept for the next question. Not
# to keep it for the next window would cost a tenth of the time.
_GIVE_BACK = ("memory.enable_memory_arena_shrinkage", "cpu:0")

_Offsets = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class PassageSpan:
    """A range of a passage's text that may answer: `passage[start:end]`.

    `score` is start logit plus end logit, less what its length costs. `null_score` is the sum for
    "no answer" in the window that the span was read from. Higher means more likely; both are
    unbounded.
    """

    start: int
    end: int
    score: float
    null_score: float

    @property
    def margin(self) -> float:
        """How far the span is above "no answer"."""
        return self.score - self.null_score


def best_apart(spans: Sequence[PassageSpan]) -> list[PassageSpan]:
    """Return the spans of one passage, best first; of those that share a character the best one.

    Windows overlap, so their spans may.
    """
    return list(apart(sorted(spans, key=lambda span: (-span.score, span.start, span.end))))


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        """Return the spans of each passage, best first; a passage without text has none."""
        ...


class OnnxReader:
    """The shipped reader, or any other that `scripts.export_reader` has written."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        manifest: ReaderManifest,
        *,
        readers: Executor | None = None,
    ) -> None:
        """`readers` are threads that read windows side by side; without them, one after another."""
        self._session = session
        self._giving_back = onnxruntime.RunOptions()
        self._giving_back.add_run_config_entry(*_GIVE_BACK)
        self._readers = readers
        self._tokenizer = tokenizer
        self._is_common = whole_in(tokenizer)
        self._layout = manifest.layout
        self._max_answer_tokens = manifest.max_answer_tokens
        self._length_cost = manifest.length_cost
        self.fingerprint = manifest.model_sha256

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> "OnnxReader":
        """Open the reader in `folder`; `threads` 0 takes as many as this process has cores.

        Each thread reads a window by itself: threads that share one window wait for each other in
        every layer, and read two in four thirds of the time.

        Raises ModelError if a file is missing, damaged, or not the one that `reader.json` names.
        """
        opened = open_reader_folder(folder)
        count = threads or len(os.sched_getaffinity(0))
        readers = ThreadPoolExecutor(count, thread_name_prefix="reader") if count > 1 else None
        return cls(opened.session, opened.tokenizer, opened.manifest, readers=readers)

    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        """Return the spans of each passage, best first.

        Each window is read by itself: what a layer computes of it stays in the processor's cache,
        nothing is padded, and its scores do not depend on what else is read. Words of the question
        that are misspelt are read as the passage spells them.
        """
        found: list[list[PassageSpan]] = [[] for _ in passages]
        windows = self._windows(with_question_mark(question), passages)
        read = self._read_all(question, windows, passages)
        for window, spans in zip(windows, read, strict=True):
            found[window.row] += spans
        return [best_apart(spans)[:_SPANS_PER_PASSAGE] for spans in found]

    def _windows(self, question: str, passages: Sequence[str]) -> list[Window]:
        """Return the windows of all passages, each with the question as its passage spells it."""
        rare = rare_words(question, self._is_common)
        rows_of: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(passages):
            rows_of[spelled_as_in(passage, question, rare)].append(row)
        return [
            replace(window, row=rows[window.row])
            for spelled, rows in rows_of.items()
            for window in cut_windows(
                spelled,
                [passages[row] for row in rows],
                tokenizer=self._tokenizer,
                layout=self._layout,
            )
        ]

    def _read_all(
        self, question: str, windows: Sequence[Window], passages: Sequence[str]
    ) -> list[list[PassageSpan]]:
        """Return the spans of each window, in order, the longest windows begun first."""
        over_items = may_ask_for_items(question)
        longest_first = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))

        def read(i: int) -> list[PassageSpan]:
            window, text = windows[i], passages[windows[i].row]
            logits = self._logits(window, is_last=i == longest_first[-1])
            spans = self._spans(window, text, *logits, over_items)
            asked = (
                _as_asked(span, text, question)
                for span in spans
                if may_answer(text, span.start, span.end, question)
            )
            # Of the spans of all statements few are asked for, and so tidied.
            return list(islice(apart(asked), _SPANS_PER_PASSAGE))

        found: Iterator[list[PassageSpan]] = (
            map(read, longest_first)
            if self._readers is None or len(windows) < 2
            else self._readers.map(read, longest_first)
        )
        of_window = dict(zip(longest_first, found, strict=True))
        return [of_window[i] for i in range(len(windows))]

    def _logits(
        self, window: Window, *, is_last: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the start and end logits of the window's tokens, each of shape (tokens,)."""
        ids = np.array([window.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, window.passage_start :] = 1
        start, end = self._session.run(
            ["start_logits", "end_logits"],
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types},
            self._giving_back if is_last else None,
        )
        return start[0], end[0]

    def _spans(
        self,
        window: Window,
        text: str,
        start: NDArray[np.float32],
        end: NDArray[np.float32],
        over_items: bool,
    ) -> Iterator[PassageSpan]:
        """Yield the spans of a window, best first; each is tidied when it is asked for."""
        null_score = float(start[0] + end[0])
        passage = slice(window.passage_start, window.passage_start + len(window.offsets))
        start, end, offsets = start[passage], end[passage], window.offsets
        spans = [
            *self._within_stretches(text, offsets, start, end),
            *(self._over_items(text, offsets, start, end) if over_items else ()),
        ]
        for span in sorted(spans, key=lambda span: (-span.score, span.first, span.last)):
            place = tidy(text, offsets[span.first][0], offsets[span.last][1])
            if says_something(text[slice(*place)]):
                yield PassageSpan(*place, span.score, null_score)

    def _within_stretches(
        self, text: str, offsets: _Offsets, start: NDArray[np.float32], end: NDArray[np.float32]
    ) -> Iterator[TokenSpan]:
        """Yield the best spans of each statement in each stretch of the layout.

        No answer runs out of one: of those that the reader learned from, hardly one in a thousand
        does.
        """
        for begin, stop in statements_of(text):
            first, behind = _token_at(offsets, begin), _token_at(offsets, stop)
            yield from (
                replace(span, first=first + span.first, last=first + span.last)
                for span in best_token_spans(
                    start[first:behind],
                    end[first:behind],
                    max_tokens=self._max_answer_tokens,
                    limit=_SPANS_PER_PASSAGE,
                    length_cost=self._length_cost,
                )
            )

    def _over_items(
        self, text: str, offsets: _Offsets, start: NDArray[np.float32], end: NDArray[np.float32]
    ) -> Iterator[TokenSpan]:
        """Yield the best span over several items of each list, from the head of one of them."""
        for items in item_lists(text):
            tokens = [
                (
                    _token_at(offsets, item.marker),
                    _token_at(offsets, item.start),
                    _token_at(offsets, item.end),
                )
                for item in items
            ]
            best = best_span_over_items(
                start,
                end,
                tokens,
                max_tokens=self._max_answer_tokens,
                length_cost=self._length_cost,
            )
            if best is not None:
                yield best


def _as_asked(span: PassageSpan, text: str, question: str) -> PassageSpan:
    start, end = range_asked_for(text, span.start, span.end, question)
    return replace(span, start=start, end=end)


def _token_at(offsets: _Offsets, position: int) -> int:
    """Return the first token that begins at `position` or behind it."""
    return bisect_left(offsets, (position,))
