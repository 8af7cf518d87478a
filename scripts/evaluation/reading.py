"""Reading measured with the passage given: exact match and F1 by the official SQuAD rules."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.language.corrections import without_corrections
from qa.reading.reader import Reader
from qa.reading.table_reading import read_with_tables
from qa.squad_metrics import exact_match, f1
from qa.values import Article, Passage
from scripts.evaluation.question_file import KnownQuestion

_TYPES = ("how many", "how much", "how", "who", "whom", "whose", "when", "where", "why", "which")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One question read: its scores (0 or 1, and 0 to 1) and the milliseconds it took."""

    question: KnownQuestion
    prediction: str
    margin: float
    exact_match: float
    f1: float
    milliseconds: float

    def abstaining_below(self, min_margin: float) -> "ReadResult":
        """Return the result of a reader that answers from this margin on, and else abstains."""
        if self.margin >= min_margin:
            return self
        references = self.question.references
        return replace(
            self,
            prediction="",
            exact_match=exact_match("", references),
            f1=f1("", references),
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over some questions, in percent."""

    count: int
    em: float
    f1: float

    @classmethod
    def of(cls, results: Iterable[ReadResult]) -> "Scores | None":
        """Return the means, or None of no results."""
        rows = list(results)
        if not rows:
            return None
        return cls(
            len(rows),
            100 * sum(row.exact_match for row in rows) / len(rows),
            100 * sum(row.f1 for row in rows) / len(rows),
        )

    def figures(self) -> dict[str, bool | int | float]:
        """Return the means by name, rounded for people."""
        return {"questions": self.count, "em": round(self.em, 2), "f1": round(self.f1, 2)}


def read_all(
    questions: Sequence[KnownQuestion],
    reader: Reader,
    *,
    min_margin: float | None,
    on_result: Callable[[], None],
) -> list[ReadResult]:
    """Read each question's own context; with `min_margin`, abstain where the margin is below it.

    As on a question's road, what a speaker takes back is not read, and tables are looked up.
    The margin is the best span's score over that of "no answer".
    """
    results = []
    for question in questions:
        began = time.perf_counter()
        meant = without_corrections(question.question)
        [spans] = read_with_tables(meant, [_passage(question)], reader)
        spent = 1000 * (time.perf_counter() - began)
        prediction, margin = "", float("-inf")
        if spans:
            margin = spans[0].margin
            prediction = question.context[spans[0].start : spans[0].end]
        result = ReadResult(
            question,
            prediction,
            margin,
            exact_match(prediction, question.references),
            f1(prediction, question.references),
            spent,
        )
        results.append(result if min_margin is None else result.abstaining_below(min_margin))
        on_result()
    return results


def _passage(question: KnownQuestion) -> Passage:
    """Return the context as the one passage of an article."""
    text = question.context
    article = Article("context", question.title, text)
    return Passage(0, article.article_id, 0, len(text), text, article)


def best_margin(results: Sequence[ReadResult]) -> float:
    """Return the margin below which abstaining gives the best F1, with the passage given."""
    results = sorted(results, key=lambda result: -result.margin)
    gains = [r.f1 - f1("", r.question.references) for r in results]
    best = int(np.argmax(np.cumsum(gains)))
    return float(np.mean([result.margin for result in results[best : best + 2]]))


def question_type(question: str) -> str:
    """Return the question word that tells what kind of answer is wanted, or "other"."""
    words = question.lower()
    for kind in _TYPES:
        if re.search(rf"\b{kind}\b", words):
            return "who" if kind in ("whom", "whose") else kind
    return "what" if re.search(r"\bwhat\b", words) else "other"
