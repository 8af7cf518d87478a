"""Reading in order of promise, and when it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from qa.calibration import Calibration, LogisticModel
from qa.reader import PassageSpan
from qa.reading import READ_AT_ONCE, best_order, candidate_features, has_enough, read_passages
from qa.retrieval import RetrievedPassage
from qa.values import Passage

FLAT = LogisticModel(weights={}, bias=0)
# Candidates are ordered by their span's score alone.
CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"span_score": 1}, bias=0),
    confidence=FLAT,
    answerable=FLAT,
    min_answerable=0.5,
    min_margin=0.0,
    enough_order=8.0,
)


@dataclass
class ScoredReader:
    """Gives one span a passage, whose text is its score, and counts what it read."""

    read_texts: list[str] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        self.read_texts += passages
        return [[PassageSpan(0, len(text), float(text), 1.0)] for text in passages]


def retrieved(*scores: float) -> list[RetrievedPassage]:
    return [
        RetrievedPassage(Passage(n, "a", 0, len(str(s)), str(s)), 0.01, 0.5, n + 1, 2.0, 0.75, 3)
        for n, s in enumerate(scores)
    ]


def read(*scores: float, enough: Calibration | None) -> int:
    reader = ScoredReader()
    found = read_passages("?", retrieved(*scores), reader, enough=enough)
    assert [passage.passage.text for passage, _ in found] == reader.read_texts
    return len(found)


def test_everything_is_read_where_no_answer_is_good_enough() -> None:
    assert read(*[3.0] * 13, enough=CALIBRATION) == 13


def test_reading_ends_with_the_batch_that_holds_a_good_enough_answer() -> None:
    scores = [3.0] * 13
    scores[READ_AT_ONCE] = 8.0
    assert read(*scores, enough=CALIBRATION) == 2 * READ_AT_ONCE


@pytest.mark.parametrize("enough", [None, CALIBRATION.model_copy(update={"enough_order": None})])
def test_without_a_rule_everything_is_read(enough: Calibration | None) -> None:
    assert read(*[20.0] * 13, enough=enough) == 13


def test_the_rule_looks_at_the_best_span_that_was_read() -> None:
    reader = ScoredReader()
    found = read_passages("?", retrieved(2.0, 7.5, 1.0), reader)
    assert best_order(found, CALIBRATION) == 7.5
    assert not has_enough(found, CALIBRATION)
    assert has_enough(found, CALIBRATION.model_copy(update={"enough_order": 7.5}))
    assert not has_enough([], CALIBRATION)


def test_features_say_what_reader_and_retrieval_found() -> None:
    [found] = retrieved(2.0)
    features = candidate_features(found, PassageSpan(0, 1, 5.0, 2.0))
    assert (features.span_score, features.margin) == (5.0, 3.0)
    assert features.cosine == 0.5
    assert features.keyword_share == 0.75
