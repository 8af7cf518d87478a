"""`quoth calibrate`: what is fitted, what follows from it, and what it refuses."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.calibration import CALIBRATION_NAME, Calibration
from qa.errors import ModelError
from qa.reader import SHIPPED_READER, OnnxReader
from scripts.calibration.fit import best_margin
from scripts.evaluation.question_file import KnownQuestion, Reference
from scripts.evaluation.reading import ReadResult
from scripts.quoth import app

CITIES = (
    "Lisbon",
    "Oslo",
    "Vienna",
    "Madrid",
    "Rome",
    "Paris",
    "Berlin",
    "Warsaw",
    "Athens",
    "Bern",
)
FOODS = ("soup", "bread", "cheese", "wine", "fish", "honey", "pasta", "beer", "olives", "apples")


def questions(path: Path) -> Path:
    """Eighty questions over forty small articles."""
    generator = random.Random(4)
    with path.open("w", encoding="utf-8") as file:
        for number in range(80):
            city, food = CITIES[number % 10], FOODS[(number // 4) % 10]
            year = 1800 + number // 2
            context = f"In {year} the market of {city} sold {food}. It closed in {year + 30}."
            asked, answer = generator.choice(
                [
                    (f"What did the market of {city} sell in {year}?", food),
                    (f"Where was {food} sold in {year}?", city),
                ]
            )
            row = {
                "id": str(number),
                "title": f"{city} {number // 8}",
                "context": context,
                "question": asked,
                "answers": [{"text": answer, "answer_start": context.index(answer)}],
            }
            file.write(json.dumps(row) + "\n")
    return path


def test_the_written_file_belongs_to_the_reader_and_says_what_it_was_fitted_on(
    tmp_path: Path, reader: OnnxReader
) -> None:
    data, out = questions(tmp_path / "own.jsonl"), tmp_path / "calibration.json"
    result = CliRunner().invoke(app, ["calibrate", "--data", str(data), "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["trials"] == 20  # a quarter is kept apart
    calibration = Calibration.load(out, reader_sha256=reader.fingerprint)
    assert calibration.fitted_on == "60 questions of own.jsonl; titles: all"
    thresholds = [one.min_confidence for one in calibration.precision_thresholds]
    assert thresholds == sorted(thresholds)


def test_too_few_questions_are_refused(tmp_path: Path) -> None:
    data = questions(tmp_path / "own.jsonl")
    few = tmp_path / "few.jsonl"
    few.write_text("".join(data.read_text().splitlines(keepends=True)[:30]))
    result = CliRunner().invoke(
        app, ["calibrate", "--data", str(few), "--out", str(tmp_path / "c.json")]
    )
    assert result.exit_code == 1
    assert result.stderr == (
        "error: 30 questions are too few to calibrate with; give at least 60\n"
    )
    assert not (tmp_path / "c.json").exists()


def read_result(margin: float, *, answerable: bool, right: bool) -> ReadResult:
    answers = (Reference(text="x", answer_start=0),) if answerable else ()
    question = KnownQuestion(id="q", context="x y", question="?", answers=answers)
    score = float(right and answerable)
    return ReadResult(question, "x", margin, score, score, 1.0)


def test_the_margin_parts_right_answers_from_questions_without_one() -> None:
    results = [
        *(read_result(margin, answerable=True, right=True) for margin in (9, 7, 5)),
        *(read_result(margin, answerable=False, right=False) for margin in (3, 1, -2)),
    ]
    assert 3 < best_margin(results) < 5
    random.Random(1).shuffle(results)
    assert 3 < best_margin(results) < 5


def test_a_target_precision_picks_the_lowest_threshold_that_reaches_it(
    reader: OnnxReader,
) -> None:
    thresholds = [
        {"precision": p, "min_confidence": c, "coverage": 0.5}
        for p, c in ((0.7, 0.3), (0.8, 0.4), (0.9, 0.6))
    ]
    shipped = Calibration.load(SHIPPED_READER / CALIBRATION_NAME, reader_sha256=reader.fingerprint)
    calibration = Calibration.model_validate(
        shipped.model_dump() | {"precision_thresholds": thresholds}
    )
    assert calibration.min_confidence == 0.0
    assert calibration.for_precision(0.75).min_confidence == 0.4
    assert calibration.for_precision(0.9).min_confidence == 0.6
    with pytest.raises(ModelError, match=r"precision of 0\.99; ask for at most 0\.9"):
        calibration.for_precision(0.99)
