"""Question sets as collections of articles, and the parts that titles are divided into."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from scripts.evaluation.question_file import KnownQuestion, QuestionFileError, sampled


class Half(StrEnum):
    """Which titles' questions to look at."""

    ALL = "all"
    CALIBRATION = "calibration"
    REPORT = "report"

    def holds(self, title: str) -> bool:
        """Return whether questions under this title belong to it."""
        if self is Half.ALL:
            return True
        return in_calibration_half(title) is (self is Half.CALIBRATION)


def in_calibration_half(title: str) -> bool:
    """Return whether questions under this title may decide thresholds; the others only report.

    A hash of the title decides, so that a title stands on the same side in every set.
    """
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 0


def in_half(
    known: Sequence[KnownQuestion], half: Half, limit: int | None, *, path: Path
) -> list[KnownQuestion]:
    """Return the questions of the half, of more than `limit` a sample drawn with a fixed seed.

    Raises QuestionFileError, which names their file, if there are none.
    """
    chosen = [question for question in known if half.holds(question.title)]
    if not chosen:
        raise QuestionFileError(f"{path} has no question in the half {half.value!r} of the titles")
    return sampled(chosen, limit)


def is_left_out(title: str) -> bool:
    """Return whether articles of this title are left out where half of them are to be missing.

    Another byte of the hash decides than for the halves: each half has titles of both kinds.
    """
    return hashlib.sha256(title.encode()).digest()[1] % 2 == 0


@dataclass(frozen=True, slots=True)
class Collection:
    """Distinct contexts as articles, one each: `article_ids` by context, `titles` by context."""

    article_ids: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, questions: Iterable[KnownQuestion]) -> "Collection":
        """Return the collection of all contexts of the questions, in their first order."""
        collection = cls()
        numbers: dict[str, int] = {}
        for question in questions:
            if question.context not in collection.article_ids:
                numbers[question.title] = number = numbers.get(question.title, 0) + 1
                collection.article_ids[question.context] = f"{question.title}/{number}"
                collection.titles[question.context] = question.title
        return collection

    def write(self, path: Path) -> None:
        """Write the articles as JSON lines, which `quoth index` reads."""
        with path.open("w", encoding="utf-8") as file:
            for context, article_id in self.article_ids.items():
                title = self.titles[context].replace("_", " ")
                article = {"id": article_id, "title": title or None, "text": context}
                file.write(json.dumps(article, ensure_ascii=False) + "\n")

    def under_titles(self, titles: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the articles under any of the titles."""
        wanted = set(titles)
        return tuple(i for context, i in self.article_ids.items() if self.titles[context] in wanted)
