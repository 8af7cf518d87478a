"""Bodies of requests and responses, as the OpenAPI description shows them."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from api import examples
from api.links import deep_link, viewer_link
from qa.answers import Answer, Citation, Outcome
from qa.filters import Filters
from qa.question import MAX_ANSWERS, MAX_PASSAGES, MAX_QUESTION_CHARACTERS, Question
from qa.retrieval import RetrievedPassage
from qa.values import Article

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=512)]
QuestionText = Annotated[
    str,
    Field(
        description=f"Plain English, at most {MAX_QUESTION_CHARACTERS:,} characters.",
        examples=[examples.QUESTION],
    ),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _only_written_days(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970: a year alone is one of them."""
    if isinstance(value, date) or (
        isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
    ):
        return value
    raise ValueError("write a day as YYYY-MM-DD, such as 2021-11-15")


def _earlier_turns_are_not_supported(turns: list[object]) -> list[object]:
    if turns:
        raise ValueError("earlier turns are not supported yet; leave it out or send []")
    return turns


Day = Annotated[date, BeforeValidator(_only_written_days)]


class _PublishedRange(_Request):
    """The days between which an article was published."""

    published_from: Day | None = Field(None, description="First day, included.")
    published_to: Day | None = Field(None, description="Last day, included.")

    @model_validator(mode="after")
    def _first_day_is_not_behind_the_last(self) -> Self:
        first, last = self.published_from, self.published_to
        if first is not None and last is not None and first > last:
            raise ValueError("published_from is a later day than published_to; swap them")
        return self


class FilterBody(_PublishedRange):
    """Conditions that an article must all meet."""

    source: ShortText | None = Field(None, description="The article's source.")
    tags: list[ShortText] | None = Field(None, min_length=1, max_length=100, description="Any of.")
    article_ids: list[ShortText] | None = Field(
        None, min_length=1, max_length=1000, description="Any of."
    )

    def to_filters(self) -> Filters:
        """Return the same conditions as the question's road knows them."""
        return Filters(
            self.published_from,
            self.published_to,
            self.source,
            None if self.tags is None else tuple(self.tags),
            None if self.article_ids is None else tuple(self.article_ids),
        )


class AskBody(_Request):
    """`POST /v1/ask`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": examples.QUESTION, "top_k": 3}]},
    )

    question: QuestionText
    top_k: int = Field(3, ge=1, le=MAX_ANSWERS, strict=True, description="Most answers to return.")
    filters: FilterBody = Field(default_factory=FilterBody)
    history: Annotated[list[str], BeforeValidator(_earlier_turns_are_not_supported)] = Field(
        default_factory=list, max_length=0, description="Earlier turns; not supported yet."
    )
    passages: int | None = Field(
        None, ge=1, le=MAX_PASSAGES, strict=True, description="Passages to read."
    )
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        strict=True,
        allow_inf_nan=False,
        description="Give no answer that is less likely right than this.",
    )
    time_budget_ms: float | None = Field(
        None,
        gt=0,
        le=600_000,
        strict=True,
        allow_inf_nan=False,
        description="Stop reading after so long and say so in `degraded`.",
    )
    explain: bool = Field(
        False, strict=True, description="Also return what was considered but not given."
    )

    def to_question(self, *, passages: int) -> Question:
        """Return the question; `passages` are read where the body names no number."""
        return Question(
            self.question,
            top_k=self.top_k,
            filters=self.filters.to_filters(),
            passages=passages if self.passages is None else self.passages,
            min_confidence=self.min_confidence,
            time_budget_ms=self.time_budget_ms,
        )


class AskQuery(_PublishedRange):
    """`GET /v1/ask`: the same as `POST /v1/ask`, for a browser's address bar."""

    q: QuestionText
    top_k: int = Field(3, ge=1, le=MAX_ANSWERS)
    source: ShortText | None = None
    tag: list[ShortText] | None = Field(None, max_length=100)
    article_id: list[ShortText] | None = Field(None, max_length=1000)
    passages: int | None = Field(None, ge=1, le=MAX_PASSAGES)
    min_confidence: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    time_budget_ms: float | None = Field(None, gt=0, le=600_000, allow_inf_nan=False)
    explain: bool = False

    def to_body(self) -> AskBody:
        """Return the body that asks the same."""
        return AskBody(
            question=self.q,
            top_k=self.top_k,
            filters=FilterBody(
                published_from=self.published_from,
                published_to=self.published_to,
                source=self.source,
                tags=self.tag or None,
                article_ids=self.article_id or None,
            ),
            passages=self.passages,
            min_confidence=self.min_confidence,
            time_budget_ms=self.time_budget_ms,
            explain=self.explain,
        )


class SearchBody(_Request):
    """`POST /v1/search`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": examples.QUESTION, "top_k": 5}]}
    )

    question: QuestionText
    top_k: int = Field(
        10, ge=1, le=MAX_PASSAGES, strict=True, description="Most passages to return."
    )
    filters: FilterBody = Field(default_factory=FilterBody)


class ListQuery(_Request):
    """`GET /v1/articles`."""

    after: ShortText | None = Field(None, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class ArticleReference(BaseModel):
    """Which article a quotation is from; `sha256` is that of its stored text in UTF-8."""

    id: str
    title: str
    url: str | None
    published: date | None
    source: str | None
    sha256: str

    @classmethod
    def of(cls, article: Article) -> "ArticleReference":
        """Describe an article without its text."""
        return cls(
            id=article.article_id,
            title=article.title,
            url=article.url,
            published=article.published,
            source=article.source,
            sha256=article.sha256,
        )


class SentenceRange(BaseModel):
    """A sentence of the article, by its number and its range in code points."""

    index: int
    start: int
    end: int


class AnswerRange(BaseModel):
    """The answer inside the article."""

    text: str
    start: int
    end: int


class CitationBody(BaseModel):
    """A source sentence, quoted whole. All offsets are code points of the article's text."""

    id: str
    answer_id: str
    article: ArticleReference
    quote: str
    sentence: SentenceRange
    answer: AnswerRange
    prefix: str
    suffix: str
    offset_unit: str = "codepoint"
    deep_link: str | None
    viewer_link: str

    @classmethod
    def of(cls, citation: Citation, *, citation_id: str, answer_id: str) -> "CitationBody":
        """Render a citation."""
        sentence = citation.sentence
        return cls(
            id=citation_id,
            answer_id=answer_id,
            article=ArticleReference.of(citation.article),
            quote=citation.quote,
            sentence=SentenceRange(index=sentence.index, start=sentence.start, end=sentence.end),
            answer=AnswerRange(
                text=citation.answer, start=citation.answer_start, end=citation.answer_end
            ),
            prefix=citation.prefix,
            suffix=citation.suffix,
            deep_link=deep_link(citation),
            viewer_link=viewer_link(citation),
        )


class AnswerBody(BaseModel):
    """One answer, quoted; `confidence` is the probability that it is right."""

    id: str
    text: str
    confidence: float
    support: int = Field(description="In how many different places it stands.")
    citations: list[CitationBody]


def answer_bodies(answers: tuple[Answer, ...]) -> list[AnswerBody]:
    """Render answers, numbering them a1, a2, ... and their citations c1, c2, ... throughout."""
    bodies = []
    cited = 0
    for number, answer in enumerate(answers, start=1):
        citations = [
            CitationBody.of(citation, citation_id=f"c{cited + place}", answer_id=f"a{number}")
            for place, citation in enumerate(answer.citations, start=1)
        ]
        cited += len(citations)
        bodies.append(
            AnswerBody(
                id=f"a{number}",
                text=answer.text,
                confidence=round(answer.confidence, 4),
                support=answer.support,
                citations=citations,
            )
        )
    return bodies


class Timings(BaseModel):
    """Milliseconds spent, by stage; `read` includes deciding and citing."""

    retrieve: float
    read: float
    total: float


class AskResponse(BaseModel):
    """The answers, best first; none where the articles do not answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESPONSE]})

    question: str
    answered: bool
    answerable_probability: float
    answers: list[AnswerBody]
    generation: str
    timings_ms: Timings
    degraded: str | None
    considered: list[AnswerBody] | None = Field(
        None, description="With `explain`: the best answers, whether given or not."
    )

    @classmethod
    def of(cls, outcome: Outcome, *, generation: str, explain: bool) -> "AskResponse":
        """Render an outcome."""
        return cls(
            question=outcome.question,
            answered=outcome.answered,
            answerable_probability=round(outcome.answerable_probability, 4),
            answers=answer_bodies(outcome.answers),
            generation=generation,
            timings_ms=Timings(
                **{stage: round(spent, 2) for stage, spent in outcome.timings_ms.items()}
            ),
            degraded=outcome.degraded,
            considered=answer_bodies(outcome.considered) if explain else None,
        )


class PassageBody(BaseModel):
    """A passage that bears on the question; ranks count from 1, null where it was not found."""

    article: ArticleReference
    text: str
    start: int
    end: int
    score: float
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_rank: int | None

    @classmethod
    def of(cls, found: RetrievedPassage, article: Article) -> "PassageBody":
        """Render a retrieved passage of an article."""
        return cls(
            article=ArticleReference.of(article),
            text=found.passage.text,
            start=found.passage.start,
            end=found.passage.end,
            score=round(found.fused_score, 6),
            cosine=round(found.cosine, 4),
            dense_rank=found.dense_rank,
            keyword_score=round(found.keyword_score, 4),
            keyword_rank=found.keyword_rank,
        )


class SearchResponse(BaseModel):
    """Passages, best first."""

    question: str
    passages: list[PassageBody]
    generation: str


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


class Health(BaseModel):
    """The process is up."""

    status: str = "ok"


class Readiness(BaseModel):
    """Questions can be answered."""

    status: str = "ready"
    generation: str
    articles: int
    passages: int


PROBLEM_MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """An error as RFC 9457 problem details; `detail` says what to change."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's path.")
    request_id: str
