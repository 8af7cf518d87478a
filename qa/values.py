"""The values that travel along both roads: articles, and their sentences and passages.

Every `start` and `end` counts Unicode code points of the article's stored text, half-open:
`article.text[start:end]` is the piece that is meant.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Article:
    """One source document: its stored text, which all offsets refer to, and what is known of it."""

    article_id: str
    title: str
    text: str
    url: str | None = None
    published: date | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.article_id:
            raise ValueError("an article needs an id that is not empty")

    @property
    def heading(self) -> str:
        """What stands above the text: title, date, authors and source."""
        day = self.published.isoformat() if self.published else ""
        return ". ".join(filter(None, [self.title, day, *self.authors, self.source]))

    @property
    def with_heading(self) -> str:
        """The text below the heading."""
        return f"{self.heading}\n{self.text}"

    @property
    def sha256(self) -> str:
        """Hex digest of the stored text in UTF-8: a citation is valid as long as it is the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, the `index`-th one (from 0) in reading order."""

    index: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(
                f"sentence {self.index} has the empty range [{self.start}, {self.end})"
            )


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text of one article, short enough for the encoder and the reader.

    `article` is the one it was cut from, if that is at hand.
    """

    passage_id: int
    article_id: str
    start: int
    end: int
    text: str
    article: Article | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text):
            raise ValueError(
                f"passage {self.passage_id} says it covers [{self.start}, {self.end}), "
                f"but its text has {len(self.text)} characters"
            )

    @property
    def with_heading(self) -> str:
        """The text below its article's heading."""
        return self.text if self.article is None else f"{self.article.heading}\n{self.text}"
