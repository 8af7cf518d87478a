"""What the turns of a dialogue are taken to have asked and answered."""

import pytest

from qa.dialogue.turns import Exchange, Role, Turn, exchanges_of


def test_the_answer_of_a_turn_is_the_quotation_that_it_begins_with() -> None:
    said = '“Geneva” — “They met in “lovely” Geneva.” [1]\n\n[1]: <http://x> "X"'
    history = [
        Turn(Role.ASSISTANT, "Welcome!"),
        Turn(Role.USER, " Where did\nthey meet? "),
        Turn(Role.ASSISTANT, said),
        Turn(Role.USER, "When?"),
        Turn(Role.ASSISTANT, "The articles do not answer this question. Nearest:\n\n“They.” [1]"),
        Turn(Role.USER, "Why?"),
    ]
    assert exchanges_of(history) == [
        Exchange("Where did they meet?", "Geneva"),
        Exchange("When?", None),
        Exchange("Why?", None),
    ]


def test_a_short_turn_is_an_answer_as_it_is() -> None:
    history = [Turn(Role.USER, "Where?"), Turn(Role.ASSISTANT, "Geneva")]
    assert exchanges_of(history) == [Exchange("Where?", "Geneva")]


def test_an_answer_that_markdown_would_act_on_comes_back_as_its_article_has_it() -> None:
    said = Turn(Role.ASSISTANT, r"“the \*Ark\* \[II]” — “They built the \*Ark\* \[II].” [1]")
    (exchange,) = exchanges_of([Turn(Role.USER, "What did they build?"), said])
    assert exchange.answer == "the *Ark* [II]"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("“Geneva” [1]", "Geneva"),
        ("“Geneva”", "Geneva"),
        ("“They met” in Geneva.", "“They met” in Geneva."),
        ("x" * 300, "x" * 300),
        ("x" * 301, None),
        ("They met there.\nIt was June.", None),
        ("  ", None),
    ],
)
def test_what_is_no_quotation_is_an_answer_if_it_is_short(said: str, answer: str | None) -> None:
    history = [Turn(Role.USER, "Where?"), Turn(Role.ASSISTANT, said)]
    assert exchanges_of(history) == [Exchange("Where?", answer)]


def test_the_first_turn_that_answers_counts_and_blank_ones_do_not() -> None:
    history = [
        Turn(Role.USER, "Where?"),
        Turn(Role.USER, " "),
        Turn(Role.ASSISTANT, "Geneva"),
        Turn(Role.ASSISTANT, "Shall I go on?"),
        Turn(Role.USER, "When?"),
    ]
    assert exchanges_of(history) == [Exchange("Where?", "Geneva"), Exchange("When?", None)]


@pytest.mark.parametrize(
    "asked", ["Thanks! And when did he die?", "Thank you, and where?", "Thanksgiving in Canada"]
)
def test_a_question_that_begins_with_thanks_is_a_question(asked: str) -> None:
    history = [Turn(Role.USER, asked), Turn(Role.ASSISTANT, "1906")]
    assert exchanges_of(history) == [Exchange(asked, "1906")]
