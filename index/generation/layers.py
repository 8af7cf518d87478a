"""A base and the delta over it, seen as one: what a delta or a deletion hides is not there.

Rows of articles are numbered through both parts, so that a row says which part it lies in.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from index.dense.dense_index import DenseIndex
from index.encoding.encoder import Vectors
from index.generation.manifest import NOTHING_HELD, Counts
from index.generation.tables import Tables
from index.passage_rows import NOTHING, PassageIds
from qa.errors import ArticleNotFoundError
from qa.filters import Filters
from qa.values import Article, Passage, Sentence

_LISTED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class LayeredTables:
    """The articles of all parts, base first, without those in `hidden` rows."""

    parts: tuple[Tables, ...]
    hidden: frozenset[int] = frozenset()

    def without(self, article_rows: Sequence[int]) -> "LayeredTables":
        """Return the same tables, in which more rows are hidden."""
        return LayeredTables(self.parts, self.hidden.union(article_rows))

    def article(self, article_id: str) -> Article:
        """Return an article; raises ArticleNotFoundError if there is none with this id."""
        tables, row = self._place(article_id)
        return tables.article_at(row)

    def rows_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        """Return the row of each of these articles that is here, by its id."""
        return {
            article_id: row
            for tables in self.parts
            for article_id, row in tables.rows_of(article_ids).items()
            if row not in self.hidden
        }

    def articles(self, *, after: str | None, limit: int) -> list[Article]:
        """Return at most `limit` articles in the order of their ids, beginning behind `after`.

        They are not kept: those that questions need stay in memory.
        """
        listings = [self._ids_after(tables, after) for tables in self.parts]
        merged = heapq.merge(*listings, key=lambda entry: entry[0])
        return [tables.read_article(row) for _, row, tables in islice(merged, limit)]

    def sources(self, *, limit: int) -> list[str]:
        """Return at most `limit` sources, those of most articles, in the order of their names."""
        articles = Counter[str]()
        for tables in self.parts:
            articles.update(dict(tables.sources(hidden=self.hidden, limit=limit)))
        return sorted(heapq.nsmallest(limit, articles, key=lambda s: (-articles[s], s)))

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        """Return the sentences of an article that share a character with `[start, end)`."""
        try:
            tables, row = self._place(article_id)
        except ArticleNotFoundError:
            return []
        return tables.sentences(row, start, end)

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Return the passages with these ids, in the order of the ids.

        Raises KeyError if one is missing, which means that the generation contradicts itself.
        """
        found = {
            passage_id: passage
            for tables in self.parts
            for passage_id, (row, passage) in tables.find_passages(passage_ids).items()
            if row not in self.hidden
        }
        return [found[passage_id] for passage_id in passage_ids]

    def cut_of(self, article: Article) -> tuple[list[Sentence], list[Passage]] | None:
        """Return the sentences and passages of the same text of the same article, if it is here."""
        try:
            tables, row = self._place(article.article_id)
        except ArticleNotFoundError:
            return None
        if tables.article_at(row).text != article.text:
            return None
        return tables.sentences(row, 0, len(article.text)), tables.passages_of(row, article)

    def articles_with_passages(self) -> Iterator[tuple[int, Article, list[Passage]]]:
        """Yield (article row, article, its passages in order) for all articles, by their rows."""
        for tables in self.parts:
            for found in tables.articles_with_passages():
                if found[0] not in self.hidden:
                    yield found

    def article_rows(self, filters: Filters) -> list[int]:
        """Return the rows of the articles that pass all filters, ascending."""
        rows = (row for tables in self.parts for row in tables.article_rows(filters))
        return [row for row in rows if row not in self.hidden]

    def passage_ids(self, article_rows: Sequence[int] | None = None) -> PassageIds:
        """Return the ids of all passages, or of those of some articles, ascending."""
        if article_rows is None:
            ids = [np.setdiff1d(part.passage_ids(), self.hidden_ids(part)) for part in self.parts]
        else:
            rows = [row for row in article_rows if row not in self.hidden]
            ids = [part.passage_ids(rows) for part in self.parts]
        return np.sort(np.concatenate(ids))

    def hidden_ids(self, tables: Tables) -> PassageIds:
        """Return the ids of the passages that are hidden in one of the parts, ascending."""
        return tables.passage_ids(sorted(self.hidden)) if self.hidden else NOTHING

    def counts(self) -> Counts:
        """Return how much can be found."""
        hidden = sorted(self.hidden)
        found = NOTHING_HELD
        for tables in self.parts:
            found = found + tables.counts() - tables.counts(hidden)
        return found

    def _place(self, article_id: str) -> tuple[Tables, int]:
        for tables in reversed(self.parts):
            row = tables.rows_of([article_id]).get(article_id)
            if row is not None and row not in self.hidden:
                return tables, row
        raise ArticleNotFoundError(article_id)

    def _ids_after(self, tables: Tables, after: str | None) -> Iterator[tuple[str, int, Tables]]:
        while ids := tables.ids_after(after, limit=_LISTED_AT_ONCE):
            for article_id, row in ids:
                if row not in self.hidden:
                    yield article_id, row, tables
            after = ids[-1][0]


@dataclass(frozen=True, slots=True)
class LayeredVectors:
    """The vectors of all parts, each with the ids, ascending, that are hidden in it.

    An article of which only the title has changed has passages of the same ids in both parts.
    """

    parts: tuple[tuple[DenseIndex, PassageIds], ...]

    @classmethod
    def of(cls, vectors: Sequence[DenseIndex], tables: LayeredTables) -> "LayeredVectors":
        """Join the vectors of the parts with what is hidden in their tables."""
        hidden = [tables.hidden_ids(part) for part in tables.parts]
        return cls(tuple(zip(vectors, hidden, strict=True)))

    @property
    def indexes(self) -> tuple[DenseIndex, ...]:
        """The vectors of the parts, base first."""
        return tuple(index for index, _ in self.parts)

    def search(
        self, vector: Vectors, *, limit: int, allowed: PassageIds | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `limit` (passage id, cosine), best first, equal cosines by id.

        A delta is searched exactly, a base as its manifest says. What is hidden is left out inside
        of the search, so that it costs no hit its place.
        """
        hits = [
            hit
            for index, hidden in self.parts
            for hit in index.search(vector, limit=limit, allowed=allowed, excluded=hidden)
        ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float]:
        """Return the inner product of `vector` with the vector of each passage in `ids`.

        Raises KeyError if an id is in no part. An id means the same text in every part.
        """
        asked = np.array(ids, dtype=np.int64)
        found = np.zeros(len(asked))
        left = np.ones(len(asked), dtype=bool)
        for index in self.indexes:
            here = left & index.holds(asked)
            found[here] = index.cosines(vector, asked[here].tolist())
            left &= ~here
        if left.any():
            raise KeyError(int(asked[left][0]))
        return [float(cosine) for cosine in found]
