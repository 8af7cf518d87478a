"""Rules that change training questions: what they may and what they must not do."""

import random

import pytest

from qa.language.corrections import without_corrections
from qa.squad_metrics import normalize_answer
from scripts.training.changes import (
    Change,
    as_keywords,
    changed,
    negated,
    spoken,
    with_listed_names,
    with_opposite_word,
    with_other_name,
    with_other_number,
    with_typo,
    without_answer_sentence,
)
from scripts.training.question_sets import TrainingQuestion

CONTEXT = (
    "Lisbon became the capital of Portugal in 1255. The city of Porto, in the north, lost its "
    "court to King Afonso before 1220. The largest bridge over the Tagus opened in 1998."
)


def asked(question: str, answer: str) -> TrainingQuestion:
    return TrainingQuestion(
        question, CONTEXT, ((CONTEXT.index(answer), answer),), ("Faro lies near Spain.",)
    )


CAPITAL = asked("In which year did Lisbon become the capital of Portugal?", "1255")
BRIDGE = asked("When was the largest bridge over the Tagus opened, in 1998 or later?", "1998")
UNANSWERABLE = (
    without_answer_sentence,
    with_other_name,
    with_other_number,
    with_opposite_word,
    negated,
)


def every_change(rule: Change, question: TrainingQuestion) -> list[TrainingQuestion]:
    found = [rule(question, random.Random(seed)) for seed in range(30)]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("rule", UNANSWERABLE)
@pytest.mark.parametrize("question", [CAPITAL, BRIDGE])
def test_a_question_made_unanswerable_has_no_answer_and_no_near_miss(
    rule: Change, question: TrainingQuestion
) -> None:
    for made in every_change(rule, question):
        assert made.answers == () == made.near_misses
        assert made != question


def test_every_rule_applies_to_some_question() -> None:
    for rule in (*UNANSWERABLE, as_keywords, with_typo, spoken):
        assert every_change(rule, CAPITAL) + every_change(rule, BRIDGE)


def test_the_sentences_that_answer_are_cut_out_and_the_others_stay() -> None:
    [made, *_] = every_change(without_answer_sentence, CAPITAL)
    assert "1255" not in normalize_answer(made.context)
    assert "The city of Porto" in made.context
    assert "The largest bridge" in made.context


def test_nothing_is_cut_where_the_answer_stands_elsewhere_too() -> None:
    context = "Oslo is old. Oslo is cold. It is far. It is fine."
    question = TrainingQuestion("Which city is old?", context, ((0, "Oslo"),))
    assert every_change(without_answer_sentence, question) == []


def test_another_name_comes_from_the_context_and_is_neither_asked_about_nor_the_answer() -> None:
    question = asked("Who moved the court of Porto?", "King Afonso")
    made = {one.question for one in every_change(with_other_name, question)}
    assert made == {
        "Who moved the court of Portugal?",
        "Who moved the court of Tagus?",
    }


def test_another_number_is_as_long_as_the_old_one() -> None:
    for made in every_change(with_other_number, BRIDGE):
        year = made.question.removeprefix("When was the largest bridge over the Tagus opened, in ")
        assert year[:4] != "1998"
        assert year[:4].isdigit()


def test_one_word_turns_into_its_opposite() -> None:
    assert {one.question for one in every_change(with_opposite_word, BRIDGE)} == {
        "When was the smallest bridge over the Tagus opened, in 1998 or later?",
        "When was the largest bridge over the Tagus closed, in 1998 or later?",
    }


def test_the_first_auxiliary_is_negated() -> None:
    [made, *_] = every_change(negated, CAPITAL)
    assert made.question == "In which year didn't Lisbon become the capital of Portugal?"


def test_people_put_beside_the_one_who_is_the_answer_are_one_list_with_him() -> None:
    context = "When it grew, Ada Moss led Oslo. There Cook Craig met Eva Lund and liked Hamar."
    one = TrainingQuestion("Who led the city?", context, ((context.index("Ada"), "Ada Moss"),))
    made = every_change(with_listed_names, one)
    assert made
    for question in made:
        [(start, listed)] = question.answers
        assert question.context[start : start + len(listed)] == listed
        assert question.context.startswith("When it grew, ")
        assert listed.count("Ada Moss") == 1
        assert " and " in listed
        assert "Cook Craig" in listed or "Eva Lund" in listed
        assert question.question == one.question


def test_a_list_is_made_only_where_a_person_is_asked_for() -> None:
    context = "There Ada Moss led Oslo and met Cook Craig and Eva Lund."
    one = TrainingQuestion("Where did she lead?", context, ((context.index("Oslo"), "Oslo"),))
    assert every_change(with_listed_names, one) == []


@pytest.mark.parametrize("rule", [as_keywords, with_typo])
def test_a_question_asked_in_another_way_keeps_its_answer(rule: Change) -> None:
    for made in every_change(rule, CAPITAL):
        assert made.answers == CAPITAL.answers
        assert made.context == CONTEXT
        assert made.question != CAPITAL.question


def test_keywords_leave_function_words_out() -> None:
    assert {one.question for one in every_change(as_keywords, CAPITAL)} == {
        "which year Lisbon become capital Portugal",
        "year Lisbon become capital Portugal which",
    }


def test_what_a_speaker_takes_back_is_left_only_where_no_rule_sees_it() -> None:
    made = every_change(spoken, CAPITAL)
    assert all((one.answers, one.context) == (CAPITAL.answers, CONTEXT) for one in made)
    asked = [one.question for one in made]
    assert CAPITAL.question in asked
    left = [question for question in asked if question != CAPITAL.question]
    assert left
    for question in left:
        assert question.endswith("Portugal?")
        assert without_corrections(question) == question


def test_rates_decide_how_often_a_rule_is_tried() -> None:
    generator = random.Random(3)
    never = [changed(CAPITAL, {negated: 0.0}, generator) for _ in range(50)]
    always = [changed(CAPITAL, {negated: 1.0}, generator) for _ in range(50)]
    half = [changed(CAPITAL, {negated: 0.5}, generator) for _ in range(400)]
    assert all(one == CAPITAL for one in never)
    assert not any(one.answers for one in always)
    assert 140 < sum(not one.answers for one in half) < 260


def test_a_rule_that_does_not_apply_leaves_its_turn_to_the_next() -> None:
    question = TrainingQuestion("Which city is older?", "Oslo is old.", ((0, "Oslo"),))
    assert changed(question, {with_other_number: 1.0}, random.Random(1)) == question
    made = changed(question, {with_other_number: 1.0, with_typo: 1.0}, random.Random(1))
    assert made.question != question.question
