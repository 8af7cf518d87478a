"""W3C Web Annotations: the cited sentences as marks on the articles that they are from.

Shape: Web Annotation Data Model (W3C Recommendation, 23 February 2017), an Annotation Collection
with its one page inside. Positions are code points, as the model demands ("not in terms of code
units"), of the article's stored text: `target.state` names the copy that has it. Our other fields
are not here: the model's context does not know them.
"""

import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.links import SourceLinks, web_address
from api.replies.cited_reply import CitedReply, Source

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = "application/ld+json"
PROFILE = f'{MEDIA_TYPE}; profile="{CONTEXT}"'

Context = Annotated[Literal["http://www.w3.org/ns/anno.jsonld"], Field(alias="@context")]


class QuoteSelector(BaseModel):
    """The quote, and the text around it."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class PositionSelector(BaseModel):
    """The same by code points, half-open."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class StoredCopy(BaseModel):
    """Where the text is that the positions count in."""

    type: Literal["TimeState"] = "TimeState"
    cached: str


class AnnotationTarget(BaseModel):
    """A sentence of an article; either selector alone selects it."""

    type: Literal["SpecificResource"] = "SpecificResource"
    source: str = Field(description="The article, where it is on the web, or else in our viewer.")
    state: StoredCopy
    selector: list[QuoteSelector | PositionSelector] = Field(min_length=2, max_length=2)

    @classmethod
    def of(cls, source: Source, links: SourceLinks) -> "AnnotationTarget":
        """Render what a source quotes."""
        citation = source.citation
        stored, _, _ = links.viewer(citation).partition("#")
        return cls(
            source=web_address(citation.article.url) or stored,
            state=StoredCopy(cached=stored),
            selector=[
                QuoteSelector(exact=citation.quote, prefix=citation.prefix, suffix=citation.suffix),
                PositionSelector(start=citation.sentence.start, end=citation.sentence.end),
            ],
        )


class AnnotationBody(BaseModel):
    """The question, or the answer that replies to it."""

    type: Literal["TextualBody"] = "TextualBody"
    purpose: Literal["questioning", "replying"]
    format: Literal["text/plain"] = "text/plain"
    value: str


class WebAnnotation(BaseModel):
    """A citation: the sentence is marked, because it answers the question so."""

    id: str
    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["highlighting"] = "highlighting"
    body: list[AnnotationBody]
    target: AnnotationTarget

    @classmethod
    def of(cls, source: Source, reply: CitedReply) -> "WebAnnotation":
        """Render a source of an answer; the same citation of the same question has the same id."""
        question, citation = reply.outcome.question, source.citation
        name = "\n".join([source.url, citation.article.sha256, question, citation.answer])
        return cls(
            id=_urn(name),
            body=[
                AnnotationBody(purpose="questioning", value=question),
                AnnotationBody(purpose="replying", value=citation.answer),
            ],
            target=AnnotationTarget.of(source, reply.links),
        )


class AnnotationPage(BaseModel):
    """All annotations, best first."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    id: str
    type: Literal["AnnotationPage"] = "AnnotationPage"
    start_index: int = Field(0, alias="startIndex")
    items: list[WebAnnotation]


class AnnotationCollection(BaseModel):
    """What answers a question; without a page where nothing does."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    context: Context = "http://www.w3.org/ns/anno.jsonld"
    id: str
    type: Literal["AnnotationCollection"] = "AnnotationCollection"
    label: str = Field(description="The question.")
    total: int
    first: AnnotationPage | None = Field(None, exclude_if=lambda page: page is None)

    @classmethod
    def of(cls, reply: CitedReply) -> "AnnotationCollection":
        """Render a reply; what is only offered to read marks nothing."""
        outcome = reply.outcome
        cited = reply.sources if outcome.answers else ()
        items = [WebAnnotation.of(source, reply) for source in cited]
        collection_id = _urn(
            f"{reply.links.base_url}\n{reply.records.generation}\n{outcome.question}"
        )
        first = AnnotationPage(id=f"{collection_id}#first", items=items) if items else None
        return cls(id=collection_id, label=outcome.question, total=len(items), first=first)


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
