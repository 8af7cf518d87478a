"""An article as a row of SQLite; the record and every generation keep articles in the same form."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from qa.values import Article

COLUMNS = (
    "article_id",
    "title",
    "text",
    "url",
    "published",
    "authors",
    "source",
    "language",
    "tags",
    "metadata",
)
COLUMN_LIST = ", ".join(COLUMNS)
PLACEHOLDERS = ", ".join("?" for _ in COLUMNS)

COLUMN_DEFINITIONS = """
    article_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    url TEXT,
    published TEXT,
    authors TEXT NOT NULL,
    source TEXT,
    language TEXT,
    tags TEXT NOT NULL,
    metadata TEXT NOT NULL
"""

Row = tuple[str, str, str, str | None, str | None, str, str | None, str | None, str, str]


def to_row(article: Article) -> Row:
    """Return the values of `COLUMNS` for an article."""
    return (
        article.article_id,
        article.title,
        article.text,
        article.url,
        None if article.published is None else article.published.isoformat(),
        json.dumps(article.authors, ensure_ascii=False),
        article.source,
        article.language,
        json.dumps(article.tags, ensure_ascii=False),
        json.dumps(dict(article.metadata), ensure_ascii=False, sort_keys=True),
    )


def from_row(row: Row) -> Article:
    """Return the article that `to_row` made the row from."""
    article_id, title, text, url, published, authors, source, language, tags, metadata = row
    return Article(
        article_id,
        title,
        text,
        url=url,
        published=None if published is None else date.fromisoformat(published),
        authors=tuple(json.loads(authors)),
        source=source,
        language=language,
        tags=tuple(json.loads(tags)),
        metadata=json.loads(metadata),
    )


def content_sha256(row: Sequence[str | None]) -> bytes:
    """Return the digest of all that a row says: equal digests are the same article, unchanged."""
    return hashlib.sha256(json.dumps(list(row), ensure_ascii=False).encode()).digest()
