"""What decided the content of a folder: the same command goes on in it, and another is refused."""

import argparse
import json
from collections.abc import Collection
from pathlib import Path

from qa.errors import QuothError

_NAME = "run.json"


class OtherRunError(QuothError):
    """A folder holds what other options have made; the message names the first of them."""


def check_same_run(options: argparse.Namespace, *, free: Collection[str], begun: bool) -> None:
    """Keep what decides the content of `options.out`, or check that it was the same.

    The options named in `free` may differ; `begun` says whether the folder holds anything to go on
    from. What was begun before such a file was kept goes on unchecked. Raises OtherRunError.
    """
    deciding = {
        name: _shown(value) for name, value in sorted(vars(options).items()) if name not in free
    }
    path = options.out / _NAME
    if not begun:
        options.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(deciding, indent=2) + "\n", encoding="utf-8")
    elif path.exists():
        _compare(json.loads(path.read_text(encoding="utf-8")), deciding, path)


def _compare(kept: dict[str, object], deciding: dict[str, object], path: Path) -> None:
    for name, value in deciding.items():
        if name in kept and kept[name] != value:
            raise OtherRunError(
                f"{path.parent} was begun with --{name.replace('_', '-')} {kept[name]}, not "
                f"{value}; give the same, or another --out, or remove {path} to go on all the same"
            )


def _shown(value: object) -> object:
    if isinstance(value, Path):
        return str(value.absolute())
    return [_shown(one) for one in value] if isinstance(value, list) else value
