"""The commands of `quoth evaluate`: read, robust, open, abstain, cite, lists."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from qa.errors import QuothError
from qa.question import DEFAULT_PASSAGES
from scripts.command_line.failing import read_settings, told_in_one_line
from scripts.evaluation.altered import Form
from scripts.evaluation.collection import Half
from scripts.evaluation.options import Options

evaluate = typer.Typer(
    help="Measure answers on questions with known answers; the last line printed is JSON.",
    no_args_is_help=True,
)

# What is wrong with files and folders; all else is a fault of ours.
_TOLD = (QuothError, OSError, sqlite3.Error)

Data = Annotated[Path, typer.Option(help="Questions: .jsonl or .jsonl.gz.")]
Limit = Annotated[
    int | None, typer.Option(min=1, help="Ask only so many questions, drawn with a fixed seed.")
]
OfHalf = Annotated[
    Half, typer.Option(help="`report` leaves out the titles that thresholds were fitted on.")
]
Out = Annotated[Path | None, typer.Option(help="Keep the run, with every question, in this file.")]
Compare = Annotated[
    Path | None, typer.Option(help="A kept run to show beside this one, question by question.")
]
ReaderDir = Annotated[Path | None, typer.Option("--reader", help="Folder of another reader.")]
Passages = Annotated[int, typer.Option(min=1, max=100, help="Passages to read a question.")]
IndexDir = Annotated[
    Path | None,
    typer.Option(help="Keep the index here and use its vectors again; no index of yours."),
]


@evaluate.command()
def read(
    data: Data,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """The passage is given: exact match and F1 by the official SQuAD rules.

    If the file has unanswerable questions the reader may abstain, else it always answers.
    """
    from scripts.evaluation.command import run_read

    with told_in_one_line(*_TOLD):
        settings = read_settings(reader_dir=reader)
        run_read(Options(data, settings, limit, half, out=out, compare=compare))


@evaluate.command()
def robust(
    data: Data,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """The passage is given and questions are altered: typos, capitals, keywords, speech."""
    from scripts.evaluation.command import run_robust

    with told_in_one_line(*_TOLD):
        settings = read_settings(reader_dir=reader)
        run_robust(Options(data, settings, limit, half, out=out, compare=compare))


@evaluate.command("open")
def open_(
    data: Data,
    distractors: Annotated[
        list[Path] | None, typer.Option(help="Files whose contexts join the corpus.")
    ] = None,
    whole_articles: Annotated[
        bool,
        typer.Option(
            "--whole-articles", help="Contexts of one title are one article's paragraphs."
        ),
    ] = False,
    passages: Passages = DEFAULT_PASSAGES,
    read_all: Annotated[
        bool, typer.Option("--read-all", help="Read all passages, whatever the first ones say.")
    ] = False,
    form: Annotated[
        Form | None, typer.Option(help="Ask altered questions, such as with one typo.")
    ] = None,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    index_dir: IndexDir = None,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """All contexts form the corpus: recall, EM and F1 of the first answer, latency."""
    from scripts.evaluation.command import run_open

    with told_in_one_line(*_TOLD):
        options = Options(
            data,
            read_settings(reader_dir=reader),
            limit,
            half,
            passages,
            whole_articles=whole_articles,
            read_all=read_all,
            form=form,
            index_dir=index_dir,
            out=out,
            compare=compare,
        )
        run_open(options, distractors=distractors or [])


@evaluate.command()
def abstain(
    data: Data,
    unanswerable: Annotated[
        list[Path] | None,
        typer.Option(help="Files of questions that the contexts of --data do not answer."),
    ] = None,
    other_names: Annotated[
        bool,
        typer.Option(
            "--other-names", help="Ask about other names and years than are told of, too."
        ),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Write the curves to this PNG.")] = None,
    passages: Passages = DEFAULT_PASSAGES,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    index_dir: IndexDir = None,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """Answerable and unanswerable questions: are they told apart, is confidence honest?

    Without --unanswerable and --other-names half of the titles are left out of the corpus.
    """
    from scripts.evaluation.command import run_abstain

    with told_in_one_line(*_TOLD):
        settings = read_settings(reader_dir=reader)
        options = Options(
            data, settings, limit, half, passages, index_dir=index_dir, out=out, compare=compare
        )
        run_abstain(options, unanswerable=unanswerable or [], other_names=other_names, plot=plot)


@evaluate.command()
def cite(
    data: Data,
    passages: Passages = DEFAULT_PASSAGES,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    index_dir: IndexDir = None,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """Questions with evidence: is the cited sentence an evidence sentence?"""
    from scripts.evaluation.command import run_cite

    with told_in_one_line(*_TOLD):
        settings = read_settings(reader_dir=reader)
        options = Options(
            data, settings, limit, half, passages, index_dir=index_dir, out=out, compare=compare
        )
        run_cite(options)


@evaluate.command()
def lists(
    data: Data,
    passages: Passages = DEFAULT_PASSAGES,
    reader: ReaderDir = None,
    limit: Limit = None,
    half: OfHalf = Half.ALL,
    index_dir: IndexDir = None,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """Questions whose answers are all needed and stand in one sentence: are they quoted whole?"""
    from scripts.evaluation.command import run_lists

    with told_in_one_line(*_TOLD):
        settings = read_settings(reader_dir=reader)
        options = Options(
            data, settings, limit, half, passages, index_dir=index_dir, out=out, compare=compare
        )
        run_lists(options)
