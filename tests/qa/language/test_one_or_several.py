"""How many answers a question asks for."""

import pytest

from qa.language.one_or_several import asks_for_one, asks_for_several, may_ask_for_items


@pytest.mark.parametrize(
    "question",
    [
        "Which operating systems are supported?",
        "What side effects does it have?",
        "Which people live there?",
        "What items come with the lamp?",
        "Who are the sponsors of the fair?",
        "What are the ingredients of onion soup?",
        "What are the most common side effects?",
        "Who were the main sponsors of the fair?",
        "What do I need for onion soup?",
        "Who sits on the committee?",
        "Who was present at the council meeting?",
        "Who attended the meeting?",
        "List the members of the board.",
    ],
)
def test_several_are_asked_for(question: str) -> None:
    assert asks_for_several(question)
    assert may_ask_for_items(question)
    assert not asks_for_one(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which bus goes to the airport?",
        "What exit code means that the command line has a mistake?",
        "At what time does it open?",
        "What percentage of votes did she get?",
        "Who is Bo Dahl’s head?",
        "How many sponsors are there?",
        "When did the members meet?",
        "Which of the towns is the largest?",
        "Who is the spokesman of the panel?",
        "Who are the main sponsors, or one of them?",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    assert not may_ask_for_items(question)
    assert not asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who sponsors the fair?",
        "What does the law ban?",
        "sponsors fair",
        "",
    ],
)
def test_one_or_several_may_be_asked_for(question: str) -> None:
    assert may_ask_for_items(question)
    assert not asks_for_several(question)
