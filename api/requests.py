"""What requests may hold, as the OpenAPI description shows it."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from api import examples
from api.formats.names import Format
from qa.dialogue.turns import Role, Turn
from qa.filters import Filters
from qa.question import MAX_ANSWERS, MAX_PASSAGES, MAX_QUESTION_CHARACTERS, Question

MAX_TURNS = 40
MAX_TURN_CHARACTERS = 4_000

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=512)]
# What `qa.question` refuses, for readers of the schema: control characters, and white space alone.
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_SPACES = r"\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
QuestionText = Annotated[
    str,
    Field(
        description=f"Plain English, at most {MAX_QUESTION_CHARACTERS:,} characters.",
        examples=[examples.QUESTION],
        json_schema_extra={
            "minLength": 1,
            "maxLength": MAX_QUESTION_CHARACTERS,
            "pattern": f"^[^{_CONTROL}]*[^{_CONTROL}{_SPACES}][^{_CONTROL}]*$",
        },
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


def _whole_number(value: object) -> object:
    """Take 3.0 for 3, as JSON Schema does: to JavaScript and others they are one number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Strict but for that: no text, no truth value.
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole_number)]
Day = Annotated[date, BeforeValidator(_only_written_days)]


def is_reversed(first: date | None, last: date | None) -> bool:
    """Return whether two days are both there and the first is later than the last."""
    return first is not None and last is not None and first > last


class _PublishedRange(_Request):
    """The days between which an article was published."""

    published_from: Day | None = Field(None, description="First day, included.")
    published_to: Day | None = Field(None, description="Last day, included.")

    @model_validator(mode="after")
    def _first_day_is_not_behind_the_last(self) -> Self:
        if is_reversed(self.published_from, self.published_to):
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


class TurnBody(_Request):
    """A turn before the question: what was asked, or what was answered."""

    role: Role
    content: str = Field(max_length=MAX_TURN_CHARACTERS)


FormatField = Field(
    Format.QUOTH,
    description="The shape of the response, from the same citations: `quoth` is ours, and alone "
    "tells `explain`; `anthropic` a tool's result, `cohere` a chat response, `ai-sdk` a UI message "
    "stream, `open-webui` a message with sources, `web-annotation` a collection in JSON-LD.",
)


class AskBody(_Request):
    """`POST /v1/ask`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": examples.QUESTION, "top_k": 3}]}
    )

    question: QuestionText
    top_k: Whole = Field(3, ge=1, le=MAX_ANSWERS, description="Most answers to return.")
    filters: FilterBody = Field(default_factory=FilterBody)
    history: list[TurnBody] = Field(
        default_factory=list,
        max_length=MAX_TURNS,
        description="The turns before, oldest first: they complete a question such as `And when?`.",
    )
    passages: Whole | None = Field(None, ge=1, le=MAX_PASSAGES, description="Passages to read.")
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
        False,
        strict=True,
        description="Also return what was considered and each step that led there.",
    )
    format: Format = FormatField

    def to_question(self, *, passages: int) -> Question:
        """Return the question; `passages` are read where the body names no number."""
        return Question(
            self.question,
            top_k=self.top_k,
            filters=self.filters.to_filters(),
            passages=passages if self.passages is None else self.passages,
            min_confidence=self.min_confidence,
            time_budget_ms=self.time_budget_ms,
            history=tuple(Turn(turn.role, turn.content) for turn in self.history),
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
    format: Format = FormatField

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
            format=self.format,
        )


class SearchBody(_Request):
    """`POST /v1/search`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": examples.QUESTION, "top_k": 5}]}
    )

    question: QuestionText
    top_k: Whole = Field(10, ge=1, le=MAX_PASSAGES, description="Most passages to return.")
    filters: FilterBody = Field(default_factory=FilterBody)


class ListQuery(_Request):
    """`GET /v1/articles`."""

    after: ShortText | None = Field(None, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)
