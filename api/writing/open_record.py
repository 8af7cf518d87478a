"""The record of an index, held open, and opened again where another file has taken its place."""

import threading
from collections.abc import Callable
from pathlib import Path

from index.record.database import file_at
from index.record.record import Record


class OpenRecord:
    """The record at a path, opened at its first use; safe to use from several threads.

    A record that was moved away stays open for whoever has it open, and what is written to it
    then is lost. So each use looks whether the same file still lies there.
    """

    def __init__(self, path: Path, open_record: Callable[[Path], Record]) -> None:
        """`open_record` opens the file that lies at the path, or makes one, or raises."""
        self._path = path
        self._open_record = open_record
        self._lock = threading.Lock()
        self._record: Record | None = None
        self._file: tuple[int, int] | None = None

    def get(self) -> Record:
        """Return the record that lies at the path now; raises what opening it raises."""
        with self._lock:
            # Before it is opened: a file that takes its place meanwhile is found by the next look.
            file = file_at(self._path)
            if self._record is None or file is None or file != self._file:
                record = self._open_record(self._path)
                self._close()
                self._record, self._file = record, file
            return self._record

    def close(self) -> None:
        """Close the record, if it is open."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._record is not None:
            self._record.close()
            self._record = None
