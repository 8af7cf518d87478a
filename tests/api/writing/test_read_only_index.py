"""An index that cannot be written: it is served, and what wants to write is told why it cannot."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.api.conftest import Open


def journal_mode(index_dir: Path, pragma: str) -> str:
    with closing(sqlite3.connect(index_dir / "record.sqlite")) as record:
        return str(record.execute(pragma).fetchone()[0])


def test_telling_the_state_of_the_index_writes_nothing(index_dir: Path, open_service: Open) -> None:
    # Whoever opens the record to write sets it to a write-ahead log.
    assert journal_mode(index_dir, "PRAGMA journal_mode = DELETE") == "delete"
    with open_service(index_dir, writes=False) as client:
        state = client.get("/v1/index").json()
    assert (state["articles"], state["record_sequence"], state["pending"]) == (2, 1, 0)
    assert journal_mode(index_dir, "PRAGMA journal_mode") == "delete"


def test_where_the_pointer_cannot_be_written_moving_the_index_says_so(
    index_dir: Path, open_service: Open
) -> None:
    (index_dir / "CURRENT.new").mkdir()
    with open_service(index_dir) as client:
        serving = client.get("/v1/index").json()["generation"]
        moved = client.post("/v1/index/rollback", json={"generation": serving})
        assert moved.status_code == 503
        assert moved.json()["type"].endswith(":index-unavailable")
        assert str(index_dir / "CURRENT.new") in moved.json()["detail"]
        assert client.get("/readyz").json()["generation"] == serving


def test_where_the_record_cannot_be_written_a_put_says_what_to_look_at(
    index_dir: Path, open_service: Open
) -> None:
    # Where this folder lies, SQLite needs a file to write.
    (index_dir / "record.sqlite-shm").mkdir()
    with open_service(index_dir) as client:
        put = client.put("/v1/articles/new", json={"text": "New."})
        assert put.status_code == 503
        assert str(index_dir / "record.sqlite") in put.json()["detail"]
        assert "may be written" in put.json()["detail"]
