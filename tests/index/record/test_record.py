"""The record keeps articles and vectors, or stays as it was."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from index.publishing.staged import Difference, StagedRecord
from index.record.record import Record
from qa.errors import IndexUnavailableError
from qa.values import Article
from tests.index.fake_encoder import write_files

OLD = [Article("b", "B", "Second comes first."), Article("a", "A", "Étude.", tags=("x",))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record that holds `OLD`."""
    path = tmp_path / "record.sqlite"
    with closing(Record(path)) as record:
        replace(record, OLD)
    return path


def replace(record: Record, articles: Iterable[Article]) -> None:
    StagedRecord(record, articles, remove_others=True).apply()


def held(path: Path) -> list[Article]:
    with closing(Record(path)) as record:
        return list(record.articles())


def vector(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_articles_are_kept_in_the_order_in_which_they_were_put(path: Path) -> None:
    assert held(path) == OLD


def test_new_articles_take_the_place_of_all_old_ones(path: Path) -> None:
    with closing(Record(path)) as record:
        replace(record, [Article("c", "C", "New.")])
        assert record.count() == 1
    assert held(path) == [Article("c", "C", "New.")]


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()], ids=repr)
def test_a_source_that_fails_half_way_leaves_the_record_as_it_was(
    path: Path, error: BaseException
) -> None:
    def articles() -> Iterator[Article]:
        yield Article("new", "N", "New.")
        raise error

    with closing(Record(path)) as record:
        with pytest.raises(type(error)):
            replace(record, articles())
        assert list(record.articles()) == OLD
    assert held(path) == OLD


def test_what_another_run_applied_is_not_taken_for_what_was_read_here(path: Path) -> None:
    a = OLD[1]
    with closing(Record(path)) as record, closing(Record(path)) as elsewhere:
        before = record.sequence()
        staged = StagedRecord(record, [a], remove_others=True)
        # In one transaction it removes what was to be removed here, and puts more.
        replace(elsewhere, [a, Article("c", "C", "New.")])
        assert staged.apply_over(before) == before
        assert record.changed_ids(after=before) == ["c"]


def test_what_was_read_here_is_at_the_sequence_that_it_was_applied_at(path: Path) -> None:
    with closing(Record(path)) as record:
        before = record.sequence()
        staged = StagedRecord(record, [OLD[1]], remove_others=True)
        assert staged.apply_over(before) == record.sequence() == before + 1


@pytest.mark.parametrize("remove_others", [True, False])
def test_what_is_staged_reads_as_the_record_that_it_makes(path: Path, remove_others: bool) -> None:
    a, b = OLD[1], OLD[0]
    more = [Article("c", "C", "Stays."), Article("d", "D", "Old."), Article("gone", "G", "Gone.")]
    with closing(Record(path)) as record:
        between = record.sequence()
        record.put(more)
        record.delete("gone")
        changed, new = Article("d", "D", "New."), Article("e", "E", "New.")
        staged = StagedRecord(record, [a, more[0], changed, new], remove_others=remove_others)
        removed = ["b"] if remove_others else []
        assert staged.difference == Difference(
            added=1, changed=1, removed=len(removed), unchanged=2
        )
        assert staged.removed_ids() == removed

        def read(of: Record | StagedRecord) -> list[object]:
            held = {article.article_id: article for article in of.articles()}
            later = {article.article_id: article for article in of.articles(after=between)}
            return [held, later, of.count(), of.count(after=between), of.gone(after=between)] + [
                sorted(of.changed_ids(after=after)) for after in (0, between)
            ]

        before = read(staged)
        assert before[:2] == [
            {
                one.article_id: one
                for one in [a, *([] if remove_others else [b]), more[0], changed, new]
            },
            {one.article_id: one for one in [more[0], changed, new]},
        ]
        staged.apply()
        assert read(record) == before


def test_of_many_that_will_leave_the_first_are_named_by_their_ids(path: Path) -> None:
    with closing(Record(path)) as record:
        staged = StagedRecord(record, [], remove_others=True)
        assert staged.removed_ids() == ["a", "b"]
        assert staged.removed_ids(most=1) == ["a"]
        staged.keep_others()
        assert (staged.removed_ids(), staged.gone(after=0)) == ([], [])
        assert staged.difference.is_empty
        assert not staged.apply()[1]
        assert list(record.articles()) == OLD


def test_what_others_put_meanwhile_does_not_leave(path: Path) -> None:
    meanwhile = Article("c", "C", "New.")
    with closing(Record(path)) as record:
        staged = StagedRecord(record, [OLD[1]], remove_others=True)
        record.put([meanwhile])
        assert staged.removed_ids() == ["b"]
        assert list(staged.articles()) == [OLD[1], meanwhile]
        staged.apply()
        assert list(record.articles()) == [OLD[1], meanwhile]


def test_an_article_that_left_and_comes_again_is_not_gone(path: Path) -> None:
    with closing(Record(path)) as record:
        before = record.sequence()
        record.delete("a")
        assert record.gone(after=before) == ["a"]
        staged = StagedRecord(record, OLD, remove_others=True)
        assert staged.gone(after=before) == []
        staged.apply()
        assert record.gone(after=before) == []


def test_an_id_that_stands_twice_leaves_the_record_as_it_was(path: Path) -> None:
    with closing(Record(path)) as record, pytest.raises(sqlite3.IntegrityError):
        replace(record, [OLD[0], OLD[0]])
    assert held(path) == OLD


def test_a_full_disk_is_reported_and_leaves_the_record_as_it_was(path: Path) -> None:
    with closing(Record(path)) as record:
        record.database.execute("PRAGMA max_page_count = 30")
        with pytest.raises(sqlite3.OperationalError, match=f"disk is full: {path}; make room"):
            replace(record, (Article(str(n), "T", "x" * 4000) for n in range(100)))
    assert held(path) == OLD


def test_a_full_disk_of_temporary_files_is_not_taken_for_that_of_the_record(path: Path) -> None:
    with closing(Record(path)) as record:
        record.database.execute("PRAGMA temp.max_page_count = 30")
        with pytest.raises(sqlite3.OperationalError, match="full: SQLite's temporary files"):
            replace(record, (Article(str(n), "T", "x" * 4000) for n in range(100)))
    assert held(path) == OLD


def test_vectors_come_back_by_encoder_and_digest(path: Path) -> None:
    with closing(Record(path)) as record:
        record.add_vectors("one", [(b"a", vector(1, 2)), (b"b", vector(3, 4))])
        record.add_vectors("two", [(b"a", vector(5, 6, 7))])
    with closing(Record(path)) as record:
        found = record.vectors("one", [b"b", b"a", b"unknown"])
        assert {key: value.tolist() for key, value in found.items()} == {b"a": [1, 2], b"b": [3, 4]}
        assert record.vectors("two", [b"a"])[b"a"].tolist() == [5, 6, 7]
        assert record.vectors("three", [b"a"]) == {}


def test_a_vector_that_is_there_already_stays(path: Path) -> None:
    with closing(Record(path)) as record:
        record.add_vectors("one", [(b"a", vector(1))])
        record.add_vectors("one", [(b"a", vector(2))])
        assert record.vectors("one", [b"a"])[b"a"].tolist() == [1]


def test_a_vector_takes_little_more_room_than_its_bytes(tmp_path: Path) -> None:
    path, count, shipped_dimensions = tmp_path / "record.sqlite", 1000, 384
    with closing(Record(path)) as record:
        before = path.stat().st_size
        kept = vector(*range(shipped_dimensions))
        record.add_vectors("e" * 64, ((sha256(b"%d" % n).digest(), kept) for n in range(count)))
    assert path.stat().st_size - before < 1.5 * count * kept.nbytes


def test_a_record_made_before_vectors_had_rowids_is_read_and_written(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'embeddings'")
        database.execute("DROP TABLE embeddings")
        database.execute(f"{made[0]}, WITHOUT ROWID")
        database.commit()
    with closing(Record(path)) as record:
        record.add_vectors("e", [(b"1", vector(1, 0)), (b"1", vector(0, 1))])
        assert record.vectors("e", [b"1", b"2"]).keys() == {b"1"}


def test_more_vectors_can_be_asked_for_than_one_statement_takes(path: Path) -> None:
    digests = [n.to_bytes(32) for n in range(1203)]
    with closing(Record(path)) as record:
        record.add_vectors("one", ((digest, vector(n)) for n, digest in enumerate(digests)))
        found = record.vectors("one", digests)
    assert [found[digest].tolist() for digest in digests] == [[n] for n in range(1203)]


def test_replacing_articles_keeps_all_vectors(path: Path) -> None:
    with closing(Record(path)) as record:
        record.add_vectors("one", [(b"a", vector(1))])
        replace(record, [])
        assert list(record.vectors("one", [b"a"])) == [b"a"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"This is no database. " * 300, "is not a database", id="foreign"),
        pytest.param(b"SQLite format 3\0" + b"\xff" * 5000, "not a record", id="corrupt"),
    ],
)
def test_a_file_that_is_no_record_is_refused_with_the_cure(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "record.sqlite"
    path.write_bytes(content)
    message = rf"record\.sqlite .*{fault}.*move it away and index the sources again$"
    with pytest.raises(IndexUnavailableError, match=message):
        Record(path)
    assert path.read_bytes() == content


def test_what_serves_is_named_as_the_way_to_another_record(tmp_path: Path) -> None:
    """What was written over HTTP is in no source, but in what serves."""
    write_files(tmp_path, {"record.sqlite": b"no database at all " * 99, "CURRENT": "one\n"})
    with pytest.raises(IndexUnavailableError) as caught:
        Record(tmp_path / "record.sqlite")
    cure = "restore it from a copy, or move it away and make it from what serves with: "
    assert str(caught.value).endswith(f"{cure}quoth repair {tmp_path}")


@pytest.mark.parametrize("version", [3, 0], ids=["newer", "of-another-program"])
def test_a_record_of_another_version_is_refused_and_not_changed(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    message = f"has schema version {version}, but this Quoth reads version 2; use the Quoth that"
    with pytest.raises(IndexUnavailableError, match=message):
        Record(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)


def test_two_may_make_the_same_record_at_once(tmp_path: Path) -> None:
    """SQLite does not wait for a lock by itself while a journal becomes a write-ahead log."""
    path = tmp_path / "record.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        done.start()
        with closing(Record(path)) as record:
            assert record.sequence() == 0
        done.join()


def test_a_record_that_is_missing_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    missing = tmp_path / "a record.sqlite"
    with pytest.raises(IndexUnavailableError, match="cannot open the record"):
        Record(missing, create=False)
    assert not missing.exists()
    with closing(Record(missing)) as made, closing(Record(missing, create=False)) as opened:
        made.put(OLD)
        assert opened.count() == len(OLD)


def test_a_record_that_cannot_be_opened_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"cannot open the record .*record\.sqlite"):
        Record(tmp_path / "missing" / "record.sqlite")
