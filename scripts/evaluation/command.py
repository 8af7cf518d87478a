"""The evaluations as commands: a table for people, and one JSON line last."""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from qa.calibration import Calibration
from qa.reading.reader import OnnxReader
from scripts.command_line.build_progress import build_progress
from scripts.command_line.outputs import OutputError, check_can_be_written
from scripts.evaluation.altered import ALTERATIONS, altered, fluent
from scripts.evaluation.asking import AskedQuestion, ask_all
from scripts.evaluation.collection import Collection, is_left_out
from scripts.evaluation.lists import list_questions
from scripts.evaluation.options import Options
from scripts.evaluation.other_names import with_other_names
from scripts.evaluation.product import Product, build_product
from scripts.evaluation.progress import counted
from scripts.evaluation.question_file import (
    KnownQuestion,
    QuestionFileError,
    check_ids_differ,
    read_questions,
)
from scripts.evaluation.reading import ReadResult, Scores, question_type, read_all
from scripts.evaluation.runs import (
    QuestionScores,
    Run,
    Summary,
    check_same_task,
    compare,
)
from scripts.evaluation.summaries import (
    abstain_summary,
    as_decided,
    cite_summary,
    lists_summary,
    open_summary,
)
from scripts.evaluation.tables import print_comparison, print_run

_PLOTS = (".png", ".svg", ".pdf")


def run_read(options: Options) -> Run:
    """Evaluate the reader with the passage given.

    If the file has unanswerable questions the reader may abstain, else it always answers.
    """
    _check_files("read", options)
    known = read_questions(options.data)
    reader, min_margin = _reader_for(known, options)
    results = _read(options.questions(known), reader, min_margin, "reading")
    groups = _groups(results)
    overall = groups.pop("all")
    summary: Summary = {
        **overall.figures(),
        "abstaining": min_margin is not None,
        "median_ms": round(statistics.median(result.milliseconds for result in results), 2),
    }
    return _finish("read", [], summary, groups, _read_scores(results), reader.fingerprint, options)


def run_robust(options: Options) -> Run:
    """Read each question as it is asked and in altered forms, with the passage given."""
    _check_files("robust", options)
    known = read_questions(options.data)
    reader, min_margin = _reader_for(known, options)
    questions = options.questions(known)
    forms = dict(ALTERATIONS)
    if any(question.original_question for question in questions):
        forms = {"fluent": fluent, **forms}
    asked = _read(questions, reader, min_margin, "as asked")
    scored = {"as asked": Scores.of(asked)}
    for name, form in forms.items():
        copies = [altered(question, form) for question in questions]
        scored[name] = Scores.of(_read(copies, reader, min_margin, name))
    groups = {name: scores for name, scores in scored.items() if scores is not None}
    summary = groups["as asked"].figures()
    return _finish("robust", [], summary, groups, _read_scores(asked), reader.fingerprint, options)


def run_open(options: Options, *, distractors: Sequence[Path]) -> Run:
    """Ask the whole product; all contexts of the file, and of `distractors`, form the corpus."""
    _check_files("open", options, also_read=distractors)
    known = read_questions(options.data)
    others = [question for path in distractors for question in read_questions(path)]
    answerable = [question for question in known if question.answers]
    if not answerable:
        raise QuestionFileError(f"{options.data}: no question has an answer, which is looked for")
    questions = options.questions(answerable)
    corpus = Collection.of([*known, *others], whole_articles=options.whole_articles)
    with _product(corpus, options) as product:
        asked = _asked(questions, product, options, unanswerable=lambda _: False)
    more = [word for path in distractors for word in ("--distractors", path.name)]
    summary: Summary = {
        "questions": len(asked),
        "contexts": len(product.collection.article_ids),
        **open_summary(asked),
    }
    return _finish("open", more, summary, {}, _scores(asked), product.reader_sha256, options)


def run_abstain(
    options: Options,
    *,
    unanswerable: Sequence[Path] = (),
    other_names: bool = False,
    plot: Path | None = None,
) -> Run:
    """Ask questions that the corpus answers and ones that it does not.

    The corpus are the contexts of the file. The questions of `unanswerable` are added, their
    contexts are not, and `other_names` questions about other names and years are. Without
    either, half of the titles are left out of the corpus, which makes their questions unanswerable.
    Raises QuestionFileError if all are of one kind.
    """
    _check_files("abstain", options, also_read=unanswerable)
    if plot is not None:
        check_can_be_written(plot, inputs=[options.data, *unanswerable])
        _check_can_be_drawn(plot)
    known = read_questions(options.data)
    strangers = [question for path in unanswerable for question in read_questions(path)]
    asked_about = [*(with_other_names(known) if other_names else known), *strangers]
    held = known
    if not unanswerable and not other_names:
        held = [question for question in known if not is_left_out(question.title)]
    stranger_ids = {id(question) for question in strangers}
    corpus = Collection.of(held)

    def is_unanswerable(question: KnownQuestion) -> bool:
        return (
            not question.answers
            or id(question) in stranger_ids
            or question.context not in corpus.article_ids
        )

    questions = options.questions(asked_about)
    if len({is_unanswerable(question) for question in questions}) < 2:
        raise QuestionFileError(
            f"of {options.data} all {len(questions)} questions are of one kind; abstaining needs "
            f"answerable and unanswerable ones: name more with --unanswerable, add --other-names, "
            f"or ask a file of at least two titles, of which half are left out"
        )
    with _product(corpus, options) as product:
        asked = _asked(questions, product, options, unanswerable=is_unanswerable)
    more = [word for path in unanswerable for word in ("--unanswerable", path.name)]
    if other_names:
        more.append("--other-names")
    thresholds = product.serving.road.calibration.precision_thresholds
    summary: Summary = {"questions": len(asked), **abstain_summary(asked, thresholds)}
    scores = _scores([as_decided(one) for one in asked])
    run = _finish("abstain", more, summary, {}, scores, product.reader_sha256, options)
    if plot is not None:
        # Only here, for matplotlib is an extra.
        from scripts.evaluation.plot import plot_abstaining

        plot_abstaining(asked, plot, title=options.command("abstain"))
    return run


def run_cite(options: Options) -> Run:
    """Ask each question of its own article and look at the sentences that are cited."""
    _check_files("cite", options)
    known = read_questions(options.data)
    with_evidence = [question for question in known if question.evidence]
    if not with_evidence:
        raise QuestionFileError(f"{options.data}: no question has `evidence`, which is compared")
    return _run_of_own_articles(
        "cite",
        known,
        with_evidence,
        options,
        summed_up=lambda asked: {"questions": len(asked), **cite_summary(asked)},
    )


def run_lists(options: Options) -> Run:
    """Ask each question whose answer is a list of its own article: is the list quoted whole?"""
    _check_files("lists", options)
    known = read_questions(options.data)
    check_ids_differ(known)
    return _run_of_own_articles(
        "lists",
        known,
        list_questions(known),
        options,
        summed_up=lambda asked: lists_summary(asked, known),
    )


def _run_of_own_articles(
    task: str,
    known: Sequence[KnownQuestion],
    questions: Sequence[KnownQuestion],
    options: Options,
    *,
    summed_up: Callable[[Sequence[AskedQuestion]], Summary],
) -> Run:
    """Ask each of the questions of its own article, among those of all that are known."""
    chosen = options.questions(questions)
    with _product(Collection.of(known), options) as product:
        asked = _asked(chosen, product, options, unanswerable=lambda _: False, within_article=True)
    sha256 = product.reader_sha256
    return _finish(task, [], summed_up(asked), {}, _scores(asked), sha256, options)


def _check_files(task: str, options: Options, *, also_read: Sequence[Path] = ()) -> None:
    """Raise QuothError before anything is asked, if the run could not be compared or written."""
    if options.compare is not None:
        check_same_task(Run.load(options.compare), task)
    if options.out is not None:
        check_can_be_written(options.out, inputs=[options.data, *also_read])


def _check_can_be_drawn(plot: Path) -> None:
    """Raise OutputError if no plot could be written there."""
    if plot.suffix not in _PLOTS:
        raise OutputError(f"cannot write {plot}: its name must end with {' or '.join(_PLOTS)}")
    if find_spec("matplotlib") is None:
        raise OutputError("a plot needs matplotlib; install it, or give no --plot")


@contextmanager
def _product(collection: Collection, options: Options) -> Iterator[Product]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.index_dir or Path(scratch) / "index"
        with build_progress(Console(stderr=True)) as progress:
            product = build_product(
                collection,
                options.settings,
                folder,
                read_all=options.read_all,
                progress=progress,
            )
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


def _scores(asked: Sequence[AskedQuestion]) -> dict[str, QuestionScores]:
    return {o.question.id: QuestionScores(answer=o.answer, em=o.em, f1=o.f1) for o in asked}


def _reader_for(
    known: Sequence[KnownQuestion], options: Options
) -> tuple[OnnxReader, float | None]:
    """Return the reader, and the margin below which it abstains where the file needs that."""
    settings = options.settings
    reader = OnnxReader.load(settings.reader_dir, threads=settings.threads)
    if all(question.answers for question in known):
        return reader, None
    path = settings.calibration_path
    return reader, Calibration.load(path, reader_sha256=reader.fingerprint).min_margin


def _read(
    questions: Sequence[KnownQuestion], reader: OnnxReader, min_margin: float | None, label: str
) -> list[ReadResult]:
    with counted(label, len(questions)) as advance:
        return read_all(questions, reader, min_margin=min_margin, on_result=advance)


def _read_scores(results: Sequence[ReadResult]) -> dict[str, QuestionScores]:
    return {
        r.question.id: QuestionScores(answer=r.prediction, em=r.exact_match, f1=r.f1)
        for r in results
    }


def _finish(
    task: str,
    words: Sequence[str],
    summary: Summary,
    groups: Mapping[str, Scores],
    scores: dict[str, QuestionScores],
    reader_sha256: str,
    options: Options,
) -> Run:
    """Print and keep the run, and compare it; whatever fails, the JSON line is the last."""
    run = Run(
        task=task,
        command=options.command(task, *words),
        reader_sha256=reader_sha256,
        summary=summary,
        groups={name: scores.figures() for name, scores in groups.items()},
        questions=scores,
    )
    console = Console()
    print_run(run, console)
    try:
        # Read before the run is kept: `--out` may name the same file.
        before = None if options.compare is None else Run.load(options.compare)
        if options.out is not None:
            run.save(options.out)
        if before is not None:
            print_comparison(before, run, compare(before, run), console)
    finally:
        print(json.dumps(run.line()))
    return run


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
