"""Vectors of as many passages as wanted, that lie to each other as those of real ones do.

Real vectors are grouped into topics of about 48 passages, by k-means. A synthetic topic is a real
one moved away a little, in a direction of the covariance of the real centres, so that topics have
neighbours as real ones have. Its passages are drawn with the covariance of that real topic about
its centre, and each takes a share of one real passage's own deviation, so that some passages lie
close together and others alone. The number of topics grows with that of passages, as new articles
bring new subjects. A question lies to its passage and its topic as real questions lie to theirs.
`Likeness` sets the cosines of neighbours beside those of as many real vectors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors

PASSAGES_PER_TOPIC = 48
RANKS = (1, 10, 50, 100)
_AT_ONCE = 20_000
# Both in radians, tried until the cosines of neighbours were those of real passages.
_TOPIC_TURN = 0.4
_LEAST_TURN = 0.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """Passages, the centre of the topic of each, and the number of the real topic it is of.

    Vectors and centres are of shape (count, dimension).
    """

    vectors: Vectors
    centres: Vectors
    parents: NDArray[np.int64]

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> "Drawn":
        """Return some of them."""
        return Drawn(self.vectors[rows], self.centres[rows], self.parents[rows])

    @classmethod
    def joined(cls, parts: Sequence["Drawn"]) -> "Drawn":
        """Return all of some parts, in their order."""
        return cls(
            np.concatenate([part.vectors for part in parts]),
            np.concatenate([part.centres for part in parts]),
            np.concatenate([part.parents for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """Median cosines of the neighbours at `RANKS`, of real vectors and of as many synthetic."""

    real_passages: tuple[float, ...]
    synthetic_passages: tuple[float, ...]
    real_questions: tuple[float, ...]
    synthetic_questions: tuple[float, ...]


class SyntheticPassages:
    """Draws passages and questions; the same seed gives the same ones.

    `topics` are the real topics: the rows of the real passages that each holds.
    """

    def __init__(self, passages: Vectors, questions: Vectors) -> None:
        """Learn from real unit vectors of both, shape (count, dimension)."""
        self._real, self._questions = passages, questions
        self.dimension = passages.shape[1]
        topics = _topics(passages)
        self.topics = tuple(topics)
        self._centres = np.stack([passages[members].mean(axis=0) for members in topics])
        self._deviations = [
            passages[members] - centre
            for members, centre in zip(topics, self._centres, strict=True)
        ]
        self._mean = self._centres.mean(axis=0)
        covariance = np.cov((self._centres - self._mean).T) + 1e-6 * np.eye(self.dimension)
        self._factor = np.linalg.cholesky(covariance).T.astype(np.float32)
        self._learn_questions(topics)

    def passages(self, count: int, *, seed: int = 0) -> Iterator[Drawn]:
        """Yield `count` passages in batches, topic after topic."""
        random = np.random.default_rng(seed)
        while count:
            topics: list[Drawn] = []
            drawn = 0
            while drawn < min(count, _AT_ONCE):
                topics.append(self._topic(random))
                drawn += len(topics[-1].vectors)
            batch = min(drawn, count)
            yield Drawn.joined(topics)[:batch]
            count -= batch

    def questions(self, passages: Drawn, *, seed: int = 0) -> Vectors:
        """Return one question a passage, as unit vectors."""
        random = np.random.default_rng(seed)
        rest = self._rests[random.integers(0, len(self._rests), len(passages.vectors))]
        seen = self._explained(passages.vectors, passages.centres) @ self._slopes
        return _unit(self._question_mean + seen + rest)

    def likeness(self, *, sample: int = 1000) -> Likeness:
        """Compare real vectors with as many synthetic ones."""
        drawn = Drawn.joined(list(self.passages(len(self._real), seed=7)))
        synthetic = drawn.vectors
        random = np.random.default_rng(7)
        chosen = random.choice(len(synthetic), min(sample, len(synthetic)), replace=False)
        asked = self.questions(drawn[chosen], seed=7)
        return Likeness(
            neighbour_cosines(self._real, self._real[chosen], skip=1),
            neighbour_cosines(synthetic, synthetic[chosen], skip=1),
            neighbour_cosines(self._real, self._questions[:sample], skip=0),
            neighbour_cosines(synthetic, asked, skip=0),
        )

    def _topic(self, random: np.random.Generator) -> Drawn:
        parent = int(random.integers(0, len(self._centres)))
        moved = random.standard_normal(self.dimension, dtype=np.float32) @ self._factor
        centre = (
            self._mean
            + np.cos(_TOPIC_TURN) * (self._centres[parent] - self._mean)
            + np.sin(_TOPIC_TURN) * moved
        )
        own = self._deviations[parent]
        count = len(own)
        weights = random.standard_normal((count, count), dtype=np.float32) / np.sqrt(count - 1)
        turn = random.uniform(_LEAST_TURN, np.pi / 2, (count, 1)).astype(np.float32)
        kept = own[random.integers(0, count, count)]
        passages = _unit(centre + np.cos(turn) * kept + np.sin(turn) * (weights @ own))
        return Drawn(
            passages,
            np.broadcast_to(centre.astype(np.float32), passages.shape),
            np.full(count, parent, dtype=np.int64),
        )

    def _learn_questions(self, topics: list[NDArray[np.int64]]) -> None:
        """Explain a question by its topic, by its passage within that, and by a rest of its own."""
        topic_of = np.zeros(len(self._real), dtype=np.int64)
        for topic, members in enumerate(topics):
            topic_of[members] = topic
        nearest = np.argmax(self._questions @ self._real.T, axis=1)
        self._question_mean = self._questions.mean(axis=0)
        asked = self._questions - self._question_mean
        explained = self._explained(self._real[nearest], self._centres[topic_of[nearest]])
        columns = explained.reshape(-1, 2)
        self._slopes, *_ = np.linalg.lstsq(columns, asked.reshape(-1), rcond=None)
        self._rests = asked - explained @ self._slopes

    def _explained(self, vectors: Vectors, centres: Vectors) -> NDArray[np.float32]:
        """Return what the slopes are for, shape (count, dimension, 2)."""
        return np.stack([centres - self._mean, vectors - centres], axis=-1)


def neighbour_cosines(vectors: Vectors, asked: Vectors, *, skip: int) -> tuple[float, ...]:
    """Return the median cosine at each of `RANKS`, without the `skip` nearest."""
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    cosines, _ = flat.search(asked, RANKS[-1] + skip)
    places = [rank - 1 + skip for rank in RANKS]
    return tuple(round(float(cosine), 3) for cosine in np.median(cosines[:, places], axis=0))


def _topics(passages: Vectors) -> list[NDArray[np.int64]]:
    """Return the rows of each group of like passages; groups of one have no spread to learn."""
    count = max(1, len(passages) // PASSAGES_PER_TOPIC)
    kmeans = faiss.Kmeans(passages.shape[1], count, niter=10, seed=1)
    kmeans.train(passages)
    _, nearest = kmeans.index.search(passages, 1)
    groups = [np.flatnonzero(nearest[:, 0] == topic) for topic in range(count)]
    return [members for members in groups if len(members) > 1]


def _unit(vectors: NDArray[np.float32]) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(unit, dtype=np.float32)
