"""The tables of a generation: articles, sentences and passages, written once and then only read."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.article_rows import COLUMN_DEFINITIONS, COLUMN_LIST, PLACEHOLDERS, from_row, to_row
from index.vectors import PassageIds
from qa.errors import ArticleNotFoundError
from qa.filters import Filters
from qa.values import Article, Passage, Sentence

_SCHEMA = f"""
CREATE TABLE articles (article_row INTEGER PRIMARY KEY, {COLUMN_DEFINITIONS}) STRICT;
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


class Tables:
    """Reads the tables of a published generation; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._article_at = lru_cache(maxsize=_CACHED_ARTICLES)(self._read_article)

    def close(self) -> None:
        """Close the database; the tables must not be used afterwards."""
        with self._lock:
            self._connection.close()

    def article(self, article_id: str) -> Article:
        """Return an article; raises ArticleNotFoundError if there is none with this id."""
        rows = self._select("SELECT article_row FROM articles WHERE article_id = ?", [article_id])
        if not rows:
            raise ArticleNotFoundError(article_id)
        return self._article_at(rows[0][0])

    def articles(self, *, after: str | None, limit: int) -> list[Article]:
        """Return at most `limit` articles in the order of their ids, beginning behind `after`."""
        rows = self._select(
            "SELECT article_row FROM articles WHERE ? IS NULL OR article_id > ? "
            "ORDER BY article_id LIMIT ?",
            [after, after, limit],
        )
        return [self._article_at(row) for (row,) in rows]

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        """Return the sentences of an article that share a character with `[start, end)`."""
        rows = self._select(
            "SELECT sentence, first, last FROM sentences JOIN articles USING (article_row) "
            "WHERE article_id = ? AND first < ? AND last > ? ORDER BY sentence",
            [article_id, end, start],
        )
        return [Sentence(*row) for row in rows]

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Return the passages with these ids, in the order of the ids.

        Raises KeyError if one is missing, which means that the generation contradicts itself.
        """
        marks = ", ".join("?" for _ in passage_ids)
        rows = self._select(
            "SELECT passage_id, article_row, first, last FROM passages "
            f"WHERE passage_id IN ({marks})",
            list(passage_ids),
        )
        found = {}
        for passage_id, article_row, first, last in rows:
            found[passage_id] = _passage(self._article_at(article_row), passage_id, first, last)
        return [found[passage_id] for passage_id in passage_ids]

    def articles_with_passages(self) -> Iterator[tuple[int, Article, list[Passage]]]:
        """Yield (article row, article, its passages in order) for all articles."""
        last_row = self._select("SELECT coalesce(max(article_row), 0) FROM articles", [])[0][0]
        for article_row in range(1, last_row + 1):
            article = self._read_article(article_row)
            rows = self._select(
                "SELECT passage_id, first, last FROM passages WHERE article_row = ? ORDER BY first",
                [article_row],
            )
            yield (
                article_row,
                article,
                [_passage(article, passage_id, first, last) for passage_id, first, last in rows],
            )

    def article_rows(self, filters: Filters) -> list[int]:
        """Return the rows of the articles that pass all filters, ascending."""
        conditions, values = _conditions(filters)
        rows = self._select(
            f"SELECT article_row FROM articles WHERE {' AND '.join(conditions)} ORDER BY 1", values
        )
        return [row for (row,) in rows]

    def passage_ids(self, article_rows: Sequence[int] | None = None) -> PassageIds:
        """Return the ids of all passages, or of those of some articles, ascending."""
        if article_rows is None:
            rows = self._select("SELECT passage_id FROM passages ORDER BY 1", [])
        else:
            rows = self._select(
                "SELECT passage_id FROM passages WHERE article_row IN "
                "(SELECT value FROM json_each(?)) ORDER BY 1",
                [str(list(article_rows))],
            )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def counts(self) -> tuple[int, int, int]:
        """Return how many articles, sentences and passages there are."""
        tables = ("articles", "sentences", "passages")
        articles, sentences, passages = (
            int(self._select(f"SELECT count(*) FROM {table}", [])[0][0]) for table in tables
        )
        return articles, sentences, passages

    def _read_article(self, article_row: int) -> Article:
        query = f"SELECT {COLUMN_LIST} FROM articles WHERE article_row = ?"
        return from_row(self._select(query, [article_row])[0])

    def _select(self, query: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _passage(article: Article, passage_id: int, start: int, end: int) -> Passage:
    return Passage(passage_id, article.article_id, start, end, article.text[start:end])


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
