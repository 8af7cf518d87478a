"""What our responses hold besides OpenAI's fields: the full citations, and what was asked."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from api.links import SourceLinks, deep_link
from api.responses import ArticleReference, CitationBody, SentenceRange, answer_bodies
from qa.answers import Citation, Outcome
from qa.deciding.agreement import Agreement


class ReadingBody(BaseModel):
    """A sentence that is offered to read; all offsets are code points of the article's text."""

    article: ArticleReference
    quote: str
    sentence: SentenceRange
    offset_unit: str = "codepoint"
    deep_link: str | None
    viewer_link: str
    page: int | None = None

    @classmethod
    def of(cls, citation: Citation, links: SourceLinks) -> "ReadingBody":
        """Render a citation without an answer."""
        return cls(
            article=ArticleReference.of(citation.article),
            quote=citation.quote,
            sentence=SentenceRange.of(citation.sentence),
            deep_link=deep_link(citation),
            viewer_link=links.viewer_of(citation),
            page=citation.page,
        )


class Records(BaseModel):
    """Fields of Quoth's own; clients that do not know them ignore them."""

    answered: bool
    confidence: float | None = Field(description="Of the first answer; null without one.")
    asked: str = Field(description="The question as it was asked, completed from earlier turns.")
    citations: list[CitationBody] = Field(description="As in /v1/ask; [1] is the first.")
    reading: list[ReadingBody] = Field(description="Where nothing answers; [1] is the first.")
    agreement: Agreement | None = Field(description="As in /v1/ask; null without answers.")
    note: str | None = Field(description="As in /v1/ask: why no quotation can answer.")
    generation: str


def records_of(
    outcome: Outcome, reading: Sequence[Citation], *, generation: str, links: SourceLinks
) -> Records:
    """Return the full records behind an answer's text."""
    answers = answer_bodies(outcome.answers, link_of=links.viewer_of)
    return Records(
        answered=outcome.answered,
        confidence=answers[0].confidence if answers else None,
        asked=outcome.asked or outcome.question,
        citations=[citation for answer in answers for citation in answer.citations],
        reading=[ReadingBody.of(citation, links) for citation in reading],
        agreement=outcome.agreement,
        note=outcome.note,
        generation=generation,
    )
