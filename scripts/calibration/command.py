"""What `quoth calibrate` does: ask, fit, check on questions kept apart, and write the file."""

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from api.settings import Settings
from index.encoding.question_encoder import load_question_encoder
from index.retriever import HybridRetriever
from qa.reading.reader import OnnxReader
from scripts.calibration.fit import fit, report
from scripts.calibration.scattered import scatter
from scripts.calibration.trials import Trial, run_trials
from scripts.command_line.build_progress import build_progress
from scripts.command_line.outputs import check_can_be_written
from scripts.evaluation.collection import Collection, Half, in_half
from scripts.evaluation.other_names import with_other_names
from scripts.evaluation.product import index_collection
from scripts.evaluation.progress import counted
from scripts.evaluation.question_file import (
    KnownQuestion,
    QuestionFileError,
    read_questions,
)
from scripts.evaluation.reading import best_margin, read_all

# A fit to fewer trials than this says more about chance than about the reader.
_FEWEST = 60
_FEWEST_ANSWERABLE = 20


def run_calibrate(
    data: Sequence[Path],
    settings: Settings,
    *,
    passage_given: Sequence[Path],
    questions_each: int,
    half: Half,
    out: Path,
) -> None:
    """Fit on three quarters of the questions, report on the last quarter, write the file.

    All contexts of `data` form the collection that half of its questions are asked of, as they are
    and about other names; the other half is asked of articles that their sentences are scattered
    in. The questions of `passage_given` are all read with their own context, and
    decide nothing but the margin below which a given passage does not answer; without such files,
    the questions of `data` do.
    """
    check_can_be_written(out, inputs=[*data, *passage_given])
    known = [question for path in data for question in read_questions(path)]
    asked = _chosen(data, half, questions_each)
    given = _chosen(passage_given, half, None) or asked
    _check_can_be_fitted(known, asked)
    random.Random(3).shuffle(asked)
    reader = OnnxReader.load(settings.reader_dir, threads=settings.threads)
    with counted("reading", len(given)) as advance:
        results = read_all(given, reader, min_margin=None, on_result=advance)
    trials = _trials(known, asked, reader, settings)
    cut = len(trials) * 3 // 4
    names = ", ".join(path.name for path in data)
    calibration = fit(
        trials[:cut],
        reader_sha256=reader.fingerprint,
        min_margin=best_margin(results),
        note=f"{cut} questions, as they are and about other names, of {names}; "
        f"titles: {half.value}",
    )
    out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    figures = {name: round(value, 4) for name, value in report(trials[cut:], calibration).items()}
    print(json.dumps({"written": str(out), **figures}))


def _trials(
    known: Sequence[KnownQuestion],
    asked: Sequence[KnownQuestion],
    reader: OnnxReader,
    settings: Settings,
) -> list[Trial]:
    """Ask every second question of the contexts, and the others of scattered articles."""
    articles = scatter(known, seed=9)

    def moved(questions: Sequence[KnownQuestion]) -> list[KnownQuestion]:
        there = (articles[question.context].ask(question) for question in questions)
        return [question for question in there if question]

    scattered = _trials_in(moved(known), moved(asked[1::2]), reader, settings)
    trials = [
        *_trials_in(known, asked[::2], reader, settings),
        *(replace(trial, scattered=True) for trial in scattered),
    ]
    random.Random(3).shuffle(trials)
    return trials


def _trials_in(
    known: Sequence[KnownQuestion],
    asked: Sequence[KnownQuestion],
    reader: OnnxReader,
    settings: Settings,
) -> list[Trial]:
    """Ask questions, as they are and about other names, of the contexts of all that are known."""
    questions, collection = with_other_names(asked), Collection.of(known)
    with tempfile.TemporaryDirectory() as scratch:
        with build_progress(Console(stderr=True)) as progress:
            generation = index_collection(collection, settings, Path(scratch), progress=progress)
        retriever = HybridRetriever(generation, load_question_encoder(settings.encoder))
        with counted("asking", len(questions)) as advance:
            return run_trials(questions, collection, retriever, reader, seed=5, on_result=advance)


def _check_can_be_fitted(known: Sequence[KnownQuestion], asked: Sequence[KnownQuestion]) -> None:
    """Raise QuestionFileError where the trials would be too few, or all of one kind.

    Half of them leave the articles of the question's own title away, so that there must be others.
    """
    if len(asked) < _FEWEST:
        raise QuestionFileError(
            f"{len(asked)} questions are too few to calibrate with; give at least {_FEWEST}"
        )
    if len({question.title for question in known}) < 2:
        raise QuestionFileError(
            "all questions have the same title, or none; calibrating asks them of other articles, "
            'too: give each line the "title" of its article, and questions of at least two titles'
        )
    answerable = sum(bool(question.answers) for question in asked)
    if answerable < _FEWEST_ANSWERABLE:
        raise QuestionFileError(
            f"{answerable} questions with an answer are too few to calibrate with; give at least "
            f"{_FEWEST_ANSWERABLE}"
        )


def _chosen(files: Sequence[Path], half: Half, limit: int | None) -> list[KnownQuestion]:
    return [
        question
        for path in files
        for question in in_half(read_questions(path), half, limit, path=path)
    ]
