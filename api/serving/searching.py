"""Searching: from a question to the passages that bear on it, without reading them."""

from api.responses import PassageBody, SearchResponse
from api.serving.seen import note_shown
from api.serving.serving import Serving
from qa.question import Question


def search(question: Question, serving: Serving) -> SearchResponse:
    """Return the passages that retrieval finds, best first, `question.passages` at most."""
    retrieval = serving.retriever.retrieve(
        question.text, filters=question.filters, limit=question.passages
    )
    found = retrieval.passages
    note_shown(item.passage.article_id for item in found)
    return SearchResponse(
        question=question.text,
        asked=None if retrieval.asked == question.text else retrieval.asked,
        passages=[
            PassageBody.of(item, serving.generation.article(item.passage.article_id))
            for item in found
        ],
        generation=serving.generation.name,
    )
