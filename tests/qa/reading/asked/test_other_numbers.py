"""Whether a statement tells of another one than the question names by number."""

import pytest

from qa.reading.asked.other_numbers import is_of_other_number

RELEASE = (
    "Kestrel 4.2 was released on 14 September 2026. The 4.1 series will receive fixes until March."
)
QUARTER = "Revenue fell 12 percent to $2.31 billion in the second quarter, by less than 3 points."
SEASON = "In season four Rickey Minor led the band. In season five it was Ray Chew."
ACT = "Article 5 names the judges; who presides is settled by a vote."


def is_other(text: str, span: str, question: str) -> bool:
    return is_of_other_number(text, text.index(span), question)


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        pytest.param(RELEASE, "14 September", "When was Kestrel 4.1 released?", id="version"),
        pytest.param(QUARTER, "$2.31", "What was the revenue in the third quarter?", id="quarter"),
        pytest.param(QUARTER, "$2.31", "What was the revenue in Q1?", id="short-quarter"),
        pytest.param(SEASON, "Ray Chew", "Who led the band in the fourth season?", id="season"),
        pytest.param(
            "In season four it was Jackson. It had 5 judges. Season five was short.",
            "Jackson",
            "Who led season five?",
            id="told-elsewhere",
        ),
        pytest.param(ACT, "judges", "Whom does Article 6 name?", id="number-that-is-nowhere"),
        pytest.param(
            "George III acquired the house.", "the house", "What did George II buy?", id="roman"
        ),
    ],
)
def test_what_is_said_of_one_does_not_answer_of_another(
    text: str, span: str, question: str
) -> None:
    assert is_other(text, span, question)


@pytest.mark.parametrize(
    ("text", "span", "question"),
    [
        pytest.param(RELEASE, "14 September", "When was Kestrel 4.2 released?", id="its-own"),
        pytest.param(RELEASE, "March", "Until when is Kestrel 4.1 fixed?", id="its-number-alone"),
        pytest.param(QUARTER, "$2.31", "What was the revenue in the 2nd quarter?", id="in-digits"),
        pytest.param(QUARTER, "$2.31", "What was the revenue?", id="no-number"),
        pytest.param(
            "From season four to seven the band was led by Rickey Minor.",
            "Rickey Minor",
            "Who led the band in season six?",
            id="in-a-range",
        ),
        pytest.param(
            "From season four to seven the band was led by Rickey Minor.",
            "Rickey Minor",
            "Who led the band in the seventh season?",
            id="at-the-end-of-a-range",
        ),
        pytest.param(
            "In season four it was Lee, and Ray Chew was paid 5 dollars then.",
            "Lee",
            "Who led season five?",
            id="its-number-here",
        ),
        pytest.param(
            "In season four it was Jackson. It had 5 judges.",
            "Jackson",
            "Who led season five?",
            id="its-number-elsewhere-of-something-else",
        ),
        pytest.param(
            "They met on May 3, and it rained.", "rained", "What fell on May 4?", id="a-day"
        ),
        pytest.param(
            "Super Bowl XXX was won by Dallas.", "Dallas", "Who won Super Bowl II?", id="beyond-xx"
        ),
        pytest.param(
            "Windows 8's apps were updated.", "apps", "What did Windows 8.1 update?", id="part"
        ),
        pytest.param(
            "Louis XIV built it.", "Louis XIV", "Who built it in the 17th century?", id="century"
        ),
        pytest.param(
            "Ratings were down 10% from season six.",
            "10%",
            "How far did ratings fall in season seven, after season six?",
            id="both-asked-for",
        ),
        pytest.param(
            "About 20 people came, and nearly 3 hours passed.",
            "20",
            "Did about 30 people come?",
            id="an-amount",
        ),
    ],
)
def test_what_may_be_said_of_it_stays(text: str, span: str, question: str) -> None:
    assert not is_other(text, span, question)


def test_another_behind_the_answer_may_be_a_comparison() -> None:
    text = "Season ten drew 40 million viewers, 8 more than season nine. Season nine was short."
    assert not is_other(text, "40 million", "How many viewers had season 10?")
    later = "The show drew 40 million viewers, more than season nine. Season ten was short."
    assert not is_other(later, "40 million", "How many viewers had season ten?")
