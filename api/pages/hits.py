"""The places in the articles that a question led to, in the order of the ask page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answers import Outcome
from qa.values import Passage

_NEAREST = 3
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A quote, and the answers that stand in it; ranges count code points of the article's text."""

    article_id: str
    quote: Range
    answers: tuple[Range, ...] = ()


def nearest_passages(outcome: Outcome) -> list[Passage]:
    """Return the few passages that bear most on the question, whether they answer or not."""
    if outcome.explanation is None:
        return []
    return [step.found.passage for step in outcome.explanation.passages[:_NEAREST]]


def hits_of(outcome: Outcome) -> list[Hit]:
    """Return the cited sentences, or the nearest passages where there is no answer.

    A sentence that holds several answers is one hit.
    """
    hits: dict[tuple[str, Range], Hit] = {}
    for answer in outcome.answers:
        for citation in answer.citations:
            article_id = citation.article.article_id
            quote = (citation.sentence.start, citation.sentence.end)
            hit = hits.setdefault((article_id, quote), Hit(article_id, quote))
            inner = (citation.answer_start, citation.answer_end)
            hits[article_id, quote] = replace(hit, answers=(*hit.answers, inner))
    if hits:
        return list(hits.values())
    return [Hit(p.article_id, (p.start, p.end)) for p in nearest_passages(outcome)]


def place_of(hits: Sequence[Hit], article_id: str, quote: Range | None) -> int | None:
    """Return which hit this quote of an article is, from 0, or None if it is none of them."""
    places = (
        place
        for place, hit in enumerate(hits)
        if hit.article_id == article_id and hit.quote == quote
    )
    return next(places, None)
