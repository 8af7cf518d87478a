"""How a command that builds leaves the cores to the service of the same index."""

import os
from pathlib import Path

from index.generation_folders import CURRENT_NAME

# Where an index serves, its questions come first: the scheduler gives a process of this niceness
# about a tenth of a core that somebody else wants.
_GIVES_WAY = 10


def give_way(index_dir: Path) -> None:
    """Let others go first for the rest of this process, if the index may be serving."""
    if (index_dir / CURRENT_NAME).exists():
        os.nice(_GIVES_WAY)
