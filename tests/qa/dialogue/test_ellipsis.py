"""Questions that leave out what the question before said, and statements of what was said."""

import pytest

from qa.dialogue.ellipsis import stated
from qa.dialogue.follow_up import follow_up
from qa.dialogue.turns import Exchange

SUMMIT = Exchange("Where did Ann Ray and Bo Lind hold a summit?", "Geneva")
TROOPS = Exchange("What did Moscow send to Belarus?", "paratroopers")
SENT = Exchange("Who sent troops to the border?", "Poland")


@pytest.mark.parametrize(
    "question",
    [
        "When was that?",
        "When did this happen?",
        "When does that take place?",
        "When has that been?",
        "When would this be?",
        "When did it happen?",
    ],
)
def test_when_that_was_asks_when_what_was_asked_about_was(question: str) -> None:
    forms = follow_up(question, [SUMMIT]).forms
    assert forms == ("When did Ann Ray and Bo Lind hold a summit?",)


def test_who_that_was_does_not_ask_who_did_what_was_asked_about() -> None:
    assert follow_up("Who was that?", [SENT]).forms[0].startswith("Who was that")


@pytest.mark.parametrize("preposition", ["for", "with", "from", "about", "to"])
def test_what_for_and_the_like_are_asked_in_order(preposition: str) -> None:
    form = f"{preposition.capitalize()} what did Moscow send paratroopers to Belarus?"
    assert follow_up(f"What {preposition}?", [TROOPS]).forms[0] == form


@pytest.mark.parametrize("earlier", [SENT, Exchange("the river Luma", None)])
def test_why_not_is_asked_as_it_is_behind_what_nobody_can_deny(earlier: Exchange) -> None:
    assert follow_up("Why not?", [earlier]).forms == ("Why not?",)


@pytest.mark.parametrize(
    ("question", "asked", "form"),
    [
        ("When?", "Who won the league?", "When was it that Who won the league?"),
        (
            "How many points?",
            "Who won the league?",
            "How many points was it that Who won the league?",
        ),
        ("When?", "How many were injured?", "When were they injured?"),
        ("When?", "Which country has sent troops?", "When has the country sent troops?"),
    ],
)
def test_what_was_not_answered_is_asked_about_by_the_words_of_its_question(
    question: str, asked: str, form: str
) -> None:
    assert follow_up(question, [Exchange(asked, None)]).forms == (form,)


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ("the Luma", "the Luma"),
        ("the Luma, the Oro and another", "the Luma, the Oro and another"),
        ("the Luma, the Oro and another one", "rivers"),
        (None, "rivers"),
    ],
)
def test_a_short_answer_is_put_in_where_its_question_asked(answer: str | None, known: str) -> None:
    earlier = Exchange("Which rivers did Ann Ray cross in May?", answer)
    assert follow_up("When?", [earlier]).forms == (
        f"When did Ann Ray cross {known} in May?",
        "When did Ann Ray cross in May?",
    )


@pytest.mark.parametrize(
    ("asked", "answer", "form"),
    [
        ("Why did Ann Ray leave?", "a row", "When did Ann Ray leave?"),
        ("In which city did Ann Ray die?", "Bonn", "When did Ann Ray die?"),
    ],
)
def test_a_reason_or_a_place_is_not_put_in(asked: str, answer: str, form: str) -> None:
    assert follow_up("When?", [Exchange(asked, answer)]).forms == (form,)


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("Who sent troops to the border?", "Poland", "Poland sent troops to the border"),
        ("Who is the mayor of Brakk?", "Ole Ray", "Ole Ray is the mayor of Brakk"),
        ("What was the price?", "£5", "£5 was the price"),
        ("Which is the tallest?", "K2", "K2 is the tallest"),
        ("Where is the bridge?", "Leeds", "the bridge Leeds"),
        ("When did Ann Ray die in Bonn?", "1906", "Ann Ray die in Bonn 1906"),
        ("Why did Ann Ray go by train?", "a strike", "Ann Ray go by train a strike"),
        ("Until when did the ferry run?", "1868", "the ferry run until 1868"),
        ("When was it that the Ottleys left?", "1868", "the Ottleys left 1868"),
        ("What did Moscow send to Belarus?", "troops", "Moscow send troops to Belarus"),
        ("Which country sent troops?", "Poland", "Poland sent troops"),
        ("How many people were hurt?", "17", "17 people were hurt"),
        ("How many people were hurt?", "17 people", "17 people were hurt"),
        ("Who sent troops?", None, None),
        ("Did Poland send troops?", "no", None),
    ],
)
def test_a_question_and_its_answer_are_stated_in_the_order_of_a_sentence(
    question: str, answer: str | None, statement: str | None
) -> None:
    assert stated(question, answer) == statement
