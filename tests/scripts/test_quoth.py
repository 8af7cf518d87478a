"""What `quoth` tells of itself to somebody who has never seen it."""

import re

from typer.testing import CliRunner

from scripts.quoth import app


def test_what_a_newcomer_needs_stands_first_in_the_help() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).output
    lines = [line.strip("│ ").split() for line in shown.splitlines() if line.startswith("│")]
    commands = [words[0] for words in lines if words and not words[0].startswith("-")]
    assert commands[:4] == ["index", "ask", "serve", "mcp"]


def test_the_version_is_told() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    assert shown.exit_code == 0
    assert re.fullmatch(r"quoth \d+\.\d+\.\d+\n", shown.output)
