"""Which office a question asks for, and whether a text mentions it."""

import pytest

from qa.language.mentions import Unmentioned, unmentioned
from qa.language.offices import asked_office

TEXT = (
    "Ada Cole, the mayor of Pellworth and vice-chairwoman of its council, met Prime Minister Bo "
    "Ruiz. The assistant of the governor was there, and Ida Quill, CEO of the quarry, "
    "which Jo Lee had guarded; he commanded 40 men."
)


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("Who is the deputy mayor of Pellworth?", ("deputy", "mayor")),
        ("who's our treasurer", ("treasurer",)),
        ("Who was Vice-President under Ada Cole?", ("vice", "president")),
        ("Who serves as interim director general?", ("interim", "director", "general")),
        ("Who is the chief executive, and since when?", ("chief", "executive")),
        ("Who was the first female mayor to resign?", ("mayor",)),
        ("Who was Secretary of State for Health in 1999?", ("health", "secretary")),
        ("Who is the foreign minister of the new state?", ("foreign", "minister")),
        ("Who is the chief financial officer?", ("chief", "financial", "officer")),
        ("Who is the officer of the watch?", ()),
        ("Who is Mayor Cole?", ()),
        ("Who is the mayor's deputy?", ()),
        ("Who met the mayor?", ()),
        ("Who became mayor in 1999?", ()),
        ("Who is the leader of the council?", ()),
        ("What is a treasurer?", ()),
        ("", ()),
    ],
)
def test_the_office_is_what_who_somebody_is(question: str, office: tuple[str, ...]) -> None:
    assert asked_office(question) == office


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Who is the mayor?", id="as-written"),
        pytest.param("Who is the vice chair of the council?", id="another-form"),
        pytest.param("Who is the deputy chairman?", id="another-word-for-the-rank"),
        pytest.param("Who is the prime minister?", id="with-its-field"),
        pytest.param("Who is the premier?", id="no-office-that-is-known"),
        pytest.param("Who is the chief executive of the quarry?", id="letters-for-words"),
        pytest.param("Who is the chief executive officer?", id="letters-for-an-officer"),
        pytest.param("Who is the director of the quarry?", id="an-office-for-another"),
        pytest.param("Who became treasurer?", id="who-became-it"),
        pytest.param("Who was the commander of the guard?", id="told-of-as-done"),
        pytest.param("Who is the author of the plan?", id="told-of-in-other-words"),
    ],
)
def test_an_office_that_is_mentioned_is_not_missed(question: str) -> None:
    assert not unmentioned(question, TEXT)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who is the treasurer?", Unmentioned(("treasurer",), (), ())),
        # "Council", "prime" and "secret" are none.
        ("Who is the councillor?", Unmentioned(("councillor",), (), ())),
        ("Who is the principal?", Unmentioned(("principal",), (), ())),
        ("Who is the Honorary President?", Unmentioned(("honorary president",), (), ())),
        ("WHO IS THE BISHOP?", Unmentioned(("bishop",), (), ())),
        # It has a mayor and a vice-chairwoman, an assistant and a governor.
        ("Who is the deputy mayor of Pellworth?", Unmentioned((), ("deputy mayor",), ())),
        ("who is the assistant governor", Unmentioned((), ("assistant governor",), ())),
        ("Who is the minister of health?", Unmentioned((), ("health minister",), ())),
        ("Who is the chief financial officer?", Unmentioned((), ("chief financial officer",), ())),
        ("Who is the Vice Chancellor?", Unmentioned(("vice chancellor",), (), ())),
    ],
)
def test_an_office_that_a_text_does_not_have_is_told(question: str, missing: Unmentioned) -> None:
    assert unmentioned(question, TEXT) == missing
