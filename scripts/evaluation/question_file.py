"""Questions with known answers, from JSON lines."""

import gzip
import random
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import QuothError


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


class KnownQuestion(BaseModel):
    """One line of the file; no answers means that the context does not answer.

    `original_question` is what was asked before the question was altered, if it was.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    title: str = ""
    context: str
    question: str
    answers: tuple[Reference, ...]
    evidence: tuple[Evidence, ...] = ()
    original_question: str | None = None

    @property
    def references(self) -> list[str]:
        """The texts of all right answers."""
        return [answer.text for answer in self.answers]


def read_questions(path: Path, *, limit: int | None = None) -> list[KnownQuestion]:
    """Return the questions of a .jsonl or .jsonl.gz file; of more than `limit`, a fixed sample.

    Raises QuestionFileError if the file cannot be read or a line is not such a question.
    """
    try:
        with _opened(path) as lines:
            questions = list(_parsed(lines, path))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise QuestionFileError(f"cannot read {path}: {error}") from error
    if not questions:
        raise QuestionFileError(f"{path} holds no question")
    return sampled(questions, limit)


def sampled(questions: Sequence[KnownQuestion], limit: int | None) -> list[KnownQuestion]:
    """Return all questions, or `limit` of them drawn with a fixed seed, in their order."""
    if limit is None or limit >= len(questions):
        return list(questions)
    rows = sorted(random.Random(0).sample(range(len(questions)), limit))
    return [questions[row] for row in rows]


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _parsed(lines: IO[str], path: Path) -> Iterator[KnownQuestion]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield KnownQuestion.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"]) or "the line"
            raise QuestionFileError(
                f"{path} line {number}: {field}: {problem['msg']}; a question needs id, context, "
                f"question and answers"
            ) from error
