"""An environment for each other system, made once and kept in a folder."""

import hashlib
import subprocess
import sys
from pathlib import Path

from scripts.peers.lines import PeerError

_HERE = Path(__file__).parent
_SHOWN_CHARACTERS = 1_000


def requirements(system: str) -> Path:
    """Return the file that pins what a system needs."""
    return _HERE / f"requirements-{system}.txt"


def environment(pinned: Path, folder: Path) -> Path:
    """Return the Python of an environment in `folder`, made if it is not there as pinned.

    `pinned` is a file `requirements-NAME.txt`. Raises PeerError if something cannot be installed.
    """
    home = folder / pinned.stem.removeprefix("requirements-")
    python = home / "bin" / "python"
    mark = home / ".installed"
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(pinned.read_bytes()).hexdigest()}"
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        mark.unlink(missing_ok=True)
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(pinned)])
        mark.write_text(wanted, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(f"{' '.join(command)} failed: {done.stderr[-_SHOWN_CHARACTERS:].strip()}")
