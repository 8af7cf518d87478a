"""The command `quoth calibrate`: confidence and abstaining fitted to labelled questions."""

from pathlib import Path
from typing import Annotated

import typer

from qa.calibration import CALIBRATION_NAME
from qa.errors import QuothError
from scripts.command_line.failing import read_settings, told_in_one_line
from scripts.evaluation.collection import Half


def calibrate(
    data: Annotated[list[Path], typer.Option(help="Questions: .jsonl or .jsonl.gz.")],
    passage_given: Annotated[
        list[Path] | None,
        typer.Option(help="Questions, some without an answer, for `quoth evaluate read`."),
    ] = None,
    reader: Annotated[Path | None, typer.Option(help="Folder of another reader.")] = None,
    questions: Annotated[
        int, typer.Option(min=20, help="At most so many of each file, drawn with a fixed seed.")
    ] = 400,
    half: Annotated[
        Half, typer.Option(help="`calibration` leaves the titles of the other half for reports.")
    ] = Half.ALL,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write here.", show_default="calibration.json beside the reader, which it replaces"
        ),
    ] = None,
) -> None:
    """Fit confidence and the decision to abstain to questions with known answers.

    Three quarters of the questions are fitted to, the last quarter tells how good the fit is.
    `QUOTH_CALIBRATION` names the written file to the service.
    """
    from scripts.calibration.command import run_calibrate

    settings = read_settings(reader_dir=reader)
    with told_in_one_line(QuothError, OSError):
        run_calibrate(
            data,
            settings,
            passage_given=passage_given or [],
            questions_each=questions,
            half=half,
            out=out or settings.reader_dir / CALIBRATION_NAME,
        )
