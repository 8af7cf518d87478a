"""The default encoder without torch, for questions and for a few articles at a time.

Loading torch takes seconds and hundreds of megabytes, which one short text at a time does not
repay. ONNX Runtime, which the reader needs anyway, computes the same from the same weights: the
graph beside this module, written by `scripts.export_question_encoder`, holds none of its own.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from index.encoding.encoder import (
    DEFAULT_ENCODER,
    PACKAGED_FINGERPRINT,
    SentenceTransformerEncoder,
    TextEncoder,
    Vectors,
    open_bare_tokenizer,
    packaged_model,
)
from qa.errors import ModelError

GRAPH = Path(__file__).parent.parent / "models" / "question_encoder.onnx"
WORDS = "embeddings.word_embeddings.weight"
# What sentence_bert_config.json of the packaged model says.
_MAX_TOKENS = 256

Weights = Mapping[str, NDArray[np.float32]]


def load_question_encoder(name: str) -> TextEncoder:
    """Load the encoder of this name for a service; raises ModelError.

    Every model but the default one needs sentence-transformers, which is imported only then.
    """
    if name == DEFAULT_ENCODER:
        return OnnxQuestionEncoder()
    return SentenceTransformerEncoder(name)


class OnnxQuestionEncoder:
    """The default encoder without torch; its vectors are those of `SentenceTransformerEncoder`."""

    name = DEFAULT_ENCODER
    fingerprint = PACKAGED_FINGERPRINT
    dimension = 384

    def __init__(self) -> None:
        """Open the packaged model; raises ModelError if it is missing or not the official one."""
        folder = packaged_model()
        self.tokenizer = open_bare_tokenizer(folder / "tokenizer.json")
        with (folder / "model.safetensors").open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        weights = mapped_weights(mapped)
        self._words = weights.pop(WORDS)
        self._session = _open_graph(weights)
        # The runtime has packed what it multiplies with: the pages that held it may go.
        if hasattr(mapped, "madvise"):  # Windows has none
            mapped.madvise(mmap.MADV_DONTNEED)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        vectors = [self.encode_question(text) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dimension)

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector, shape (dimension,)."""
        *first, separator = self.tokenizer.encode(question).ids
        words = self._words[[*first[: _MAX_TOKENS - 1], separator]]
        vector: Vectors = self._session.run(["vector"], {"words": words})[0]
        return vector


def mapped_weights(content: mmap.mmap) -> dict[str, NDArray[np.float32]]:
    """Return the float32 tensors of a mapped safetensors file, read when they are used."""
    data_start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:data_start])
    data = np.frombuffer(content, dtype=np.uint8, offset=data_start)
    return {
        name: data[slice(*tensor["data_offsets"])].view(np.float32).reshape(tensor["shape"])
        for name, tensor in header.items()
        if tensor.get("dtype") == "F32"
    }


def _open_graph(weights: Weights) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # The other cores are for other questions, and for the reader.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False
    # The pooler is BERT's own; a sentence's vector is the mean of its tokens'.
    taken = {name: weight for name, weight in weights.items() if not name.startswith("pooler.")}
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in taken.values()]
    options.add_external_initializers(list(taken), values)
    try:
        return onnxruntime.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no base class of their own
        raise ModelError(f"cannot open {GRAPH}: {error}; reinstall Quoth") from error
