"""The AI SDK's UI message stream, version 1: server-sent events for `useChat` and its like.

Shape: `uiMessageChunkSchema` of the package `ai`, versions 6 and 7. The citations at the text's end
are version 7's; 6 passes over them. `startIndex` and `endIndex` count UTF-16 code units, as
JavaScript does: `text.slice(startIndex, endIndex)` are the quoted words as Markdown. Offsets in the
records under `providerMetadata.quoth` are code points of the article's text, as everywhere else.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from api.replies.cited_reply import CitedReply, Source
from api.replies.records import ReadingBody
from api.responses import CitationBody
from api.sse import event
from qa.deciding.agreement import Agreement

MEDIA_TYPE = "text/event-stream"
# In small letters, as those are that they are joined with.
HEADERS = {
    "x-vercel-ai-ui-message-stream": "v1",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
}
_TEXT_ID = "text"


class _Part(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )


class StartPart(_Part):
    """A message begins; it has no id, for the client gives each message its own."""

    type: Literal["start"] = "start"


class TextStartPart(_Part):
    """The text begins."""

    type: Literal["text-start"] = "text-start"
    id: str = _TEXT_ID


class TextDeltaPart(_Part):
    """More of the text."""

    type: Literal["text-delta"] = "text-delta"
    id: str = _TEXT_ID
    delta: str


class CitedRecord(_Part):
    """Our full record of a source."""

    quoth: CitationBody | ReadingBody


class CitedUrl(_Part):
    """A source as a citation names it."""

    type: Literal["source"] = "source"
    source_type: Literal["url"] = "url"
    id: str
    url: str
    title: str


class TextCitation(_Part):
    """Quoted words of the text, and one source that says them."""

    source: CitedUrl
    start_index: int
    end_index: int
    cited_text: str


class TextEndPart(_Part):
    """The text has ended."""

    type: Literal["text-end"] = "text-end"
    id: str = _TEXT_ID
    citations: list[TextCitation]


class SourceUrlPart(_Part):
    """A source; the n-th is what the mark [n] stands for."""

    type: Literal["source-url"] = "source-url"
    source_id: str
    url: str
    title: str
    provider_metadata: CitedRecord

    @classmethod
    def of(cls, source: Source) -> "SourceUrlPart":
        """Render a source."""
        return cls(
            source_id=source.source_id,
            url=source.url,
            title=source.title,
            provider_metadata=CitedRecord(quoth=source.record),
        )


class MessageMetadata(_Part):
    """What there is to know of the whole message."""

    answered: bool
    confidence: float | None
    asked: str
    agreement: Agreement | None
    note: str | None
    generation: str


class FinishPart(_Part):
    """The message has ended."""

    type: Literal["finish"] = "finish"
    finish_reason: Literal["stop"] = "stop"
    message_metadata: MessageMetadata


Part = StartPart | TextStartPart | TextDeltaPart | TextEndPart | SourceUrlPart | FinishPart


class UiMessageStream(BaseModel):
    """All parts of a message, in order."""

    parts: list[Part]

    @classmethod
    def of(cls, reply: CitedReply) -> "UiMessageStream":
        """Render a reply; where nothing answers, its sources are offered as reading."""
        records = reply.records
        metadata = MessageMetadata(
            answered=records.answered,
            confidence=records.confidence,
            asked=records.asked,
            agreement=records.agreement,
            note=records.note,
            generation=records.generation,
        )
        return cls(
            parts=[
                StartPart(),
                TextStartPart(),
                *(TextDeltaPart(delta=piece) for piece in reply.text.pieces),
                TextEndPart(citations=[*_citations(reply)]),
                *(SourceUrlPart.of(source) for source in reply.sources),
                FinishPart(message_metadata=metadata),
            ]
        )

    @property
    def events(self) -> str:
        """The stream as it is sent."""
        parts = [event(part.model_dump_json()) for part in self.parts]
        return "".join([*parts, event("[DONE]")])


def _citations(reply: CitedReply) -> Iterator[TextCitation]:
    text = reply.text.text
    for quoted in reply.quoted():
        start, end = (_utf16(text[:index]) for index in (quoted.start, quoted.end))
        for source in quoted.sources:
            cited = CitedUrl(id=source.source_id, url=source.url, title=source.title)
            yield TextCitation(
                source=cited,
                start_index=start,
                end_index=end,
                cited_text=source.sentences[0] if quoted.is_context else source.citation.quote,
            )


def _utf16(text: str) -> int:
    """Return how long a text is to JavaScript."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
