"""What comes out of a question's road: answers, each with the sentences that say so."""

from collections.abc import Mapping
from dataclasses import dataclass

from qa.deciding.agreement import Agreement
from qa.explanation import Explanation
from qa.notes import NoteKind
from qa.pages import page_of
from qa.values import Article, Sentence


@dataclass(frozen=True, slots=True)
class Context:
    """An earlier sentence without which the quoted one is not understood, quoted whole."""

    sentence: Sentence
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: a source sentence, quoted whole, and the answer inside it.

    `article.text[sentence.start:sentence.end] == quote`, and the same with the answer's range.
    Where an answer runs over a sentence's end, or one of the next sentences is what says what was
    asked, the range covers all of these and `sentence.index` is the first one's. `prefix` and
    `suffix` are the text around the quote. `context` is there where the quote does not name its
    subject and a sentence before it does.
    """

    article: Article
    sentence: Sentence
    quote: str
    answer_start: int
    answer_end: int
    answer: str
    prefix: str
    suffix: str
    context: Context | None = None

    def __post_init__(self) -> None:
        text = self.article.text
        if text[self.sentence.start : self.sentence.end] != self.quote:
            raise ValueError(f"the quote is not what {self.article.article_id!r} says there")
        if text[self.answer_start : self.answer_end] != self.answer:
            raise ValueError(f"the answer is not what {self.article.article_id!r} says there")
        if not self.sentence.start <= self.answer_start < self.answer_end <= self.sentence.end:
            raise ValueError("the answer does not lie inside the quote")
        if self.context is not None:
            earlier = self.context.sentence
            if text[earlier.start : earlier.end] != self.context.quote:
                raise ValueError(f"the context is not what {self.article.article_id!r} says there")
            if earlier.end > self.sentence.start:
                raise ValueError("the context does not lie before the quote")

    @property
    def page(self) -> int | None:
        """On which page of its document the quote begins, from 1, if that is known."""
        return page_of(self.article, self.sentence.start)


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
    not. `degraded` says what was left undone for lack of time, or is None. `agreement` is about
    all answers found that were not said before, and None where none is given. `note` says why no
    quotation can answer, that a row was found by comparing, that no article passes the filters, or
    that nothing that was read mentions what is `unmentioned`, or is None; `note_kind` says which.
    `explanation` tells each step. `asked` is the form of the question that was asked where turns
    before it, the speaker's own corrections or the spelling of the articles gave it another one,
    else None.
    """

    question: str
    answers: tuple[Answer, ...]
    considered: tuple[Answer, ...]
    answerable_probability: float
    timings_ms: Mapping[str, float]
    degraded: str | None
    agreement: Agreement | None = None
    note: str | None = None
    explanation: Explanation | None = None
    asked: str | None = None
    note_kind: NoteKind | None = None
    unmentioned: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the articles answer, as far as Quoth can tell."""
        return bool(self.answers)

    def article_ids(self) -> frozenset[str]:
        """Return the ids of all articles that anything of is in here."""
        cited = {
            citation.article.article_id
            for answer in (*self.answers, *self.considered)
            for citation in answer.citations
        }
        looked_at = () if self.explanation is None else self.explanation.passages
        return frozenset(cited.union(steps.found.passage.article_id for steps in looked_at))
