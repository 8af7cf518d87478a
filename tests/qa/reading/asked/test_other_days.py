"""Whether a statement tells of another day or month than the question names."""

import pytest

from qa.reading.asked.other_days import is_of_other_day

HOURS = (
    "The museum is open from Tuesday to Sunday, 10 am to 5 pm, and until 9 pm on Thursdays. It is "
    "closed on Mondays. The shop is open Mon–Wed 9 to 12. The café is open daily, "
    "on Fridays till 8."
)
RAIN = "In March 40 mm of rain fell. In April it was 12 mm. From May to August there was none."


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        (HOURS, "Mondays", "When does the museum close on Thursdays?"),
        (HOURS, "9 to 12", "When does the shop open on Saturday?"),
        (RAIN, "40 mm", "How much rain fell in April?"),
        (RAIN, "none", "How much rain fell in March?"),
    ],
)
def test_what_is_said_of_another_day_does_not_answer(text: str, span: str, question: str) -> None:
    assert is_of_other_day(text, text.index(span), question)


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        (HOURS, "5 pm", "When does the museum close on Saturdays?"),
        (HOURS, "9 pm", "When does the museum close on Thursdays?"),
        (HOURS, "9 to 12", "When is the shop open on Tuesdays?"),
        (HOURS, "till 8", "When is the café open on Sunday?"),
        (HOURS, "Mondays", "When is the museum closed?"),
        (RAIN, "none", "How much rain fell in July?"),
        (RAIN, "40 mm", "How much rain fell in September?"),
        ("Sun and rain, Saturday said.", "rain", "How did the Sun come out?"),
        ("It may rain, they say on Friday.", "rain", "What may fall?"),
    ],
)
def test_what_may_be_said_of_the_day_stays(text: str, span: str, question: str) -> None:
    assert not is_of_other_day(text, text.index(span), question)


def test_a_range_of_days_may_go_over_the_end_of_the_week() -> None:
    text = "The night bus runs from Friday to Monday."
    assert not is_of_other_day(text, 4, "Does the night bus run on Sunday?")
    assert is_of_other_day(text, 4, "Does the night bus run on Tuesday?")
