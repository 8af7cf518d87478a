"""What the routes of articles and of the index return."""

from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.responses import ArticleReference
from index.publishing.aside import Aside, Refusal
from index.publishing.gate import ways_on
from qa.values import Article


class ArticleBody(BaseModel):
    """One article with its stored text, which all offsets refer to."""

    id: str
    title: str
    text: str
    url: str | None
    published: date | None
    authors: list[str]
    source: str | None
    language: str | None
    tags: list[str]
    metadata: dict[str, JsonValue]
    sha256: str
    generation: str

    @classmethod
    def of(cls, article: Article, *, generation: str) -> "ArticleBody":
        """Render an article."""
        return cls(
            id=article.article_id,
            title=article.title,
            text=article.text,
            url=article.url,
            published=article.published,
            authors=list(article.authors),
            source=article.source,
            language=article.language,
            tags=list(article.tags),
            metadata=dict(article.metadata),
            sha256=article.sha256,
            generation=generation,
        )


class ArticleListing(BaseModel):
    """A page of articles in the order of their ids; ask again with `after` set to `next`."""

    articles: list[ArticleReference]
    next: str | None = Field(description="Null on the last page.")
    generation: str


class Refresh(StrEnum):
    """When a write returns: once it is durable, or once it can also be asked about."""

    NO = "false"
    WAIT_FOR = "wait_for"


class WriteResult(StrEnum):
    """What a write did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


class WrittenArticle(BaseModel):
    """A write that is durable, whatever happens to the service from now on."""

    id: str
    result: WriteResult
    sequence: int = Field(description="Number of the change, which only grows.")
    searchable: bool = Field(
        description="Whether what serves holds it already; otherwise it soon does (about a second)."
    )


class BulkLine(BaseModel):
    """One line of the response for each line of the request, in order."""

    line: int = Field(description="Which line of the request, from 1; blank ones count.")
    id: str | None = None
    result: WriteResult | None = None
    sequence: int | None = None
    error: str | None = Field(None, description="Why this line was not taken, and what to change.")


class BulkSummary(BaseModel):
    """The last line of the response to a bulk request that was read to its end."""

    lines: int
    created: int
    changed: int
    unchanged: int
    failed: int
    searchable: bool


class DeltaSize(BaseModel):
    """What was changed since the base was built; folded into a new base when it gets large."""

    articles: int
    passages: int
    hidden_articles: int = Field(description="Articles of the base that are changed or gone.")


class KeptAside(BaseModel):
    """A generation that was built and not published: the quality gate has refused it."""

    generation: str
    created: str = Field(description="When it was built, in UTC.")
    articles: int
    passages: int
    refusal: Refusal | None = Field(
        description="Null while it is compared with what serves, or if that was cut short."
    )
    ways_on: str = Field(description="The commands that publish it all the same, or drop it.")

    @classmethod
    def of(cls, aside: Aside) -> "KeptAside":
        """Render what lies aside."""
        manifest = aside.manifest
        return cls(
            generation=manifest.generation,
            created=manifest.created,
            articles=manifest.counts.articles,
            passages=manifest.counts.passages,
            refusal=aside.refusal,
            ways_on=f"with DIR for the service's index directory: {ways_on(Path('DIR'))}",
        )


class IndexState(BaseModel):
    """What serves, and what the record holds beyond it."""

    generation: str
    sequence: int = Field(description="The record's sequence that the generation holds.")
    articles: int
    passages: int
    deleted: int = Field(description="Articles of the generation that were deleted since.")
    delta: DeltaSize | None
    record_sequence: int
    pending: int = Field(description="Changed articles that are not in the generation yet.")
    held: bool = Field(description="Whether changes wait since a rollback.")
    kept: list[str] = Field(description="Generations that can be gone back to, oldest first.")
    aside: KeptAside | None
    problem: str | None = Field(description="Why changes cannot be published at present.")


class RollbackBody(BaseModel):
    """`POST /v1/index/rollback`."""

    model_config = ConfigDict(extra="forbid")

    generation: str | None = Field(
        None, max_length=512, description="One of `kept`; without it the one before the current."
    )


class PointerMoved(BaseModel):
    """Which generation serves from now on; requests that run keep theirs."""

    generation: str
    held: bool
