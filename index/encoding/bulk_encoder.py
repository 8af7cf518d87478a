"""An encoder for indexing that loads a model only when there is something to encode, or much.

A run over sources that have hardly changed should cost hardly anything, and loading torch takes
seconds.
"""

from collections.abc import Callable, Sequence

import numpy as np

from index.encoding.encoder import (
    DEFAULT_ENCODER,
    PassageEncoder,
    SentenceTransformerEncoder,
    Vectors,
)
from index.encoding.question_encoder import OnnxQuestionEncoder

# About what is encoded without torch while it is loaded.
_FEW = 256


def load_bulk_encoder(
    name: str, *, load: Callable[[str], PassageEncoder] = SentenceTransformerEncoder
) -> PassageEncoder:
    """Return an encoder for indexing; raises ModelError.

    For the default model `load`, which gives the one that is fast for many texts, is called when
    they turn out to be many; others are loaded at once, since only they know their fingerprint.
    """
    return _ManyLater(load) if name == DEFAULT_ENCODER else load(name)


class _ManyLater:
    """The first few texts without torch, what follows with it; their vectors are the same."""

    def __init__(self, load: Callable[[str], PassageEncoder]) -> None:
        self._few = OnnxQuestionEncoder()
        self._load = load
        self._many: PassageEncoder | None = None
        self._count = 0
        self.name = self._few.name
        self.fingerprint = self._few.fingerprint
        self.dimension = self._few.dimension
        self.tokenizer = self._few.tokenizer

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        self._count += len(texts)
        if self._count <= _FEW:
            return self._few.encode(texts)
        if self._many is None:
            self._many = self._load(self.name)
        return self._many.encode(texts)
