"""Questions with known answers, from JSON lines."""

import gzip
import random
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from qa.errors import InvalidQuestionError, QuothError, first_mistake
from qa.question import check_question_text

AnyQuestion = TypeVar("AnyQuestion", bound=BaseModel)


class QuestionFileError(QuothError):
    """A file of questions cannot be read; the message names file, line and field."""


class Reference(BaseModel):
    """One right answer; `answer_start` counts code points of the context."""

    text: str
    answer_start: int = Field(ge=0)


class Evidence(BaseModel):
    """A sentence that shows the answer."""

    text: str
    start: int = Field(ge=0)


def _checked(text: str) -> str:
    try:
        check_question_text(text)
    except InvalidQuestionError as error:
        raise ValueError(error.problem) from error
    return text


AskableText = Annotated[str, AfterValidator(_checked)]


class KnownQuestion(BaseModel):
    """One line of the file; no answers means that the context does not answer.

    `original_question` is what was asked before the question was altered, if it was.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    title: str = ""
    context: str
    question: AskableText
    answers: tuple[Reference, ...]
    evidence: tuple[Evidence, ...] = ()
    original_question: str | None = None

    @property
    def references(self) -> list[str]:
        """The texts of all right answers."""
        return [answer.text for answer in self.answers]


AnyKnownQuestion = TypeVar("AnyKnownQuestion", bound=KnownQuestion)


def read_questions(path: Path, *, limit: int | None = None) -> list[KnownQuestion]:
    """Return the questions of a .jsonl or .jsonl.gz file; of more than `limit`, a fixed sample.

    Raises QuestionFileError if the file cannot be read or a line is not such a question.
    """
    return sampled(read_questions_of(path, KnownQuestion), limit)


def read_questions_of(path: Path, kind: type[AnyKnownQuestion]) -> list[AnyKnownQuestion]:
    """Return the questions of a file with what else a kind of them holds.

    Raises QuestionFileError if the file cannot be read or a line is not such a question.
    """
    needs = "a question needs id, context, question and answers"
    return read_question_lines(path, kind, needs=needs)


def read_question_lines(path: Path, kind: type[AnyQuestion], *, needs: str) -> list[AnyQuestion]:
    """Return the lines of a .jsonl or .jsonl.gz file, blank ones left out, as questions of a kind.

    `needs` says what such a line holds, for who gets it wrong. Raises QuestionFileError if the
    file cannot be read, a line is not such a question, or there is none.
    """
    try:
        with _opened(path) as lines:
            questions = [
                _parsed(line, kind, f"{path} line {number}", needs)
                for number, line in enumerate(lines, start=1)
                if line.strip()
            ]
    except OSError as error:
        raise QuestionFileError(f"cannot read {path}: {error.strerror or error}") from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        raise QuestionFileError(f"cannot read {path}: {error}") from error
    if not questions:
        raise QuestionFileError(f"{path} holds no question")
    return questions


def check_ids_differ(questions: Sequence[KnownQuestion]) -> None:
    """Raise QuestionFileError if two questions have one id, by which their scores are kept."""
    counts = Counter(question.id for question in questions)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise QuestionFileError(
            f"{counts[twice]} questions have the id {twice!r}, by which scores are kept; give each "
            f"an id of its own"
        )


def sampled(questions: Sequence[KnownQuestion], limit: int | None) -> list[KnownQuestion]:
    """Return all questions, or `limit` of them drawn with a fixed seed, in their order."""
    if limit is None or limit >= len(questions):
        return list(questions)
    rows = sorted(random.Random(0).sample(range(len(questions)), limit))
    return [questions[row] for row in rows]


def _opened(path: Path) -> IO[str]:
    # Some editors begin a file with a byte order mark, which is no part of its first line.
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _parsed(line: str, kind: type[AnyQuestion], where: str, needs: str) -> AnyQuestion:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        mistake = first_mistake(error, whole="the line")
        raise QuestionFileError(f"{where}: {mistake}; {needs}") from error
