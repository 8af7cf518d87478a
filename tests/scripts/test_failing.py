"""Commands that are given what is not there: one line, no traceback."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from scripts.failing import told_in_one_line
from tests.scripts.conftest import EndsWithLine


@pytest.mark.parametrize(
    ("command", "given"),
    [
        pytest.param(
            "report_evaluation", "--data ABSENT --work NEW --only read-qed", id="report_evaluation"
        ),
        pytest.param(
            "ask_known_questions", "--questions ABSENT --index-dir NEW", id="known-questions"
        ),
        pytest.param("ask_known_questions", "--index-dir ABSENT", id="known-questions-index"),
        pytest.param("export_reader", "--model ABSENT --float32 --out NEW", id="export-floats"),
        pytest.param("export_reader", "--model ABSENT --data ABSENT --out NEW", id="export"),
        pytest.param("peers.dequantize", "--reader ABSENT --out NEW", id="dequantize"),
        pytest.param("evaluate_dialogues", "--dialogues ABSENT", id="dialogues"),
        pytest.param(
            "compare_quantization", "--model ABSENT --data ABSENT --outliers ABSENT", id="compare"
        ),
    ],
)
def test_what_is_not_there_is_named(
    command: str,
    given: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    absent, new = str(tmp_path / "absent"), str(tmp_path / "new")
    words = [{"ABSENT": absent, "NEW": new}.get(word, word) for word in given.split()]
    monkeypatch.setattr(sys, "argv", [command, *words])
    with ends_with_line(absent):
        import_module(f"scripts.{command}").main()
    assert "|" not in capsys.readouterr().out


def test_a_dialogue_that_is_none_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    path = tmp_path / "dialogues.jsonl"
    path.write_text('{"id": "d", "half": "neither", "turns": []}\n', encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["evaluate_dialogues", "--dialogues", str(path)])
    with ends_with_line(" line 1: half: "):
        import_module("scripts.evaluate_dialogues").main()


def test_a_fault_of_ours_shows_its_traceback() -> None:
    with pytest.raises(KeyError), told_in_one_line():
        raise KeyError("ours")
    with pytest.raises(ValueError, match="ours"), told_in_one_line(OSError):
        raise ValueError("ours")
