"""Reading: where a passage answers a question, and how sure it is that it does.

The reader is a cross-encoder over (question, passage) exported to ONNX: one pass gives a start
and an end logit for each token, and the pair at `[CLS]` is the score of "no answer here"
(Devlin et al. 2019, section 4.3).
"""

import contextlib
import itertools
import os
import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail
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

# For half of the questions so many are enough, so that reading may end behind each so many, and
# nothing is read ahead of the first: two threads that share a core slow each other down. A
# calibration is fitted to ends of reading that lie so far apart.
READ_AT_ONCE = 2

_SPANS_PER_PASSAGE = 3
# What windows took while they were read, tens of megabytes, is given back once nothing was read for
# so long. Not to have it for the next question would cost a tenth of the time.
_IDLE_S = 1.0
_GIVING_BACK = ("memory.enable_memory_arena_shrinkage", "cpu:0")

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

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        """Return the spans of each passage, in order, best first; one without text has none.

        Passages may be read when they are asked for: nothing more needs to be read for who stops.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what is the same for all its passages.

    `marked` is it with a question mark; `run` can end what runs for it.
    """

    question: str
    marked: str
    rare_words: frozenset[str]
    over_items: bool
    run: onnxruntime.RunOptions


class OnnxReader:
    """The shipped reader, or any other that `scripts.export_reader` has written."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        manifest: ReaderManifest,
        *,
        threads: int = 1,
    ) -> None:
        """`threads` read passages side by side."""
        self._session = session
        self._threads = threads
        self._readers = (
            ThreadPoolExecutor(threads, thread_name_prefix="reader") if threads > 1 else None
        )
        self._when_idle = threading.Timer(_IDLE_S, self._give_memory_back)
        self._tokenizer = tokenizer
        self._is_common = whole_in(tokenizer)
        self._layout = manifest.layout
        self._max_answer_tokens = manifest.max_answer_tokens
        self._length_cost = manifest.length_cost
        self.fingerprint = manifest.model_sha256

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> "OnnxReader":
        """Open the reader in `folder`; `threads` 0 takes as many as this process has cores.

        Each thread reads a passage by itself: threads that share one window wait for each other in
        every layer, and read two in four thirds of the time.

        Raises ModelError if a file is missing, damaged, or not the one that `reader.json` names.
        """
        opened = open_reader_folder(folder)
        count = threads or len(os.sched_getaffinity(0))
        return cls(opened.session, opened.tokenizer, opened.manifest, threads=count)

    def read(self, question: str, passages: Iterable[str]) -> Generator[list[PassageSpan]]:
        """Yield the spans of each passage, in order, best first.

        From the third on, threads that have nothing to do read ahead while one is waited for; that
        ends when the iterator is closed, or let go. Each window is read by itself: what a layer
        computes of it stays in the processor's cache, nothing is padded, and its scores do not
        depend on what else is read. Words of the question that are misspelt are read as the passage
        spells them.
        """
        marked = with_question_mark(question)
        asked = _Asked(
            question,
            marked,
            rare_words(marked, self._is_common),
            may_ask_for_items(question),
            onnxruntime.RunOptions(),
        )
        # Cut into windows here, for the threads are to compute.
        readings = (self._reading(asked, passage) for passage in passages)
        try:
            if self._readers is None:
                yield from (read() for read in readings)
            else:
                yield from self._read_ahead(readings, self._readers)
        finally:
            asked.run.terminate = True
            self._give_memory_back_when_idle()

    def _read_ahead(
        self, readings: Iterator[Callable[[], list[PassageSpan]]], readers: ThreadPoolExecutor
    ) -> Iterator[list[PassageSpan]]:
        """Yield what is read of each passage, in order, the first few alone.

        Then one more is begun than there are threads: whichever is done first has its next one.
        """
        begun: deque[Future[list[PassageSpan]]] = deque()
        try:
            for given in itertools.count():
                most = READ_AT_ONCE - given if given < READ_AT_ONCE else self._threads + 1
                more = islice(readings, max(0, most - len(begun)))
                begun.extend(map(readers.submit, more))
                if not begun:
                    return
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()

    def _give_memory_back_when_idle(self) -> None:
        self._when_idle.cancel()
        self._when_idle = threading.Timer(_IDLE_S, self._give_memory_back)
        self._when_idle.daemon = True
        self._when_idle.start()

    def _give_memory_back(self) -> None:
        """Return to the system what windows took: a run that is ended before it begins does it."""
        options = onnxruntime.RunOptions()
        options.add_run_config_entry(*_GIVING_BACK)
        options.terminate = True
        with contextlib.suppress(Fail):
            self._run(np.zeros((1, 1), dtype=np.int64), passage_start=1, options=options)

    def _reading(self, asked: _Asked, passage: str) -> Callable[[], list[PassageSpan]]:
        """Return what reads a passage, which is cut into windows already."""
        spelled = spelled_as_in(passage, asked.marked, asked.rare_words)
        windows = cut_windows(spelled, [passage], tokenizer=self._tokenizer, layout=self._layout)
        return partial(self._read_windows, asked, windows, passage)

    def _read_windows(
        self, asked: _Asked, windows: Sequence[Window], passage: str
    ) -> list[PassageSpan]:
        """Return the best spans of all windows of a passage, best first."""
        found = [span for window in windows for span in self._read_window(asked, window, passage)]
        return best_apart(found)[:_SPANS_PER_PASSAGE]

    def _read_window(self, asked: _Asked, window: Window, text: str) -> list[PassageSpan]:
        ids = np.array([window.ids], dtype=np.int64)
        start, end = self._run(ids, passage_start=window.passage_start, options=asked.run)
        spans = self._spans(window, text, start, end, asked.over_items)
        ranges = (
            _as_asked(span, text, asked.question)
            for span in spans
            if may_answer(text, span.start, span.end, asked.question)
        )
        # Of the spans of all statements few are asked for, and so tidied.
        return list(islice(apart(ranges), _SPANS_PER_PASSAGE))

    def _run(
        self, ids: NDArray[np.int64], *, passage_start: int, options: onnxruntime.RunOptions
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the start and end logits of a window's tokens, each of shape (tokens,)."""
        types = np.zeros_like(ids)
        types[0, passage_start:] = 1
        start, end = self._session.run(
            ["start_logits", "end_logits"],
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types},
            options,
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
