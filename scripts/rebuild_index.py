"""Rebuild an index from its sources: `python -m scripts.rebuild_index SOURCE... --index-dir DIR`.

The same as `quoth index`. Exit codes: 0 done, 1 failed (the index is as it was), 2 wrong
arguments, 3 done but something was skipped, 4 not published because it answers worse or removes
much, 130 interrupted (the index is as it was).
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    # `python scripts/rebuild_index.py` puts scripts/ on the path instead of the root.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import typer

from scripts.quoth import index


def main() -> None:
    """Read the arguments and rebuild."""
    typer.run(index)


if __name__ == "__main__":
    main()
