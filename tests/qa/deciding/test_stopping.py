"""When reading may end: an answer is good enough, or none is likely to come."""

import math

import pytest

from qa.calibration import Calibration, LogisticModel
from qa.deciding.decide import Decision
from qa.deciding.stopping import end_of_reading, hope_features, lead_over_unread
from qa.reading.read import ReadingEnd, ReadPassage
from qa.reading.reader import PassageSpan
from qa.retrieval import RetrievedPassage
from qa.values import Passage

# Candidates are ordered by their span's score and ten times their passage's share of keywords, and
# the margin alone says whether the articles answer: 0.27 at a margin of -1, 0.73 at 1. There is
# hope in a passage that is at most a tenth less like the question than the best one read.
CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"span_score": 1, "keyword_share": 10}, bias=0),
    right_if_answerable=LogisticModel(weights={}, bias=0),
    answerable=LogisticModel(weights={"margin": 1}, bias=0),
    min_answerable=0.5,
    min_margin=0.0,
    enough_lead=8.0,
    hope=LogisticModel(weights={"likeness": 100}, bias=10),
    least_hope=0.5,
)


def retrieved(number: int, *, keyword_share: float, cosine: float = 0.5) -> RetrievedPassage:
    passage = Passage(number, f"a{number}", 0, 3, f"n{number}.")
    return RetrievedPassage(passage, 0.01, cosine, 1, 2.0, keyword_share, 1)


def read(*spans: tuple[float, float]) -> list[ReadPassage]:
    """Return passages with half of the keywords and one span each, of a score and a margin."""
    return [
        (retrieved(n, keyword_share=0.5), [PassageSpan(0, 2, score, score - margin)])
        for n, (score, margin) in enumerate(spans)
    ]


def end(
    *spans: tuple[float, float],
    unread: float = 0.5,
    alike: float = 0.5,
    calibration: Calibration = CALIBRATION,
) -> ReadingEnd | None:
    """Return how reading ends before a passage with this share of the keywords and this cosine."""
    to_come = [retrieved(9, keyword_share=unread, cosine=alike)]
    return end_of_reading(read(*spans), to_come, calibration, question="Which one?")


def test_an_answer_that_is_good_enough_ends_reading() -> None:
    assert end((3, 1), (8, 1), (2, 1)) is ReadingEnd.ENOUGH
    assert end((3, 1), (7.9, 1), (2, 1)) is None


def test_the_more_the_passages_to_come_promise_the_better_an_answer_has_to_be() -> None:
    assert end((8, 1), unread=0.75) is None
    assert end((10.5, 1), unread=0.75) is ReadingEnd.ENOUGH
    assert end((6, 1), unread=0.25) is ReadingEnd.ENOUGH


def test_many_passages_to_come_promise_more_than_one() -> None:
    one, two = [retrieved(8, keyword_share=0.5)], [retrieved(n, keyword_share=0.5) for n in (8, 9)]
    assert lead_over_unread(read((8, 1)), one, CALIBRATION) == pytest.approx(8)
    assert lead_over_unread(read((8, 1)), two, CALIBRATION) == pytest.approx(8 - math.log(2))
    assert lead_over_unread(read((8, 1)), [], CALIBRATION) == float("inf")


def test_reading_is_given_up_where_nothing_answers_and_nothing_to_come_is_like_the_question() -> (
    None
):
    assert end((3, -1), (2, 5), alike=0.39) is ReadingEnd.HOPELESS
    assert end((3, -1), (2, 5), alike=0.41) is None


def test_how_like_the_question_a_passage_is_counts_beside_the_best_that_was_read() -> None:
    found: list[ReadPassage] = [
        (retrieved(1, keyword_share=0.5, cosine=0.2), [PassageSpan(0, 2, 3, 4)])
    ]
    alike, unlike = (retrieved(2, keyword_share=0.5, cosine=cosine) for cosine in (0.15, 0.05))
    assert end_of_reading(found, [unlike, alike], CALIBRATION, question="?") is None
    assert end_of_reading(found, [unlike], CALIBRATION, question="?") is ReadingEnd.HOPELESS


def test_hope_is_of_the_best_unread_passage_and_of_what_was_read_so_far() -> None:
    unread = [
        retrieved(8, keyword_share=0.9, cosine=0.1),
        retrieved(9, keyword_share=0.2, cosine=0.4),
    ]
    features = hope_features(read((3, -1)), unread, Decision((), 0.25))
    assert features.keyword_share == 0.9
    assert features.likeness == pytest.approx(-0.1)
    assert features.answerable == pytest.approx(math.log(1 / 3))
    impossible, certain = (
        hope_features(read((3, -1)), unread, Decision((), probability)).answerable
        for probability in (0.0, 1.0)
    )
    assert impossible == pytest.approx(-certain)
    assert math.isfinite(impossible)


def test_reading_is_not_given_up_where_what_was_read_answers() -> None:
    assert end((3, 0), alike=0.1) is None


def test_reading_is_given_up_where_what_was_read_does_not_mention_what_is_asked_about() -> None:
    weights = {"margin": 1.0, "unmentioned_number": -9}
    strict = CALIBRATION.model_copy(
        update={"answerable": LogisticModel(weights=weights, bias=0), "least_hope": 1.0}
    )
    ends = [
        end_of_reading(read((3, 1)), [retrieved(9, keyword_share=0.5)], strict, question=question)
        for question in ("Who came?", "Who came in 1999?")
    ]
    assert ends == [None, ReadingEnd.HOPELESS]


def test_a_good_answer_is_enough_however_unlikely_the_articles_are_to_answer() -> None:
    assert end((9, -9)) is ReadingEnd.ENOUGH


def test_passages_without_a_span_give_no_hope() -> None:
    passage, to_come = (retrieved(1, keyword_share=0.5, cosine=cosine) for cosine in (0.5, 0.1))
    found: list[ReadPassage] = [(passage, [])]
    assert lead_over_unread(found, [to_come], CALIBRATION) == float("-inf")
    assert end_of_reading(found, [to_come], CALIBRATION, question="?") is ReadingEnd.HOPELESS


@pytest.mark.parametrize("spans", [[(9, 1)], [(3, -9)]])
def test_a_calibration_without_the_rules_reads_on(spans: list[tuple[float, float]]) -> None:
    without = {"enough_lead": None, "hope": None}
    assert end(*spans, calibration=CALIBRATION.model_copy(update=without)) is None
