"""The tables of one part of a generation, base or delta, written once and then only read."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.generation.manifest import Counts
from index.passage_rows import PassageIds
from index.record.article_rows import (
    COLUMN_DEFINITIONS,
    COLUMN_LIST,
    PLACEHOLDERS,
    from_row,
    to_row,
)
from qa.filters import Filters
from qa.values import Article, Passage, Sentence

_SCHEMA = f"""
CREATE TABLE articles (article_row INTEGER PRIMARY KEY, {COLUMN_DEFINITIONS}) STRICT;
-- Generations of before it was there are read without it.
CREATE INDEX articles_of_source ON articles (source) WHERE source IS NOT NULL;
CREATE TABLE sentences (
    article_row INTEGER NOT NULL,
    sentence INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (article_row, sentence)
) STRICT, WITHOUT ROWID;
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY,
    article_row INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_of_article ON passages (article_row);
CREATE TABLE hidden (article_row INTEGER PRIMARY KEY) STRICT;
CREATE TABLE tags (tag TEXT NOT NULL, article_row INTEGER NOT NULL,
    PRIMARY KEY (tag, article_row)) STRICT, WITHOUT ROWID;
"""
_CACHED_ARTICLES = 256


class TableWriter:
    """Writes the tables of a new generation; use as a context manager, which commits."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        # Nothing is lost if a half-written generation is: it is never published.
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_SCHEMA}"
        )

    def __enter__(self) -> "TableWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        self._connection.close()

    def add(
        self,
        article_row: int,
        article: Article,
        sentences: Sequence[Sentence],
        passages: Sequence[Passage],
    ) -> None:
        """Write one article with its parts; sqlite3.IntegrityError means an id stands twice."""
        execute, executemany = self._connection.execute, self._connection.executemany
        execute(
            f"INSERT INTO articles (article_row, {COLUMN_LIST}) VALUES (?, {PLACEHOLDERS})",
            (article_row, *to_row(article)),
        )
        executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?)",
            ((article_row, s.index, s.start, s.end) for s in sentences),
        )
        executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            ((p.passage_id, article_row, p.start, p.end) for p in passages),
        )
        executemany(
            "INSERT INTO tags VALUES (?, ?)", ((tag, article_row) for tag in set(article.tags))
        )

    def hide(self, base_rows: Sequence[int]) -> None:
        """Note in a delta which rows of its base it hides."""
        self._connection.executemany("INSERT INTO hidden VALUES (?)", ((row,) for row in base_rows))


class Tables:
    """Reads the tables of a published generation; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._article_at = lru_cache(maxsize=_CACHED_ARTICLES)(self.read_article)
        self._sources_but_of = lru_cache(maxsize=1)(self._read_sources)
        self._all_counts: Counts | None = None

    def close(self) -> None:
        """Close the database; the tables must not be used afterwards."""
        with self._lock:
            self._connection.close()

    def rows_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        """Return the row of each of these articles that is here, by its id."""
        rows = self._select(
            "SELECT article_id, article_row FROM articles WHERE article_id IN "
            "(SELECT value FROM json_each(?))",
            [json.dumps(list(article_ids))],
        )
        return dict(rows)

    def article_at(self, article_row: int) -> Article:
        """Return the article of a row, which must be there."""
        return self._article_at(article_row)

    def read_article(self, article_row: int) -> Article:
        """Return the article of a row as `article_at` does, without keeping it for later."""
        query = f"SELECT {COLUMN_LIST} FROM articles WHERE article_row = ?"
        return from_row(self._select(query, [article_row])[0])

    def ids_after(self, article_id: str | None, *, limit: int) -> list[tuple[str, int]]:
        """Return at most `limit` (article id, row), in the order of the ids, behind an id."""
        return self._select(
            "SELECT article_id, article_row FROM articles WHERE article_id > ? "
            "ORDER BY article_id LIMIT ?",
            ["" if article_id is None else article_id, limit],  # no id is empty
        )

    def sources(self, *, hidden: frozenset[int], limit: int) -> list[tuple[str, int]]:
        """Return (source, number of its articles not in `hidden` rows) of the `limit` largest.

        Of equal ones those that come first by name.
        """
        return self._sources_but_of(hidden, limit)

    def sentences(self, article_row: int, start: int, end: int) -> list[Sentence]:
        """Return the sentences of an article that share a character with `[start, end)`."""
        rows = self._select(
            "SELECT sentence, first, last FROM sentences "
            "WHERE article_row = ? AND first < ? AND last > ? ORDER BY sentence",
            [article_row, end, start],
        )
        return [Sentence(*row) for row in rows]

    def find_passages(self, passage_ids: Sequence[int]) -> dict[int, tuple[int, Passage]]:
        """Return (article row, passage) for each of these passages that is here, by its id."""
        marks = ", ".join("?" for _ in passage_ids)
        rows = self._select(
            "SELECT passage_id, article_row, first, last FROM passages "
            f"WHERE passage_id IN ({marks})",
            list(passage_ids),
        )
        return {
            passage_id: (row, _passage(self._article_at(row), passage_id, first, last))
            for passage_id, row, first, last in rows
        }

    def passages_of(self, article_row: int, article: Article) -> list[Passage]:
        """Return the passages of an article, in order."""
        rows = self._select(
            "SELECT passage_id, first, last FROM passages WHERE article_row = ? ORDER BY first",
            [article_row],
        )
        return [_passage(article, *row) for row in rows]

    def articles_with_passages(self) -> Iterator[tuple[int, Article, list[Passage]]]:
        """Yield (article row, article, its passages in order) for all articles, by their rows."""
        row = 0
        while found := self._select(
            "SELECT article_row FROM articles WHERE article_row > ? ORDER BY 1 LIMIT 1", [row]
        ):
            row = found[0][0]
            article = self.read_article(row)
            yield row, article, self.passages_of(row, article)

    def last_row(self) -> int:
        """Return the highest row of an article, 0 if there is none."""
        return int(self._select("SELECT coalesce(max(article_row), 0) FROM articles", [])[0][0])

    def hidden_rows(self) -> list[int]:
        """Return which rows of its base a delta hides, ascending."""
        return [row for (row,) in self._select("SELECT article_row FROM hidden ORDER BY 1", [])]

    def article_rows(self, filters: Filters) -> list[int]:
        """Return the rows of the articles that pass all filters, ascending."""
        conditions, values = _conditions(filters)
        rows = self._select(
            f"SELECT article_row FROM articles WHERE {' AND '.join(conditions)} ORDER BY 1", values
        )
        return [row for (row,) in rows]

    def passage_ids(self, article_rows: Sequence[int] | None = None) -> PassageIds:
        """Return the ids of all passages, or of those of some articles, ascending."""
        query, values = "SELECT passage_id FROM passages ORDER BY 1", []
        if article_rows is not None:
            query = (
                "SELECT passage_id FROM passages WHERE article_row IN "
                "(SELECT value FROM json_each(?)) ORDER BY 1"
            )
            values = [json.dumps(list(article_rows))]
        # Millions, as tuples in a list, would take more memory than the index.
        with self._lock:
            found = self._connection.execute(query, values)
            return np.fromiter((passage_id for (passage_id,) in found), dtype=np.int64)

    def counts(self, article_rows: Sequence[int] | None = None) -> Counts:
        """Return how much there is, in all or of some rows."""
        if article_rows is not None:
            rows = json.dumps(list(article_rows))
            return self._count("WHERE article_row IN (SELECT value FROM json_each(?))", [rows])
        if self._all_counts is None:  # counting reads every page, and all are asked for often
            self._all_counts = self._count("", [])
        return self._all_counts

    def _count(self, where: str, values: Sequence[object]) -> Counts:
        def of(table: str) -> int:
            return int(self._select(f"SELECT count(*) FROM {table} {where}", values)[0][0])

        return Counts(articles=of("articles"), sentences=of("sentences"), passages=of("passages"))

    def _read_sources(self, hidden: frozenset[int], limit: int) -> list[tuple[str, int]]:
        return self._select(
            "SELECT source, count(*) FROM articles WHERE source IS NOT NULL "
            "AND article_row NOT IN (SELECT value FROM json_each(?)) "
            "GROUP BY source ORDER BY 2 DESC, 1 LIMIT ?",
            [json.dumps(sorted(hidden)), limit],
        )

    def _select(self, query: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _passage(article: Article, passage_id: int, start: int, end: int) -> Passage:
    text = article.text[start:end]
    return Passage(passage_id, article.article_id, start, end, text, article)


def _conditions(filters: Filters) -> tuple[list[str], list[object]]:
    tests: list[tuple[str, object | None]] = [
        ("published >= ?", _iso(filters.published_from)),
        ("published <= ?", _iso(filters.published_to)),
        ("source = ?", filters.source),
    ]
    conditions = [condition for condition, value in tests if value is not None]
    values: list[object] = [value for _, value in tests if value is not None]
    if filters.tags is not None:
        marks = ", ".join("?" for _ in filters.tags)
        conditions.append(f"article_row IN (SELECT article_row FROM tags WHERE tag IN ({marks}))")
        values += filters.tags
    if filters.article_ids is not None:
        conditions.append(f"article_id IN ({', '.join('?' for _ in filters.article_ids)})")
        values += filters.article_ids
    return conditions or ["TRUE"], values


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
