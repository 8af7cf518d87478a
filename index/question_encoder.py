"""The default encoder in plain numpy, for questions and for a few articles at a time.

Loading torch takes seconds and hundreds of megabytes, which one short text at a time does not
repay. What stands here is BERT's forward pass (Devlin et al. 2019) as all-MiniLM-L6-v2 has it. One
text is one matrix with a column for each token, so that nothing is padded, and a linear layer is
`weight @ x + bias` with the weight as the file has it.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from index.encoder import (
    DEFAULT_ENCODER,
    PACKAGED_FINGERPRINT,
    SentenceTransformerEncoder,
    TextEncoder,
    Vectors,
    bare_tokenizer,
    packaged_model,
)

Matrix = NDArray[np.float32]
Weights = Mapping[str, Matrix]

# What config.json and sentence_bert_config.json of the packaged model say.
_LAYERS = 6
_HEADS = 12
_MAX_TOKENS = 256
_NORM_EPSILON = 1e-12


def load_question_encoder(name: str) -> TextEncoder:
    """Load the encoder of this name for a service; raises ModelError.

    Every model but the default one needs sentence-transformers, which is imported only then.
    """
    if name == DEFAULT_ENCODER:
        return NumpyQuestionEncoder()
    return SentenceTransformerEncoder(name)


class NumpyQuestionEncoder:
    """The default encoder without torch; its vectors are those of `SentenceTransformerEncoder`."""

    name = DEFAULT_ENCODER
    fingerprint = PACKAGED_FINGERPRINT
    dimension = 384

    def __init__(self) -> None:
        """Open the packaged model; raises ModelError if it is missing or not the official one.

        From then on, all of the process's BLAS runs in one thread: its threads wait by spinning,
        and would take the cores that the reader computes on.
        """
        folder = packaged_model()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer = bare_tokenizer(self._tokenizer)
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._weights = map_weights(folder / "model.safetensors")
        threadpool_limits(limits=1, user_api="blas")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        vectors = [self.encode_question(text) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dimension)

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector, shape (dimension,)."""
        mean: Vectors = bert(self._weights, self._tokenizer.encode(question).ids).mean(axis=1)
        return mean / np.linalg.norm(mean)


def map_weights(path: Path) -> Weights:
    """Map the float32 tensors of a safetensors file, whose pages are read when they are used."""
    content = np.memmap(path, mode="r")
    data_start = 8 + int.from_bytes(content[:8].tobytes(), "little")
    header = json.loads(content[8:data_start].tobytes())
    data = content[data_start:].view(np.ndarray)
    return {
        name: data[slice(*tensor["data_offsets"])].view(np.float32).reshape(tensor["shape"])
        for name, tensor in header.items()
        if tensor.get("dtype") == "F32"
    }


def bert(weights: Weights, tokens: list[int]) -> Matrix:
    """Return the last hidden states of one text, shape (dimension, tokens)."""
    embedded = (
        weights["embeddings.word_embeddings.weight"][tokens]
        + weights["embeddings.position_embeddings.weight"][: len(tokens)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = _norm(weights, "embeddings.LayerNorm", embedded.T)
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        attended = _linear(weights, f"{layer}.attention.output.dense", _attend(weights, layer, x))
        x = _norm(weights, f"{layer}.attention.output.LayerNorm", x + attended)
        inner = gelu(_linear(weights, f"{layer}.intermediate.dense", x))
        outer = _linear(weights, f"{layer}.output.dense", inner)
        x = _norm(weights, f"{layer}.output.LayerNorm", x + outer)
    return x


def _attend(weights: Weights, layer: str, x: Matrix) -> Matrix:
    """Return what each token takes from all of them, the heads' dimensions below one another."""
    query, key, value = (
        _linear(weights, f"{layer}.attention.self.{part}", x).reshape(_HEADS, -1, x.shape[1])
        for part in ("query", "key", "value")
    )
    # Shape (heads, tokens that give, tokens that take).
    scores = key.transpose(0, 2, 1) @ query / math.sqrt(query.shape[1])
    attention = np.exp(scores - scores.max(axis=1, keepdims=True))
    attention /= attention.sum(axis=1, keepdims=True)
    heads: Matrix = value @ attention
    return heads.reshape(x.shape)


def _linear(weights: Weights, name: str, x: Matrix) -> Matrix:
    product: Matrix = weights[f"{name}.weight"] @ x
    return product + weights[f"{name}.bias"][:, None]


def _norm(weights: Weights, name: str, x: Matrix) -> Matrix:
    centred = x - x.mean(axis=0)
    normal: Matrix = centred / np.sqrt(np.square(centred).mean(axis=0) + _NORM_EPSILON)
    return normal * weights[f"{name}.weight"][:, None] + weights[f"{name}.bias"][:, None]


def gelu(x: Matrix) -> Matrix:
    """Return x·Φ(x), as BERT was trained with; not its approximation by tanh."""
    return x * (0.5 + 0.5 * erf(x * math.sqrt(0.5)))


def erf(x: Matrix) -> Matrix:
    """Return the error function, which numpy lacks, by Abramowitz and Stegun, 7.1.26.

    The formula is off by at most 1.5e-7, and float32 rounds its terms: together less than 6e-7.
    """
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    signed: Matrix = np.copysign(1 - series * np.exp(-x * x), x)
    return signed
