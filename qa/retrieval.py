"""What finding passages means to the question's road, and how two rankings become one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.filters import Filters
from qa.values import Article, Passage, Sentence

# Cormack, Clarke & Büttcher 2009: a document scores the sum of 1 / (k + rank) over the rankings.
RRF_K = 60


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage with the evidence that it bears on the question.

    Ranks count from 1 and are None where that retriever did not find the passage. `cosine` is
    the similarity of question and passage, -1 to 1. `keyword_score` is BM25, at least 0,
    and `keyword_share` is what part it is of the question's best one, 0 to 1. `fused_score` is
    what passages are ordered by.
    """

    passage: Passage
    fused_score: float
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_share: float
    keyword_rank: int | None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for a question, best first, and the question in the spelling it was asked in.

    `asked` has misspelt words as the articles spell them.
    """

    asked: str
    passages: list[RetrievedPassage]


class Retriever(Protocol):
    """Finds passages for a question."""

    def retrieve(self, question: str, *, filters: Filters, limit: int) -> Retrieval:
        """Return at most `limit` passages, best first; an empty index gives none."""
        ...


class ArticleStore(Protocol):
    """Gives the articles and sentences that passages were cut from."""

    def article(self, article_id: str) -> Article:
        """Return an article; raises ArticleNotFoundError if there is none with this id."""
        ...

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        """Return the sentences that share a character with `[start, end)`, in order."""
        ...


def fuse(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Return (id, score) by reciprocal rank fusion, best first, equal scores by id."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
