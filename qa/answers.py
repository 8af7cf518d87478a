"""What comes out of a question's road: answers, each with the sentences that say so."""

from collections.abc import Mapping
from dataclasses import dataclass

from qa.values import Article, Sentence


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: a source sentence, quoted whole, and the answer inside it.

    `article.text[sentence.start:sentence.end] == quote`, and the same with the answer's range.
    Where an answer runs over a sentence's end, the range covers all its sentences and
    `sentence.index` is the first one's. `prefix` and `suffix` are the text around the quote.
    """

    article: Article
    sentence: Sentence
    quote: str
    answer_start: int
    answer_end: int
    answer: str
    prefix: str
    suffix: str

    def __post_init__(self) -> None:
        text = self.article.text
        if text[self.sentence.start : self.sentence.end] != self.quote:
            raise ValueError(f"the quote is not what {self.article.article_id!r} says there")
        if text[self.answer_start : self.answer_end] != self.answer:
            raise ValueError(f"the answer is not what {self.article.article_id!r} says there")
        if not self.sentence.start <= self.answer_start < self.answer_end <= self.sentence.end:
            raise ValueError("the answer does not lie inside the quote")


@dataclass(frozen=True, slots=True)
class Answer:
    """A quoted answer, with the probability that it is right and the places that give it."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]

    @property
    def support(self) -> int:
        """In how many different places the answer stands."""
        return len(self.citations)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is known at the end of the road.

    `answers` is empty where Quoth abstains; `considered` holds the best answers whether given or
    not. `degraded` says what was left undone for lack of time, or is None.
    """

    question: str
    answers: tuple[Answer, ...]
    considered: tuple[Answer, ...]
    answerable_probability: float
    timings_ms: Mapping[str, float]
    degraded: str | None

    @property
    def answered(self) -> bool:
        """Whether the articles answer, as far as Quoth can tell."""
        return bool(self.answers)
