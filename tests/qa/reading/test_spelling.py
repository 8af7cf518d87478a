"""Misspelt words of a question, read as a passage spells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.reader import OnnxReader
from qa.reading.spelling import one_slip_away, rare_words, spelled_as_in

PASSAGE = (
    "Alexander Lukashenko, the longtime dictator of Belarus, sent migrants from Minsk to Poland. "
    "Möngke never came there."
)


def spelled(question: str, passage: str = PASSAGE) -> str:
    return spelled_as_in(passage, question, rare_words(question, lambda _: False))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Who is Alexnader?", "Who is Alexander?"),
        ("Who is lukashenkko?", "Who is Lukashenko?"),
        ("Who is Lukashenk?", "Who is Lukashenko?"),
        ("Who is the dictotor's rival?", "Who is the dictator's rival?"),
        ("Who is Mongke?", "Who is Möngke?"),
        ("Where is Minks?", "Where is Minsk?"),
    ],
)
def test_a_word_one_slip_away_is_read_as_the_passage_spells_it(typed: str, meant: str) -> None:
    assert spelled(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Who is the dictator of Belarus?",  # in the passage
        "Which migrant came?",  # another number
        "Who is Olexander?",  # another first letter
        "Who is Alexandros?",  # two slips
        "Who is Alyyander?",  # two letters beside each other
        "Which DICTOTOR came?",  # an abbreviation
        "Who is Dictotor?",  # a name
        "What is dictatory?",  # made of another
    ],
)
def test_other_words_stay_as_they_are(question: str) -> None:
    assert spelled(question) == question


def test_a_word_that_may_be_either_of_two_stays_as_it_is() -> None:
    assert (
        spelled("Which queen is Marta?", "Queens Maria and Marka came.") == "Which queen is Marta?"
    )
    assert spelled("Which queen is Marta?", "Queen Maria came.") == "Which queen is Maria?"


def test_capitals_alone_are_read_like_other_letters() -> None:
    assert spelled("WHO IS THE DICTOTOR?") == "WHO IS THE dictator?"


@pytest.mark.parametrize(
    ("typed", "passage", "meant"),
    [
        ("Who sells looms?", "He looks away.", "Who sells looms?"),
        ("What is a gait?", "They gain weight.", "What is a gait?"),
        ("Who gait weight?", "They gain weight.", "Who gain weight?"),
        ("Where is Mnisk?", "It is in Minsk.", "Where is Minsk?"),
        ("Where is Minskk?", "It is in Minsk.", "Where is Minsk?"),
    ],
)
def test_a_short_word_has_another_letter_only_in_what_speaks_of_the_same(
    typed: str, passage: str, meant: str
) -> None:
    assert spelled(typed, passage) == meant


def test_a_word_of_the_vocabulary_is_what_was_meant() -> None:
    question = "What culled them?"
    assert rare_words(question, {"what", "culled", "them"}.__contains__) == frozenset()
    assert rare_words(question, {"what", "them"}.__contains__) == {"culled"}
    assert spelled_as_in("They called.", question, frozenset()) == question


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_question_of_the_passages_words_stays_as_it_is(question: str, more: str) -> None:
    assert spelled(question, f"{question} {more}") == question


@given(st.text(max_size=80), st.text(max_size=80))
def test_spelling_again_changes_nothing(question: str, passage: str) -> None:
    once = spelled(question, passage)
    assert spelled(once, passage) == once


@given(st.text("abcdesty", min_size=4, max_size=9))
def test_whatever_is_one_slip_away_is_taken_for_what_was_meant(word: str) -> None:
    for other in one_slip_away(word):
        if len(other) >= 4 and other.rstrip("s") != word.rstrip("s") and word != f"{other}y":
            found = spelled_as_in(f"{other} in Poland", f"{word} in Poland", frozenset({word}))
            assert found == f"{other} in Poland"


def test_the_reader_answers_a_misspelt_question_as_the_right_one(reader: OnnxReader) -> None:
    [right] = reader.read("Who sent migrants from Belarus?", [PASSAGE])
    [typed] = reader.read("Who sent migrants from Belraus?", [PASSAGE])
    assert typed == right


def test_each_passage_has_the_question_in_its_own_spelling(reader: OnnxReader) -> None:
    other = "Nothing is said here of any country."
    together = list(reader.read("Who sent migrants from Belraus?", [other, PASSAGE]))
    assert together == [
        next(reader.read("Who sent migrants from Belraus?", [passage]))
        for passage in (other, PASSAGE)
    ]
