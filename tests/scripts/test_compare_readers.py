"""What decides between readers: the same questions read by each, and how sure a gain is."""

import json
import random
from pathlib import Path

import pytest

from qa.reading.reader_folder import SHIPPED_READER
from scripts.compare_readers import main, rows_of
from scripts.evaluation.question_file import KnownQuestion, Reference
from scripts.evaluation.reading import ReadResult, best_margin
from tests.scripts.conftest import EndsWithLine

BELARUS = "The longtime dictator of Belarus is Alexander Lukashenko."


def result(margin: float, *, answerable: bool, right: bool = False) -> ReadResult:
    answers = (Reference(text="x", answer_start=0),) if answerable else ()
    question = KnownQuestion(id="q", context="x y", question="?", answers=answers)
    score = float(right)
    return ReadResult(question, "x", margin, score, score, 1.0)


def test_the_margin_parts_right_answers_from_questions_without_one() -> None:
    results = [
        *(result(margin, answerable=True, right=True) for margin in (9, 7, 5)),
        *(result(margin, answerable=False, right=False) for margin in (3, 1, -2)),
    ]
    assert 3 < best_margin(results) < 5
    random.Random(1).shuffle(results)
    assert 3 < best_margin(results) < 5


def test_with_unanswerable_questions_a_reader_is_shown_at_the_margin_that_is_best_for_it() -> None:
    results = [
        result(9, answerable=True, right=True),
        result(7, answerable=True),
        result(3, answerable=False),
        result(1, answerable=False),
    ]
    answerable, abstaining = rows_of("set", "reader", results)
    assert answerable.against(None) == "| set, answerable, 2 | reader | 50.0 | 50.0 |  |  |"
    assert abstaining.against(None) == "| set, may abstain, 4 | reader | 75.0 | 75.0 |  | 1.000 |"


def test_a_gain_that_may_be_chance_is_shown_with_both_its_ends() -> None:
    before = rows_of("set", "one", [result(1, answerable=True) for _ in range(20)])
    after = rows_of("set", "two", [result(1, answerable=True, right=n < 2) for n in range(20)])
    row = after[0].against(before[0])
    low, high = row.split("|")[5].split(" to ")
    assert float(low) <= 0 < float(high)


def test_the_command_reads_the_titles_that_may_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [{"text": "Alexander Lukashenko", "answer_start": 36}]
    question = "Who is the longtime dictator of Belarus?"
    lines = [
        {"id": title, "title": title, "context": BELARUS, "question": question, "answers": answers}
        for title in ("Minsk", "Brest", "Grodno", "Gomel", "Vitebsk", "Mogilev", "Pinsk", "Orsha")
    ]
    data = tmp_path / "known.jsonl"
    data.write_text("\n".join(map(json.dumps, lines)))
    command = ["compare_readers", "--data", str(data), "--reader", str(SHIPPED_READER)]
    monkeypatch.setattr("sys.argv", command)
    main()
    *_, row = capsys.readouterr().out.splitlines()
    name, reader, em, f1 = (cell.strip() for cell in row.split("|")[1:5])
    assert 0 < int(name.removeprefix("known, ")) < 8
    assert (reader, em, f1) == (str(SHIPPED_READER), "100.0", "100.0")


def test_a_file_without_such_titles_ends_the_command_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    command = ["compare_readers", "--data", str(tmp_path / "none.jsonl"), "--reader", "nowhere"]
    monkeypatch.setattr("sys.argv", command)
    with ends_with_line(r"cannot read .*none\.jsonl"):
        main()
