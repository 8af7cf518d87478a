"""Questions with known answers on documents of every day: rules, minutes, manuals, tables, news.

They were looked at while rules were made, and so tell what a change breaks, not how good Quoth is.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ask_known_questions
from tests.api.conftest import QUOTH, clean_environment

DATA = Path(__file__).parents[1] / "data"
DOCUMENTS = DATA / "documents"
QUESTIONS = DATA / "document_questions.jsonl"
# Of the 279 and 58 there are. Kernels of other processors round otherwise.
LEAST_RIGHT, LEAST_ABSTAINED = 231, 38


def test_every_answer_stands_in_a_document() -> None:
    texts = [path.read_text(encoding="utf-8").replace("`", "") for path in DOCUMENTS.iterdir()]
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        for answer in row["answers"]:
            assert any(answer in text for text in texts), row


def test_most_are_answered_right_or_rightly_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index_dir = str(tmp_path / "index")
    subprocess.run(
        [QUOTH, "index", str(DOCUMENTS), "--index-dir", index_dir],
        check=True,
        capture_output=True,
        env=clean_environment(),
    )
    arguments = ["--index-dir", index_dir, "--questions", str(QUESTIONS)]
    monkeypatch.setattr(sys, "argv", ["ask_known_questions", *arguments])
    ask_known_questions.main()
    counts = re.findall(r"^(\w+): (\d+) of (\d+) right", capsys.readouterr().out, re.MULTILINE)
    right = {kind: int(count) for kind, count, _ in counts}
    assert [int(asked) for *_, asked in counts] == [279, 58]
    assert right["answerable"] >= LEAST_RIGHT
    assert right["unanswerable"] >= LEAST_ABSTAINED
