"""What the evaluations are told: which questions, how they are asked, and where the run goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from qa.question import DEFAULT_PASSAGES
from scripts.evaluation.altered import ALTERATIONS, Form, altered
from scripts.evaluation.collection import Half, in_half
from scripts.evaluation.question_file import KnownQuestion, check_ids_differ


@dataclass(frozen=True, slots=True)
class Options:
    """What all evaluations take: which questions, and where the run goes.

    Of more than `limit` questions a sample is drawn with a fixed seed. `index_dir` keeps the
    index of an evaluation that needs one. With `whole_articles` the contexts of one title are one
    article, with `read_all` reading does not end early, and with `form` questions are asked in that
    form.
    """

    data: Path
    settings: Settings
    limit: int | None = None
    half: Half = Half.ALL
    passages: int = DEFAULT_PASSAGES
    whole_articles: bool = False
    read_all: bool = False
    form: Form | None = None
    index_dir: Path | None = None
    out: Path | None = None
    compare: Path | None = None

    def command(self, task: str, *more: str) -> str:
        """Return the command that asks for this run, with file names alone."""
        words = ["quoth evaluate", task, "--data", self.data.name, *more]
        if self.limit is not None:
            words += ["--limit", str(self.limit)]
        if self.half is not Half.ALL:
            words += ["--half", self.half.value]
        if self.passages != DEFAULT_PASSAGES:
            words += ["--passages", str(self.passages)]
        if self.whole_articles:
            words.append("--whole-articles")
        if self.read_all:
            words.append("--read-all")
        if self.form is not None:
            words += ["--form", f"'{self.form.value}'"]
        return " ".join(words)

    def questions(self, known: Sequence[KnownQuestion]) -> list[KnownQuestion]:
        """Return the questions to ask, of the half and in the form; raises QuestionFileError."""
        check_ids_differ(known)
        chosen = in_half(known, self.half, self.limit, path=self.data)
        if self.form is None:
            return chosen
        return [altered(question, ALTERATIONS[self.form]) for question in chosen]
