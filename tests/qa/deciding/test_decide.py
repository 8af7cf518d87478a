"""Which spans are one place, which places are one answer, and what each is worth."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import Calibration, LogisticModel
from qa.deciding.decide import CandidateFate, Decision, decide, supporting
from qa.reading.reader import PassageSpan
from qa.retrieval import RetrievedPassage
from qa.values import Article, Passage

# Candidates are ordered by their score alone; an answer is right with the logistic function of its
# score, if the articles answer, and they do with that of the first answer's margin.
CALIBRATION = Calibration(
    reader_sha256="0" * 64,
    fitted_on="nothing",
    order=LogisticModel(weights={"span_score": 1}, bias=0),
    right_if_answerable=LogisticModel(weights={"span_score": 1}, bias=0),
    answerable=LogisticModel(weights={"margin": 1}, bias=0),
    min_answerable=0.5,
    min_margin=0.0,
)


def found(article_id: str, start: int, text: str) -> RetrievedPassage:
    passage = Passage(start, article_id, start, start + len(text), text)
    return RetrievedPassage(passage, 0.02, 0.4, 1, 3.0, 0.5, 1)


def span(text: str, part: str, score: float, null_score: float = 0.0) -> PassageSpan:
    start = text.index(part)
    return PassageSpan(start, start + len(part), score, null_score)


def answers(decision: Decision) -> list[tuple[str, ...]]:
    return [tuple(place.text for place in ranked.places) for ranked in decision.ranking]


def test_a_place_counts_from_the_start_of_its_article() -> None:
    text = "🎉 Oslo won."
    decision = decide([(found("a", 100, text), [span(text, "Oslo", 1)])], CALIBRATION)
    (place,) = decision.ranking[0].places
    assert (place.article_id, place.start, place.end, place.text) == ("a", 102, 106, "Oslo")


def test_answers_come_best_first_whatever_passage_they_are_from() -> None:
    text = "Oslo beat Bergen and Moss."
    one = [span(text, "Oslo", 1), span(text, "Moss", 5)]
    other = [span(text, "Bergen", 3)]
    decision = decide([(found("a", 0, text), one), (found("b", 0, text), other)], CALIBRATION)
    assert answers(decision) == [("Moss",), ("Bergen",), ("Oslo",)]


def test_an_answer_with_support_comes_before_a_less_likely_one_with_a_better_place() -> None:
    weights = {"span_score": 1.0, "support": 2.0}
    likely = LogisticModel(weights=weights, bias=0)
    supported = CALIBRATION.model_copy(update={"right_if_answerable": likely})
    text = "Oslo beat Bergen."
    read = [
        (found("a", 0, text), [span(text, "Bergen", 3), span(text, "Oslo", 2)]),
        (found("b", 0, text), [span(text, "Oslo", 2)]),
    ]
    decision = decide(read, supported)
    assert answers(decision) == [("Oslo", "Oslo"), ("Bergen",)]
    first, second = decision.ranking
    assert first.confidence > second.confidence
    assert {trace.candidate.text: trace.answer for trace in decision.traces} == {
        "Oslo": 0,
        "Bergen": 1,
    }


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        pytest.param("Who won?", (0, 0, 0), id="names-nothing"),
        pytest.param("Who won in Moss in 1999?", (0, 0, 0), id="read"),
        pytest.param("Who won in Bergen in 2001?", (0, 0, 0), id="elsewhere-in-the-article"),
        pytest.param("Who won in Narvik in 2002?", (1, 0, 1), id="nowhere"),
        pytest.param("Who won the Narvik Cups?", (0, 1, 0), id="in-part"),
    ],
)
def test_a_name_or_number_that_the_article_does_not_mention_is_a_feature(
    question: str, missing: tuple[float, float, float]
) -> None:
    text = "In Moss Oslo won in 1999."
    article = Article("a", "Moss Cups", f"{text} In Bergen it lost in 2001.")
    passage = Passage(1, "a", 0, len(text), text, article)
    read = RetrievedPassage(passage, 0.02, 0.4, 1, 3.0, 0.5, 1)
    decision = decide([(read, [span(text, "Oslo", 1)])], CALIBRATION, question=question)
    features = decision.ranking[0].features
    assert missing == (
        features.unmentioned_name,
        features.unmentioned_name_word,
        features.unmentioned_number,
    )


def test_equal_answers_are_one_answer_with_its_places_best_first() -> None:
    here, there = "The White House said no.", "It was the “white house”. White House!"
    decision = decide(
        [
            (found("a", 0, here), [span(here, "The White House", 1)]),
            (found("b", 0, there), [span(there, "white house", 2), span(there, "White House!", 3)]),
        ],
        CALIBRATION,
    )
    assert answers(decision) == [("White House!", "white house", "The White House")]


def test_a_passage_that_only_mentions_the_answer_is_no_evidence_for_it() -> None:
    says, mentions, best = "Oslo won.", "Oslo slept.", "It was Oslo."
    decision = decide(
        [
            (found("a", 0, says), [span(says, "Oslo", 3, null_score=1)]),
            (found("b", 0, mentions), [span(mentions, "Oslo", 2, null_score=4)]),
            (found("c", 0, best), [span(best, "Oslo", 5, null_score=9)]),
        ],
        CALIBRATION,
    )
    (oslo,) = decision.ranking
    assert [place.article_id for place in oslo.places] == ["c", "a", "b"]
    assert [place.article_id for place in supporting(oslo)] == ["c", "a"]


def test_answers_that_are_only_punctuation_are_kept_apart() -> None:
    text = "! ... ?"
    spans = [span(text, "!", 2), span(text, "?", 1)]
    assert answers(decide([(found("a", 0, text), spans)], CALIBRATION)) == [("!",), ("?",)]


def test_of_overlapping_spans_of_an_article_the_better_one_stands_for_the_place() -> None:
    # The second passage begins at "beat": both read the same "Bergen".
    whole, tail = "Oslo beat Bergen.", "beat Bergen."
    decision = decide(
        [
            (found("a", 0, whole), [span(whole, "Bergen", 1)]),
            (found("a", 5, tail), [span(tail, "beat Bergen", 2)]),
        ],
        CALIBRATION,
    )
    assert answers(decision) == [("beat Bergen",)]
    assert decision.ranking[0].places[0].start == 5


def test_a_passage_read_twice_gives_no_more_support() -> None:
    text = "Oslo won."
    twice = [(found("a", 0, text), [span(text, "Oslo", score)]) for score in (1, 2)]
    (ranked,) = decide(twice, CALIBRATION).ranking
    assert len(ranked.places) == 1
    assert ranked.places[0].features.span_score == 2


def test_touching_spans_and_the_same_range_of_another_article_are_other_places() -> None:
    text = "OsloBergen"
    decision = decide(
        [
            (found("a", 0, text), [span(text, "Oslo", 3), span(text, "Bergen", 2)]),
            (found("b", 0, text), [span(text, "Oslo", 1)]),
        ],
        CALIBRATION,
    )
    assert answers(decision) == [("Oslo", "Oslo"), ("Bergen",)]


def test_equal_scores_are_ordered_by_article_and_then_by_place() -> None:
    text = "Oslo, Moss"
    spans = [span(text, "Moss", 1), span(text, "Oslo", 1)]
    decision = decide([(found("b", 0, text), spans), (found("a", 0, text), spans)], CALIBRATION)
    places = [(p.article_id, p.text) for ranked in decision.ranking for p in ranked.places]
    assert places == [("a", "Oslo"), ("b", "Oslo"), ("a", "Moss"), ("b", "Moss")]


def test_features_are_those_of_the_best_place_with_lead_and_support() -> None:
    text = "Oslo, Oslo, Moss, Hamar"
    first, second = PassageSpan(0, 4, 5.0, 1.5), PassageSpan(6, 10, 4.5, 0.0)
    spans = [first, second, span(text, "Moss", 4, 0), span(text, "Hamar", 2, 0)]
    oslo, moss, hamar = decide([(found("a", 0, text), spans)], CALIBRATION).ranking
    assert oslo.features.span_score == 5
    assert oslo.features.margin == 3.5
    assert oslo.features.cosine == 0.4
    assert oslo.features.keyword_share == 0.5
    assert oslo.features.order == 5
    assert oslo.features.support == pytest.approx(math.log(2))
    assert moss.features.support == 0
    # 5 over Moss, which is the best different answer; the others lie behind Oslo.
    assert [v.features.lead for v in (oslo, moss, hamar)] == [1, -1, -3]


def test_an_only_answer_leads_by_eight_and_no_lead_is_wider() -> None:
    text = "Oslo, Moss"
    passage = found("a", 0, text)
    (only,) = decide([(passage, [span(text, "Oslo", 1)])], CALIBRATION).ranking
    assert only.features.lead == 8
    far = decide([(passage, [span(text, "Oslo", 50), span(text, "Moss", 1)])], CALIBRATION)
    assert [ranked.features.lead for ranked in far.ranking] == [8, -8]


def test_probabilities_are_those_of_the_calibration() -> None:
    text = "Oslo, Moss"
    spans = [span(text, "Oslo", math.log(3), null_score=math.log(9)), span(text, "Moss", 0)]
    decision = decide([(found("a", 0, text), spans)], CALIBRATION)
    # The margin of Oslo is log 3 - log 9 = -log 3.
    assert decision.answerable_probability == pytest.approx(0.25)
    assert [v.confidence for v in decision.ranking] == pytest.approx([0.25 * 0.75, 0.25 * 0.5])


BAND = "Eric Moore (drums), Joe Walker (bass) and Cook Craig left."


def test_members_of_a_list_that_were_found_one_by_one_are_quoted_as_one_range() -> None:
    names = ["Eric Moore", "Joe Walker", "Cook Craig"]
    spans = [span(BAND, name, 6 - rank) for rank, name in enumerate(names)]
    decision = decide([(found("a", 100, BAND), spans)], CALIBRATION)
    assert answers(decision) == [(BAND[: BAND.index(" left")],)]
    (place,) = decision.ranking[0].places
    assert (place.start, place.end) == (100, 100 + len(place.text))
    # It is as good as its best member.
    assert place.features.span_score == 6


def test_a_list_takes_the_place_of_what_stands_between_its_members() -> None:
    spans = [span(BAND, "Joe Walker", 6), span(BAND, "Cook Craig", 5)]
    weak = span(BAND, "bass", 1, null_score=2)
    decision = decide([(found("a", 0, BAND), [*spans, weak])], CALIBRATION)
    assert answers(decision) == [("Joe Walker (bass) and Cook Craig",)]
    assert [trace.fate for trace in decision.traces if trace.candidate.text == "bass"] == [
        CandidateFate.LISTED
    ]


def test_a_member_that_the_question_names_stays_out_of_the_list() -> None:
    text = "It flows through Bergen and Moss."
    spans = [span(text, "Moss", 5), span(text, "Bergen", 4)]
    read = [(found("a", 0, text), spans)]
    assert answers(decide(read, CALIBRATION)) == [("Bergen and Moss",)]
    question = "Which town does it flow through besides Bergen?"
    assert answers(decide(read, CALIBRATION, question=question)) == [("Moss",), ("Bergen",)]


def test_a_last_name_is_the_full_name_that_its_article_gives_it() -> None:
    full, later = "Jake Sullivan met Jon Finer.", "Sullivan said no."
    read = [
        (found("a", 0, full), [span(full, "Jake Sullivan", 2)]),
        (found("a", 50, later), [span(later, "Sullivan", 3)]),
        (found("b", 0, "Sullivan"), [span("Sullivan", "Sullivan", 1)]),
    ]
    assert answers(decide(read, CALIBRATION)) == [("Sullivan", "Jake Sullivan", "Sullivan")]


def test_what_became_of_each_span_is_told() -> None:
    text = "Oslo beat Bergen. The town of Oslo slept."
    spans = [span(text, "Oslo", 5), span(text, "Oslo beat", 4), PassageSpan(30, 34, 3, 0)]
    decision = decide([(found("a", 0, text), [*spans, span(text, "Bergen", 2)])], CALIBRATION)
    assert [(t.candidate.text, t.fate, t.answer) for t in decision.traces] == [
        ("Oslo", CandidateFate.BEST, 0),
        ("Oslo beat", CandidateFate.OVERLAPPED, 0),
        ("Oslo", CandidateFate.GROUPED, 0),
        ("Bergen", CandidateFate.BEST, 1),
    ]


@pytest.mark.parametrize("spans", [None, []], ids=["no-passages", "no-spans"])
def test_where_nothing_was_read_nothing_is_answered(spans: list[PassageSpan] | None) -> None:
    read = [] if spans is None else [(found("a", 0, "Oslo"), spans)]
    assert decide(read, CALIBRATION) == Decision((), 0.0)


@given(data=st.data(), seed=st.integers(0, 1000))
def test_the_order_of_passages_and_spans_does_not_change_the_decision(
    data: st.DataObject, seed: int
) -> None:
    words = ["Oslo", "oslo!", "Moss", "the", "Hamar", "a Moss", "Jon Moss", "and", "Oslo,"]
    texts = data.draw(st.lists(st.lists(st.sampled_from(words), min_size=1), max_size=4))
    scores = iter(random.Random(seed).sample(range(10_000), sum(map(len, texts)) * 2))
    read = []
    for row, chosen in enumerate(texts):
        text = " ".join(chosen)
        cut = data.draw(st.integers(0, len(text) - 1))
        # The same article twice, once from its beginning and once from a later character.
        for start in (0, cut):
            spans = [PassageSpan(0, len(text) - start, float(next(scores)), 0.0)]
            read.append((found(f"article {row}", start, text[start:]), spans))
    shuffled = [(passage, spans[::-1]) for passage, spans in read]
    random.Random(seed).shuffle(shuffled)
    assert decide(shuffled, CALIBRATION) == decide(read, CALIBRATION)
