"""An article survives being a row of SQLite."""

import sqlite3
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from index.record.article_rows import (
    COLUMN_DEFINITIONS,
    COLUMN_LIST,
    COLUMNS,
    PLACEHOLDERS,
    from_row,
    to_row,
)
from qa.values import Article, Json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ARTICLES = st.builds(
    Article,
    article_id=TEXT.filter(bool),
    title=TEXT,
    text=TEXT,
    url=st.none() | TEXT,
    published=st.none() | st.dates(),
    authors=NAMES,
    source=st.none() | TEXT,
    language=st.none() | TEXT,
    tags=NAMES,
    metadata=st.dictionaries(TEXT, JSON, max_size=3),
)


def test_a_row_has_a_value_for_every_column() -> None:
    article = Article(
        "a", "T", "X", "u", date(2021, 1, 2), ("É",), "s", "en", ("t", "u"), {"b": 1, "a": None}
    )
    expected = {
        "article_id": "a",
        "title": "T",
        "text": "X",
        "url": "u",
        "published": "2021-01-02",
        "authors": '["É"]',
        "source": "s",
        "language": "en",
        "tags": '["t", "u"]',
        "metadata": '{"a": null, "b": 1}',
    }
    assert dict(zip(COLUMNS, to_row(article), strict=True)) == expected


@settings(max_examples=150)
@given(ARTICLES)
def test_an_article_comes_back_from_the_database_as_it_was(article: Article) -> None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"CREATE TABLE articles ({COLUMN_DEFINITIONS}) STRICT")
        connection.execute(
            f"INSERT INTO articles ({COLUMN_LIST}) VALUES ({PLACEHOLDERS})", to_row(article)
        )
        row = connection.execute(f"SELECT {COLUMN_LIST} FROM articles").fetchone()
    finally:
        connection.close()
    assert from_row(row) == article
