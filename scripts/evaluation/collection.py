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
    """Distinct contexts and the articles that they stand in: ids and titles by context.

    An article is one context, or the contexts of one title as its paragraphs.
    """

    article_ids: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, questions: Iterable[KnownQuestion], *, whole_articles: bool = False
    ) -> "Collection":
        """Return the collection of all contexts of the questions, in their first order.

        With `whole_articles` the contexts of one title are one article, else each is its own, as
        are those without a title.
        """
        collection = cls()
        numbers: dict[str, int] = {}
        for question in questions:
            title = question.title
            if question.context not in collection.article_ids:
                numbers[title] = number = numbers.get(title, 0) + 1
                own = f"{title}/{number}"
                collection.article_ids[question.context] = (title or own) if whole_articles else own
                collection.titles[question.context] = title
        return collection

    def write(self, path: Path) -> None:
        """Write the articles as JSON lines, which `quoth index` reads."""
        with path.open("w", encoding="utf-8") as file:
            for article_id, paragraphs in self._paragraphs().items():
                title = self.titles[paragraphs[0]].replace("_", " ")
                article = {
                    "id": article_id,
                    "title": title or None,
                    "text": "\n\n".join(paragraphs),
                }
                file.write(json.dumps(article, ensure_ascii=False) + "\n")

    def _paragraphs(self) -> dict[str, list[str]]:
        paragraphs: dict[str, list[str]] = {}
        for context, article_id in self.article_ids.items():
            paragraphs.setdefault(article_id, []).append(context)
        return paragraphs

    def under_titles(self, titles: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the articles under any of the titles."""
        wanted = set(titles)
        return tuple(i for context, i in self.article_ids.items() if self.titles[context] in wanted)
