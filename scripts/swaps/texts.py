"""What each generation must say: every text an article has had, and the record's sequences."""

import hashlib
import json
import threading
from bisect import bisect_right
from pathlib import Path

from pydantic import BaseModel

from index.sources.jsonl import read_line
from scripts.evaluation.collection import Collection
from scripts.swaps.clients import Quoted, Reply

# A response may be under way between two processes of one machine for so long, and no longer.
_UNDER_WAY_S = 0.25


class _Manifest(BaseModel):
    generation: str
    sequence: int


class Texts:
    """The articles as sources, and their history in the record.

    `reading` is held by whoever changes the sources, and while a rebuild reads them: sources that
    still hold what is deleted meanwhile would bring it back, as they should.
    """

    def __init__(self, collection: Collection, sources: Path, index_dir: Path) -> None:
        self.sources = sources
        self.index_dir = index_dir
        self.reading = threading.Lock()
        self._now = {
            article_id: _as_stored(article_id, text)
            for text, article_id in collection.article_ids.items()
        }
        # (sequence, text) of each article, in order; no text from its deletion on.
        self._history: dict[str, list[tuple[int, str | None]]] = {
            article_id: [(0, text)] for article_id, text in self._now.items()
        }
        self._deleted: dict[str, float] = {}
        self._sequences: dict[str, int] = {}
        sources.mkdir(parents=True)
        self.write()

    def now(self) -> dict[str, str]:
        """Return the articles that there are."""
        return dict(self._now)

    def write(self) -> None:
        """Write the articles as the sources of the next rebuild."""
        path = self.sources / "articles.jsonl"
        lines = [json.dumps({"id": one, "text": text}) for one, text in self._now.items()]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def will_put(self, article_id: str, text: str) -> None:
        """Note in the sources what is about to be put."""
        self._now[article_id] = text

    def was_put(self, article_id: str, sequence: int) -> None:
        """Note that it was acknowledged."""
        self._history[article_id].append((sequence, self._now[article_id]))

    def will_delete(self, article_id: str) -> None:
        """Note in the sources what is about to be deleted."""
        del self._now[article_id]

    def was_deleted(self, article_id: str, sequence: int, acknowledged: float) -> None:
        """Note that it was acknowledged, and when (monotonic seconds)."""
        self._history[article_id].append((sequence, None))
        self._deleted[article_id] = acknowledged

    def note_generations(self) -> None:
        """Note the sequences of all generations that are there."""
        for path in (self.index_dir / "generations").glob("2*/manifest.json"):
            if path.parent.name not in self._sequences:
                try:
                    manifest = _Manifest.model_validate_json(path.read_bytes())
                except FileNotFoundError:
                    continue
                self._sequences[manifest.generation] = manifest.sequence

    def can_check(self, reply: Reply) -> bool:
        """Return whether the sequence of the reply's generation is known."""
        return reply.problem is None and reply.generation in self._sequences

    def fault_of(self, reply: Reply) -> str | None:
        """Return what in a reply is not of the generation that it names, or None."""
        if reply.problem is not None:
            return None
        if reply.header != reply.generation:
            return f"{reply.header} in the header, {reply.generation} in the body"
        if not self.can_check(reply):
            return None
        sequence = self._sequences[reply.generation]
        for quoted in reply.quoted:
            text = self._text_at(quoted, sequence)
            digest = None if text is None else hashlib.sha256(text.encode()).hexdigest()
            if text is None or digest != quoted.sha256:
                return f"{quoted.article_id} is not what {reply.generation} has"
            if text[quoted.start : quoted.end] != quoted.quote:
                return f"{quoted.article_id} does not say {quoted.quote!r} there"
        return None

    def deleted_in(self, reply: Reply) -> str | None:
        """Return what in a reply had been deleted before it was sent, or None."""
        for quoted in reply.quoted:
            acknowledged = self._deleted.get(quoted.article_id)
            if acknowledged is not None and reply.came > acknowledged + _UNDER_WAY_S:
                return f"{quoted.article_id} {reply.came - acknowledged:.2f} s after its deletion"
        return None

    def _text_at(self, quoted: Quoted, sequence: int) -> str | None:
        history = self._history[quoted.article_id]
        return history[bisect_right(history, sequence, key=lambda one: one[0]) - 1][1]


def _as_stored(article_id: str, text: str) -> str:
    """Return what a source's text becomes: without white space around it, for one."""
    line = json.dumps({"id": article_id, "text": text}).encode()
    return read_line(line, where=article_id, id_prefix="", max_bytes=len(line)).text
