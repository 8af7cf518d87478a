"""Writes to the record, and the background threads that publish what was written."""

import threading
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import structlog

from api.writing.open_record import OpenRecord
from index.encoding.encoder import PassageEncoder
from index.file_names import CURRENT_NAME, RECORD_NAME
from index.generation.delta import FoldRule
from index.generation.folders import check_is_index, read_pointer
from index.generation.locks import BuildInProgressError, building_lock, is_being_built
from index.generation.manifest import Manifest
from index.giving_way import LONG_WORK, SHORT_WORK, let_questions_go_first
from index.publishing.current import (
    GenerationHeldError,
    budget_of,
    check_has_record,
    current_manifest,
    end_rollback,
)
from index.publishing.publish import Publisher
from index.record.record import Record, Written
from qa.errors import IndexUnavailableError, QuothError
from qa.values import Article

_log = structlog.get_logger("quoth")
# Writes that come within so short a time of each other are published together.
_LINGER_S = 0.1


class IndexWriter:
    """The writing side of the service; safe to use from several threads.

    A write returns when it is durable in the record. One thread publishes what the record holds
    and the index does not, whoever wrote it; another folds a delta that has grown too large, and
    what is written meanwhile is published all the same. Both give way to questions, and neither
    makes a record: an empty one in the place of one that was moved away would be taken for the
    truth.
    """

    def __init__(self, index_dir: Path, *, keep: int, poll_seconds: float) -> None:
        """`poll_seconds` is how often to look for what other processes wrote."""
        self._index_dir = index_dir
        self._keep = keep
        self._poll_seconds = poll_seconds
        self._rule = FoldRule()
        self._record_path = index_dir / RECORD_NAME
        self._record = OpenRecord(self._record_path, self._open_record)
        self._encoder: PassageEncoder | None = None
        self._stop = threading.Event()
        self._written = threading.Event()
        self._fold_due = threading.Event()
        self._problem: str | None = None
        self._published = threading.Event()
        self._threads = [
            threading.Thread(target=self._publish_always, name="publisher", daemon=True),
            threading.Thread(target=self._fold_always, name="folder", daemon=True),
        ]

    @property
    def problem(self) -> str | None:
        """Why what was written cannot be published at present, or None."""
        return self._problem

    def start(self, encoder: PassageEncoder, published: threading.Event) -> None:
        """Begin to publish; `published` is set after each time."""
        self._encoder, self._published = encoder, published
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads; what is not published yet is when a service starts again."""
        self._stop.set()
        self._written.set()
        self._fold_due.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._record.close()

    def put(self, articles: Sequence[Article]) -> list[Written]:
        """Add or change articles, durably; raises IndexUnavailableError or sqlite3.Error."""
        written = self._record.get().put(articles)
        self._written.set()
        return written

    def delete(self, article_id: str, *, even_if_absent: bool) -> int | None:
        """Delete an article, durably, as `Record.delete`; the same errors as `put`."""
        sequence = self._record.get().delete(article_id, even_if_absent=even_if_absent)
        self._written.set()
        return sequence

    def is_held(self) -> bool:
        """Return whether changes wait since a rollback."""
        pointer = read_pointer(self._index_dir)
        return pointer is not None and pointer.is_held

    def resume(self) -> None:
        """Publish changes again after a rollback."""
        end_rollback(self._index_dir)
        self._written.set()

    def _open_record(self, path: Path) -> Record:
        """Open the record at its first use: a service that is only asked does not make one."""
        if self._index_dir.exists():
            check_is_index(self._index_dir)
            check_has_record(self._index_dir)
        self._index_dir.mkdir(parents=True, exist_ok=True)
        record = Record(path, create=not (self._index_dir / CURRENT_NAME).exists())
        try:
            current_manifest(self._index_dir, record)
        except IndexUnavailableError:
            record.close()
            raise
        return record

    def _publish_always(self) -> None:
        let_questions_go_first(SHORT_WORK)
        record = OpenRecord(self._record_path, partial(Record, create=False))
        while not self._stop.is_set():
            try:
                if not self._record_path.exists() or self._publish(self._publisher(record.get())):
                    self._note(None)
            except Exception as error:  # noqa: BLE001  # the thread must outlive a full disk, say
                self._note(error)
            self._written.wait(self._poll_seconds)
            if self._written.is_set():
                self._stop.wait(_LINGER_S)
                self._written.clear()
        record.close()

    def _publish(self, publisher: Publisher) -> bool:
        """Publish a delta if there is anything in it; False where that is left to folding."""
        if self.is_held() or not publisher.has_changes():
            return True
        current = publisher.current()
        if current is None or publisher.needs_base():
            _check_encoder(current, publisher.encoder)
            self._fold_due.set()
            return False
        due = self._record.get().pending(after=current.sequence)
        if due > self._rule.least and is_being_built(self._index_dir):
            return True  # a rebuild will publish them, and encode them faster
        published = publisher.publish_delta()
        if published is None:
            return True
        manifest = published.manifest
        _log.info("published", generation=manifest.generation, sequence=manifest.sequence)
        self._published.set()
        if self._rule.is_due(manifest):
            self._fold_due.set()
        return True

    def _fold_always(self) -> None:
        let_questions_go_first(LONG_WORK)
        while True:
            self._fold_due.wait()
            if self._stop.is_set():
                return
            self._fold_due.clear()
            try:
                self._fold()
            except (BuildInProgressError, GenerationHeldError):
                self._stop.wait(self._poll_seconds)  # another process does it, or goes back
            except Exception as error:  # noqa: BLE001  # as above
                self._note(error)

    def _fold(self) -> None:
        with closing(Record(self._record_path, create=False)) as record:
            publisher = self._publisher(record)
            with building_lock(self._index_dir):
                current = publisher.current()
                _check_encoder(current, publisher.encoder)
                if not publisher.needs_base() and current and not self._rule.is_due(current):
                    return
                folded = publisher.build_base(budget_of(current), reuse_cuts=True)
            _log.info("folded", generation=folded.manifest.generation)
            self._published.set()

    def _publisher(self, record: Record) -> Publisher:
        if self._encoder is None:
            raise IndexUnavailableError("the service is starting; try again in a few seconds")
        return Publisher(self._index_dir, record, self._encoder, keep=self._keep)

    def _note(self, error: Exception | None) -> None:
        problem = None if error is None else str(error)
        if problem is not None and problem != self._problem:
            known = isinstance(error, QuothError)
            _log.error("cannot publish", reason=problem, exc_info=None if known else error)
        self._problem = problem


def _check_encoder(current: Manifest | None, encoder: PassageEncoder) -> None:
    """Refuse to make an index anew with another encoder: it may be a mistake in the settings."""
    if current is not None and current.encoder.fingerprint != encoder.fingerprint:
        raise IndexUnavailableError(
            f"the index was built with encoder {current.encoder.name!r}, but {encoder.name!r} is "
            f"loaded; what is written waits until QUOTH_ENCODER names the former, or the index is "
            f"rebuilt with the latter"
        )
