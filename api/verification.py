"""Verifying citations that were given before: what is sent, and what comes back."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api import examples
from api.requests import ShortText, Whole
from api.responses import AnswerRange, SentenceRange
from index.generation.generation import Generation
from qa.errors import ArticleNotFoundError
from qa.values import Article
from qa.verify import Quotation, Verdict, verify

MAX_CITATIONS = 50
# Far more than a citation has; what is longer would not fit into a body.
_LONGEST_AROUND = 1_000
# The highest number that every reader of JSON takes as it is.
LAST_OFFSET = 2**53 - 1


class _CitationPart(BaseModel):
    """A part of a citation; what else stands in it is not looked at."""

    model_config = ConfigDict(extra="ignore")


class CitedArticle(_CitationPart):
    """Which article is quoted."""

    id: ShortText
    sha256: str | None = Field(
        None,
        max_length=64,
        description="Of the text that was quoted from: it tells whether the article has changed.",
    )


class CitedSentence(_CitationPart):
    """Where the quote stood."""

    start: Whole = Field(ge=0, le=LAST_OFFSET)
    end: Whole = Field(ge=1, le=LAST_OFFSET)


class CitedAnswer(_CitationPart):
    """Where the answer stood, inside the quote."""

    text: Annotated[str, StringConstraints(min_length=1)]
    start: Whole = Field(ge=0, le=LAST_OFFSET)


class CitationToVerify(_CitationPart):
    """A citation as `/v1/ask` gave it; fields that are not named here may stand in it too."""

    id: str | None = Field(None, max_length=512, description="Comes back with the verdict.")
    article: CitedArticle
    quote: Annotated[str, StringConstraints(min_length=1)]
    sentence: CitedSentence
    answer: CitedAnswer | None = None
    prefix: str = Field("", max_length=_LONGEST_AROUND)
    suffix: str = Field("", max_length=_LONGEST_AROUND)
    offset_unit: Literal["codepoint"] = "codepoint"

    @model_validator(mode="after")
    def _the_answer_stands_in_the_quote(self) -> Self:
        if self.answer is not None:
            first = self.answer.start - self.sentence.start
            if first < 0 or not self.quote.startswith(self.answer.text, first):
                raise ValueError(
                    "the answer does not stand in the quote where its offsets say; send the "
                    "citation as it was given, or leave out the answer"
                )
        return self

    def quotation(self) -> Quotation:
        """Return what the citation claims of its article."""
        return Quotation(
            self.quote, self.sentence.start, self.sentence.end, self.prefix, self.suffix
        )


class VerifyBody(BaseModel):
    """`POST /v1/verify`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"citations": [examples.CITATION]}]}
    )

    citations: list[CitationToVerify] = Field(min_length=1, max_length=MAX_CITATIONS)


class VerifiedCitation(BaseModel):
    """What became of one citation; the ranges are those of now, null where it does not hold."""

    id: str | None
    article_id: str
    verdict: Verdict = Field(
        description="`ok`: the article says it there. `moved`: it says it elsewhere, see "
        "`sentence`; of several places that with the same text around. `stale`: it does not say "
        "it any more. `absent`: there is no such article now."
    )
    sentence: SentenceRange | None = Field(description="Where the quote stands now.")
    answer: AnswerRange | None = Field(description="Where the answer stands now, if one was sent.")
    sha256: str | None = Field(description="Of the article's text now; null where it is absent.")
    article_changed: bool | None = Field(
        description="Whether the article's text is another than the one that was quoted; null "
        "where `sha256` was not sent or the article is absent."
    )


class VerifyResponse(BaseModel):
    """A verdict for each citation, in the order in which they were sent."""

    citations: list[VerifiedCitation]
    generation: str


def verify_citations(
    citations: Sequence[CitationToVerify], generation: Generation
) -> VerifyResponse:
    """Compare citations with the articles of a generation."""
    return VerifyResponse(
        citations=[_verified(cited, generation) for cited in citations],
        generation=generation.name,
    )


def _verified(cited: CitationToVerify, generation: Generation) -> VerifiedCitation:
    article = _article(cited.article.id, generation)
    found = verify(None if article is None else article.text, cited.quotation())
    sentence = None
    answer = None
    if found.start is not None:
        end = found.start + len(cited.quote)
        held_by = generation.sentences(cited.article.id, found.start, end)
        index = held_by[0].index if held_by else 0
        sentence = SentenceRange(index=index, start=found.start, end=end)
        answer = _answer(cited, found.start)
    sha256 = None if article is None else article.sha256
    known = sha256 is not None and cited.article.sha256 is not None
    return VerifiedCitation(
        id=cited.id,
        article_id=cited.article.id,
        verdict=found.verdict,
        sentence=sentence,
        answer=answer,
        sha256=sha256,
        article_changed=sha256 != cited.article.sha256 if known else None,
    )


def _answer(cited: CitationToVerify, start: int) -> AnswerRange | None:
    if cited.answer is None:
        return None
    first = start + cited.answer.start - cited.sentence.start
    return AnswerRange(text=cited.answer.text, start=first, end=first + len(cited.answer.text))


def _article(article_id: str, generation: Generation) -> Article | None:
    try:
        return generation.article(article_id)
    except ArticleNotFoundError:
        return None
