"""How much of what exact search finds a faster search finds too."""

import numpy as np

from index.dense.kinds import RECALL_AT, Recall
from index.dense.mapped import MappedIndex
from index.encoding.encoder import Vectors

_QUERIES = 200
_SEED = 0
# Questions lie about so far from the passages that answer them (scripts.benchmark_index).
_QUESTION_COSINE = 0.6
# The same vector scored in another order of sums; vectors that are equal count as found.
_ROUNDING = 1e-6


class RecallTest:
    """The same queries for every way of searching one set of vectors, and what is right."""

    def __init__(self, index: MappedIndex, *, queries: int = _QUERIES) -> None:
        """Draw queries that lie as questions do, and find the best for each exactly."""
        self._queries = question_like(index, count=min(queries, len(index)))
        self._at = min(RECALL_AT, len(index))
        best = index.exact(self._queries, limit=self._at)
        self._least = best[:, -1] - _ROUNDING

    def measure(self, index: MappedIndex) -> Recall:
        """Return the recall of one way of searching them."""
        found = 0
        for query, least in zip(self._queries, self._least, strict=True):
            hits = index.search(query, limit=self._at)
            found += sum(cosine >= least for _, cosine in hits)
        value = found / (len(self._queries) * self._at)
        return Recall(value=round(value, 4), at=self._at, queries=len(self._queries))


def question_like(index: MappedIndex, *, count: int) -> Vectors:
    """Return unit vectors about as far from passages as questions are; the same in every run.

    Each is a passage's vector, turned by a fixed angle towards the difference of two others: so
    it stays among the directions in which texts differ. What is found for these is a little less
    than for real questions.
    """
    random = np.random.default_rng(_SEED)
    rows = random.integers(0, len(index), (3, count))
    rows[0] = random.choice(len(index), count, replace=False)
    source, one, other = (index.sample(np.asarray(part)) for part in rows)
    away = one - other
    away -= (away * source).sum(axis=1, keepdims=True) * source
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    turned = _QUESTION_COSINE * source + np.sqrt(1 - _QUESTION_COSINE**2) * away
    unit: Vectors = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    return np.ascontiguousarray(unit, dtype=np.float32)
