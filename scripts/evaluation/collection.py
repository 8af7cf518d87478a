"""Question sets as collections of articles, and their two halves."""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from scripts.evaluation.question_file import KnownQuestion


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


def write_collection(questions: Iterable[KnownQuestion], path: Path) -> None:
    """Write an article a title, of all distinct contexts under it, in their first order."""
    contexts: dict[str, dict[str, None]] = {}
    for question in questions:
        contexts.setdefault(question.title, {})[question.context] = None
    with path.open("w", encoding="utf-8") as file:
        for title, texts in contexts.items():
            article = {"id": title, "title": title.replace("_", " "), "text": "\n\n".join(texts)}
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
