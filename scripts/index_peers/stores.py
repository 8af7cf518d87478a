"""A store in its own process, and what it must hold."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from scripts.index_peers.pool import TEXTS_NAME, VECTORS_NAME, Pool
from scripts.index_peers.protocol import Entry, Hit, Ready, Reply, Request, Setup
from scripts.peers.lines import LineProcess

# Graphs give nearly the cosine, and each store computes in its own way; other texts are far off.
_COSINES_DIFFER = 0.01
_DEPTH = 10


class OpenStore(Protocol):
    """A store that has been opened and does what is requested."""

    ready: Ready

    def request(self, request: Request) -> Reply:
        """Return what a request gives; raises PeerError if the store ends instead."""
        ...


class StoreProcess:
    """A store in a process of its own."""

    def __init__(self, python: Path, module: str, folder: Path, pool: Pool) -> None:
        """Wait until it is open; raises PeerError if it ends instead."""
        texts, vectors = pool.folder / TEXTS_NAME, pool.folder / VECTORS_NAME
        self._process = LineProcess(python, module)
        try:
            setup = Setup(str(folder), str(texts), str(vectors))
            self.ready = Ready(**self._process.exchange(asdict(setup)))
        except BaseException:
            self._process.end()
            raise

    def request(self, request: Request) -> Reply:
        """Return what a request gives; raises PeerError if the store ends instead."""
        reply = self._process.exchange(asdict(request))
        return Reply(reply["milliseconds"], tuple(Hit(**hit) for hit in reply["hits"]))

    def close(self) -> None:
        """Close the store as its documentation says; raises PeerError if it fails to."""
        self._process.finish()

    def kill(self) -> None:
        """Send SIGKILL; may be called from another thread."""
        self._process.kill()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.end()


def put(store: OpenStore, entry_id: str, row: int) -> float:
    """Put an entry; return the milliseconds until it was acknowledged."""
    return store.request(Request("put", (Entry(entry_id, row),))).milliseconds


def delete(store: OpenStore, entry_id: str) -> float:
    """Delete an entry; return the milliseconds until it was acknowledged."""
    return store.request(Request("delete", (Entry(entry_id, 0),))).milliseconds


def search(store: OpenStore, row: int, limit: int = _DEPTH) -> Reply:
    """Search for the vector of a row."""
    return store.request(Request("search", row=row, limit=limit))


def shows(store: OpenStore, entry_id: str, row: int) -> bool:
    """Return whether a search for a row's vector finds this row's text under the id."""
    return any(hit.entry_id == entry_id and hit.row == row for hit in search(store, row).hits)


@dataclass(frozen=True, slots=True)
class Findings:
    """What of the entries was not as it must be, each id in at most one of them.

    `missing` are not found, `back` were deleted and are found, `wrong` have a text, a row or a
    vector that does not belong to them. What a kill has interrupted is `half` done if it is found
    neither as it was nor as it was to be.
    """

    missing: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    half: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it must be."""
        return not (self.missing or self.back or self.wrong or self.half)


def check(
    store: OpenStore, expected: dict[str, int | None], rows: dict[str, int], pool: Pool
) -> Findings:
    """Look up each expected id by its row's vector; None means that it was deleted.

    `rows` are the rows that each id has had last; of a deleted one this is the vector to look for.
    """
    missing, back, wrong = set(), set(), set()
    for entry_id, row in expected.items():
        at = rows[entry_id] if row is None else row
        hits = search(store, at).hits
        wrong |= {hit.entry_id for hit in hits if not _is_in_step(hit, at, pool)}
        found = [hit.row for hit in hits if hit.entry_id == entry_id]
        if row is None and found:
            back.add(entry_id)
        elif row is not None and row not in found:
            missing.add(entry_id)
    return Findings(
        tuple(sorted(missing - wrong)), tuple(sorted(back - wrong)), tuple(sorted(wrong))
    )


def _is_in_step(hit: Hit, asked: int, pool: Pool) -> bool:
    """Return whether text, row and vector of a hit belong together."""
    cosine = float(pool.vectors[hit.row] @ pool.vectors[asked])
    return hit.text == pool.texts[hit.row] and abs(cosine - hit.cosine) < _COSINES_DIFFER
