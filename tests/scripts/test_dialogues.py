"""The dialogues that follow-ups are measured on, and when an answer counts as right."""

from pathlib import Path

import pytest

from qa.answers import Answer, Citation, Outcome
from qa.question import Question
from qa.values import Article, Sentence
from scripts.evaluation.dialogues import (
    DialogueHalf,
    KnownDialogue,
    KnownTurn,
    ask_dialogue,
    is_right,
    read_dialogues,
)

ROOT = Path(__file__).parents[2]
DIALOGUES = ROOT / "tests" / "data" / "dialogues.jsonl"
FOLDERS = (ROOT / "seeds", ROOT / "tests" / "data" / "dialogues")


def test_there_are_forty_dialogues_of_two_to_four_turns_in_two_halves() -> None:
    dialogues = read_dialogues(DIALOGUES)
    assert len(dialogues) >= 40
    assert len({dialogue.id for dialogue in dialogues}) == len(dialogues)
    assert all(2 <= len(dialogue.turns) <= 4 for dialogue in dialogues)
    reporting = [d for d in dialogues if d.half is DialogueHalf.REPORTING]
    assert len(reporting) == len(dialogues) / 2


def test_every_dialogue_has_its_answers_in_an_article() -> None:
    texts = [path.read_text(encoding="utf-8") for f in FOLDERS for path in f.glob("*.txt")]
    for dialogue in read_dialogues(DIALOGUES):
        for turn in dialogue.turns:
            stands = [answer for answer in turn.answers if any(answer in text for text in texts)]
            assert bool(stands) == bool(turn.answers), (dialogue.id, turn)


@pytest.mark.parametrize(
    ("given", "answers", "right"),
    [
        pytest.param("the wool merchant", ["wool merchant"], True, id="same"),
        pytest.param("a wool merchant of Harrowby town", ["wool merchant"], True, id="longer"),
        pytest.param("merchant", ["history teacher", "wool merchant"], True, id="half-of-one"),
        pytest.param("Harrowby", ["wool merchant"], False, id="other"),
        pytest.param("", ["wool merchant"], False, id="abstains"),
        pytest.param("", [], True, id="abstains-rightly"),
        pytest.param("Harrowby", [], False, id="answers-what-is-not-there"),
    ],
)
def test_an_answer_is_right_by_half_of_its_words(
    given: str, answers: list[str], right: bool
) -> None:
    assert is_right(given, answers) is right


class Road:
    """Gives the same answer to every question and notes the questions."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Outcome:
        self.asked.append(question)
        article = Article("town", "Town", "It has 7 gates.")
        citation = Citation(article, Sentence(0, 0, 15), article.text, 7, 8, "7", "", "")
        answers = (Answer("7", 0.9, (citation,)),)
        return Outcome(question.text, answers, answers, 0.9, {"total": 1.0}, None)


def test_follow_ups_are_asked_behind_the_answers_given_and_alone() -> None:
    road = Road()
    turns = (
        KnownTurn(question="How many gates?", answers=("7",)),
        KnownTurn(question="Why?", answers=("war",)),
    )
    dialogue = KnownDialogue(id="d", half=DialogueHalf.TUNING, turns=turns)
    (asked,) = ask_dialogue(dialogue, road)  # type: ignore[arg-type]  # it has what is used
    assert [(question.text, len(question.history)) for question in road.asked] == [
        ("How many gates?", 0),
        ("Why?", 2),
        ("Why?", 0),
    ]
    assert road.asked[1].history[1].text.startswith("“7” — “It has 7 gates.” [1]")
    assert (asked.given, asked.alone, asked.is_right) == ("7", "7", False)
