"""A process that writes an index may be killed at any instant."""

from pathlib import Path

from scripts.check_crashes import run_rounds


def test_nothing_is_lost_and_nothing_deleted_is_served_after_a_kill(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    result = run_rounds(tmp_path / "index", rounds=10, seed=7)
    assert result.faults == []
    assert sum(result.kills.values()) == 10
