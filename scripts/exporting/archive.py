"""A model as the archive that `qa.reading.model_archive` opens."""

import io
import tarfile
import zlib

import onnx
from onnx.external_data_helper import set_external_data

from qa.reading.model_archive import GRAPH_NAME, WEIGHTS_NAME

# Smaller tensors stay in the graph.
_LEAST_BYTES = 1024
# Where a tensor may begin in the file, so that numbers of any type can be read where they lie.
_ALIGNMENT = 64


def archived(model: onnx.ModelProto) -> bytes:
    """Return the archive of a model, whose weights are moved out of it, in place."""
    weights = bytearray()
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) < _LEAST_BYTES:
            continue
        weights += bytes(-len(weights) % _ALIGNMENT)
        set_external_data(tensor, WEIGHTS_NAME, len(weights), len(tensor.raw_data))
        weights += tensor.raw_data
        tensor.ClearField("raw_data")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as files:
        for name, content in ((GRAPH_NAME, model.SerializeToString()), (WEIGHTS_NAME, weights)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            files.addfile(member, io.BytesIO(content))
    return by_frequency(archive.getvalue())


def by_frequency(content: bytes) -> bytes:
    """Return the content as a gzip file whose bytes are coded by their frequencies alone.

    Weights do not repeat, and to look for repetitions makes such a file larger, not smaller.
    """
    coder = zlib.compressobj(9, zlib.DEFLATED, 15 + 16, 9, zlib.Z_HUFFMAN_ONLY)
    return coder.compress(content) + coder.flush()
