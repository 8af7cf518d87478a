"""What `quoth` tells of itself to somebody who has never seen it."""

import re

from typer.testing import CliRunner

from scripts.quoth import app


def test_what_a_newcomer_needs_stands_first_in_the_help() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).output
    lines = [line.strip("│ ").split() for line in shown.splitlines() if line.startswith("│")]
    commands = [words[0] for words in lines if words and not words[0].startswith("-")]
    assert commands[:4] == ["index", "ask", "serve", "mcp"]


def test_the_help_of_a_command_fills_the_lines_of_the_terminal() -> None:
    shown = CliRunner().invoke(app, ["index", "--help"], env={"COLUMNS": "80"}).output
    _, _, told = shown.partition("Sources that lack")
    paragraph, _, _ = told.partition("Exit codes")
    assert all(len(line.strip()) > 45 for line in paragraph.strip().splitlines()[:-1])


def test_the_version_is_told() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.exit_code == 0
    assert re.fullmatch(r"quoth \d+\.\d+\.\d+\n", shown.output)
