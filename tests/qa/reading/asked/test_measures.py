"""Which answers measure something else than what is asked for."""

import pytest

from qa.reading.asked.measures import is_of_other_measure

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


@pytest.mark.parametrize("answer", ["a syrup", "Oklahoma", "group"])
def test_how_many_is_answered_by_a_number(answer: str) -> None:
    assert is_of_other_measure(answer, "How many are there?")


@pytest.mark.parametrize(
    "answer",
    [
        "26 days",
        "Eleven members",
        "twenty-two",
        "a dozen",
        "several",
        "half of them",
        "XII",
        "tenfold",
    ],
)
def test_what_may_be_a_number_stays(answer: str) -> None:
    assert not is_of_other_measure(answer, "How many are there?")


@pytest.mark.parametrize(
    "answer", ["12 percent to $2.31 billion in the second quarter", "$600 million", "5.6%", "350"]
)
def test_no_amount_is_a_reason(answer: str) -> None:
    assert is_of_other_measure(answer, "Why did revenue fall?")


@pytest.mark.parametrize("answer", ["45 rpm players were a luxury", "freight rates dropped by 30%"])
def test_a_reason_may_have_an_amount(answer: str) -> None:
    assert not is_of_other_measure(answer, "Why did it sell so well?")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How old is Kofi Mensah?", "two minutes"),
        ("How tall is the tower?", "40 years"),
        ("How heavy is the loaf?", "50 minutes"),
        ("How long is the bridge?", "8 percent"),
    ],
)
def test_how_it_is_is_told_in_its_own_measure(question: str, answer: str) -> None:
    assert is_of_other_measure(answer, question)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How old is Kofi Mensah?", "19"),
        ("How old is the baby?", "six months"),
        ("How long is the bridge?", "two hours on foot"),
        ("How long is the bridge?", "340 metres"),
        ("How high is the fine?", "£300"),
        ("How heavy is the loaf?", "1.2 kg"),
        ("How is the loaf?", "50 minutes"),
    ],
)
def test_what_may_be_its_measure_stays(question: str, answer: str) -> None:
    assert not is_of_other_measure(answer, question)
