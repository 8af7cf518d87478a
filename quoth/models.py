"""What the service responds, as its OpenAPI description has it; a test holds the two together.

All offsets count Unicode code points of the article's text, half-open:
`article.text[start:end] == quote`. Fields that a newer service adds are left out.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class _Response(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ArticleReference(_Response):
    """Which article a quotation is from; `sha256` is that of its text in UTF-8."""

    id: str
    title: str
    url: str | None
    published: date | None
    source: str | None
    sha256: str


class SentenceRange(_Response):
    """A sentence of an article, by its number and its range."""

    index: int
    start: int
    end: int


class AnswerRange(_Response):
    """An answer inside an article."""

    text: str
    start: int
    end: int


class Context(_Response):
    """An earlier sentence, quoted whole: it names whom the cited one speaks of."""

    quote: str
    sentence: SentenceRange


class Citation(_Response):
    """A source sentence, quoted whole; `page` is that of its document, from 1, if it is known."""

    id: str
    answer_id: str
    article: ArticleReference
    quote: str
    sentence: SentenceRange
    answer: AnswerRange
    prefix: str
    suffix: str
    offset_unit: str
    deep_link: str | None
    viewer_link: str
    page: int | None = None
    context: Context | None = None


class Answer(_Response):
    """One answer, quoted; `confidence` is the probability that it is right."""

    id: str
    text: str
    confidence: float
    support: int
    citations: tuple[Citation, ...]


class Timings(_Response):
    """Milliseconds spent, by stage."""

    retrieve: float
    read: float
    total: float


class ExplainedCandidate(_Response):
    """A range that may answer, and what became of it."""

    text: str
    start: int
    end: int
    score: float
    margin: float
    order: float
    fate: str
    answer: int


class ExplainedPassage(_Response):
    """A passage in the order of retrieval."""

    article_id: str
    start: int
    end: int
    score: float
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_share: float
    keyword_rank: int | None
    read_as: int | None
    candidates: tuple[ExplainedCandidate, ...]


class ExplainedAnswer(_Response):
    """An answer, whether it was given, and what its confidence was computed from."""

    text: str
    confidence: float
    fate: str
    features: dict[str, float]


class Explanation(_Response):
    """All passages that were retrieved, all answers that they gave, the time of each step.

    `reading_end` says why no more passages were read.
    """

    passages: tuple[ExplainedPassage, ...]
    reading_end: str
    answers: tuple[ExplainedAnswer, ...]
    timings_ms: dict[str, float]


class AskResponse(_Response):
    """The answers, best first; none where the articles do not answer."""

    question: str
    asked: str | None = None
    answered: bool
    answerable_probability: float
    answers: tuple[Answer, ...]
    generation: str
    cached: bool
    timings_ms: Timings
    degraded: str | None
    agreement: Literal["single", "agree", "differ"] | None = None
    note: str | None = None
    note_kind: (
        Literal["yes_no", "counting", "comparing", "compared", "no_article", "unmentioned"] | None
    ) = None
    unmentioned: tuple[str, ...] = ()
    considered: tuple[Answer, ...] | None = None
    explanation: Explanation | None = None


class Passage(_Response):
    """A passage that bears on a question; `page` is where it begins, from 1, if that is known."""

    article: ArticleReference
    text: str
    start: int
    end: int
    page: int | None = None
    score: float
    cosine: float
    dense_rank: int | None
    keyword_score: float
    keyword_rank: int | None


class SearchResponse(_Response):
    """Passages, best first."""

    question: str
    asked: str | None = None
    passages: tuple[Passage, ...]
    generation: str


class Article(_Response):
    """One article with its stored text, which all offsets refer to."""

    id: str
    title: str
    text: str
    url: str | None
    published: date | None
    authors: tuple[str, ...]
    source: str | None
    language: str | None
    tags: tuple[str, ...]
    metadata: dict[str, JsonValue]
    sha256: str
    generation: str


class ArticleListing(_Response):
    """A page of articles; `next` is None on the last one."""

    articles: tuple[ArticleReference, ...]
    next: str | None
    generation: str


class VerifiedCitation(_Response):
    """What became of one citation; the ranges are those of now, None where it does not hold."""

    id: str | None
    article_id: str
    verdict: Literal["ok", "moved", "stale", "absent"]
    sentence: SentenceRange | None
    answer: AnswerRange | None
    sha256: str | None
    article_changed: bool | None


class VerifyResponse(_Response):
    """A verdict for each citation, in the order in which they were sent."""

    citations: tuple[VerifiedCitation, ...]
    generation: str


class Problem(_Response):
    """Why a request failed (RFC 9457); `detail` says what to change."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
