"""Which sentences do not name whom they speak of, or who speaks."""

import pytest

from qa.citing.unnamed import has_unnamed_speaker, names_somebody, unnamed_subject


@pytest.mark.parametrize(
    "sentence",
    [
        "He has threatened to cut off power supplies.",
        "It was also unclear whether Biden would try.",
        "Her mantra from the beginning has been stability.",
        "“They left,” he said.",
        "In that case, she had to weigh the interests of Germany.",
        "But it has not changed.",
        "This requires a balancing act.",
        "The official told Politico so.",
        "The pair held a summit in Geneva in June.",
        "The former adviser declined to comment.",
        "On 4 July 1806 (some say July 5) it surrendered.",
        "In the summer of 1922 she came back.",
        "Today it is a museum.",
        "Asked about compensation, he gave no figure.",
        "Born in Leeds, she moved to Oslo.",
        "“He was our best,” said Ann Ray.",
        "“It was hard,” he said.",
        "“We won,” it said in Oslo.",
        "During the war she worked on substitutes for wool.",
        "In English it appeared only in 2006.",
        "The 20-year-old had been on the pitch for six minutes.",
        "The dam, on which work was resumed, is 22 percent complete.",
        "The school now offers courses.",
    ],
)
def test_a_subject_without_a_name_needs_the_sentence_before(sentence: str) -> None:
    assert unnamed_subject(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "The longtime dictator of Belarus, Alexander Lukashenko, faces sanctions.",
        "In that case, Biden had to weigh the interests of Germany.",
        "The Kremlin took thousands of troops near the border.",
        "This past spring, the Kremlin took thousands of troops.",
        "That said, of course, Russia is testing Biden.",
        "The demand for caution stems from the notion that Washington must work with Moscow.",
        "Johann von Staupitz, his superior, pointed Luther’s mind away.",
        "Italy won.",
        "Heather said so.",
        "In 1922 Bell said he would come.",
        "In 2013 it was announced that Eric Isaacs would come.",
        "By the time he came, Ann Ray had left.",
        "In 2016 Chief Ndi said he would come.",
        "The number of injured was put at 5,230.",
        "Mohamed Salah, his friend, came.",
        "I think it is clear.",
        "“This was hard,” said Ann Ray.",
        "",
    ],
)
def test_a_named_subject_needs_no_sentence_before(sentence: str) -> None:
    assert unnamed_subject(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Russian leader Vladimir Putin is gathering troops.", True),
        ("Officials said on Friday that I would in May.", False),
        ("Developments have added to frustration.", False),
        ("“Sanctions work,” said Biden’s adviser.", True),
    ],
)
def test_a_capital_names_somebody_where_it_is_not_there_by_position(
    sentence: str, does: bool
) -> None:
    assert names_somebody(sentence) is does


def test_the_first_word_is_a_name_where_the_text_has_its_capital_elsewhere() -> None:
    assert names_somebody("Yu lost.", text="Petrova beat Yu. Yu lost.")
    assert not names_somebody("Rain fell.", text="It was wet. Rain fell.")


@pytest.mark.parametrize(
    "sentence",
    ["“I think so,” said Ada Moss.", "He thinks so.", "Iona thinks so.", "Weather matters."],
)
def test_a_sentence_that_says_who_speaks_or_does_not_speak_needs_none(sentence: str) -> None:
    assert not has_unnamed_speaker(sentence)
