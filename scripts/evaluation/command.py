"""The evaluations as commands: a table for people, and one JSON line last."""

import json
import statistics
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from qa.calibration import Calibration
from qa.reader import OnnxReader
from scripts.evaluation.collection import Half
from scripts.evaluation.question_file import QuestionFileError, read_questions, sampled
from scripts.evaluation.reading import ReadResult, Scores, question_type, read_all


def run_read(data: Path, *, reader_dir: Path, limit: int | None, half: Half) -> None:
    """Evaluate a reader on a file of questions and print the result."""
    known = read_questions(data)
    questions = sampled([question for question in known if half.holds(question.title)], limit)
    if not questions:
        raise QuestionFileError(f"{data} has no question in the half {half.value!r}")
    reader = OnnxReader.load(reader_dir)
    may_abstain = any(not question.answers for question in known)
    min_margin = None
    if may_abstain:
        calibration = Calibration.load(reader_dir, reader_sha256=reader.fingerprint)
        min_margin = calibration.min_margin
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=len(questions))
        results = read_all(
            questions, reader, min_margin=min_margin, on_result=lambda: progress.advance(task)
        )
    groups = _groups(results)
    _print_table(groups, f"{data.name}, {'may abstain' if may_abstain else 'always answers'}")
    overall = groups["all"]
    line: dict[str, object] = {
        "task": "read",
        "data": data.name,
        "half": half.value,
        "questions": overall.count,
        "em": round(overall.em, 2),
        "f1": round(overall.f1, 2),
        "abstaining": may_abstain,
        "reader_sha256": reader.fingerprint,
        "median_ms": round(statistics.median(result.milliseconds for result in results), 2),
    }
    for name, scores in groups.items():
        if name != "all":
            line[name] = {
                "questions": scores.count,
                "em": round(scores.em, 2),
                "f1": round(scores.f1, 2),
            }
    print(json.dumps(line))


def _groups(results: list[ReadResult]) -> dict[str, Scores]:
    groups = {
        "all": results,
        "answerable": [result for result in results if result.question.answers],
        "unanswerable": [result for result in results if not result.question.answers],
    }
    for result in groups["answerable"]:
        groups.setdefault(question_type(result.question.question), []).append(result)
    scored = {name: Scores.of(rows) for name, rows in groups.items()}
    return {name: scores for name, scores in scored.items() if scores is not None}


def _print_table(groups: dict[str, Scores], title: str) -> None:
    table = Table(title=title)
    for column in ("questions", "count", "EM", "F1"):
        table.add_column(column, justify="left" if column == "questions" else "right")
    for name, scores in groups.items():
        table.add_row(name, f"{scores.count:,}", f"{scores.em:.2f}", f"{scores.f1:.2f}")
    Console().print(table)
