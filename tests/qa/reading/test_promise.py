"""What retrieval promises of a passage, and the order in which passages are read for it."""

import pytest

from qa.calibration import Calibration, LogisticModel
from qa.reading.promise import by_promise, promise
from qa.retrieval import RetrievedPassage
from qa.values import Passage

CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(
        weights={"span_score": 1, "margin": 2, "cosine": 10, "keyword_share": 4}, bias=-3
    ),
    right_if_answerable=LogisticModel(weights={}, bias=0),
    answerable=LogisticModel(weights={}, bias=0),
    min_answerable=0.5,
    min_margin=0.0,
)


def retrieved(number: int, *, cosine: float, keyword_share: float) -> RetrievedPassage:
    passage = Passage(number, "a", 0, 3, f"n{number}.")
    return RetrievedPassage(passage, 0.01, cosine, number, 2.0, keyword_share, number)


def test_a_passage_promises_what_is_known_of_it_before_it_is_read() -> None:
    found = retrieved(1, cosine=0.5, keyword_share=0.75)
    assert promise(found, CALIBRATION) == pytest.approx(5 + 3 - 3)


def test_the_most_promising_passage_is_read_first_and_of_equal_ones_the_first_retrieved() -> None:
    found = [
        retrieved(1, cosine=0.2, keyword_share=0.5),
        retrieved(2, cosine=0.4, keyword_share=0.5),
        retrieved(3, cosine=0.2, keyword_share=0.75),
        retrieved(4, cosine=0.4, keyword_share=0.5),
    ]
    order = [one.passage.passage_id for one in by_promise(found, CALIBRATION)]
    assert order == [2, 4, 3, 1]
