"""What follow-up questions are taken to ask."""

import os
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.dialogue.follow_up import MAX_FORMS, follow_up, standing_alone
from qa.dialogue.turns import Exchange, Role, Turn, exchanges_of
from tests.conftest import ROOT

SUMMIT = Exchange("Where did Ann Ray and Bo Lind hold a summit?", "Geneva")
WHO = Exchange("Who designed the bridge in Harrowby?", "Eleanor Strake")
TROOPS = Exchange("What did Moscow send to Belarus?", "paratroopers")
SENT = Exchange("Who sent troops to the border?", "Poland")


@pytest.mark.parametrize(
    ("question", "earlier", "form"),
    [
        pytest.param(
            "And when?", SUMMIT, "When did Ann Ray and Bo Lind hold a summit?", id="question-word"
        ),
        pytest.param(
            "where was that?",
            Exchange("When did Ann Ray and Bo Lind hold a summit?", "June"),
            "Where did Ann Ray and Bo Lind hold a summit?",
            id="where-was-that",
        ),
        pytest.param("Why?", SENT, "Why was it that Poland sent troops to the border?", id="why"),
        pytest.param(
            "When?", TROOPS, "When did Moscow send paratroopers to Belarus?", id="answer-put-in"
        ),
        pytest.param(
            "What for?", TROOPS, "For what did Moscow send paratroopers to Belarus?", id="what-for"
        ),
        pytest.param(
            "To which country?",
            Exchange("How many soldiers is Britain sending?", "10"),
            "To which country is Britain sending soldiers?",
            id="with-a-preposition",
        ),
        pytest.param("And to Poland?", TROOPS, "What did Moscow send to Poland?", id="other-place"),
        pytest.param(
            "What about the arch?",
            Exchange("How long is the bridge?", "310 feet"),
            "How long is the arch?",
            id="other-thing",
        ),
        pytest.param("What did she say?", WHO, "What did Eleanor Strake say?", id="she"),
        pytest.param("How old was her son?", WHO, "How old was Eleanor Strake’s son?", id="her"),
        pytest.param(
            "How long is it?",
            WHO,
            "How long is the bridge in Harrowby?",
            id="it",
        ),
        pytest.param(
            "Who lives there?",
            SUMMIT,
            "Who lives at Geneva?",
            id="there",
        ),
        pytest.param(
            "Who reported that?",
            SENT,
            "Who reported that Poland sent troops to the border?",
            id="that",
        ),
        pytest.param("Who else?", WHO, "Who designed the bridge in Harrowby?", id="else"),
    ],
)
def test_the_likeliest_form_stands_alone(question: str, earlier: Exchange, form: str) -> None:
    assert follow_up(question, [earlier]).forms[0] == form


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Transatlantic Security Program?",
        "How many people cross the river by ferry on an ordinary summer day?",
        "Tell me how many soldiers Britain sent to Poland",
        "Name the longest river that flows through the capital of Poland.",
        "Who runs the IT department at Acme?",
        "Who served Her Majesty in 1850?",
        "Who directed It Follows?",
    ],
)
def test_a_question_that_says_what_it_is_about_is_asked_as_it_is(question: str) -> None:
    asked = question if question.endswith(("?", ".")) else question + "?"
    assert follow_up(question, [WHO]).forms == (asked,)


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("Did Merkel keep her promise?", "Did Merkel keep Eleanor Strake’s promise?"),
        ("What did Biden say when he met Putin?", None),
        ("Why did Tesla move its headquarters to Austin in 2021?", None),
        ("When did Apple say it would open the shop?", None),
    ],
)
def test_what_may_point_to_a_name_before_it_is_first_asked_as_it_is(
    question: str, second: str | None
) -> None:
    forms = follow_up(question, [WHO]).forms
    assert forms[0] == question
    assert second is None or forms[1] == second


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("What did Biden say to him?", "What did Biden say to Eleanor Strake?"),
        ("Did Merkel visit it in 1990?", "Did Merkel visit the bridge in Harrowby in 1990?"),
        ("WHO BUILT IT?", "WHO BUILT the bridge in Harrowby?"),
    ],
)
def test_what_cannot_point_to_a_name_before_it_is_completed(question: str, form: str) -> None:
    assert follow_up(question, [WHO]).forms[0] == form


def test_without_turns_before_every_question_is_asked_as_it_is() -> None:
    assert follow_up("And when?", []).forms == ("And when?",)


def test_a_full_stop_of_a_name_is_no_mark_of_a_completed_question() -> None:
    assert follow_up("When?", [Exchange("Acme Inc.", None)]).forms == ("When Acme Inc.?",)
    assert follow_up("Name the city.", [WHO]).forms[0] == "Name the city."


def test_a_short_question_is_also_asked_behind_what_was_said() -> None:
    assert follow_up("How many took part?", [WHO]).forms == (
        "How many took part?",
        "Eleanor Strake designed the bridge in Harrowby. How many took part?",
    )


def test_openers_are_taken_off_at_the_beginning_only() -> None:
    assert follow_up("And who took it for a ride?", [WHO]).forms[0] == (
        "who took the bridge in Harrowby for a ride?"
    )


def test_nearer_turns_come_first_and_forms_are_few() -> None:
    forms = follow_up(
        "Where is it?", [WHO, Exchange("Who owned the mill at the weir?", "Wray")]
    ).forms
    assert forms[0] == "Where is the mill at the weir?"
    assert len(forms) <= MAX_FORMS


def test_asking_for_others_names_what_was_said() -> None:
    assert follow_up("Who else?", [WHO]).said == ("Eleanor Strake",)
    who_else = follow_up("Who else helped her?", [WHO])
    assert who_else.said == ("Eleanor Strake",)
    assert who_else.forms == ("Who helped Eleanor Strake?",)
    assert follow_up("Who helped her?", [WHO]).said == ()


@pytest.mark.parametrize("answer", ["I", "we", "They"])
def test_nobody_is_pointed_to_by_an_answer_that_names_nobody(answer: str) -> None:
    earlier = [Exchange("Who said so?", answer)]
    assert follow_up("Where does she work?", earlier).forms == ("Where does she work?",)


@pytest.mark.parametrize(
    "question",
    [
        "Besides him?",
        "And besides her?",
        "Besides Poland?",
        "Besides the old kings of Poland?",
        "Other?",
        "Else?",
        "And the other?",
        "What else?",
        "Anyone else?",
        "Is there anyone else?",
        "Are there others?",
        "Are there any more?",
        "Any more?",
    ],
)
def test_a_word_that_only_asks_for_others_asks_the_last_question_again(question: str) -> None:
    earlier = [Exchange("Is Poland at war?", None), SENT]
    meant = follow_up(question, earlier)
    assert (meant.forms, meant.said) == ((SENT.question,), ("Poland",))


def test_which_ones_asks_the_last_question_again_and_for_no_others() -> None:
    meant = follow_up("Which ones?", [SENT])
    assert (meant.forms, meant.said) == ((SENT.question,), ())


@pytest.mark.parametrize(
    "question",
    [
        "Thanks! And when did she die?",
        "Thank you! When did she die?",
        "Thanks, when did she die",
        "Good evening, when did she die?",
    ],
)
def test_what_is_asked_behind_thanks_or_a_greeting_is_completed(question: str) -> None:
    [form] = follow_up(question, [WHO]).forms
    assert form.lower() == "when did eleanor strake die?"


WORDS = st.lists(
    st.sampled_from(
        ("and", "what", "who", "when", "about", "else", "other", "besides him", "those", "how many")
        + ("that", "of", "in", "the", "ones", "Poland", "is", "did", "?", ",", ".", "it", "J. Doe")
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(asked=WORDS, said=st.none() | WORDS | st.sampled_from(["“ ” — x", "“”", "“.” —"]), now=WORDS)
@example(asked="What did?", said="“ ” — x", now="Is winter cold?")
def test_any_words_can_follow_any_others(asked: str, said: str | None, now: str) -> None:
    answers = [] if said is None else [Turn(Role.ASSISTANT, said)]
    earlier = exchanges_of([Turn(Role.USER, asked), *answers])
    assert all(follow_up(now, standing_alone(earlier)).forms)


@pytest.mark.parametrize(
    "said",
    [
        "thanks!",
        "Thank you so much",
        "Thanks a lot!",
        "Thanks for your help",
        "Well, thanks for that!",
        "ok",
        "Really?",
        "Hello",
        "Hello there",
        "good morning.",
        "Yes",
        "No",
        "?",
        "👍",
    ],
)
def test_small_talk_asks_for_nothing_that_was_said_before(said: str) -> None:
    assert follow_up(said, [WHO]).forms == (said,)
    turns = [
        Turn(Role.USER, TROOPS.question),
        Turn(Role.ASSISTANT, "paratroopers"),
        Turn(Role.USER, said),
        Turn(Role.ASSISTANT, "The articles do not answer this question."),
    ]
    assert exchanges_of(turns) == [TROOPS]


@pytest.mark.parametrize(
    ("question", "earlier", "form"),
    [
        pytest.param(
            "What about the shed?",
            Exchange("How high is Mount Kibo?", "5,895 metres"),
            "the shed?",
            id="fits-nowhere",
        ),
        pytest.param(
            "And the Safavids?",
            Exchange("How many men did Turkey lose?", "2,000"),
            "How many men did the Safavids lose?",
            id="a-name-with-the",
        ),
        pytest.param(
            "What about the first half of 2024?",
            Exchange("What was Hart’s profit in 2022?", "£2 billion"),
            "What was Hart’s profit in the first half of 2024?",
            id="a-time-with-a-year",
        ),
        pytest.param(
            "And in 2020?",
            Exchange("What was Hart’s profit in the first half of 2022?", "£2 billion"),
            "What was Hart’s profit in 2020?",
            id="a-whole-time",
        ),
        pytest.param(
            "And the capital of Belgium?",
            Exchange("What is the capital of Luxembourg?", "Luxembourg"),
            "What is the capital of Belgium?",
            id="with-what-belongs-to-it",
        ),
    ],
)
def test_a_fragment_stands_for_a_phrase_of_its_kind_or_alone(
    question: str, earlier: Exchange, form: str
) -> None:
    assert follow_up(question, [earlier]).forms == (form,)


@pytest.mark.parametrize(
    ("earlier", "question", "form"),
    [
        pytest.param(
            Exchange("Who met?", "Joe Biden and J. D. Vance"),
            "When was he born?",
            "When was Joe Biden born?",
            id="the-first-of-two",
        ),
        pytest.param(
            Exchange("Did J. Doe meet St. Paul?", None),
            "How old was he?",
            "How old was J. Doe?",
            id="with-the-points-of-a-name",
        ),
    ],
)
def test_names_are_pointed_to_in_their_order_and_as_they_are_written(
    earlier: Exchange, question: str, form: str
) -> None:
    assert follow_up(question, [earlier]).forms[0] == form


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Karl von Rehn", "Karl von Rehn"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Bashar al-Assad", "Bashar al-Assad"),
        ("von Rehn", "von Rehn"),
        ("NGC's director, Colin Frye", "Colin Frye"),
        ("Otto Brandt, a painter from Bonn", "Otto Brandt"),
        ("Otto Brandt’s", "Otto Brandt"),
    ],
)
def test_who_was_answered_is_pointed_to_by_the_whole_name(answer: str, name: str) -> None:
    earlier = [Exchange("Who built Fort Belling?", answer)]
    assert follow_up("How old was he?", earlier).forms[0] == f"How old was {name}?"


@pytest.mark.parametrize(
    "asked",
    [
        "Who's the mayor of Brakk?",
        "What’s the name of the mayor of Brakk?",
        "Tell me who the mayor of Brakk is",
        "Can you tell me who is the mayor of Brakk?",
        "Name the mayor of Brakk.",
        "And who is the mayor of Brakk?",
        "mayor of Brakk",
    ],
)
def test_who_was_answered_is_pointed_to_however_it_was_asked(asked: str) -> None:
    earlier = standing_alone([SENT, Exchange(asked, "Torsten Halvorsen")])
    assert follow_up("How old is he?", earlier).forms[0] == "How old is Torsten Halvorsen?"


def test_who_was_told_of_is_pointed_to_and_not_what_was_told() -> None:
    earlier = [Exchange("Who was Ilse Varga?", "a Hungarian-born British chemist")]
    assert follow_up("When was she born?", earlier).forms == ("When was Ilse Varga born?",)


def test_what_has_the_before_it_is_nobody() -> None:
    earlier = [Exchange("Who won the Nobel Prize in Literature?", None)]
    assert follow_up("Where was she born?", earlier).forms == ("Where was she born?",)
    earlier = [Exchange("Who won?", "the Social Democrats")]
    assert follow_up("How old is she?", earlier).forms == ("How old is she?",)


def test_who_joined_a_club_is_still_he() -> None:
    earlier = standing_alone(
        [Exchange("Who scored?", "Bo"), Exchange("Which club did he join?", "Ajax")]
    )
    assert follow_up("What did his coach say?", earlier).forms[0] == "What did Bo’s coach say?"


def test_when_how_many_were_injured_is_asked_of_them() -> None:
    earlier = [Exchange("How many were injured?", "more than 3,000")]
    form = "When were more than 3,000 injured?"
    assert follow_up("When did it happen?", earlier).forms == (form,)


def test_what_was_asked_about_is_pointed_to_where_the_answer_is_a_thing() -> None:
    earlier = [Exchange("What did Ann Ray found?", "Space Works")]
    assert follow_up("How old is she?", earlier).forms[0] == "How old is Ann Ray?"
    earlier = [Exchange("Name the river in Brakk", None)]
    assert follow_up("How old is he?", earlier).forms[0] == "How old is Brakk?"


@pytest.mark.parametrize(
    ("asked", "answer", "question", "form"),
    [
        pytest.param(
            "How much does the tunnel cost?",
            "$1 billion",
            "How long is it?",
            "How long is the tunnel?",
            id="the-verb-is-no-part-of-it",
        ),
        pytest.param(
            "Where did the presidents meet?",
            "Arusha",
            "What did they sign there?",
            "What did the presidents sign at Arusha?",
            id="nor-of-them",
        ),
        pytest.param(
            "What did the new bridge of Leeds replace in 1900?",
            None,
            "How long is it?",
            "How long is the new bridge of Leeds?",
            id="verb-behind-what-hangs-on-the-noun",
        ),
        pytest.param(
            "Who is Nadia Petrova's coach?",
            "Boris Petrov",
            "And Chen Yu?",
            "Who is Chen Yu’s coach?",
            id="possessive",
        ),
        pytest.param(
            "Did Klara Novak resign?",
            "resigned",
            "And Pavel Novak?",
            "Did Pavel Novak resign?",
            id="name-behind-the-first-word",
        ),
        pytest.param(
            "Did Klara Novak resign?",
            None,
            "Why not?",
            "Why didn’t Klara Novak resign?",
            id="why-not",
        ),
        pytest.param(
            "Can Klara Novak resign?",
            None,
            "Why not?",
            "Why can’t Klara Novak resign?",
            id="why-can-not",
        ),
        pytest.param(
            "Did Klara Novak resign?",
            None,
            "When?",
            "When did Klara Novak resign?",
            id="when-behind-yes-or-no",
        ),
        pytest.param(
            "Did Klara Novak resign?",
            None,
            "What about her cousin?",
            "Did Klara Novak’s cousin resign?",
            id="what-belongs-to-her",
        ),
        pytest.param(
            "Who is Klara Novak's cousin?",
            "Pavel Novak",
            "And his wife?",
            "Who is Pavel Novak’s wife?",
            id="what-belongs-to-who-was-answered",
        ),
        pytest.param(
            "How many people were killed in the flood?",
            "17",
            "When did it happen?",
            "When were people killed in the flood?",
            id="what-is-counted-is-the-subject",
        ),
        pytest.param(
            "Which country has sent troops to Belarus?",
            "Poland",
            "When?",
            "When has Poland sent troops to Belarus?",
            id="what-is-chosen-is-the-subject",
        ),
        pytest.param(
            "How many books can people borrow?",
            "three",
            "Where?",
            "Where can people borrow books?",
            id="what-is-counted-is-the-object",
        ),
        pytest.param(
            "How many people were killed in the Valmere flood?",
            "17",
            "And injured?",
            "How many people were injured in the Valmere flood?",
            id="participle",
        ),
        pytest.param(
            "Who killed Harold?", "William", "And Alfred?", "Who killed Alfred?", id="no-participle"
        ),
        pytest.param("Who said that?", "Roche", "Is this true?", "Is this true?", id="this"),
    ],
)
def test_a_follow_up_is_completed_in_grammatical_words(
    asked: str, answer: str | None, question: str, form: str
) -> None:
    assert follow_up(question, [Exchange(asked, answer)]).forms[0] == form


def test_a_full_name_is_it_only_where_no_thing_was_spoken_of() -> None:
    earlier = [Exchange("Who won the title?", "Ada Moss"), Exchange("How old is Chen Yu?", "34")]
    assert follow_up("How long did it last?", earlier).forms[0] == "How long did the title last?"
    assert follow_up("How long is it?", earlier[1:]).forms[0] == "How long is Chen Yu?"


def test_what_is_counted_is_stated_with_its_number() -> None:
    earlier = [Exchange("How many people were killed in the flood?", "17")]
    assert follow_up("How many are missing?", earlier).forms[1] == (
        "17 people were killed in the flood. How many are missing?"
    )


def test_forms_are_the_same_in_every_process() -> None:
    asked = (
        "from qa.dialogue.follow_up import follow_up\n"
        "from qa.dialogue.turns import Exchange\n"
        "earlier = Exchange('Did J. Doe, Dr. No and St. Paul meet Ann Ray?', None)\n"
        "print(follow_up('How old was he?', [earlier]).forms)"
    )
    forms = {
        subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(forms) == 1


def test_a_chain_of_follow_ups_is_resolved_from_its_beginning() -> None:
    chain = [
        Exchange("Who ran the chain ferry?", "the Ottleys"),
        Exchange("Until when?", "1868"),
    ]
    standing = standing_alone(chain)
    assert standing[1].question == "Until when was it that the Ottleys ran the chain ferry?"
    assert follow_up("What did it carry?", standing).forms[0] == "What did the chain ferry carry?"


@pytest.mark.parametrize(
    ("turns", "question", "form"),
    [
        pytest.param(
            [("Where did Ann Ray die?", "Bonn"), ("Who was her husband?", "physicist Bo Lind")],
            "What was her best-known book?",
            "What was Ann Ray’s best-known book?",
            id="a-husband-is-not-she",
        ),
        pytest.param(
            [("Whom did Ann Ray marry?", "Bo Lind"), ("When did he die?", "1906")],
            "What did she discover?",
            "What did Ann Ray discover?",
            id="who-was-he-is-not-she",
        ),
        pytest.param(
            [("Who won the race?", "Mrs. Ray"), ("Who came second?", "Mr. Lind")],
            "How old is she?",
            "How old is Mrs. Ray?",
            id="a-title-tells",
        ),
        pytest.param(
            [("Who was Ann Ray's father?", "Ole Ray"), ("Who was her mother?", "Eva Ray")],
            "When did he leave her?",
            "When did Ole Ray leave Eva Ray?",
            id="two-of-them",
        ),
        pytest.param(
            [("Who was the king?", "Ole Ray")],
            "Who was her son?",
            "Who was her son?",
            id="a-king-is-never-she",
        ),
    ],
)
def test_he_and_she_are_told_apart_by_what_was_said_of_them(
    turns: list[tuple[str, str]], question: str, form: str
) -> None:
    standing = standing_alone([Exchange(*turn) for turn in turns])
    assert follow_up(question, standing).forms[0] == form


@pytest.mark.parametrize(
    ("turns", "question", "form"),
    [
        pytest.param(
            [
                ("How deep is Lake Tumbara?", "117 m"),
                ("Which rivers feed it?", "Luma, the Kisanga and the Oro"),
            ],
            "What fish live there?",
            "What fish live at Lake Tumbara?",
            id="several-are-not-there",
        ),
        pytest.param(
            [
                ("How deep is Lake Tumbara?", "117 m"),
                ("Which rivers feed it?", "Luma, the Kisanga and the Oro"),
            ],
            "Who reached it?",
            "Who reached Lake Tumbara?",
            id="nor-it",
        ),
        pytest.param(
            [("How deep is Lake Tumbara?", "117 m"), ("What lives there?", "tilapia, lungfish")],
            "Who reached it?",
            "Who reached Lake Tumbara?",
            id="nor-two-without-and",
        ),
        pytest.param(
            [("What is Moxivane?", "a medicine"), ("What are its side effects?", "nausea, sleep")],
            "Who makes it?",
            "Who makes Moxivane?",
            id="what-it-is-is-it-no-more",
        ),
        pytest.param(
            [("Who founded Helvara Therapeutics?", "Beat Ammann and Dr. Kofi Mensah")],
            "What was its revenue?",
            "What was Helvara Therapeutics’s revenue?",
            id="nor-the-second-who-was-answered",
        ),
        pytest.param(
            [("Who is the head of the Old School?", "Ann Ray")],
            "How big is it?",
            "How big is the Old School?",
            id="nor-whoever-was-asked-for",
        ),
        pytest.param(
            [("Which river flows through Kigali?", "the Nyabarongo")],
            "How long is it?",
            "How long is the Nyabarongo?",
            id="a-river-is-nobody",
        ),
        pytest.param(
            [("What do otters eat?", "fish"), ("How long do they live?", "ten years")],
            "Where do they live?",
            "Where do otters live?",
            id="they-are-who-eats",
        ),
        pytest.param(
            [("What papers do I need?", "a passport and a photograph"), ("Where is the form?", "")],
            "How long does it last?",
            "How long does the form last?",
            id="it-is-one",
        ),
        pytest.param(
            [("How much did the new pool in Leeds cost?", "£3 million")],
            "And when did it open?",
            "when did the new pool in Leeds open?",
            id="what-was-paid-for-and-not-its-town",
        ),
        pytest.param(
            [("How much did Leeds's new pool cost?", "£3 million")],
            "And when did it open?",
            "when did Leeds's new pool open?",
            id="what-a-town-owns",
        ),
        pytest.param(
            [("In which town is the new library?", "Leeds")],
            "And when did it open?",
            "when did the new library open?",
            id="what-is-in-the-town",
        ),
        pytest.param(
            [("What is Ann Ray's salary?", "£34,200")],
            "When is it paid?",
            "When is Ann Ray's salary paid?",
            id="a-person-is-not-it",
        ),
        pytest.param(
            [("What was Acme's revenue?", "£3 million")],
            "When was it founded?",
            "When was Acme founded?",
            id="but-a-company-is",
        ),
        pytest.param(
            [("What did the lawyer of Clear Label demand?", "that they impose a fine")],
            "How high can it be?",
            "How high can the fine be?",
            id="what-the-answer-brings-up",
        ),
    ],
)
def test_what_a_word_points_to_is_of_its_number_and_kind(
    turns: list[tuple[str, str]], question: str, form: str
) -> None:
    standing = standing_alone([Exchange(asked, answer or None) for asked, answer in turns])
    assert follow_up(question, standing).forms[0] == form


@pytest.mark.parametrize(
    ("turns", "question", "form"),
    [
        pytest.param(
            [("Who is the head of Harlow School?", "Ann Ray"), ("What is her number?", "555 100")],
            "And the deputy head?",
            "Who is the deputy head of Harlow School?",
            id="of-the-question-it-fits-in",
        ),
        pytest.param(
            [("What was Helvara's revenue in the third quarter?", "CHF 84.2 million")],
            "And the net loss?",
            "What was Helvara's net loss in the third quarter?",
            id="for-what-is-owned",
        ),
        pytest.param(
            [("Who is the treasurer of the club?", "Ann Ray")],
            "And the secretary?",
            "Who is the secretary of the club?",
            id="for-who-is-asked-for",
        ),
        pytest.param(
            [("What is the price of the kettle?", "29 euros")],
            "And the lamp?",
            "What is the price of the lamp?",
            id="not-for-a-price",
        ),
        pytest.param(
            [("What is the price of the kettle?", "29 euros")],
            "And the weight?",
            "What is the weight of the kettle?",
            id="but-a-weight-is",
        ),
        pytest.param(
            [("What is the price of the kettle?", "29 euros")],
            "And its weight?",
            "What is the kettle’s weight?",
            id="its-own",
        ),
        pytest.param(
            [("How much will the shelter cost?", "5,200 pounds")],
            "And the new hall?",
            "How much will the new hall cost?",
            id="the-verb-stays",
        ),
        pytest.param(
            [("Is the museum open on Mondays?", "no")],
            "And the library?",
            "Is the library open on Mondays?",
            id="what-is-said-of-it-stays",
        ),
        pytest.param(
            [("Who is the king?", "Ole V"), ("Who is his wife?", "Eva"), ("How old is she?", "9")],
            "And he?",
            "How old is Ole V?",
            id="he-alone",
        ),
        pytest.param(
            [("What does the red light mean?", "full")],
            "And the green one?",
            "What does the green light mean?",
            id="one-of-the-same",
        ),
        pytest.param(
            [("Who is the head teacher of St. Brigid's?", "Ann Ray")],
            "And of the International College?",
            "Who is the head teacher of the International College?",
            id="a-name-that-owns-nothing",
        ),
        pytest.param(
            [("Who lives in Oslo?", "Ann Ray"), ("What else is there?", "a port")],
            "In Bergen?",
            "What else is there in Bergen?",
            id="with-a-small-letter",
        ),
        pytest.param(
            [("Who is married to Ann Ray?", "Bo Lind"), ("What is his trade?", "smith")],
            "And her children?",
            "Who are Ann Ray’s children?",
            id="who-are",
        ),
        pytest.param(
            [("Who won the league?", "Kirk United")],
            "How many points?",
            "Kirk United won the league. How many points?",
            id="another-thing-than-was-told",
        ),
        pytest.param(
            [("Who was the first president of the Society of Engineers?", "Bo Lind")],
            "And the third?",
            "Who was the third president of the Society of Engineers?",
            id="an-ordinal",
        ),
        pytest.param(
            [("When was Harrow 2.1 released?", "11 July")],
            "What about 3.0?",
            "When was Harrow 3.0 released?",
            id="a-version",
        ),
        pytest.param(
            [("What is the minimum Python version of Harrow 2.1?", "3.8")],
            "And for 3.0?",
            "What is the minimum Python version of Harrow 3.0?",
            id="a-version-with-a-preposition",
        ),
        pytest.param(
            [("How much water does the Tidemark 40 hold?", "2.4 litres")],
            "And the Tidemark 60?",
            "How much water does the Tidemark 60 hold?",
            id="the-number-of-a-name",
        ),
        pytest.param(
            [("What does a lost key cost?", "£18")],
            "And a lost fob?",
            "What does a lost fob cost?",
            id="a-participle-is-of-its-noun",
        ),
        pytest.param(
            [("What does the Tidemark 40 hold in 2020?", "2.4 litres")],
            "And 2021?",
            "What does the Tidemark 40 hold in 2021?",
            id="a-year-for-a-year",
        ),
        pytest.param(
            [("What is the dose for children from 4 to 6 years?", "7.5 ml")],
            "And for babies?",
            "What is the dose for babies?",
            id="an-age-goes-with-whose-it-is",
        ),
        pytest.param(
            [("How much was paid for books from 2010 to 2015?", "£300")],
            "And for pens?",
            "How much was paid for pens from 2010 to 2015?",
            id="but-years-stay",
        ),
        pytest.param(
            [("Who wrote the song?", "Ann Ray"), ("When was it sung?", "1950")],
            "Who else?",
            "Who wrote the song?",
            id="who-else-behind-when",
        ),
    ],
)
def test_a_fragment_takes_the_place_of_what_it_resembles(
    turns: list[tuple[str, str]], question: str, form: str
) -> None:
    standing = standing_alone([Exchange(*turn) for turn in turns])
    assert follow_up(question, standing).forms[0] == form
