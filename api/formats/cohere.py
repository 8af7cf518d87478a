"""Cohere's chat response, version 2, with citations.

Shape: `V2ChatResponse` of the `cohere` package. `message.content[0].text[start:end] == text` for
each citation: half-open, in code points, as its Python package slices (the package names no unit).
The text is Markdown, and so is what is cited of it; the documents have the words as they are.
"""

import uuid
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.replies.cited_reply import CitedReply, Quoted, Source


class CohereDocument(BaseModel):
    """A source sentence; `start` and `end` are code points of the article's text."""

    id: str
    title: str
    snippet: str
    context: str | None = Field(
        None, exclude_if=lambda value: value is None, description="Whom the snippet speaks of."
    )
    url: str
    article_id: str
    published: date | None = Field(None, exclude_if=lambda value: value is None)
    start: int
    end: int
    page: int | None = Field(
        None, exclude_if=lambda value: value is None, description="From 1, if it is known."
    )


class CohereSource(BaseModel):
    """Where cited words are from."""

    type: Literal["document"] = "document"
    id: str
    document: CohereDocument

    @classmethod
    def of(cls, source: Source) -> "CohereSource":
        """Render a source."""
        citation = source.citation
        document = CohereDocument(
            id=source.source_id,
            title=source.title,
            snippet=citation.quote,
            context=None if citation.context is None else citation.context.quote,
            url=source.url,
            article_id=citation.article.article_id,
            published=citation.article.published,
            start=citation.sentence.start,
            end=citation.sentence.end,
            page=citation.page,
        )
        return cls(id=source.source_id, document=document)


class CohereCitation(BaseModel):
    """Words of the text, and the sources that say them."""

    start: int
    end: int
    text: str
    sources: list[CohereSource]
    content_index: int = 0
    type: Literal["TEXT_CONTENT"] = "TEXT_CONTENT"

    @classmethod
    def of(cls, quoted: Quoted, text: str) -> "CohereCitation":
        """Render what is quoted in a text."""
        return cls(
            start=quoted.start,
            end=quoted.end,
            text=text[quoted.start : quoted.end],
            sources=[CohereSource.of(source) for source in quoted.sources],
        )


class CohereText(BaseModel):
    """The text of the answer."""

    type: Literal["text"] = "text"
    text: str


class CohereMessage(BaseModel):
    """The answer: all that is quoted in its text is cited."""

    role: Literal["assistant"] = "assistant"
    content: list[CohereText]
    citations: list[CohereCitation]


class CohereReply(BaseModel):
    """A whole answer; the same question of the same generation has the same id."""

    id: str
    finish_reason: Literal["COMPLETE"] = "COMPLETE"
    message: CohereMessage

    @classmethod
    def of(cls, reply: CitedReply) -> "CohereReply":
        """Render a reply."""
        text = reply.text.text
        message = CohereMessage(
            content=[CohereText(text=text)],
            citations=[CohereCitation.of(quoted, text) for quoted in reply.quoted()],
        )
        name = f"{reply.records.generation}\n{text}"
        return cls(id=str(uuid.uuid5(uuid.NAMESPACE_OID, name)), message=message)
