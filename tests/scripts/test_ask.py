"""`quoth ask`: what it prints, where, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.responses import AskResponse
from scripts.quoth import app

# The console command of the environment that runs the tests, whatever PATH says.
QUOTH = str(Path(sys.executable).with_name("quoth"))

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "Who is the longtime dictator of Belarus?"
pytestmark = pytest.mark.usefixtures("no_settings_from_outside")


def ask(index_dir: Path, question: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["ask", question, "--index-dir", str(index_dir), *options])


def test_the_answer_is_printed_with_its_sentence_and_where_it_stands(index_dir: Path) -> None:
    result = ask(index_dir, QUESTION)
    assert result.exit_code == 0
    assert result.stderr == ""
    printed = " ".join(result.stdout.split())
    assert printed.startswith(f"{QUESTION} Alexander Lukashenko confidence ")
    assert "“The longtime dictator of Belarus, Alexander Lukashenko, faces the" in printed
    assert "2021-11-15 · sentence 7 · characters 891–1099 · answer 925–945" in printed


def test_a_question_without_quotation_marks_is_asked_whole(index_dir: Path) -> None:
    arguments = ["ask", *QUESTION.split(), "--index-dir", str(index_dir)]
    assert CliRunner().invoke(app, arguments).stdout == ask(index_dir, QUESTION).stdout


def test_the_environment_may_name_the_index_as_it_does_for_the_service(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_INDEX_DIR", str(index_dir))
    named = CliRunner().invoke(app, ["ask", QUESTION])
    assert named.stdout == ask(index_dir, QUESTION).stdout


def test_json_is_what_the_service_responds(index_dir: Path) -> None:
    result = ask(index_dir, QUESTION, "--json", "--top-k", "1")
    assert result.exit_code == 0
    body = json.loads(result.stdout)
    response = AskResponse.model_validate(body, extra="forbid")
    assert response.model_dump(mode="json") == body
    text = (SEEDS / "000_751be9ff2f0701a9.txt").read_bytes().decode()
    citation = body["answers"][0]["citations"][0]
    assert citation["quote"] in text
    assert body["answers"][0]["text"] == "Alexander Lukashenko"


def test_a_terminal_is_told_no_control_characters_of_an_article(tmp_path: Path) -> None:
    line = {
        "title": "\x1b]0;Gate\x07",
        "text": "The \x1b[31mpainter\x9b0m Olga Renn made the Red Gate.",
    }
    (tmp_path / "gates.jsonl").write_text(json.dumps(line))
    index = str(tmp_path / "index")
    CliRunner().invoke(app, ["index", str(tmp_path / "gates.jsonl"), "--index-dir", index])
    result = ask(tmp_path / "index", "Who made the Red Gate?")
    printed = " ".join(result.stdout.split())
    assert "“The �[31mpainter�0m Olga Renn made the Red Gate.” — �]0;Gate�" in printed
    assert all(character.isprintable() for character in printed)


def test_abstaining_is_said_and_is_not_a_failure(index_dir: Path) -> None:
    result = ask(index_dir, "Who wrote Hamlet?")
    assert result.exit_code == 0
    assert "The articles do not answer this" in result.stdout


@pytest.mark.parametrize(
    ("question", "options", "line"),
    [
        pytest.param("  ", [], "error: question: is empty; ask something", id="empty"),
        pytest.param(
            "x" * 2_001,
            [],
            "error: question: has 2,001 characters; shorten it to at most 2,000",
            id="too-long",
        ),
        pytest.param(
            "a\x1bb",
            [],
            "error: question: has the control character U+001B at position 1; remove it",
            id="escape-character",
        ),
        pytest.param(
            "who?", ["--top-k", "0"], "error: top_k: is 0; it must be from 1 to 20", id="top-k"
        ),
        pytest.param(
            "who?",
            ["--passages", "101"],
            "error: passages: is 101; it must be from 1 to 100",
            id="passages",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_wrong_argument(
    tmp_path: Path, question: str, options: list[str], line: str
) -> None:
    result = ask(tmp_path, question, *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [line]


def test_a_wrong_folder_is_refused_before_any_model_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_READER_DIR", "/nowhere")
    result = ask(tmp_path / "missing", QUESTION)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: there is no index at ")


def missing(path: Path) -> None:
    path.rmdir()


def empty(path: Path) -> None:
    path.rmdir()
    path.mkdir()


def foreign(path: Path) -> None:
    (path / "photo.jpg").write_bytes(b"\xff\xd8")


def a_file(path: Path) -> None:
    path.rmdir()
    path.write_text("notes")


def corrupt(path: Path) -> None:
    folder = path / "generations" / "g1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{\n\n}")
    (path / "CURRENT").write_text("g1\n")


def newer(path: Path) -> None:
    corrupt(path)
    (path / "generations" / "g1" / "manifest.json").write_text('{"schema_version": 99}')


@pytest.mark.parametrize(
    ("state", "reason", "cure"),
    [
        (missing, "there is no index at", "build it with: quoth index"),
        (empty, "is empty", "build it with: quoth index"),
        (foreign, "not an index directory of Quoth", "or a new folder"),
        (a_file, "is a file", "or a new folder"),
        (corrupt, "manifest.json is damaged", "build it with: quoth index"),
        (newer, "has schema version 99", "upgrade Quoth"),
    ],
)
def test_an_index_that_cannot_be_used_is_told_in_one_line_with_the_cure(
    tmp_path: Path, state: object, reason: str, cure: str
) -> None:
    index_dir = tmp_path / "index"
    index_dir.mkdir()
    assert callable(state)
    state(index_dir)
    result = ask(index_dir, QUESTION)
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert reason in line
    assert cure in line


def test_a_missing_reader_is_told_in_one_line(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_READER_DIR", "/nowhere")
    result = ask(index_dir, QUESTION)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: cannot read /nowhere/reader.json: No such file or directory")


def test_a_terminal_without_quotation_marks_gets_the_answer_all_the_same(index_dir: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(
        [QUOTH, "ask", QUESTION, "--index-dir", str(index_dir)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert result.returncode == 0, result.stderr
    assert "Alexander Lukashenko" in result.stdout
    assert "Traceback" not in result.stderr
