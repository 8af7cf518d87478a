"""An outcome as text: quotations, marks such as [1], and what each mark stands for.

The text is Markdown that shows each quotation as it stands in its article (`qa.markdown`).

All indexes count Unicode code points, half-open, as Python clients slice: `text[start:end]` is the
mark "[1]". (A JavaScript client counts UTF-16 code units; the two differ behind an emoji.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.links import SourceLinks
from qa.answers import Answer, Citation, Outcome
from qa.deciding.agreement import Agreement
from qa.markdown import escaped

ABSTAINING = "The articles do not answer this question."
_FURTHER_READING = "Nearest passages, as further reading:"
_DIFFER = "The articles do not agree."
_DIFFER_WITH_ONE_GIVEN = "The articles do not agree: another answer is likely too."
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text, and the citation that it is the mark of; others have none."""

    text: str
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a mark stands in the text, and where it leads."""

    start: int
    end: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The text in pieces, and whether all of it is there."""

    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]
    complete: bool = True

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def tokens(self) -> int:
        """How many tokens it counts for: words and punctuation marks."""
        return count_tokens(self.text)


def count_tokens(text: str) -> int:
    """Return how many words and punctuation marks a text has."""
    return len(_TOKEN.findall(text))


def quoted(words: str) -> str:
    """Return an article's words as the text has them."""
    return f"“{escaped(words)}”"


def answer_text(
    outcome: Outcome,
    reading: Sequence[Citation],
    *,
    links: SourceLinks,
    max_tokens: int | None = None,
    stops: Sequence[str] = (),
) -> AnswerText:
    """Render an outcome, or what is offered to read where it abstains.

    No quotation is cut by `max_tokens`: the text ends before the paragraph that goes over it. It
    ends before any of `stops`, wherever that is.
    """
    paragraphs = [*_paragraphs(outcome, reading)]
    fitting = _within(paragraphs, max_tokens)
    if fitting and len(fitting) == len(paragraphs):
        # The definitions make links of the marks in any Markdown; they count for nothing.
        definitions = _definitions(fitting, links)
        fitting = [*fitting, [Piece(definitions)]] if definitions else fitting
    return _assembled(fitting, links, stops, complete=len(fitting) >= len(paragraphs))


def remarks(outcome: Outcome) -> list[str]:
    """Return what there is to know of the answers besides them; nothing in it is quoted."""
    said = []
    if outcome.agreement is Agreement.DIFFER:
        said.append(_DIFFER if len(outcome.answers) > 1 else _DIFFER_WITH_ONE_GIVEN)
    if outcome.note is not None:
        said.append(outcome.note)
    if outcome.asked is not None:
        said.append(_asked_as(outcome.asked))
    return said


def _asked_as(question: str) -> str:
    return f"Asked as: {' '.join(question.split())}"


def _paragraphs(outcome: Outcome, reading: Sequence[Citation]) -> Iterator[list[Piece]]:
    if outcome.answers:
        number = 1
        for answer in outcome.answers:
            yield [*_answer(answer, first=number)]
            number += len(answer.citations)
        # Behind the answers: a turn is known for ours by the quotation that it begins with.
        yield from ([Piece(escaped(remark))] for remark in remarks(outcome))
        return
    note = f" {outcome.note}" if outcome.note else ""
    offer = f" {_FURTHER_READING}" if reading else ""
    yield [Piece(ABSTAINING + note + offer)]
    for number, citation in enumerate(reading, start=1):
        yield [Piece(f"{quoted(citation.quote)} "), Piece(f"[{number}]", citation)]
    if outcome.asked is not None:
        yield [Piece(escaped(_asked_as(outcome.asked)))]


def _answer(answer: Answer, *, first: int) -> Iterator[Piece]:
    """Give the answer, the sentence that says so, and a mark for each place that does."""
    best = answer.citations[0]
    if answer.text != best.quote:
        yield Piece(f"{quoted(answer.text)} — ")
    if best.context is not None:
        yield Piece(f"{quoted(best.context.quote)} … ")
    yield Piece(quoted(best.quote))
    for number, citation in enumerate(answer.citations, start=first):
        yield Piece(" ")
        yield Piece(f"[{number}]", citation)


def _within(paragraphs: list[list[Piece]], max_tokens: int | None) -> list[list[Piece]]:
    if max_tokens is None:
        return paragraphs
    fitting, left = [], max_tokens
    for paragraph in paragraphs:
        left -= count_tokens("".join(piece.text for piece in paragraph))
        if left < 0:
            break
        fitting.append(paragraph)
    return fitting


def _definitions(paragraphs: Sequence[Sequence[Piece]], links: SourceLinks) -> str:
    return "\n".join(
        f"{piece.text}: <{links.source(piece.citation)}> "
        f'"{_in_quotes(piece.citation.article.title)}"'
        for paragraph in paragraphs
        for piece in paragraph
        if piece.citation is not None
    )


def _in_quotes(title: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", " ".join(title.split()))


def _assembled(
    paragraphs: Sequence[Sequence[Piece]],
    links: SourceLinks,
    stops: Sequence[str],
    *,
    complete: bool,
) -> AnswerText:
    pieces: list[str] = []
    marks = []
    at = 0
    for number, paragraph in enumerate(paragraphs):
        for piece in [Piece("\n\n"), *paragraph] if number else paragraph:
            if piece.citation is not None:
                url = links.source(piece.citation)
                end = at + len(piece.text)
                marks.append(Mark(at, end, url, piece.citation.article.title))
            pieces.append(piece.text)
            at += len(piece.text)
    whole = "".join(pieces)
    ends = [found for stop in stops if (found := whole.find(stop)) >= 0]
    if not ends:
        return AnswerText(tuple(pieces), tuple(marks), complete)
    end = min(ends)
    return AnswerText((whole[:end],), tuple(mark for mark in marks if mark.end <= end), complete)
