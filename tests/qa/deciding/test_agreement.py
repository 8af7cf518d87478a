"""When sources agree, and when they differ."""

from dataclasses import replace

import pytest

from qa.calibration import AnswerFeatures, CandidateFeatures
from qa.deciding.agreement import Agreement, agreement
from qa.deciding.decide import Candidate, RankedAnswer
from qa.values import Passage

QUESTION = "How many, who, when?"


def ranked(text: str, confidence: float, *articles: str, margin: float = 1) -> RankedAnswer:
    places = tuple(
        Candidate(
            name,
            0,
            len(text),
            text,
            CandidateFeatures(0, margin, 0, 0),
            0,
            Passage(0, name, 0, len(text), text),
        )
        for name in articles
    )
    return RankedAnswer(places, AnswerFeatures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), confidence)


def test_without_answers_nothing_agrees_or_differs() -> None:
    assert agreement([], QUESTION) is None


def test_one_article_is_a_single_source_in_however_many_places() -> None:
    assert agreement([ranked("10", 0.9, "a", "a")], QUESTION) is Agreement.SINGLE


def test_several_articles_with_the_same_answer_agree() -> None:
    ranking = [ranked("Ann Ray", 0.9, "a", "b"), ranked("Bo Lind", 0.05, "c")]
    assert agreement(ranking, QUESTION) is Agreement.AGREE


def test_an_article_that_only_mentions_the_answer_does_not_agree() -> None:
    assert agreement([ranked("10", 0.9, "a", "b", margin=-1)], QUESTION) is Agreement.SINGLE


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param(ranked("10", 0.6, "a"), ranked("12", 0.3, "b"), id="half-as-likely"),
        pytest.param(ranked("rain", 0.5, "a"), ranked("snow", 0.25, "b"), id="just-likely"),
        pytest.param(ranked("10", 0.9, "a", "b"), ranked("12", 0.8, "c"), id="two-against-one"),
        pytest.param(ranked("guilty", 0.6, "a"), ranked("not guilty", 0.5, "b"), id="not"),
        pytest.param(ranked("married", 0.6, "a"), ranked("never married", 0.5, "b"), id="never"),
        pytest.param(ranked("no rain", 0.6, "a"), ranked("rain", 0.5, "b"), id="no"),
        pytest.param(ranked("sugar", 0.6, "a"), ranked("without sugar", 0.5, "b"), id="without"),
        pytest.param(ranked("12 km", 0.6, "a"), ranked("1,000 miles", 0.5, "b"), id="other-units"),
        pytest.param(ranked("North Korea", 0.6, "a"), ranked("South Korea", 0.5, "b"), id="half"),
    ],
)
def test_likely_answers_of_different_articles_differ(
    first: RankedAnswer, other: RankedAnswer
) -> None:
    assert agreement([first, ranked("0", 0.01, "z"), other], QUESTION) is Agreement.DIFFER


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param(ranked("rain", 0.7, "a"), ranked("snow", 0.3, "b"), id="much-less-likely"),
        pytest.param(ranked("rain", 0.3, "a"), ranked("snow", 0.2, "b"), id="unlikely"),
        pytest.param(ranked("10", 0.24, "a"), ranked("12", 0.2, "b"), id="both-unlikely"),
        pytest.param(ranked("10", 0.6, "a"), ranked("12", 0.5, "a"), id="the-same-article"),
        pytest.param(ranked("10", 0.6, "a"), ranked("12", 0.5, "a", "b"), id="one-gives-both"),
        pytest.param(ranked("4 May 1979", 0.6, "a"), ranked("May 1979", 0.5, "b"), id="shorter"),
        pytest.param(ranked("Ray", 0.6, "a"), ranked("Ann Ray", 0.5, "b"), id="longer"),
        pytest.param(
            ranked("Oslo", 0.4, "a", margin=-1), ranked("Bonn", 0.3, "b"), id="no-evidence"
        ),
        pytest.param(
            ranked("Oslo", 0.4, "a"), ranked("Bonn", 0.3, "b", margin=-1), id="nor-behind-it"
        ),
    ],
)
def test_weak_alternatives_and_shorter_forms_do_not_differ(
    first: RankedAnswer, other: RankedAnswer
) -> None:
    assert agreement([first, other], QUESTION) is Agreement.SINGLE


def test_a_name_that_the_other_article_only_mentions_is_contradicted_by_it() -> None:
    former = RankedAnswer(
        (*ranked("Priya Raghunathan", 0.4, "a").places, *ranked("her", 0, "b", margin=-6).places),
        AnswerFeatures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        0.4,
    )
    assert agreement([former, ranked("Marcus Oyelaran", 0.3, "b")], QUESTION) is Agreement.DIFFER


def test_a_name_half_as_likely_differs_though_its_passage_answers_less_clearly() -> None:
    for confidence, agreed in ((0.24, Agreement.DIFFER), (0.15, Agreement.SINGLE)):
        former = ranked("Priya Raghunathan", confidence, "b", margin=3.9)
        assert (
            agreement([ranked("Marcus Oyelaran", 0.4, "a", margin=9.6), former], QUESTION) is agreed
        )


def test_how_clearly_an_answer_is_given_its_best_place_says() -> None:
    clear = ranked("1259", 0.6, "a", margin=9)
    first = replace(clear, places=(*clear.places, *ranked("1259", 0, "c", margin=-6).places))
    assert agreement([first, ranked("1227", 0.15, "b", margin=5)], QUESTION) is Agreement.SINGLE


def test_a_number_of_quite_another_size_counts_something_else() -> None:
    for other, agreed in (("28,700", Agreement.SINGLE), ("120", Agreement.DIFFER)):
        ranking = [ranked("84", 0.6, "a", margin=9), ranked(other, 0.15, "b", margin=7)]
        assert agreement(ranking, QUESTION) is agreed


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param("1 June 2027", "14 May 2027", id="dates"),
        pytest.param("€90 million", "75 million euros", id="money"),
        pytest.param("fourteen people", "17 people", id="counts"),
        pytest.param("5 per cent", "7.5%", id="shares"),
        pytest.param("Marcus Oyelaran", "Priya Raghunathan", id="full-names"),
    ],
)
def test_another_value_that_is_attested_as_clearly_differs(first: str, other: str) -> None:
    ranking = [ranked(first, 0.6, "a", margin=9), ranked(other, 0.15, "b", margin=7)]
    assert agreement(ranking, QUESTION) is Agreement.DIFFER


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param(("1259", 0.6, 8), ("1227", 0.15, 5), id="attested-less-clearly"),
        pytest.param(("1996", 0.6, 2), ("1904", 0.05, 2), id="unlikely"),
        pytest.param(("1996", 0.6, 2), ("1904", 0.15, -0.1), id="its-passage-does-not-answer"),
        pytest.param(("1.2 million", 0.6, 6), ("12 km", 0.15, 6), id="another-unit"),
        pytest.param(("5%", 0.6, 6), ("5 dollars", 0.15, 6), id="another-kind"),
        pytest.param(("12 F16s", 0.6, 6), ("14 F35s", 0.15, 6), id="a-number-in-a-name"),
        pytest.param(("a squirrel", 0.6, 6), ("a fire", 0.15, 6), id="no-values"),
        pytest.param(("4 May 1979", 0.6, 6), ("May 1979", 0.15, 6), id="shorter"),
        pytest.param(("Ann B. Ray", 0.6, 6), ("Ann Ray", 0.15, 6), id="the-same-name"),
        pytest.param(("Ann Ray", 0.6, 6), ("Oyelaran", 0.15, 6), id="no-full-name"),
    ],
)
def test_an_unlikely_value_differs_only_if_it_is_the_same_kind_and_as_clear(
    first: tuple[str, float, float], other: tuple[str, float, float]
) -> None:
    ranking = [
        ranked(text, confidence, article, margin=margin)
        for article, (text, confidence, margin) in zip("ab", (first, other), strict=True)
    ]
    assert agreement(ranking, QUESTION) is Agreement.SINGLE


@pytest.mark.parametrize(
    ("first", "other", "agreed"),
    [
        pytest.param("2.1 billion pounds", "£42 million", Agreement.SINGLE, id="of-other-size"),
        pytest.param("2.1 billion pounds", "£1.9 billion", Agreement.DIFFER, id="of-like-size"),
        pytest.param("31 May 2027", "1 May 2027", Agreement.DIFFER, id="days-are-no-sizes"),
        pytest.param("autumn of 2021", "May 2023", Agreement.DIFFER, id="other-years"),
        pytest.param("late May 2023", "June 2024", Agreement.DIFFER, id="late-in-another-year"),
        pytest.param("spring of 2024", "May 2024", Agreement.SINGLE, id="may-be-the-same"),
        pytest.param("spring of 2024", "4 May", Agreement.SINGLE, id="may-be-of-that-year"),
        pytest.param("0 goals", "15 goals", Agreement.DIFFER, id="none-or-some"),
    ],
)
def test_likely_values_differ_where_they_cannot_both_be_meant(
    first: str, other: str, agreed: Agreement
) -> None:
    for confidence in (0.3, 0.15):
        ranking = [ranked(first, 0.5, "a", margin=9), ranked(other, confidence, "b", margin=8)]
        assert agreement(ranking, QUESTION) is agreed


@pytest.mark.parametrize(
    ("question", "agreed"),
    [
        ("Who is Lena Holt?", Agreement.SINGLE),
        ("Who was Dr Lena Holt?", Agreement.SINGLE),
        ("Who is the head of surgery?", Agreement.DIFFER),
        ("Who is CEO?", Agreement.DIFFER),
        ("the profession of Lena Holt", Agreement.DIFFER),
    ],
)
def test_what_is_said_of_a_person_in_other_words_does_not_differ(
    question: str, agreed: Agreement
) -> None:
    ranking = [ranked("a doctor", 0.5, "a"), ranked("the head of surgery", 0.4, "b")]
    assert agreement(ranking, question) is agreed
