"""How the comparison talks to a store in another environment: JSON lines over stdin and stdout.

The first line in is the `Setup`, the first line out the `Ready`; then each line in is a `Request`
and each line out a `Reply`, which is written when the store has acknowledged. The end of the input
closes the store and ends the program. A runner calls `serve`; this module needs numpy, which every
store has, and nothing else.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from scripts.peers.replies import own_stdout, write_reply

Vector = Any
"""One unit vector, an array of shape (dimension,); numpy's types are not the same everywhere."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the store keeps its files, and the pool that rows are numbers of.

    `texts` is a file with a JSON string a line, `vectors` a NumPy file of as many unit vectors.
    """

    folder: str
    texts: str
    vectors: str


@dataclass(frozen=True, slots=True)
class Ready:
    """What a store says when it is open: its versions, how it is set, and how long it took."""

    versions: dict[str, str]
    configuration: tuple[str, ...]
    open_s: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One text under an id: row `row` of the pool, which is kept as its metadata too."""

    entry_id: str
    row: int


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search has found: the id, its text, the row in its metadata, and the cosine."""

    entry_id: str
    text: str
    row: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Request:
    """`put` puts all `entries`, `delete` deletes their ids, `search` searches for `row`'s vector.

    A search returns the best `limit`.
    """

    do: str
    entries: tuple[Entry, ...] = ()
    row: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """What was found, and the milliseconds that it took inside of the store."""

    milliseconds: float
    hits: tuple[Hit, ...] = ()


class Store(Protocol):
    """Texts with their vectors under ids, in a folder."""

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages whose versions matter."""
        ...

    @property
    def configuration(self) -> tuple[str, ...]:
        """Each setting that matters, in a few words."""
        ...

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Add or replace entries, each with its text and vector, durably."""
        ...

    def delete(self, entry_id: str) -> None:
        """Delete an entry, durably."""
        ...

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Return the entries of the highest cosines, best first."""
        ...

    def close(self) -> None:
        """Close the store as its documentation says."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The pool as a runner has it."""

    texts: Sequence[str]
    vectors: Any


def serve(open_store: Callable[[Path, Rows], Store]) -> None:
    """Open the store as the first line says, then do what is requested until the input ends."""
    replies = own_stdout()
    setup = Setup(**json.loads(sys.stdin.readline()))
    lines = Path(setup.texts).read_text(encoding="utf-8").split("\n")
    rows = Rows([json.loads(line) for line in lines if line], np.load(setup.vectors))
    began = time.perf_counter()
    store = open_store(Path(setup.folder), rows)
    spent = time.perf_counter() - began
    versions = {package: version(package) for package in store.packages}
    write_reply(replies, asdict(Ready(versions, store.configuration, spent)))
    for line in sys.stdin:
        given = json.loads(line)
        entries = tuple(Entry(**entry) for entry in given["entries"])
        request = Request(given["do"], entries, given["row"], given["limit"])
        began = time.perf_counter()
        hits = _done(request, store, rows)
        spent = time.perf_counter() - began
        write_reply(replies, asdict(Reply(1000 * spent, tuple(hits))))
    store.close()


def _done(request: Request, store: Store, rows: Rows) -> list[Hit]:
    if request.do == "search":
        return store.search(rows.vectors[request.row], request.limit)
    if request.do == "put":
        store.put([(one, rows.texts[one.row], rows.vectors[one.row]) for one in request.entries])
    elif request.do == "delete":
        for one in request.entries:
            store.delete(one.entry_id)
    else:
        raise ValueError(f"there is no request {request.do!r}")
    return []
