"""The default encoder without torch, for questions and for a few articles at a time.

Loading torch takes seconds and hundreds of megabytes, which one short text at a time does not
repay. ONNX Runtime, which the reader needs anyway, computes the same from the same weights: the
graphs in `index/models`, written by `scripts.export_question_encoder`, hold none of their own.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from functools import cached_property
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
from index.encoding.rounding import round_weights
from qa.errors import ModelError

_MODELS = Path(__file__).parent.parent / "models"
PASSAGE_GRAPH = _MODELS / "passage_encoder.onnx"
QUESTION_GRAPH = _MODELS / "question_encoder.onnx"
WORDS = "embeddings.word_embeddings.weight"
# What sentence_bert_config.json of the packaged model says.
_MAX_TOKENS = 256

Weights = Mapping[str, NDArray[np.float32]]
Tensors = Mapping[str, NDArray[np.float32 | np.int8]]


def load_question_encoder(name: str) -> TextEncoder:
    """Load the encoder of this name for a service; raises ModelError.

    Every model but the default one needs sentence-transformers, which is imported only then.
    """
    if name == DEFAULT_ENCODER:
        return OnnxQuestionEncoder()
    return SentenceTransformerEncoder(name)


class OnnxQuestionEncoder:
    """The default encoder without torch.

    A passage has the vector that `SentenceTransformerEncoder` gives it. A question, for which
    someone waits, is multiplied in 8-bit integers, in a third of the time, and has one beside it:
    the cosine of the two is 0.99.
    """

    name = DEFAULT_ENCODER
    fingerprint = PACKAGED_FINGERPRINT
    dimension = 384

    def __init__(self) -> None:
        """Open the packaged model; raises ModelError if it is missing or not the official one."""
        folder = packaged_model()
        self.tokenizer = open_bare_tokenizer(folder / "tokenizer.json")
        with (folder / "model.safetensors").open("rb") as file:
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        weights = mapped_weights(self._mapped)
        self._words = weights.pop(WORDS)
        # The pooler is BERT's own; a sentence's vector is the mean of its tokens'.
        self._weights = {n: w for n, w in weights.items() if not n.startswith("pooler.")}
        # The session does not own them.
        self._rounded = in_integers(self._weights)
        self._questions = _open_graph(QUESTION_GRAPH, self._rounded)
        self._let_pages_go()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        vectors = [self._vector(text, self._passages) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dimension)

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector, shape (dimension,)."""
        return self._vector(question, self._questions)

    def _vector(self, text: str, session: onnxruntime.InferenceSession) -> Vectors:
        *first, separator = self.tokenizer.encode(text).ids
        words = self._words[[*first[: _MAX_TOKENS - 1], separator]]
        vector: Vectors = session.run(["vector"], {"words": words})[0]
        return vector

    @cached_property
    def _passages(self) -> onnxruntime.InferenceSession:
        """Opened when the first passage comes: a service that takes none does without."""
        session = _open_graph(PASSAGE_GRAPH, self._weights)
        self._let_pages_go()
        return session

    def _let_pages_go(self) -> None:
        # The runtime has packed what it multiplies with.
        if hasattr(self._mapped, "madvise"):  # Windows has none
            self._mapped.madvise(mmap.MADV_DONTNEED)


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


def in_integers(weights: Weights) -> Tensors:
    """Return the weights with those of dense layers as integers, with one scale an output.

    `name`, shape (outputs, channels), becomes `name.int8`, shape (channels, outputs), and
    `name.scale`, shape (outputs,).
    """
    tensors: dict[str, NDArray[np.float32 | np.int8]] = {}
    for name, weight in weights.items():
        if _is_dense(name, weight.shape):
            integers, tensors[f"{name}.scale"] = round_weights(weight.T)
            tensors[f"{name}.int8"] = np.ascontiguousarray(integers)
        else:
            tensors[name] = weight
    return tensors


def _is_dense(name: str, shape: Sequence[int]) -> bool:
    """Return whether a weight is multiplied with: embeddings are looked up."""
    return len(shape) == 2 and not name.startswith("embeddings.")


def _open_graph(path: Path, tensors: Tensors) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # The other cores are for other questions, and for the reader.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for tensor in tensors.values()]
    options.add_external_initializers(list(tensors), values)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no base class of their own
        raise ModelError(f"cannot open {path}: {error}; reinstall Quoth") from error
