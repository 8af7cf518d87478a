"""Hybrid retrieval: dense and keyword rankings of one generation, fused."""

from array import array
from collections.abc import Sequence
from functools import lru_cache, partial

from index.encoding.encoder import QuestionEncoder
from index.generation.generation import Generation
from index.generation.layers import LayeredTables
from index.passage_rows import PassageIds
from index.spelling import spelled_as_indexed
from qa.filters import Filters
from qa.reading.spelling import whole_in
from qa.retrieval import Retrieval, RetrievedPassage, fuse

# Each can take some 10 bytes a passage.
_FILTERS_KEPT = 4


class HybridRetriever:
    """Searches one generation by meaning and by words."""

    def __init__(
        self, generation: Generation, encoder: QuestionEncoder, *, depth: int = 100
    ) -> None:
        """`depth` is how many hits of each ranking are fused."""
        self._generation = generation
        self._encoder = encoder
        self._is_common = whole_in(encoder.tokenizer)
        self._depth = depth
        # What is deleted later makes another generation, and that another retriever.
        self._within = lru_cache(_FILTERS_KEPT)(partial(_within, generation.tables))

    def retrieve(self, question: str, *, filters: Filters, limit: int) -> Retrieval:
        """Return at most `limit` passages of articles that pass the filters, best first.

        Misspelt words are searched as the articles spell them.
        """
        generation = self._generation
        rows, allowed = (None, None) if filters.is_empty else self._within(filters)
        asked = spelled_as_indexed(
            question, generation, is_common=self._is_common, article_rows=rows
        )
        vector = self._encoder.encode_question(asked)
        depth = max(self._depth, limit)
        dense = generation.vectors.search(vector, limit=depth, allowed=allowed)
        keyword = generation.keywords.search(asked, limit=depth, article_rows=rows)
        fused = fuse([[i for i, _ in dense], [i for i, _ in keyword]])[:limit]
        ids = [passage_id for passage_id, _ in fused]
        dense_ranks = {passage_id: rank for rank, (passage_id, _) in enumerate(dense, start=1)}
        keyword_ranks = {passage_id: rank for rank, (passage_id, _) in enumerate(keyword, start=1)}
        keyword_scores = dict(keyword)
        best = max(keyword_scores.values(), default=0.0)
        passages = generation.tables.passages(ids)
        cosines = generation.vectors.cosines(vector, ids)
        found = [
            RetrievedPassage(
                passage,
                fused_score,
                cosine,
                dense_ranks.get(passage_id),
                keyword_scores.get(passage_id, 0.0),
                keyword_scores[passage_id] / best if passage_id in keyword_scores else 0.0,
                keyword_ranks.get(passage_id),
            )
            for passage, cosine, (passage_id, fused_score) in zip(
                passages, cosines, fused, strict=True
            )
        ]
        return Retrieval(asked, found)


def _within(tables: LayeredTables, filters: Filters) -> tuple[Sequence[int], PassageIds]:
    """Return the rows of the articles that pass the filters, and the ids of their passages."""
    rows = array("q", tables.article_rows(filters))
    return rows, tables.passage_ids(rows)
