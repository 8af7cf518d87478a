"""A model in a compressed archive: its graph, and the weights in a file that is mapped.

Weights that are mapped take hardly any memory: the runtime packs what it multiplies with and lets
go of it, and of the words' embeddings only those are read that texts have.
"""

import gzip
import io
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from qa.errors import ModelError

ARCHIVE_SUFFIX = ".tar.gz"
GRAPH_NAME = "reader.onnx"
WEIGHTS_NAME = "weights"
"""The file in which the graph finds its weights, as ONNX's external data."""
CURE = "restore the file, or export the reader again with python -m scripts.export_reader"

_DAMAGE = (gzip.BadGzipFile, EOFError, KeyError, zlib.error, tarfile.TarError)


@contextmanager
def unpacked(archive: Path, content: bytes) -> Iterator[Path]:
    """Give the graph as a file with its weights beside it, while the model is opened.

    `content` is what `archive` holds. Raises ModelError if it is damaged, or if there is no room.
    """
    with ExitStack() as kept:
        try:
            # Windows lets nobody remove a file that is mapped.
            folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            graph = _unpack(content, Path(kept.enter_context(folder)))
        except _DAMAGE as error:
            raise ModelError(f"{archive} cannot be unpacked: {error}; {CURE}") from error
        except OSError as error:
            raise ModelError(
                f"cannot unpack {archive} in {tempfile.gettempdir()}: {error.strerror}; name a "
                f"folder with 60 MB of room in TMPDIR"
            ) from error
        del content
        yield graph


def _unpack(content: bytes, folder: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as files:
        for name in (GRAPH_NAME, WEIGHTS_NAME):
            member = files.extractfile(name)
            if member is None:
                raise KeyError(f"{name} is not a file")
            with (folder / name).open("wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
    return folder / GRAPH_NAME
