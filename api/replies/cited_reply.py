"""The one record that every dialect renders: the text, what its marks stand for, what is quoted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from api.links import SourceLinks
from api.replies.answer_text import AnswerText, answer_text, quoted
from api.replies.further_reading import further_reading
from api.replies.records import ReadingBody, Records, records_of
from api.responses import CitationBody
from api.serving.serving import Serving
from qa.answers import Citation, Outcome


@dataclass(frozen=True, slots=True)
class Source:
    """What a mark stands for: `number` 1 is [1]; `source_id` is c1, ... or r1, ... as reading."""

    number: int
    source_id: str
    url: str
    citation: Citation
    record: CitationBody | ReadingBody

    @property
    def title(self) -> str:
        """The article's title, or its id where it has none: clients want a name to show."""
        return self.citation.article.title or self.citation.article.article_id

    @property
    def sentences(self) -> list[str]:
        """The quote, after the sentence that names whom it speaks of, if there is one."""
        context = self.citation.context
        return [*([] if context is None else [context.quote]), self.citation.quote]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the text that are quoted, in code points, and all sources that say so.

    The text has them as Markdown; the sources have them as they are. `is_context` where the words
    are the citation's context, an earlier sentence.
    """

    start: int
    end: int
    sources: tuple[Source, ...]
    is_context: bool = False


@dataclass(frozen=True, slots=True)
class CitedReply:
    """An outcome as text with marks; `sources[n - 1]` is what the mark [n] stands for."""

    outcome: Outcome
    text: AnswerText
    sources: tuple[Source, ...]
    records: Records
    links: SourceLinks

    @classmethod
    def of(
        cls,
        outcome: Outcome,
        reading: Sequence[Citation],
        *,
        generation: str,
        links: SourceLinks,
        max_tokens: int | None = None,
        stops: Sequence[str] = (),
    ) -> "CitedReply":
        """Render an outcome; `reading` is offered where it abstains.

        The text ends as `answer_text` says: `quoted` is for one that has no such end.
        """
        text = answer_text(outcome, reading, links=links, max_tokens=max_tokens, stops=stops)
        records = records_of(outcome, reading, generation=generation, links=links)
        named = _cited(outcome, records) if outcome.answers else _offered(reading, records)
        sources = tuple(
            Source(number, source_id, links.source(citation), citation, record)
            for number, (source_id, citation, record) in enumerate(named, start=1)
        )
        return cls(outcome, text, sources, records, links)

    def quoted(self) -> Iterator[Quoted]:
        """Yield what is quoted in the text, in order; ranges do not overlap."""
        text, at = self.text.text, 0
        for said in self._said():
            # The text puts quotation marks around all that is quoted, and around nothing else.
            words = quoted(said.words)
            start = text.index(words, at) + 1
            at = start + len(words) - 2
            yield Quoted(start, at, said.sources, said.is_context)

    def _said(self) -> Iterator["_Said"]:
        remaining = iter(self.sources)
        for answer in self.outcome.answers:
            sources = tuple(islice(remaining, answer.support))
            *context, quote = sources[0].sentences
            if answer.text != quote:
                yield _Said(answer.text, sources)
            for sentence in context:
                yield _Said(sentence, sources[:1], is_context=True)
            yield _Said(quote, sources if answer.text == quote else sources[:1])
        for source in remaining:
            yield _Said(source.citation.quote, (source,))


def cited_reply(
    outcome: Outcome,
    serving: Serving,
    *,
    links: SourceLinks,
    max_tokens: int | None = None,
    stops: Sequence[str] = (),
) -> CitedReply:
    """Render an outcome; where it abstains, passages of what serves are offered to read."""
    reading = further_reading(outcome, serving.road.store)
    generation = serving.generation.name
    return CitedReply.of(
        outcome, reading, generation=generation, links=links, max_tokens=max_tokens, stops=stops
    )


@dataclass(frozen=True, slots=True)
class _Said:
    words: str
    sources: tuple[Source, ...]
    is_context: bool = False


_Named = Iterator[tuple[str, Citation, CitationBody | ReadingBody]]


def _cited(outcome: Outcome, records: Records) -> _Named:
    citations = [citation for answer in outcome.answers for citation in answer.citations]
    for citation, body in zip(citations, records.citations, strict=True):
        yield body.id, citation, body


def _offered(reading: Sequence[Citation], records: Records) -> _Named:
    for number, (citation, body) in enumerate(zip(reading, records.reading, strict=True), start=1):
        yield f"r{number}", citation, body
