"""Files that commands write last: tried before the work, which would be lost without them."""

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from qa.errors import QuothError
from scripts.command_line.failing import told_in_one_line


class OutputError(QuothError):
    """What a command finds cannot be written where it should be."""


def check_can_be_written(path: Path, *, inputs: Sequence[Path] = ()) -> None:
    """Raise OutputError if a file cannot be written there, as far as can be told before.

    Nor may it be one of the `inputs`, which it would replace.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {folder}")
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise OutputError(f"cannot write {path}: that is not permitted")
    if any(one.exists() and path.exists() and one.samefile(path) for one in inputs):
        raise OutputError(f"cannot write {path}: its questions would be lost; name another file")


def make_ready(out: Path | None, *, inputs: Sequence[Path] = ()) -> None:
    """Make the folder of what will be written, or end the command with one line."""
    if out is None:
        return
    with told_in_one_line(QuothError, OSError):
        out.parent.mkdir(parents=True, exist_ok=True)
        check_can_be_written(out, inputs=inputs)


def write_results(results: BaseModel, path: Path | None) -> None:
    """Write the results as JSON that people can read, if they are to be written."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(results.model_dump_json(indent=2) + "\n", encoding="utf-8")
