"""People, things and places of earlier turns, and which of them a word may point to."""

import pytest

from qa.dialogue.follow_up import follow_up, standing_alone
from qa.dialogue.turns import Exchange

CAPITAL = ("What is the capital of Norway?", "Oslo")
MANY_WORDS = "the players of the team of the town of Brakk"


@pytest.mark.parametrize(
    ("turns", "question", "forms"),
    [
        pytest.param(
            [CAPITAL],
            "How big is it?",
            ("How big is Oslo?", "How big is the capital of Norway?", "How big is Norway?"),
            id="the-answer-before-what-was-asked-about",
        ),
        pytest.param(
            [CAPITAL],
            "Who lives there?",
            ("Who lives at Oslo?", "Who lives at Norway?"),
            id="there",
        ),
        pytest.param(
            [("Where did they meet?", "near Geneva")],
            "Who lives there?",
            ("Who lives at Geneva?",),
            id="there-without-its-preposition",
        ),
        pytest.param(
            [("Who left?", "Ann Ray"), ("Where was she born?", "Bonn"), ("Did she return?", "")],
            "Who lives there?",
            ("Who lives at Bonn?",),
            id="nobody-is-a-place",
        ),
        pytest.param(
            [("Whose idea was it?", "von Rehn")],
            "When was he born?",
            ("When was von Rehn born?",),
            id="whose",
        ),
        pytest.param(
            [("Which scientist won?", "Ann Ray"), ("Which club did she join?", "Ajax")],
            "When was she born?",
            ("When was Ann Ray born?", "When was Ajax born?"),
            id="which-scientist",
        ),
        pytest.param(
            [("Who built the bridge?", "Bo Lind and Al Roe")],
            "Where did they live?",
            (
                "Where did Bo Lind and Al Roe live?",
                "Where did the bridge live?",
            ),
            id="they-are-all-who-were-answered",
        ),
        pytest.param(
            [("Who won?", MANY_WORDS)],
            "When did they win?",
            ("When did they win?",),
            id="not-in-many-words",
        ),
        pytest.param(
            [("Who won the cup?", "the Reds")],
            "Where is it?",
            ("Where is the cup?", "Where is the Reds?"),
            id="a-thing-before-who-was-answered",
        ),
        pytest.param(
            [("Who won the cup?", "Ann Ray")],
            "Where is this shown?",
            ("Where is the cup shown?",),
            id="nobody-is-this",
        ),
        pytest.param(
            [("Which scientist won the cup?", "Varga")],
            "Where is it?",
            ("Where is the cup?", "Where is Varga?"),
            id="a-thing-before-a-scientist",
        ),
    ],
)
def test_what_a_word_may_point_to_likeliest_first(
    turns: list[tuple[str, str]], question: str, forms: tuple[str, ...]
) -> None:
    standing = standing_alone([Exchange(asked, answer or None) for asked, answer in turns])
    assert follow_up(question, standing).forms == forms
