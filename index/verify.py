"""A deep look at an index: what opening checks, and all that can be computed again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.dense.kinds import TARGET_RECALL
from index.dense.mapped import MappedIndex
from index.dense.recall import RecallTest
from index.encoding.encoder import PassageEncoder
from index.file_names import RECORD_NAME
from index.generation.folders import check_is_index, current_name, kept_names
from index.generation.generation import Generation, open_generation, open_kept
from index.record.article_rows import COLUMN_LIST, content_sha256
from index.record.database import record_cure
from index.record.deletions import open_to_read
from index.record.schema import SCHEMA_VERSION
from qa.errors import QuothError
from qa.values import Article, Passage

# The same model gives the same vector to about 3e-7 a component, and float16 rounds each by less
# than a 2048th of it; bits that flipped do not.
_SAME_COSINE = 0.9995
# The queries are the same as when it was built; sums may round otherwise on another machine.
_SAME_RECALL = 0.01


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and each fault that was found; an index without faults is sound."""

    generations: tuple[str, ...]
    articles: int
    passages: int
    vectors_compared: int
    faults: tuple[str, ...]


def verify_index(
    index_dir: Path, *, encoder: PassageEncoder | None = None, sample: int = 64
) -> Verification:
    """Check the record, every kept generation, and every offset of the one that serves.

    With an encoder, `sample` passages, the same in every run, are encoded again and compared.

    Raises IndexUnavailableError where there is no index at all.
    """
    check_is_index(index_dir)
    serving = current_name(index_dir)
    names = kept_names(index_dir)
    faults = list(_record_faults(index_dir))
    for name in names:
        if name != serving:
            try:
                open_kept(index_dir, name)
            except QuothError as error:
                faults.append(f"kept generation {name}: {error}")
    try:
        generation = open_generation(index_dir)
    except QuothError as error:
        return Verification(tuple(names), 0, 0, 0, (*faults, str(error)))
    faults += _text_faults(generation)
    faults += _recall_faults(generation)
    compared = 0
    if encoder is not None:
        compared, vector_faults = _compare_vectors(generation, encoder, sample)
        faults += vector_faults
    counts = generation.tables.counts()
    return Verification(tuple(names), counts.articles, counts.passages, compared, tuple(faults))


def _record_faults(index_dir: Path) -> Iterator[str]:
    path = index_dir / RECORD_NAME
    if not path.exists():
        if current_name(index_dir) is not None:  # else the index is empty, which opening it tells
            yield f"{path} is missing; make it from the generation with: quoth repair {index_dir}"
        return
    try:
        connection, _ = open_to_read(path)
        with closing(connection):
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
            if found != "ok":
                yield _damaged(path, found)
                return
            for article_id in _damaged_articles(connection):
                yield f"{path}: the article {article_id!r} is not what was put"
    except (sqlite3.OperationalError, QuothError, ValueError) as error:
        yield f"{path}: {error}"
    except sqlite3.Error as error:
        yield _damaged(path, str(error))


def _damaged(record: Path, problem: str) -> str:
    return f"{record} is damaged ({' '.join(problem.split())}); {record_cure(record)}"


def _damaged_articles(record: sqlite3.Connection) -> Iterator[str]:
    """Yield the ids of the articles that are not what was put, by their digests."""
    if record.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        return  # there were none in version 1
    query = f"SELECT content_sha256, {COLUMN_LIST} FROM articles ORDER BY position"
    for digest, *row in record.execute(query):
        if content_sha256(row) != digest:
            yield row[0]


def _text_faults(generation: Generation) -> Iterator[str]:
    for _, article, passages in generation.tables.articles_with_passages():
        sentences = generation.sentences(article.article_id, 0, len(article.text))
        for sentence in sentences:
            if sentence.end > len(article.text):
                yield f"article {article.article_id!r}: a sentence ends behind its text"
        for earlier, later in zip(sentences, sentences[1:], strict=False):
            if later.start < earlier.end:
                yield f"article {article.article_id!r}: sentences overlap"
        if "".join(article.text.split()) != "".join(
            "".join(article.text[s.start : s.end].split()) for s in sentences
        ):
            yield f"article {article.article_id!r}: its sentences are not its text"
        yield from _passage_faults(article, passages)


def _passage_faults(article: Article, passages: list[Passage]) -> Iterator[str]:
    covered = 0
    for passage in passages:
        if article.text[passage.start : passage.end] != passage.text:
            yield f"passage {passage.passage_id} is not a piece of {article.article_id!r}"
        if article.text[covered : max(covered, passage.start)].strip():
            yield f"article {article.article_id!r}: a part of it is in no passage"
        covered = max(covered, passage.end)
    if article.text[covered:].strip():
        yield f"article {article.article_id!r}: its end is in no passage"


def _recall_faults(generation: Generation) -> Iterator[str]:
    """Search the base for a sample of queries, as it was done when it was built."""
    base = generation.vectors.indexes[0]
    entry = generation.manifest.base.vectors
    if isinstance(base, MappedIndex) and base.finder is not None and entry.recall is not None:
        found = RecallTest(base).measure(base)
        if found.value < min(TARGET_RECALL, entry.recall.value - _SAME_RECALL):
            yield (
                f"its {entry.kind.kind} index finds {found.value:.3f} of what exact search finds, "
                f"and {entry.recall.value:.3f} when it was built"
            )


def _compare_vectors(
    generation: Generation, encoder: PassageEncoder, sample: int
) -> tuple[int, list[str]]:
    built_with = generation.manifest.encoder
    if built_with.fingerprint != encoder.fingerprint:
        return 0, [f"the index was built with encoder {built_with.name!r}; verify it with that one"]
    ids = generation.tables.passage_ids()
    count = min(sample, len(ids))
    if count == 0:
        return 0, []
    chosen = np.random.default_rng(0).choice(ids, count, replace=False).tolist()
    passages = generation.tables.passages(chosen)
    vectors = encoder.encode([passage.text for passage in passages])
    faults = [
        f"the vector of passage {passage.passage_id} of {passage.article_id!r} is not that of its "
        f"text (cosine {cosine:.4f})"
        for passage, vector in zip(passages, vectors, strict=True)
        for cosine in generation.vectors.cosines(vector, [passage.passage_id])
        if cosine < _SAME_COSINE
    ]
    return count, faults
