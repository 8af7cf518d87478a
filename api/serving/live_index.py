"""The generation that serves, and the move to a newer one while requests run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from api.serving.loading import Models
from api.serving.seen import Seen
from api.serving.serving import Serving, serve_generation
from index.file_names import RECORD_NAME
from index.generation.folders import current_name
from index.generation.generation import Generation, open_generation
from index.giving_way import SHORT_WORK, let_questions_go_first
from index.record.deletions import Deletions
from qa.errors import IndexUnavailableError, QuothError

_log = structlog.get_logger("quoth")
# Loading takes a core for a second, and what is wrong with a model is seldom mended so soon.
_LOAD_AGAIN_S = 3.0


@dataclass(frozen=True, slots=True)
class _Opened:
    """What serves: a generation as it was published, and as it is without what was deleted since.

    A further deletion makes another `visible`, with an empty cache of answers.
    """

    generation: Generation
    models: Models
    deleted: frozenset[str]
    visible: Serving

    def without(self, deleted: frozenset[str]) -> "_Opened":
        visible = serve_generation(self.generation.without(deleted), self.models, deleted=deleted)
        return replace(self, deleted=deleted, visible=visible)


class LiveIndex:
    """Opens the index in the background and follows the generations that are published.

    A newer generation is opened beside the old one and takes over for new requests; the old one
    goes when the last request that holds it ends. If the newer one cannot be opened, the old one
    goes on serving. What any process deletes is gone from the next request on.
    """

    def __init__(
        self,
        index_dir: Path,
        load_models: Callable[[], Models],
        *,
        poll_seconds: float,
        on_models: Callable[[Models, threading.Event], None] = lambda *_: None,
    ) -> None:
        """`on_models` is told once what was loaded, and what to set when there is a generation."""
        self._index_dir = index_dir
        self._load_models = load_models
        self._models: Models | None = None
        self._poll_seconds = poll_seconds
        self._on_models = on_models
        self._opened: _Opened | None = None
        self._changing = threading.Lock()
        self._deletions = Deletions(index_dir / RECORD_NAME)
        self._moved = threading.Condition()
        self._look = threading.Event()
        self._problem: QuothError = IndexUnavailableError(
            "the service is starting; try again in a few seconds"
        )
        self._unusable: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live-index", daemon=True)

    def open(self) -> None:
        """Open what serves now, before `start` follows it; raises QuothError if it cannot be."""
        generation = open_generation(self._index_dir)
        self._serve(generation, self._models_loaded_once())
        self.serving()  # reads from the record what is deleted

    def start(self) -> None:
        """Begin to load and follow, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._look.set()
        self._thread.join()
        self._deletions.close()

    def serving(self) -> Serving:
        """Return what serves now; raises the QuothError that explains why nothing does.

        Two calls return the same object as long as nothing is published or deleted in between.
        """
        opened = self._opened
        if opened is None:
            raise self._problem
        deleted = self._deletions.after(opened.generation.manifest.sequence)
        if deleted == opened.deleted:
            return opened.visible
        with self._changing:
            if self._opened is opened:
                self._opened = opened.without(deleted)
                return self._opened.visible
        return self.serving()

    def shows_deleted(self, seen: Seen) -> bool:
        """Return whether what a request has seen and shows was deleted since it looked.

        Raises IndexUnavailableError if the record cannot be read.
        """
        if seen.sequence is None:
            return False
        since = self._deletions.after(seen.sequence) - seen.without
        return bool(since if seen.shown is None else since & seen.shown)

    def waiting(self, sequence: int) -> tuple[int, int]:
        """Return the record's sequence, and how many changes one of `sequence` lacks.

        Raises IndexUnavailableError if the record cannot be read.
        """
        return self._deletions.waiting(sequence)

    def look(self) -> None:
        """Look for a new generation now."""
        self._look.set()

    def holds(self, sequence: int) -> bool:
        """Return whether what serves holds a sequence of the record."""
        opened = self._opened
        return opened is not None and opened.generation.manifest.sequence >= sequence

    def wait_for(self, sequence: int, *, timeout_s: float) -> bool:
        """Wait until what serves holds a sequence of the record; returns whether it does."""
        with self._moved:
            return self._moved.wait_for(lambda: self.holds(sequence), timeout_s)

    def wait_for_generation(self, name: str, *, timeout_s: float) -> bool:
        """Wait until a generation serves; returns whether it does."""

        def serves() -> bool:
            return self._opened is not None and self._opened.generation.name == name

        self.look()
        with self._moved:
            return self._moved.wait_for(serves, timeout_s)

    def _follow(self) -> None:
        gives_way = False
        while not self._stop.is_set():
            self._look.clear()
            try:
                self._refresh(self._models_loaded_once())
            except QuothError as error:
                self._note(error)
            except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a library raises
                _log.error("cannot open the index", exc_info=error)
                self._note(IndexUnavailableError(f"cannot open the index: {error}"))
            # Not before: what the models start, such as the reader's threads, would inherit it.
            if self._opened is not None and not gives_way:
                let_questions_go_first(SHORT_WORK)
                gives_way = True
            least_s = 0.0 if self._models is not None else _LOAD_AGAIN_S
            self._look.wait(max(self._poll_seconds, least_s))

    def _models_loaded_once(self) -> Models:
        if self._models is None:
            self._models = self._load_models()
            self._on_models(self._models, self._look)
        return self._models

    def _refresh(self, models: Models) -> None:
        name = current_name(self._index_dir)
        opened = self._opened
        if opened is not None and name in (opened.generation.name, None):
            return
        if name is not None and name == self._unusable:
            return
        try:
            former = None if opened is None else opened.generation
            self._serve(open_generation(self._index_dir, former=former), models)
        except QuothError:
            # While nothing serves, every poll tries again.
            self._unusable = None if opened is None else name
            raise

    def _serve(self, generation: Generation, models: Models) -> None:
        fresh = serve_generation(generation, models)
        with self._changing:
            self._opened = _Opened(generation, models, frozenset(), fresh)
        with self._moved:
            self._moved.notify_all()
        _log.info("generation serves", generation=generation.name)

    def _note(self, error: QuothError) -> None:
        if str(error) != str(self._problem):
            _log.warning("index not available", reason=str(error))
        self._problem = error
