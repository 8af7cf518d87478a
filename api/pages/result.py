"""What the ask page says of an outcome: the words, the pieces of each quote, the links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.address import Address
from api.pages.hits import nearest_passages
from qa.answers import Answer, Citation, Outcome
from qa.deciding.agreement import Agreement
from qa.pages import page_of
from qa.retrieval import ArticleStore
from qa.values import Article

# Set as large as a name, more would fill a telephone's screen.
_LONG = 60
_BLANK_LINES = re.compile(r"\n\s*\n")
_WORDS = (
    (0.9, "Very likely right"),
    (0.7, "Likely right"),
    (0.4, "Possibly right"),
    (0.0, "Unlikely, but possible"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quotation stands, and the link that opens it there."""

    title: str
    published: date | None
    publisher: str | None
    language: str | None
    page: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A source sentence in three pieces, of which the middle one answers.

    `before + answer + after` is the quote. `context` is the earlier sentence that the quote
    is understood with.
    """

    before: str
    answer: str
    after: str
    context: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its confidence in words and in percent (1 to 99), and where it stands."""

    text: str
    words: str
    percent: int
    support: str
    quotations: tuple[Quotation, ...]

    @property
    def is_long(self) -> bool:
        """Whether it reads like a sentence, not like a name."""
        return len(self.text) > _LONG


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage that bears on a question without an answer."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Result:
    """All that is shown below the box; `summary` is read out by screen readers."""

    summary: str
    answers: tuple[ShownAnswer, ...]
    nearest: tuple[Nearest, ...]
    asked: str | None
    disagrees: bool
    note: str | None
    degraded: str | None
    chance: int

    @classmethod
    def of(cls, outcome: Outcome, address: Address, store: ArticleStore) -> "Result":
        """Describe an outcome; the nearest passages are offered where there is no answer."""
        answers = tuple(_shown(answer, address) for answer in outcome.answers)
        nearest = () if answers else tuple(_nearest(outcome, address, store))
        return cls(
            summary=_summary(outcome, answers, nearest),
            answers=answers,
            nearest=nearest,
            asked=outcome.asked,
            disagrees=outcome.agreement is Agreement.DIFFER,
            note=outcome.note,
            degraded=outcome.degraded,
            chance=percent(outcome.answerable_probability),
        )


def percent(probability: float) -> int:
    """Return a probability in percent, 1 to 99: nothing that is calibrated is certain."""
    return min(99, max(1, round(100 * probability)))


def in_words(probability: float) -> str:
    """Return how likely an answer is right, in words."""
    return next(words for least, words in _WORDS if probability >= least)


def _shown(answer: Answer, address: Address) -> ShownAnswer:
    articles = len({citation.article.article_id for citation in answer.citations})
    return ShownAnswer(
        text=answer.text,
        words=in_words(answer.confidence),
        percent=percent(answer.confidence),
        support=_support(answer.support, articles),
        quotations=tuple(_quotation(citation, address) for citation in answer.citations),
    )


def _support(places: int, articles: int) -> str:
    if places == 1:
        return "1 source"
    if articles == places:
        return f"{articles} sources agree"
    return f"{places} places in {articles} source{'' if articles == 1 else 's'}"


def _quotation(citation: Citation, address: Address) -> Quotation:
    begin, first, last = citation.sentence.start, citation.answer_start, citation.answer_end
    return Quotation(
        before=citation.quote[: first - begin],
        answer=citation.answer,
        after=citation.quote[last - begin :],
        context=None if citation.context is None else citation.context.quote,
        source=_source(citation.article, address, begin, citation.sentence.end),
    )


def _source(article: Article, address: Address, start: int, end: int) -> Source:
    return Source(
        title=article.title,
        published=article.published,
        publisher=article.source,
        language=article.language,
        page=page_of(article, start),
        url=address.article_url(article.article_id, start, end),
    )


def _nearest(outcome: Outcome, address: Address, store: ArticleStore) -> Sequence[Nearest]:
    return [
        Nearest(
            # Shown cut to some lines, of which none shall be wasted, nor hold the dots alone.
            _BLANK_LINES.sub("\n", passage.text),
            _source(store.article(passage.article_id), address, passage.start, passage.end),
        )
        for passage in nearest_passages(outcome)
    ]


def _summary(outcome: Outcome, answers: Sequence[ShownAnswer], nearest: Sequence[Nearest]) -> str:
    """Return what is heard: what was found, then all that is said for and against it."""
    said = [_found(answers, nearest)]
    if outcome.agreement is Agreement.DIFFER:
        said.append("The articles disagree.")
    if outcome.note is not None:
        said.append(outcome.note)
    if outcome.asked is not None:
        said.append(f"Asked as: {outcome.asked}")
    if outcome.degraded is not None:
        said.append(f"Not all was looked at: {outcome.degraded}.")
    return " ".join(said)


def _found(answers: Sequence[ShownAnswer], nearest: Sequence[Nearest]) -> str:
    if answers:
        first, others = answers[0], len(answers) - 1
        more = f" {others} other answer{'' if others == 1 else 's'}." if others else ""
        return f"{first.text}. {first.words}, {first.percent} percent.{more}"
    if nearest:
        return "The articles do not answer this. The nearest passages are listed."
    return "No article was found to answer from."
