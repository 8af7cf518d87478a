"""A process that writes an index may be killed, find the disk full, or leave a file torn."""

import sys
from pathlib import Path

import pytest

from index.encoding.question_encoder import OnnxQuestionEncoder
from index.file_names import RECORD_NAME
from index.record.record import Record
from qa.values import Article
from scripts import check_crashes
from scripts.check_crashes import run_rounds
from scripts.crashes.checking import Expected, WriterError, faults, one_life
from tests.scripts.conftest import EndsWithLine


def test_nothing_is_lost_and_nothing_deleted_is_served_after_a_kill(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    result = run_rounds(tmp_path / "index", rounds=10, seed=7)
    assert result.faults == []
    assert sum(result.kills.values()) == 10


def test_a_full_disk_and_torn_files_leave_an_index_that_can_be_cured(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    result = run_rounds(tmp_path / "index", rounds=2, seed=3, full_disks=3, torn=True)
    assert result.faults == []
    assert any(case.startswith("disk full during: ") for case in result.cases)
    assert {"torn: CURRENT", "torn: manifest.json", "torn: base/tables.sqlite"} <= set(result.cases)
    assert all(result.cases.values())


def test_the_check_sees_what_was_lost_and_what_was_made_up(tmp_path: Path) -> None:
    encoder = OnnxQuestionEncoder()
    record = Record(tmp_path / RECORD_NAME)
    record.put([Article("a", "a", "The ferry sails."), Article("b", "b", "The ship waits.")])
    record.close()
    held = {"a": "The ferry sails.", "b": "The ship waits."}
    assert faults(tmp_path, Expected(dict(held)), None, encoder) == []
    lost = faults(tmp_path, Expected(held | {"c": "It is gone."}), None, encoder)
    made_up = faults(tmp_path, Expected({"a": "The ferry sails."}), None, encoder)
    assert lost == made_up == ["the record lost or made up something"]
    deleted = faults(tmp_path, Expected(dict(held), {"b"}), None, encoder)
    assert deleted == ["something deleted is served"]


@pytest.mark.parametrize("file_limit", [None, 4_096])
def test_a_writer_that_ends_by_itself_is_no_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_limit: int | None
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no such model' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(WriterError, match=r"ended by itself \(1\): no such model"):
        one_life(tmp_path, Expected(), seed=1, lives_s=60, file_limit=file_limit)


def test_a_folder_that_holds_something_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    (tmp_path / RECORD_NAME).write_bytes(b"mine")
    monkeypatch.setattr(sys, "argv", ["check_crashes", str(tmp_path)])
    with ends_with_line("is not empty"):
        check_crashes.main()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]
