"""Dialogues with known answers: each follow-up is asked with the turns before it, and without."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from api.links import SourceLinks
from api.replies.answer_text import answer_text
from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.dialogue.turns import Role, Turn
from qa.question import Question
from qa.squad_metrics import f1
from scripts.evaluation.question_file import read_question_lines

_LEAST_F1 = 0.5


class DialogueHalf(StrEnum):
    """Rules may be tuned on one half of the dialogues; the other one only reports."""

    TUNING = "tuning"
    REPORTING = "reporting"


class KnownTurn(BaseModel, frozen=True):
    """A question and all texts that answer it; none where abstaining is right."""

    question: str
    answers: tuple[str, ...]


class KnownDialogue(BaseModel, frozen=True):
    """One line of the file: a first question, which stands alone, and its follow-ups."""

    id: str
    half: DialogueHalf
    turns: tuple[KnownTurn, ...]


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What became of a follow-up; `given` and `alone` are the first answers, "" for none."""

    dialogue_id: str
    half: DialogueHalf
    turn: KnownTurn
    asked: str
    given: str
    alone: str

    @property
    def is_right(self) -> bool:
        """Whether it was answered right with the turns before it."""
        return is_right(self.given, self.turn.answers)

    @property
    def is_right_alone(self) -> bool:
        """Whether it was answered right without them."""
        return is_right(self.alone, self.turn.answers)


def read_dialogues(path: Path) -> list[KnownDialogue]:
    """Read one dialogue a line; raises QuestionFileError."""
    needs = "a dialogue needs id, half and turns, each with question and answers"
    return read_question_lines(path, KnownDialogue, needs=needs)


def is_right(given: str, answers: Sequence[str]) -> bool:
    """Return whether the word overlap (F1) with an answer is one half or more.

    Where there is no answer, only abstaining is right.
    """
    return f1(given, answers) >= _LEAST_F1


def ask_dialogue(dialogue: KnownDialogue, road: QuestionRoad) -> Iterator[AskedTurn]:
    """Ask the turns one after the other, as a chat frontend does; gives the follow-ups.

    The history holds what Quoth answered, right or wrong, in the text of a chat answer.
    """
    history: tuple[Turn, ...] = ()
    for number, turn in enumerate(dialogue.turns):
        outcome = road.ask(Question(turn.question, history=history))
        said = answer_text(outcome, [], links=SourceLinks("http://quoth.invalid/")).text
        if number:
            yield AskedTurn(
                dialogue.id,
                dialogue.half,
                turn,
                outcome.asked or turn.question,
                _first(outcome),
                _first(road.ask(Question(turn.question))),
            )
        history = (*history, Turn(Role.USER, turn.question), Turn(Role.ASSISTANT, said))


def _first(outcome: Outcome) -> str:
    return outcome.answers[0].text if outcome.answers else ""
