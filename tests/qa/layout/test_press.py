"""Datelines and bylines are told from what a report says."""

import pytest

from qa.layout.press import is_byline_at, without_dateline


@pytest.mark.parametrize(
    "dateline",
    [
        "BELGRAVE - ",
        "BERLIN (AP) -- ",
        "KESSIBA CITY — ",
        "GABORONE, Nov 5 (Panafrican News) - ",
        "SAN JOSE, Calif. (TechLine) — ",
        "SÃO PAULO, Brazil – ",
        "STRATFORD-UPON-AVON, England (AP) — ",
    ],
)
def test_an_answer_begins_behind_the_dateline(dateline: str) -> None:
    text = f"News\n\n{dateline}Ann Ray was sworn in."
    begin, end = 6 + len(dateline), text.index(" was")
    assert without_dateline(text, 6, end) == without_dateline(text, 9, end) == (begin, end)
    assert without_dateline(text, 6, begin - 2) == (6, begin - 2)
    assert without_dateline(text, begin + 4, end) == (begin + 4, end)


@pytest.mark.parametrize(
    "text",
    ["Ann Ray - A poet", "NATO – the alliance", "The US - A large country", "OSLO won 3 - 2"],
)
def test_other_words_before_a_dash_are_no_dateline(text: str) -> None:
    assert without_dateline(text, 0, len(text)) == (0, len(text))


@pytest.mark.parametrize(
    ("line", "question", "is_byline"),
    [
        ("By Marit Engebretsen, Sarvik", "Who was the captain?", True),
        ("By Ann Ray and Ursula von Stein", "Who was the captain?", True),
        ("By Zdenka Marković, chief correspondent", "Who won?", True),
        ("By our correspondents", "Who won?", True),
        ("By Marit Engebretsen, Sarvik", "Who wrote the article?", False),
        ("By Train to Siberia", "How did they go?", False),
        ("By 1950 hunting had reduced it", "When was it hunted?", False),
        ("By Friday the water had gone.", "When did the water go?", False),
        ("Ann Ray won.", "Who won?", False),
    ],
)
def test_a_byline_answers_only_who_wrote(line: str, question: str, is_byline: bool) -> None:
    assert is_byline_at(f"News\n\n{line}\n\nIt rained.", 8, question) is is_byline
