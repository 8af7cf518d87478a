"""Opening the vectors of a base as its manifest describes them."""

from pathlib import Path

from index.dense.dense_index import DenseIndex
from index.dense.flat import FlatIndex
from index.dense.graph import Graph
from index.dense.inverted_lists import InvertedLists
from index.dense.kinds import Exact, Hnsw, Kind
from index.dense.mapped import MappedIndex
from index.file_names import VECTORS_NAME


def open_vectors(part: Path, kind: Kind) -> DenseIndex:
    """Open the files of a part; the caller has checked their checksums.

    Raises ValueError or RuntimeError if they hold something else than `kind` says.
    """
    path = part / VECTORS_NAME
    if isinstance(kind, Exact):
        in_memory = kind.storage == "float32"
        return FlatIndex.read(path) if in_memory else MappedIndex.read(part, None)
    finder = Graph.read(path, kind) if isinstance(kind, Hnsw) else InvertedLists.read(path, kind)
    return MappedIndex.read(part, finder)
