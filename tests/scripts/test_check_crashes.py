"""A process that writes an index may be killed, find the disk full, or leave a file torn."""

from pathlib import Path

from index.question_encoder import OnnxQuestionEncoder
from index.record import RECORD_NAME, Record
from qa.values import Article
from scripts.check_crashes import run_rounds
from scripts.crashes.checking import Expected, faults


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
