"""What the tools take, as their input schemas show it."""

from pydantic import BaseModel, ConfigDict, Field

from api.requests import FilterBody, QuestionText, ShortText
from api.verification import LAST_OFFSET, CitationToVerify
from qa.question import MAX_ANSWERS, Question

MAX_PASSAGES_SHOWN = 20
DEFAULT_CHARACTERS = 10_000
MAX_CHARACTERS = 50_000


class AskArguments(FilterBody):
    """A question, and which articles may answer it."""

    question: QuestionText
    top_k: int = Field(3, ge=1, le=MAX_ANSWERS, description="Most answers to return.")
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Give no answer that is less likely right than this.",
    )

    def to_question(self, *, passages: int) -> Question:
        """Return the question, to be answered from so many passages."""
        return Question(
            self.question,
            top_k=self.top_k,
            filters=self.to_filters(),
            passages=passages,
            min_confidence=self.min_confidence,
        )


class SearchArguments(FilterBody):
    """What to find passages about, and in which articles."""

    question: QuestionText
    top_k: int = Field(5, ge=1, le=MAX_PASSAGES_SHOWN, description="Most passages to return.")


class ReadArguments(BaseModel):
    """Which article to read, and from where."""

    model_config = ConfigDict(extra="forbid")

    article_id: ShortText = Field(description="`article.id` as `ask` or `search` gave it.")
    start: int = Field(
        0, ge=0, le=LAST_OFFSET, description="The first character to read, counted from 0."
    )
    characters: int = Field(
        DEFAULT_CHARACTERS, ge=1, le=MAX_CHARACTERS, description="Most characters to return."
    )


class VerifyArguments(BaseModel):
    """Citations to compare with the articles."""

    model_config = ConfigDict(extra="forbid")

    citations: list[CitationToVerify] = Field(
        min_length=1, max_length=20, description="As `ask` gave them, unchanged."
    )
