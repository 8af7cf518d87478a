"""Which measures are no price."""

import pytest

from qa.reading.measures import is_of_other_measure

COST = "How much does the Tidemark 60 cost?"


@pytest.mark.parametrize("answer", ["3.6 litres", "33 years", "40 tonnes"])
def test_a_price_is_no_volume_time_or_weight(answer: str) -> None:
    assert is_of_other_measure(answer, COST)


@pytest.mark.parametrize("answer", ["£5 a day", "eleven shillings", "5% of salary", "nothing"])
def test_what_may_be_a_price_stays(answer: str) -> None:
    assert not is_of_other_measure(answer, COST)


@pytest.mark.parametrize(
    "question", ["How much water does the jug hold?", "How much time did the repair cost?"]
)
def test_who_asks_for_no_price_gets_any_measure(question: str) -> None:
    assert not is_of_other_measure("3.6 litres", question)
