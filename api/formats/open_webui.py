"""Open WebUI's message: `content` with marks, and `sources`.

Open WebUI shows the mark [n] as a link to the n-th different source. It tells sources apart by
`metadata.source`, and takes an address that stands there for the name too: ours are c1, c2, ...,
one a mark, and the address is `source_url`. There are no `distances`: they are shown as relevance,
and a confidence is something else. `start` and `end` are code points of the article's text.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.replies.cited_reply import CitedReply, Source
from qa.pages import page_of


class OpenWebUiName(BaseModel):
    """Which source it is."""

    id: str
    name: str
    url: str


class OpenWebUiMetadata(BaseModel):
    """About the document of the same place in the list."""

    source: str
    name: str
    source_url: str
    article_id: str
    published: date | None = Field(None, exclude_if=lambda value: value is None)
    start: int
    end: int
    page: int | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="From 0, as Open WebUI counts: it shows one more.",
    )


class OpenWebUiSource(BaseModel):
    """A source with its sentences, one a document."""

    source: OpenWebUiName
    document: list[str]
    metadata: list[OpenWebUiMetadata]

    @classmethod
    def of(cls, source: Source) -> "OpenWebUiSource":
        """Render a source."""
        citation = source.citation
        context = citation.context
        sentences = [*([] if context is None else [context.sentence]), citation.sentence]
        pages = [page_of(citation.article, sentence.start) for sentence in sentences]
        metadata = [
            OpenWebUiMetadata(
                source=source.source_id,
                name=source.title,
                source_url=source.url,
                article_id=citation.article.article_id,
                published=citation.article.published,
                start=sentence.start,
                end=sentence.end,
                page=None if page is None else page - 1,
            )
            for sentence, page in zip(sentences, pages, strict=True)
        ]
        name = OpenWebUiName(id=source.source_id, name=source.title, url=source.url)
        return cls(source=name, document=source.sentences, metadata=metadata)


class OpenWebUiMessage(BaseModel):
    """A message as Open WebUI keeps it."""

    role: Literal["assistant"] = "assistant"
    content: str
    sources: list[OpenWebUiSource]

    @classmethod
    def of(cls, reply: CitedReply) -> "OpenWebUiMessage":
        """Render a reply; where nothing answers, its sources are offered as reading."""
        sources = [OpenWebUiSource.of(source) for source in reply.sources]
        return cls(content=reply.text.text, sources=sources)
