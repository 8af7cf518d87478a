"""Words that point back, and what they are taken for."""

import pytest

from qa.dialogue.follow_up import follow_up, standing_alone
from qa.dialogue.turns import Exchange

OTTERS = Exchange("What do otters eat?", "fish")
KING = Exchange("Who was the king?", "Ole Ray")
STRAKE = Exchange("Who designed the bridge in Harrowby?", "Eleanor Strake")


@pytest.mark.parametrize(
    ("earlier", "question", "form"),
    [
        (KING, "Who met him?", "Who met Ole Ray?"),
        (KING, "Was the crown his?", "Was the crown Ole Ray’s?"),
        (STRAKE, "Did she win?", "Did Eleanor Strake win?"),
        (STRAKE, "Who knew her?", "Who knew Eleanor Strake?"),
        (STRAKE, "Who saw her in Bonn?", "Who saw Eleanor Strake in Bonn?"),
        (STRAKE, "Who heard her could write?", "Who heard Eleanor Strake could write?"),
        (STRAKE, "When was her birthday?", "When was Eleanor Strake’s birthday?"),
        (OTTERS, "Who hunts them?", "Who hunts otters?"),
        (OTTERS, "What are their enemies?", "What are otters’s enemies?"),
        (OTTERS, "Who hunts these?", "Who hunts otters?"),
    ],
)
def test_a_pronoun_becomes_its_name_in_the_same_case(
    earlier: Exchange, question: str, form: str
) -> None:
    assert follow_up(question, [earlier]).forms[0] == form


@pytest.mark.parametrize(
    "question",
    [
        "What do these animals weigh?",
        "Are those fish salted?",
        "Is there a fee?",
        "Who is there?",
        "That takes how long?",
    ],
)
def test_a_word_before_a_noun_or_behind_a_copula_points_to_nothing(question: str) -> None:
    assert follow_up(question, [OTTERS]).forms[0] == question


def test_two_words_mean_two_people_before_they_mean_one() -> None:
    earlier = [Exchange("Who won the race?", "Ann Ray"), Exchange("Who came second?", "Bo Lind")]
    assert follow_up("When did he marry her?", earlier).forms == (
        "When did Bo Lind marry Ann Ray?",
        "When did Ann Ray marry Bo Lind?",
        "When did Bo Lind marry Bo Lind?",
    )


@pytest.mark.parametrize(
    ("asked", "pronoun"),
    [
        ("Who is the brother of Ole Ray?", "she"),
        ("Who was the late king?", "she"),
        ("Who was Ole Ray's sister?", "he"),
    ],
)
def test_who_was_called_what_only_one_of_the_two_is_called_is_not_the_other(
    asked: str, pronoun: str
) -> None:
    earlier = standing_alone([Exchange("Who won?", "Ann Ray"), Exchange(asked, "Bo Lind")])
    assert follow_up(f"When did {pronoun} win?", earlier).forms[0] == "When did Ann Ray win?"


def test_i_is_nobody_whom_it_might_mean() -> None:
    earlier = [Exchange("How long is the tunnel?", "2 km")]
    assert follow_up("When can I see its gate?", earlier).forms[0] == (
        "When can I see the tunnel’s gate?"
    )
