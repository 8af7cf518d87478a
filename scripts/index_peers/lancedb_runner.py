"""LanceDB as a store in a comparison; runs in the environment of requirements-lancedb.txt."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import lancedb
import pyarrow

from scripts.index_peers.protocol import Entry, Hit, Rows, Vector, serve

_TABLE = "entries"
# Every change is a version of the table and a fragment; without tidying both pile up.
_TIDIED_AFTER = 20


class LanceDB:
    """A table with text, row and vector; replaced by `merge_insert` on the id."""

    packages = ("lancedb", "pyarrow")
    configuration = (
        "one table, merge_insert on the id, with a BTREE index of it",
        "no vector index: all vectors are compared, as is advised for so few",
        f"`optimize` after each {_TIDIED_AFTER} changes, in the time of the change",
    )

    def __init__(self, folder: Path, rows: Rows) -> None:
        database = lancedb.connect(folder)
        self._schema = pyarrow.schema(
            [
                ("id", pyarrow.string()),
                ("text", pyarrow.string()),
                ("row", pyarrow.int64()),
                ("vector", pyarrow.list_(pyarrow.float32(), rows.vectors.shape[1])),
            ]
        )
        self._table = database.create_table(_TABLE, schema=self._schema, exist_ok=True)
        self._changes = 0

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Replace what has the same ids."""
        found = [
            {"id": entry.entry_id, "text": text, "row": entry.row, "vector": vector}
            for entry, text, vector in entries
        ]
        merging = self._table.merge_insert("id").when_matched_update_all()
        merging.when_not_matched_insert_all().execute(
            pyarrow.Table.from_pylist(found, schema=self._schema)
        )
        if len(entries) > 1:
            self._table.create_scalar_index("id")
        self._tidy()

    def delete(self, entry_id: str) -> None:
        """Delete by the id."""
        self._table.delete(f"id = '{entry_id}'")
        self._tidy()

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Compare all vectors."""
        search = self._table.search(vector).distance_type("cosine").limit(limit)
        return [
            Hit(found["id"], found["text"], found["row"], 1 - found["_distance"])
            for found in search.to_list()
        ]

    def close(self) -> None:
        """Nothing is left to do."""

    def _tidy(self) -> None:
        self._changes += 1
        if self._changes % _TIDIED_AFTER == 0:
            self._table.optimize(cleanup_older_than=timedelta(0))


if __name__ == "__main__":
    serve(LanceDB)
