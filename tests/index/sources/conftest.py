"""Fixtures for the tests of reading source files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.sources import Skipped, SourceFile, read_articles
from qa.values import Article


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Article | Skipped]]:
    """A function that writes a file and reads it back; module-wide, as property tests need it."""
    folder: Path = tmp_path_factory.mktemp("sources")

    def write_and_read(
        name: str, content: str | bytes, *, max_article_bytes: int = 10_000
    ) -> list[Article | Skipped]:
        path = folder / Path(name).name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(
            read_articles(SourceFile(path=path, name=name), max_article_bytes=max_article_bytes)
        )

    return write_and_read
