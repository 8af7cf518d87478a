"""Commands that are given what is not there: one line, no traceback."""

import errno
import io
import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

from scripts.command_line.failing import told_in_one_line
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
        pytest.param("fuzz_contract", "--schemathesis ABSENT", id="schemathesis"),
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


def test_a_known_question_that_asks_nothing_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "", "answers": []}\n', encoding="utf-8")
    given = ["--questions", str(path), "--index-dir", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["ask_known_questions", *given])
    with ends_with_line(" line 1: question: .*is empty"):
        import_module("scripts.ask_known_questions").main()


def test_a_line_that_is_no_response_is_named(
    monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    monkeypatch.setattr(sys, "argv", ["show_response"])
    monkeypatch.setattr(sys, "stdin", io.StringIO("{}\n"))
    with ends_with_line("line 1 is no response of /v1/ask: "):
        import_module("scripts.show_response").main()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EROFS, "/lent/index: Read-only file system; have its disk mounted for writing"),
        (errno.ENOSPC, "/lent/index: No space left on device; make room on its disk"),
        (errno.EACCES, "/lent/index: Permission denied; let this user do that"),
        (errno.EISDIR, "/lent/index: Is a directory$"),
    ],
)
def test_what_the_system_refuses_is_told_with_the_place_and_a_cure(
    number: int, said: str, ends_with_line: EndsWithLine
) -> None:
    with ends_with_line(said), told_in_one_line():
        raise OSError(number, os.strerror(number), "/lent/index")


def test_a_fault_of_ours_shows_its_traceback() -> None:
    with pytest.raises(KeyError), told_in_one_line():
        raise KeyError("ours")
    with pytest.raises(ValueError, match="ours"), told_in_one_line(OSError):
        raise ValueError("ours")


@pytest.mark.parametrize(
    ("command", "given"),
    [
        pytest.param("benchmark", "--depths", id="benchmark"),
        pytest.param("benchmark_index", "--data DATA --work NEW", id="index"),
        pytest.param("benchmark_peers", "--data DATA --cache NEW", id="peers"),
        pytest.param("benchmark_stores", "--data DATA --cache NEW", id="stores"),
        pytest.param("measure_freshness", "--data DATA", id="freshness"),
        pytest.param("measure_swaps", "--data DATA", id="swaps"),
        pytest.param("check_crashes", "", id="crashes"),
        pytest.param("fuzz_contract", "", id="contract"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_measured(
    command: str,
    given: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ends_with_line: EndsWithLine,
) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    places = {"DATA": str(tmp_path / "absent"), "NEW": str(tmp_path / "new")}
    words = [places.get(word, word) for word in given.split()]
    monkeypatch.setattr(sys, "argv", [command, *words, "--out", str(file / "out.json")])
    with ends_with_line(str(file)):
        import_module(f"scripts.{command}").main()


def test_a_file_of_questions_is_not_replaced_by_what_is_measured_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    data, link = tmp_path / "data.jsonl", tmp_path / "link.json"
    data.write_text("mine", encoding="utf-8")
    link.symlink_to(data)
    command = ["measure_freshness", "--data", str(data), "--out", str(link)]
    monkeypatch.setattr(sys, "argv", command)
    with ends_with_line("its questions would be lost"):
        import_module("scripts.measure_freshness").main()
    assert data.read_text(encoding="utf-8") == "mine"
