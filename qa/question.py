"""A question as it enters its road: checked once, and then trusted."""

import unicodedata
from dataclasses import dataclass, field

from qa.dialogue.turns import Turn
from qa.errors import InvalidQuestionError
from qa.filters import Filters

MAX_QUESTION_CHARACTERS = 2_000
MAX_ANSWERS = 20
MAX_PASSAGES = 100
DEFAULT_PASSAGES = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how much work the answer may cost.

    `top_k` answers at most are returned, read from `passages` passages. Answers below
    `min_confidence` (0 to 1) are not given. Reading stops after `time_budget_ms`. `history` has
    the turns before the question, oldest first.
    """

    text: str
    top_k: int = 3
    filters: Filters = field(default_factory=Filters)
    passages: int = DEFAULT_PASSAGES
    min_confidence: float | None = None
    time_budget_ms: float | None = None
    history: tuple[Turn, ...] = ()

    def __post_init__(self) -> None:
        check_question_text(self.text)
        _check_range("top_k", self.top_k, 1, MAX_ANSWERS)
        _check_range("passages", self.passages, 1, MAX_PASSAGES)
        if self.min_confidence is not None:
            _check_range("min_confidence", self.min_confidence, 0, 1)
        if self.time_budget_ms is not None and not self.time_budget_ms > 0:
            raise InvalidQuestionError("time_budget_ms", "must be more than 0 milliseconds")


def check_question_text(text: str) -> None:
    """Raise InvalidQuestionError unless `text` can be asked."""
    if not text.strip():
        raise InvalidQuestionError("question", "is empty; ask something")
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise InvalidQuestionError(
            "question",
            f"has {len(text):,} characters; shorten it to at most {MAX_QUESTION_CHARACTERS:,}",
        )
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r":
            kind = "lone surrogate" if "\ud800" <= character <= "\udfff" else "control character"
            raise InvalidQuestionError(
                "question",
                f"has the {kind} U+{ord(character):04X} at position {position}; remove it",
            )


def _check_range(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise InvalidQuestionError(name, f"is {value}; it must be from {lowest} to {highest}")
