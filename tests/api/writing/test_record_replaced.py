"""The record is moved away under a running service, and made anew."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.writing.index_writer import IndexWriter
from index.file_names import RECORD_NAME
from index.progress import Silent
from index.record.record import Record
from index.repair import repair_index
from index.splitting.passages import PassageBudget
from qa.values import Article
from tests.api.conftest import FakeEncoder


def put(client: TestClient, article_id: str, text: str) -> dict[str, object]:
    address = f"/v1/articles/{article_id}?refresh=wait_for"
    response = client.put(address, json={"text": text})
    written: dict[str, object] = response.json()
    return written | {"status": response.status_code}


def move_record_away(index_dir: Path) -> None:
    (index_dir.parent / "away").mkdir()
    for file in index_dir.glob(f"{RECORD_NAME}*"):
        file.rename(index_dir.parent / "away" / file.name)


def repair(index_dir: Path) -> None:
    budget = PassageBudget(max_tokens=40, overlap=5)
    repair_index(index_dir, encoder=FakeEncoder(), budget=budget, progress=Silent())


def ids_in_record(index_dir: Path) -> set[str]:
    with closing(Record(index_dir / RECORD_NAME)) as record:
        return {article.article_id for article in record.articles()}


def test_what_is_written_once_the_record_was_made_anew_stands_in_the_new_one(
    client: TestClient, index_dir: Path
) -> None:
    put(client, "before", "The ship carries 11 sailors.")
    move_record_away(index_dir)
    repair(index_dir)
    written = put(client, "after", "The ship carries 88 sailors.")
    assert (written["status"], written["searchable"]) == (201, True)
    assert {"before", "after"} <= ids_in_record(index_dir)
    assert client.delete("/v1/articles/before").status_code == 200
    assert "before" not in ids_in_record(index_dir)


def test_what_another_process_writes_to_the_new_record_is_published(
    client: TestClient, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    put(client, "before", "The ship carries 11 sailors.")
    move_record_away(index_dir)
    repair(index_dir)
    with closing(Record(index_dir / RECORD_NAME)) as record:
        record.put([Article("elsewhere", "Elsewhere", "The ship was left with 3 men.")])
    address = "/v1/articles/elsewhere"
    wait_until(lambda: client.get(address).status_code == 200, what="published")


def test_while_the_record_is_away_nothing_is_written_and_none_is_made(
    client: TestClient, index_dir: Path
) -> None:
    put(client, "before", "The ship carries 11 sailors.")
    move_record_away(index_dir)
    refused = put(client, "lost", "The ship carries 88 sailors.")
    assert refused["status"] == 503
    assert f"quoth repair {index_dir}" in str(refused["detail"])
    assert not (index_dir / RECORD_NAME).exists()
    repair(index_dir)
    assert put(client, "kept", "The ship carries 88 sailors.")["status"] == 201


def test_a_delta_is_not_folded_into_a_new_record_where_the_record_has_just_been_moved_away(
    index_dir: Path, wait_until: Callable[..., None]
) -> None:
    class MovesRecordAway(threading.Event):
        """Is set once the delta is published, and before it is folded."""

        def set(self) -> None:
            move_record_away(index_dir)
            super().set()

    published = MovesRecordAway()
    writer = IndexWriter(index_dir, keep=2, poll_seconds=60)
    # More than a service lets lie in a delta.
    writer.put([Article(f"ship {n}", "A ship", f"It carries {n} men.") for n in range(201)])
    with capture_logs() as log:
        writer.start(FakeEncoder(), published)
        try:
            wait_until(lambda: any("cannot publish" in e["event"] for e in log), what="not folded")
        finally:
            writer.stop()
    assert published.is_set()
    assert not (index_dir / RECORD_NAME).exists()
