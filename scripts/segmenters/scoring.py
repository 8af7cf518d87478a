"""Hand-made cases, and how right, faithful and fast a segmenter is on them."""

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.splitting.sentences import Segment

_TIMED_CHARACTERS = 100_000
_TIMED_RUNS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the sentences that a careful reader finds in it."""

    category: str
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How many borders between sentences are right, invented and missed."""

    right: int = 0
    invented: int = 0
    missed: int = 0
    whole: int = 0
    cases: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.right + other.right,
            self.invented + other.invented,
            self.missed + other.missed,
            self.whole + other.whole,
            self.cases + other.cases,
        )

    @property
    def precision(self) -> float:
        """Share of the found borders that are right; 1 where none was found."""
        found = self.right + self.invented
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected borders that were found; 1 where none was expected."""
        expected = self.right + self.missed
        return self.right / expected if expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a JSONL file in order."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Case(row["category"], row["text"], tuple(row["sentences"])) for row in rows]


def borders(sentences: Iterable[str]) -> set[int]:
    """Return the borders between sentences, each as the number of visible characters before it.

    Counting only what is not white space makes libraries comparable that treat it differently.
    """
    positions, count = [], 0
    for sentence in sentences:
        if visible := len("".join(sentence.split())):
            count += visible
            positions.append(count)
    return set(positions[:-1])


def score(segment: Segment, case: Case) -> Score:
    """Return the score on one case; a text that the library refuses counts as one sentence."""
    try:
        found = borders(segment(case.text))
    except UnicodeEncodeError:
        found = set()
    expected = borders(case.sentences)
    return Score(
        right=len(found & expected),
        invented=len(found - expected),
        missed=len(expected - found),
        whole=int(found == expected),
        cases=1,
    )


def scores(segment: Segment, cases: Sequence[Case]) -> dict[str, Score]:
    """Return the score of each category, and of all cases under "all"."""
    by_category: dict[str, Score] = {}
    for case in cases:
        for category in (case.category, "all"):
            by_category[category] = by_category.get(category, Score()) + score(segment, case)
    return by_category


def fidelity(segment: Segment, texts: Sequence[str]) -> tuple[int, int, int]:
    """Count the texts with lost characters, with sentences not found in order, and refused ones."""
    lost = unordered = refused = 0
    for text in texts:
        try:
            sentences = segment(text)
        except UnicodeEncodeError:
            refused += 1
            continue
        lost += "".join("".join(sentences).split()) != "".join(text.split())
        unordered += not _in_order(sentences, text)
    return lost, unordered, refused


def _in_order(sentences: Iterable[str], text: str) -> bool:
    cursor = 0
    for sentence in sentences:
        at = text.find(sentence, cursor)
        if at < 0:
            return False
        cursor = at + len(sentence)
    return True


def milliseconds(segment: Segment, article: str) -> float:
    """Return the median time for 100 kB of the article, repeated paragraph by paragraph."""
    text = (article.rstrip() + "\n\n") * (_TIMED_CHARACTERS // len(article) + 1)
    times = []
    for _ in range(_TIMED_RUNS):
        begun = time.perf_counter()
        segment(text[:_TIMED_CHARACTERS])
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
