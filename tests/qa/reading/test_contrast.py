"""Of two values in a sentence the one that is asked for."""

import pytest

from qa.reading.contrast import contrasted
from qa.reading.reader import PassageSpan

KEYS = "A lost key is charged at £18 and a lost fob at £45."
ZONES = "Permits for zone B cost £65 a year from 1 October (zone A: £80)."
TICKETS = "Tickets are £5 for children, £8 for adults and £6 for pensioners."
WORK = "Iyengar led the work in Pune and Dybdahl that in Aarhus."
HEADACHE = "Headache was reported by 11 nurses under bright light and by 4 under ordinary light."


def chosen(text: str, question: str, *values: str) -> str:
    """Return the value that is chosen; the first is what the reader is surest of."""
    spans = [
        PassageSpan(text.index(value), text.index(value) + len(value), -place, 0.0)
        for place, value in enumerate(values)
    ]
    found = contrasted(spans, text, question) or spans[0]
    return text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "question", "values"),
    [
        pytest.param(KEYS, "What does a lost fob cost?", ("£18", "£45"), id="without-the-verb"),
        pytest.param(ZONES, "What is a permit in zone A?", ("£65", "£80"), id="in-brackets"),
        pytest.param(ZONES, "What is a permit in zone B?", ("£80", "£65"), id="a-letter"),
        pytest.param(
            TICKETS, "How much is a ticket for adults?", ("£5", "£6", "£8"), id="of-three"
        ),
        pytest.param(WORK, "Who led the work in Pune?", ("Dybdahl", "Iyengar"), id="a-name"),
        pytest.param(
            HEADACHE, "How many had headaches under ordinary light?", ("11", "4"), id="a-number"
        ),
    ],
)
def test_the_value_of_what_is_named_is_chosen(
    text: str, question: str, values: tuple[str, ...]
) -> None:
    assert chosen(text, question, *values) == values[-1]


@pytest.mark.parametrize(
    ("text", "question", "values"),
    [
        pytest.param(KEYS, "What does a lost key cost?", ("£18", "£45"), id="named-itself"),
        pytest.param(KEYS, "What does a lost coat cost?", ("£18", "£45"), id="neither-is-named"),
        pytest.param(
            "Desmond Cole, born 7 May 1930; died 11 May 2018",
            "When did Desmond Cole die?",
            ("11 May 2018", "7 May 1930"),
            id="whom-all-is-about",
        ),
        pytest.param(
            "You report to the Head of Production, Mr Ivor Blandy.",
            "Who is the Head of Production?",
            ("Mr Ivor Blandy", "Head of Production"),
            id="what-one-is",
        ),
        pytest.param(
            "Skateboarder Ann Ray and surfer Bo Lind live in Oslo.",
            "Which skateboarder lives in Oslo?",
            ("Ann Ray", "Bo Lind"),
            id="what-is-told-of-both",
        ),
        pytest.param(
            "Present: Tariq Mehmood (treasurer), Bronwen Pask (secretary), Len Dacre",
            "Who is the treasurer?",
            ("Tariq Mehmood", "Bronwen Pask"),
            id="a-list-of-names",
        ),
        pytest.param(
            "A key costs £18. A fob costs £45.", "What does a fob cost?", ("£18", "£45"), id="apart"
        ),
        pytest.param(
            "A key costs £18 and lasts 45 years.",
            "How long does it last?",
            ("£18", "45 years"),
            id="of-another-kind",
        ),
    ],
)
def test_the_best_stays_where_the_other_is_not_named(
    text: str, question: str, values: tuple[str, ...]
) -> None:
    assert chosen(text, question, *values) == values[0]
