"""Questions in which the speaker takes words back."""

import sys
from collections import Counter
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.corrections import without_corrections


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who leads Poland no wait who leads Belarus?", "Who leads Belarus?"),
        ("when did, er, where did the talks take place?", "where did the talks take place?"),
        ("What gas, sorry, in what year did the pipe open?", "In what year did the pipe open?"),
    ],
)
def test_a_question_that_is_begun_anew_replaces_all_before_it(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "The Rhine flows into which or make that what large sea?",
            "The Rhine flows into what large sea?",
        ),
        ("In Poland, who led it I mean what is the capital?", "In Poland, what is the capital?"),
        ("The king who led it I mean what is the capital?", "What is the capital?"),
    ],
)
def test_what_goes_before_a_question_is_not_taken_back_with_it(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who is the dictator of Poland or rather of Belarus?", "Who is the dictator of Belarus?"),
        (
            "What type of region sorry type of club is the Automobile Club?",
            "What type of club is the Automobile Club?",
        ),
        ("How long is the Rhine sorry, I mean the Elbe?", "How long is the Elbe?"),
        ("What was passed in 1850 or no in 1805?", "What was passed in 1805?"),
        ('Who wrote "It" no wait who wrote "Us"?', 'Who wrote "Us"?'),
        ("Who leads Poland? Sorry, who leads Belarus?", "Who leads Belarus?"),
    ],
)
def test_a_word_that_is_said_again_replaces_all_from_its_first_time(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "Who did the Poles meet with in Geneva no sorry the Russians?",
            "Who did the Russians meet with in Geneva?",
        ),
        ("When did it join the Holy League no the Hansa?", "When did it join the Hansa?"),
    ],
)
def test_behind_an_article_that_is_said_again_a_name_replaces_a_name(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(
            "What is the longest border of Poland called no sorry the shortest?",
            id="much-for-little",
        ),
        pytest.param(
            "The border is closed by what kind of fence, oh sorry, the bridge?", id="asks-nothing"
        ),
    ],
)
def test_a_small_word_said_again_does_not_take_back_what_is_asked(question: str) -> None:
    assert without_corrections(question) == question


@pytest.mark.parametrize("last", ["rather", "instead"])
def test_the_end_of_an_editing_phrase_at_the_end_of_the_question_goes_with_it(last: str) -> None:
    said = f"Which soldiers came in the spring no no in the autumn {last}?"
    assert without_corrections(said) == "Which soldiers came in the autumn?"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who visited Angela Merkel no Joe Biden in June?", "Who visited Joe Biden in June?"),
        ("When did Angela Merkel resign no Joe Biden?", "When did Joe Biden resign?"),
        ("What happened 2.5 no 5.2 billion years ago?", "What happened 5.2 billion years ago?"),
    ],
)
def test_a_name_replaces_a_name_and_a_number_a_number(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("What harms by gas toxicity no sorry oxygen toxicity?", "What harms by oxygen toxicity?"),
        ("Who was Otto's third son, no make that his 4th son?", "Who was his 4th son?"),
        ("What is it called no not called?", "What is it not called?"),
        ("How many small cells were seen no wait large cells?", "How many large cells were seen?"),
        ("Where are some pharmacies no hospital pharmacies?", "Where are hospital pharmacies?"),
    ],
)
def test_a_word_said_again_behind_others_takes_back_as_many_before_it(
    said: str, meant: str
) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Where does Lake Anna no the long river end?", "Where does the long river end?"),
        ("What lies in Oslo no on the Rhine?", "What lies on the Rhine?"),
        (
            "What bridge slows down traffic or rather the trains?",
            "What bridge slows down the trains?",
        ),
    ],
)
def test_a_thing_with_its_article_replaces_the_last_thing(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Where do some first what is the distance to Oslo?", "What is the distance to Oslo?"),
        ("What city where are the talks held?", "Where are the talks held?"),
        ("How did or first when did the Rhine rise?", "When did the Rhine rise?"),
    ],
)
def test_of_two_questions_in_one_the_second_is_meant(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("What hormone sorry chemical does it make?", "What chemical does it make?"),
        ("How many people no are now in Oslo?", "How many are now in Oslo?"),
        ("How many universities rather libraries are there?", "How many libraries are there?"),
    ],
)
def test_a_doubtful_word_is_sure_among_words_beside_which_it_has_no_other_use(
    said: str, meant: str
) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("What hormone sorry I mean chemical is made?", "What chemical is made?"),
        ("Which old uh new law was passed?", "Which new law was passed?"),
    ],
)
def test_else_the_last_word_goes_where_the_phrase_has_no_other_use(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who was Poland led by sorry who was Belarus led by?", "Who was Belarus led by?"),
        ("Who leads Poland sorry who leads Belarus now?", "Who leads Belarus now?"),
        ("Who owns no what company owns the bank?", "What company owns the bank?"),
        (
            "Who leads Poland no wait I'd like to know who leads Belarus?",
            "Who leads Belarus?",
        ),
        ("When did no who led the army of Poland?", "Who led the army of Poland?"),
        ("How many trains, sorry, who leads Belarus now?", "Who leads Belarus now?"),
    ],
)
def test_a_question_of_its_own_order_or_apart_begins_anew(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who is er the leader of Poland?", "Who is the leader of Poland?"),
        ("Who founded uh BioHelix?", "Who founded BioHelix?"),
        ("Who wrote, uh, The Salt Road?", "Who wrote The Salt Road?"),
        ("How much um does the probe cost?", "How much does the probe cost?"),
        ("When was the um probe launched?", "When was the probe launched?"),
        ("Who is the, uh, mayor of Brakk?", "Who is the mayor of Brakk?"),
        ("Where is the er tunnel of uh Brakk?", "Where is the tunnel of Brakk?"),
        ("Who is uh the coach of um the Rovers?", "Who is the coach of the Rovers?"),
        ("Was heißt um in German?", "Was heißt in German?"),
        ("When did Merkel visit um Poland?", "When did Merkel visit Poland?"),
        ("Which country um borders Poland?", "Which country borders Poland?"),
        ("When did the president uh visit?", "When did the president visit?"),
    ],
)
def test_a_filled_pause_alone_takes_no_word_back(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Who leads Poland, uh, Belarus?", "Who leads Belarus?"),
        ("What happened in 1990 um 1991?", "What happened in 1991?"),
        ("When was the law er the law of Poland passed?", "When was the law of Poland passed?"),
        ("Who is the uh the leader of Poland?", "Who is the leader of Poland?"),
        ("What is the red um blue line for?", "What is the blue line for?"),
    ],
)
def test_a_pause_takes_back_what_the_words_behind_it_can_stand_for(said: str, meant: str) -> None:
    assert without_corrections(said) == meant


def test_scratch_that_and_never_mind_take_back_where_they_stand_apart() -> None:
    said = "What hormone, scratch that, chemical is made?"
    assert without_corrections(said) == "What chemical is made?"
    assert without_corrections("How old, never mind, high is it?") == "How high is it?"


def test_capitals_alone_are_read_as_small_letters() -> None:
    said = "WHO LEADS POLAND NO WAIT WHO LEADS BELARUS?"
    assert without_corrections(said) == "who leads belarus?"
    assert without_corrections("WHO LEADS BELARUS?") == "WHO LEADS BELARUS?"


def test_several_corrections_are_followed_in_turn() -> None:
    said = "Who no wait what uh where is the capital of Poland or rather Belarus?"
    assert without_corrections(said) == "Where is the capital of Belarus?"


@pytest.mark.parametrize(
    "question",
    [
        "who favors a cautious line?",
        "Which bird has no wings?",
        "Is there no one who favors a cautious line?",
        "What would Biden rather do than wait?",
        "Who said sorry to the parliament?",
        "Which doctor worked in the ER of the hospital?",
        "What descriptive name was Op. 64, No. 1 given?",
        'Who cast the lone "no" vote?',
        "How many contestants make it through the first round?",
        "What did chemists make that could be used in warfare?",
        "What is used instead of gas?",
        "When was Nevermind released?",
        "When was nevermind released?",
        "Who wrote Never Mind the Bollocks?",
        "Why do cats never mind the rain?",
        "What does Excuse Me mean in French?",
        "How do you say excuse me in French?",
        "Who sang Oops!... I Did It Again?",
        "How can a tenant cancel this agreement?",
        "Who can cancel that contract?",
        "How can I cancel this Netflix subscription?",
        "Who said no when asked to join the party?",
        "Why did Britain say no when France asked for help?",
        "When did Britain say no when France asked for help?",
        "When did the United States say no to what Britain proposed in 1812?",
        "How long did customers have to wait when the system went down?",
        "Who would wait when the bus is late?",
        "Who said sorry when the ship sank in 1912?",
        "Which members voted no when the treaty was put to them?",
        "How long do players have to wait to be elected?",
        "Who sang I Mean It by G-Eazy?",
        "When did I say I mean it?",
        "How does one say no wait in French?",
        'Who asked "Why not, I mean, why?"',
        "Who asked “Why not, I mean, why?” in 1990?",
        "Which plants need no longer days?",
        "Who sang what part of no don't you understand?",
        "What was better safe than sorry?",
        "Which city has a rather large port?",
        "Who sings what is love?",
        "When the war began, what did the king do?",
        "When did Greece join what is now the European Union?",
        "In Oslo, what is the tallest tower?",
        "When did she learn when the talks would begin?",
        "Who wrote the book and when was the film made after it?",
        "no wait",
        "er?",
    ],
)
def test_a_question_without_a_correction_stays_as_it_is(question: str) -> None:
    assert without_corrections(question) == question


def test_twice_the_words_cost_twice_as_many_calls_and_no_more() -> None:
    assert _calls("no to " * 40) < 2.5 * _calls("no to " * 20)


def test_a_question_longer_than_a_breath_stays_as_it_is() -> None:
    said = "Who leads Poland no wait Belarus " + "and so on " * 40
    assert without_corrections(said) == said


def _calls(question: str) -> int:
    """Return how many calls of Python functions one question takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    earlier = sys.getprofile()
    sys.setprofile(count)
    try:
        without_corrections(question)
    finally:
        sys.setprofile(earlier)
    return calls


_WORDS = st.sampled_from(
    ("who", "What", "where", "is", "the", "of", "Poland", "Belarus", "5", "7", "gas", "leads", "?")
    + ("no", "wait", "er", "sorry,", "or", "rather", "I mean", "scratch that")
)


@given(st.lists(_WORDS, max_size=14).map(" ".join))
def test_no_word_is_added_and_nothing_is_left_to_correct(question: str) -> None:
    meant = without_corrections(question)
    assert Counter(_bare(meant)) <= Counter(_bare(question))
    assert bool(meant.strip()) == bool(question.strip())


def _bare(text: str) -> list[str]:
    return text.lower().replace("?", " ").replace(",", " ").split()


@given(st.text(max_size=60))
def test_any_text_can_be_given(question: str) -> None:
    assert len(without_corrections(question)) <= len(question) + 4
