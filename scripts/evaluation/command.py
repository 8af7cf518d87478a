"""The evaluations as commands: a table for people, and one JSON line last."""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from api.settings import Settings
from qa.calibration import Calibration
from qa.reader import OnnxReader
from scripts.evaluation.asking import AskedQuestion, ask_all
from scripts.evaluation.collection import Collection, Half, is_left_out
from scripts.evaluation.product import Product, build_product
from scripts.evaluation.progress import counted
from scripts.evaluation.question_file import (
    KnownQuestion,
    QuestionFileError,
    read_questions,
    sampled,
)
from scripts.evaluation.reading import ReadResult, Scores, question_type, read_all
from scripts.evaluation.runs import QuestionScores, Run, Summary, compare
from scripts.evaluation.summaries import abstain_summary, cite_summary, open_summary
from scripts.evaluation.tables import print_comparison, print_run
from scripts.indexing import build_progress

DEFAULT_PASSAGES = 20


@dataclass(frozen=True, slots=True)
class Options:
    """What all evaluations take: which questions, and where the run goes.

    Of more than `limit` questions a sample is drawn with a fixed seed. `index_dir` keeps the
    index of an evaluation that needs one.
    """

    data: Path
    settings: Settings
    limit: int | None = None
    half: Half = Half.ALL
    passages: int = DEFAULT_PASSAGES
    index_dir: Path | None = None
    out: Path | None = None
    compare_with: Path | None = None

    def command(self, task: str, *more: str) -> str:
        """Return the command that asks for this run, with file names alone."""
        words = ["quoth evaluate", task, "--data", self.data.name, *more]
        if self.limit is not None:
            words += ["--limit", str(self.limit)]
        if self.half is not Half.ALL:
            words += ["--half", self.half.value]
        if self.passages != DEFAULT_PASSAGES:
            words += ["--passages", str(self.passages)]
        return " ".join(words)

    def questions(self, known: Sequence[KnownQuestion]) -> list[KnownQuestion]:
        """Return the questions of the half, or a sample of them; raises QuestionFileError."""
        chosen = [question for question in known if self.half.holds(question.title)]
        if not chosen:
            raise QuestionFileError(
                f"{self.data} has no such question in the half {self.half.value!r}"
            )
        return sampled(chosen, self.limit)


def run_read(options: Options) -> None:
    """Evaluate the reader with the passage given.

    If the file has unanswerable questions the reader may abstain, else it always answers.
    """
    known = read_questions(options.data)
    questions = options.questions(known)
    reader = OnnxReader.load(options.settings.reader_dir, threads=options.settings.threads)
    min_margin = None
    if any(not question.answers for question in known):
        path = options.settings.calibration_path
        min_margin = Calibration.load(path, reader_sha256=reader.fingerprint).min_margin
    with counted("reading", len(questions)) as advance:
        results = read_all(questions, reader, min_margin=min_margin, on_result=advance)
    groups = _groups(results)
    overall = groups.pop("all")
    summary: Summary = {
        "questions": overall.count,
        "em": round(overall.em, 2),
        "f1": round(overall.f1, 2),
        "abstaining": min_margin is not None,
        "median_ms": round(statistics.median(result.milliseconds for result in results), 2),
    }
    scores = {
        r.question.id: QuestionScores(answer=r.prediction, em=r.exact_match, f1=r.f1)
        for r in results
    }
    run = Run(
        task="read",
        command=options.command("read"),
        reader_sha256=reader.fingerprint,
        summary=summary,
        groups={name: group.figures() for name, group in groups.items()},
        questions=scores,
    )
    _finish(run, options)


def run_open(options: Options, *, distractors: Sequence[Path]) -> None:
    """Ask the whole product; all contexts of the file, and of `distractors`, form the corpus."""
    known = read_questions(options.data)
    others = [question for path in distractors for question in read_questions(path)]
    questions = options.questions([question for question in known if question.answers])
    with _product(Collection.of([*known, *others]), options) as product:
        asked = _asked(questions, product, options, unanswerable=lambda _: False)
    more = [word for path in distractors for word in ("--distractors", path.name)]
    contexts: Summary = {"contexts": len(product.collection.article_ids)}
    _finish_asked("open", open_summary(asked), asked, product, options, more, extra=contexts)


def run_abstain(options: Options, *, unanswerable: Sequence[Path], plot: Path | None) -> None:
    """Ask questions that the corpus answers and ones that it does not.

    The corpus are the contexts of the file. The questions of `unanswerable` are added, their
    contexts are not. Without such a file half of the titles are left out of the corpus, which
    makes their questions unanswerable.
    """
    known = read_questions(options.data)
    strangers = [question for path in unanswerable for question in read_questions(path)]
    if unanswerable:
        held, asked_about = known, [*known, *strangers]
    else:
        held, asked_about = [q for q in known if not is_left_out(q.title)], known
    stranger_ids = {id(question) for question in strangers}
    corpus = Collection.of(held)

    def is_unanswerable(question: KnownQuestion) -> bool:
        return (
            not question.answers
            or id(question) in stranger_ids
            or question.context not in corpus.article_ids
        )

    with _product(corpus, options) as product:
        questions = options.questions(asked_about)
        asked = _asked(questions, product, options, unanswerable=is_unanswerable)
    if len({one.answerable for one in asked}) < 2:
        raise QuestionFileError(
            f"of {options.data} all {len(asked)} questions are of one kind; abstaining needs "
            f"answerable and unanswerable ones: name more with --unanswerable"
        )
    if plot is not None:
        # Only here, for matplotlib is an extra.
        from scripts.evaluation.plot import plot_abstaining

        plot_abstaining(asked, plot, title=options.command("abstain"))
    more = [word for path in unanswerable for word in ("--unanswerable", path.name)]
    _finish_asked("abstain", abstain_summary(asked), asked, product, options, more)


def run_cite(options: Options) -> None:
    """Ask each question of its own article and look at the sentences that are cited."""
    known = read_questions(options.data)
    questions = options.questions([question for question in known if question.evidence])
    with _product(Collection.of(known), options) as product:
        asked = _asked(
            questions, product, options, unanswerable=lambda _: False, within_article=True
        )
    _finish_asked("cite", cite_summary(asked), asked, product, options, [])


@contextmanager
def _product(collection: Collection, options: Options) -> Iterator[Product]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.index_dir or Path(scratch) / "index"
        with build_progress(Console(stderr=True)) as progress:
            product = build_product(collection, options.settings, folder, progress=progress)
        yield product


def _asked(
    questions: Sequence[KnownQuestion],
    product: Product,
    options: Options,
    *,
    unanswerable: Callable[[KnownQuestion], bool],
    within_article: bool = False,
) -> list[AskedQuestion]:
    with counted("asking", len(questions)) as advance:
        return ask_all(
            questions,
            product,
            passages=options.passages,
            unanswerable=unanswerable,
            within_article=within_article,
            on_result=advance,
        )


def _finish_asked(
    task: str,
    summary: Summary,
    asked: Sequence[AskedQuestion],
    product: Product,
    options: Options,
    more: Sequence[str],
    *,
    extra: Summary | None = None,
) -> None:
    run = Run(
        task=task,
        command=options.command(task, *more),
        reader_sha256=product.reader_sha256,
        summary={"questions": len(asked), **(extra or {}), **summary},
        questions={
            one.question.id: QuestionScores(answer=one.answer, em=one.em, f1=one.f1)
            for one in asked
        },
    )
    _finish(run, options)


def _finish(run: Run, options: Options) -> None:
    """Print and keep the run; the comparison first, so that the JSON line is the last."""
    console = Console()
    print_run(run, console)
    if options.compare_with is not None:
        before = Run.load(options.compare_with)
        print_comparison(before, run, compare(before, run), console)
    if options.out is not None:
        run.save(options.out)
    print(json.dumps(run.line()))


def _groups(results: Sequence[ReadResult]) -> dict[str, Scores]:
    groups = {
        "all": list(results),
        "answerable": [result for result in results if result.question.answers],
        "unanswerable": [result for result in results if not result.question.answers],
    }
    for result in groups["answerable"]:
        groups.setdefault(question_type(result.question.question), []).append(result)
    scored = {name: Scores.of(rows) for name, rows in groups.items()}
    return {name: scores for name, scores in scored.items() if scores is not None}
