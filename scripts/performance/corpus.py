"""What is asked, and the articles that it is asked of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.evaluation.collection import Collection, Half
from scripts.evaluation.question_file import KnownQuestion, read_questions, sampled
from scripts.performance.service import ROOT, BenchmarkError

SEEDS = ROOT / "seeds"
SEED_QUESTIONS = ROOT / "tests" / "data" / "seed_questions.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the texts of its right answers; none where the corpus does not answer."""

    text: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles to index, the questions to ask of them, and both in words."""

    source: Path
    asked: tuple[Asked, ...]
    described: str


def seed_corpus() -> Corpus:
    """Return the seed article with its known questions."""
    rows = [json.loads(line) for line in SEED_QUESTIONS.read_text(encoding="utf-8").splitlines()]
    asked = tuple(Asked(row["question"], tuple(row["answers"])) for row in rows)
    return Corpus(SEEDS, asked, f"the seed article and its {len(asked)} known questions")


def corpus_of_sets(
    data: Path,
    distractors: Sequence[Path],
    folder: Path,
    *,
    questions: int,
    contexts: int | None,
) -> Corpus:
    """Write the contexts of question sets as articles into `folder`, and choose what to ask.

    All contexts of `data` are in it; those of `distractors` follow until there are `contexts`
    (None: all of them). Of the questions of `data` under titles that thresholds were not fitted
    on, a sample with a fixed seed is asked. Raises BenchmarkError if there are none.
    """
    known = read_questions(data)
    rows = [*known, *(question for path in distractors for question in read_questions(path))]
    collection = Collection.of(first_contexts(rows, contexts))
    source = folder / "collection.jsonl"
    collection.write(source)
    fair = [one for one in known if Half.REPORT.holds(one.title)]
    chosen = sampled([one for one in fair if one.context in collection.article_ids], questions)
    if not chosen:
        raise BenchmarkError(
            f"{data} has no question to ask: none of its articles has a title in the half "
            f"{Half.REPORT.value!r}"
        )
    asked = tuple(Asked(one.question, tuple(one.references)) for one in chosen)
    names = " and ".join(path.name.partition(".")[0] for path in (data, *distractors))
    return Corpus(source, asked, f"the contexts of {names}; {len(asked)} questions of the first")


def first_contexts(rows: Sequence[KnownQuestion], contexts: int | None) -> list[KnownQuestion]:
    """Return the rows whose context is among the first `contexts` distinct ones; None is all."""
    first: dict[str, None] = {}
    for row in rows:
        if len(first) == contexts:
            break
        first[row.context] = None
    return [row for row in rows if row.context in first]
