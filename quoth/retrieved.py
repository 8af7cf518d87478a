"""What a retriever of another library says of each passage."""

from typing import TypedDict

from quoth.models import Passage


class PassageMetadata(TypedDict):
    """Where a passage is from: `article.text[start:end]` is its text, in Unicode code points.

    `published` is a day as YYYY-MM-DD, `sha256` that of the article's text, `page` where it begins
    (from 1, None where that is not known), `score` that of fused retrieval: it orders the passages
    of one question, and compares nothing else.
    """

    article_id: str
    title: str
    url: str | None
    published: str | None
    source: str | None
    sha256: str
    start: int
    end: int
    page: int | None
    score: float
    generation: str


def passage_id(passage: Passage) -> str:
    """Return an id that no other passage has while its article does not change."""
    return f"{passage.article.id}#char={passage.start},{passage.end}"


def passage_metadata(passage: Passage, *, generation: str) -> PassageMetadata:
    """Describe a passage that `generation` of the index gave."""
    article = passage.article
    return PassageMetadata(
        article_id=article.id,
        title=article.title,
        url=article.url,
        published=None if article.published is None else article.published.isoformat(),
        source=article.source,
        sha256=article.sha256,
        start=passage.start,
        end=passage.end,
        page=passage.page,
        score=passage.score,
        generation=generation,
    )
