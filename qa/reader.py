"""Reading: where a passage answers a question, and how sure it is that it does.

The reader is a cross-encoder over (question, passage) exported to ONNX: one pass gives a start
and an end logit for each token, and the pair at `[CLS]` is the score of "no answer here"
(Devlin et al. 2019, section 4.3).
"""

import hashlib
import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from tokenizers import Tokenizer

from qa.errors import ModelError, first_mistake
from qa.item_lists import item_lists
from qa.layout import stretches
from qa.life_dates import date_asked_for
from qa.one_or_several import may_ask_for_items
from qa.own_questions import is_asked_at
from qa.press import is_byline_at, without_dateline
from qa.spans import (
    TokenSpan,
    best_span_over_items,
    best_token_spans,
    says_something,
    tidy,
    without_overlaps,
)
from qa.spelling import rare_words, spelled_as_in, whole_in
from qa.windows import Window, WindowLayout, cut_windows, with_question_mark

SHIPPED_READER = Path(__file__).parent / "models" / "reader"

_Offsets = Sequence[tuple[int, int]]

_CURE = "restore the file, or export the reader again with python -m scripts.export_reader"


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


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        """Return the spans of each passage, best first; a passage without text has none."""
        ...


class ReaderManifest(BaseModel):
    """`reader.json` beside the exported model: how it wants its input, and what it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    model: str = Field(description="File name of the ONNX model in the same folder.")
    model_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    max_tokens: int = Field(ge=32, le=4096)
    max_question_tokens: int = Field(default=64, ge=8, le=512)
    window_overlap: int = Field(default=64, ge=0)
    max_answer_tokens: int = Field(default=40, ge=1)
    length_cost: float = Field(
        default=0.02, ge=0, description="Logits that each further token of an answer costs."
    )

    @property
    def layout(self) -> WindowLayout:
        """How passages are cut for this reader."""
        return WindowLayout(
            max_tokens=self.max_tokens,
            max_question_tokens=self.max_question_tokens,
            overlap=self.window_overlap,
        )

    @model_validator(mode="after")
    def _windows_have_room(self) -> Self:
        _ = self.layout
        return self


class OnnxReader:
    """The shipped reader, or any other that `scripts.export_reader` has written."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        manifest: ReaderManifest,
        *,
        readers: Executor | None = None,
        spans_per_passage: int = 3,
    ) -> None:
        """`readers` are threads that read windows side by side; without them, one after another."""
        self._session = session
        self._readers = readers
        self._tokenizer = tokenizer
        self._is_common = whole_in(tokenizer)
        self._layout = manifest.layout
        self._max_answer_tokens = manifest.max_answer_tokens
        self._length_cost = manifest.length_cost
        self._spans_per_passage = spans_per_passage
        self.fingerprint = manifest.model_sha256

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> "OnnxReader":
        """Open the reader in `folder`; `threads` 0 takes as many as this process has cores.

        Each thread reads a window by itself: threads that share one window wait for each other in
        every layer, and read two in four thirds of the time.

        Raises ModelError if a file is missing, damaged, or not the one that `reader.json` names.
        """
        manifest = _read_manifest(folder)
        model = _read_bytes(folder / manifest.model)
        found = hashlib.sha256(model).hexdigest()
        if found != manifest.model_sha256:
            raise ModelError(
                f"{folder / manifest.model} has sha256 {found}, but reader.json says "
                f"{manifest.model_sha256}; {_CURE}"
            )
        session = _open_model(folder / manifest.model)
        tokenizer = _open_tokenizer(folder / "tokenizer.json")
        count = threads or len(os.sched_getaffinity(0))
        readers = ThreadPoolExecutor(count, thread_name_prefix="reader") if count > 1 else None
        return cls(session, tokenizer, manifest, readers=readers)

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
        return [_best_apart(spans)[: self._spans_per_passage] for spans in found]

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

        def read(window: Window) -> list[PassageSpan]:
            text = passages[window.row]
            spans = self._spans(window, text, *self._logits(window), over_items)
            return [
                _narrowed(span, text, question)
                for span in spans
                if not is_asked_at(text, span.start, question)
                and not is_byline_at(text, span.start, question)
            ]

        if self._readers is None or len(windows) < 2:
            return [read(window) for window in windows]
        longest_first = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
        pending = {i: self._readers.submit(read, windows[i]) for i in longest_first}
        return [pending[i].result() for i in range(len(windows))]

    def _logits(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the start and end logits of the window's tokens, each of shape (tokens,)."""
        ids = np.array([window.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, window.passage_start :] = 1
        start, end = self._session.run(
            ["start_logits", "end_logits"],
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types},
        )
        return start[0], end[0]

    def _spans(
        self,
        window: Window,
        text: str,
        start: NDArray[np.float32],
        end: NDArray[np.float32],
        over_items: bool,
    ) -> list[PassageSpan]:
        null_score = float(start[0] + end[0])
        passage = slice(window.passage_start, window.passage_start + len(window.offsets))
        start, end, offsets = start[passage], end[passage], window.offsets
        spans = [
            *self._within_stretches(text, offsets, start, end),
            *(self._over_items(text, offsets, start, end) if over_items else ()),
        ]
        tidied = [(tidy(text, offsets[s.first][0], offsets[s.last][1]), s.score) for s in spans]
        return [
            PassageSpan(*place, score, null_score)
            for place, score in tidied
            if says_something(text[slice(*place)])
        ]

    def _within_stretches(
        self, text: str, offsets: _Offsets, start: NDArray[np.float32], end: NDArray[np.float32]
    ) -> Iterator[TokenSpan]:
        """Yield the best spans of each stretch of the layout.

        No answer runs out of one: none of those that the reader learned from does.
        """
        for begin, stop in stretches(text):
            first, behind = _token_at(offsets, begin), _token_at(offsets, stop)
            yield from (
                replace(span, first=first + span.first, last=first + span.last)
                for span in best_token_spans(
                    start[first:behind],
                    end[first:behind],
                    max_tokens=self._max_answer_tokens,
                    limit=self._spans_per_passage,
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


def _narrowed(span: PassageSpan, text: str, question: str) -> PassageSpan:
    """Return a span without what the reader takes along: a dateline, the other date of a life."""
    start, end = without_dateline(text, span.start, span.end)
    start, end = date_asked_for(text, start, end, question)
    return replace(span, start=start, end=end)


def _token_at(offsets: _Offsets, position: int) -> int:
    """Return the first token that begins at `position` or behind it."""
    return bisect_left(offsets, (position,))


def _best_apart(spans: Sequence[PassageSpan]) -> list[PassageSpan]:
    """Keep the best of the spans that share a character; windows overlap, so spans may."""
    kept, _ = without_overlaps(sorted(spans, key=lambda span: (-span.score, span.start, span.end)))
    return kept


def _read_manifest(folder: Path) -> ReaderManifest:
    path = folder / "reader.json"
    try:
        return ReaderManifest.model_validate_json(_read_bytes(path))
    except ValidationError as error:
        raise ModelError(f"{path}: {first_mistake(error)}; {_CURE}") from error


def _open_model(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Plans of where to put what pay off only where all windows have one shape; here they cost
    # memory.
    options.enable_mem_pattern = False
    try:
        # Of a model given as bytes, the session would keep a copy for good.
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no base class of their own
        raise ModelError(f"{path} is not a model that can be run: {error}; {_CURE}") from error


def _open_tokenizer(path: Path) -> Tokenizer:
    content = _read_bytes(path)
    try:
        tokenizer = Tokenizer.from_str(content.decode())
    except Exception as error:  # the library raises Exception itself
        raise ModelError(f"{path} is not a tokenizer: {error}; {_CURE}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "[SEP]" in an article is text, not the end of the passage.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"cannot read {path}: {error.strerror}; a reader is a folder with reader.json, "
            f"tokenizer.json and an ONNX model"
        ) from error
