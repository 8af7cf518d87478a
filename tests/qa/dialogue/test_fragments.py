"""Parts of a question, in the place of what they resemble in the question before."""

import pytest

from qa.dialogue.follow_up import follow_up, standing_alone
from qa.dialogue.fragments import is_fragment
from qa.dialogue.turns import Exchange


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what about the harbour", True),
        ("how about Poland", True),
        ("the long road from the harbour there", True),
        ("the long road from the harbour to Brakk", False),
        ("name the rivers", False),
        ("explain the law", False),
        ("the ferry is late", False),
    ],
)
def test_a_fragment_is_short_and_neither_asks_nor_tells(text: str, expected: bool) -> None:
    assert is_fragment(text) is expected


@pytest.mark.parametrize(
    ("asked", "question", "form"),
    [
        pytest.param(
            "How high is the Eiffel Tower?",
            "And the Shard?",
            "How high is the Shard?",
            id="one-article-is-enough",
        ),
        pytest.param(
            "How high is the tower?",
            "And Big Ben?",
            "How high is Big Ben?",
            id="a-name-for-a-thing",
        ),
        pytest.param(
            "Lake Tumbara is how deep?", "And Lake Kivu?", "Lake Kivu?", id="no-name-within-a-name"
        ),
        pytest.param(
            "How many people live in New York City by the sea?",
            "And in Oslo?",
            "How many people live in Oslo by the sea?",
            id="in-a-name-and-no-more",
        ),
        pytest.param(
            "How many people live in the old town?",
            "And in the new town?",
            "How many people live in the new town?",
            id="in-a-place-with-its-article",
        ),
        pytest.param(
            "How many ships left from Bonn?",
            "And those from Leeds?",
            "How many ships left from Leeds?",
            id="those-from",
        ),
        pytest.param(
            "What was the price of gas?",
            "And that of coal?",
            "What was the price of coal?",
            id="that-of",
        ),
    ],
)
def test_a_fragment_stands_for_the_whole_phrase_that_it_resembles(
    asked: str, question: str, form: str
) -> None:
    assert follow_up(question, [Exchange(asked, None)]).forms == (form,)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("And her sister?", "Who was Ann Ray’s sister?"),
        ("And her lawyer?", "Who was Ann Ray’s lawyer?"),
        ("And her children?", "Who were Ann Ray’s children?"),
        ("And her address?", "What was Ann Ray’s address?"),
        ("And her books?", "What were Ann Ray’s books?"),
    ],
)
def test_what_belongs_to_somebody_is_asked_for_as_people_or_things_are(
    question: str, form: str
) -> None:
    standing = standing_alone(
        [Exchange("Whom did Ann Ray marry?", "Bo Lind"), Exchange("What was his trade?", "smith")]
    )
    assert follow_up(question, standing).forms == (form,)


@pytest.mark.parametrize("asked", ["When did the war end?", "Which city is the capital?"])
def test_what_belongs_to_somebody_whom_no_question_names_is_asked_for_alone(asked: str) -> None:
    earlier = [Exchange("Whom did Ann Ray marry?", None), Exchange(asked, None)]
    assert follow_up("And her cousin?", earlier).forms == ("Ann Ray’s cousin?",)
