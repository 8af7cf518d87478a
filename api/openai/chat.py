"""Chat completions: the reply in the shapes of `POST /v1/chat/completions`, whole and in chunks."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, SerializerFunctionWrapHandler, model_serializer

from api.openai.requests import MODEL, ChatBody
from api.replies.answer_text import Mark, count_tokens
from api.replies.cited_reply import CitedReply
from api.replies.records import Records
from api.sse import event


class UrlCitation(BaseModel):
    """`content[start_index:end_index]` is the mark, in code points."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    """A mark in the text and where it leads."""

    type: str = "url_citation"
    url_citation: UrlCitation

    @classmethod
    def of(cls, mark: Mark) -> "Annotation":
        """Render a mark."""
        return cls(
            url_citation=UrlCitation(
                start_index=mark.start, end_index=mark.end, url=mark.url, title=mark.title
            )
        )


class AnswerMessage(BaseModel):
    """The assistant's message."""

    role: str = "assistant"
    content: str
    refusal: str | None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """One choice; all are equal."""

    index: int
    message: AnswerMessage
    finish_reason: str
    logprobs: None = None


class Usage(BaseModel):
    """Words and punctuation marks: there is no tokenizer of a language model here."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, body: ChatBody, reply: CitedReply) -> "Usage":
        """Count what came and what goes."""
        prompt = sum(count_tokens(message.text) for message in body.messages)
        completion = reply.text.tokens * (body.n or 1)
        return cls(
            prompt_tokens=prompt,
            completion_tokens=completion,
            total_tokens=prompt + completion,
        )


class ChatCompletion(Records):
    """A whole answer: OpenAI's fields, and our records."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage


class Delta(BaseModel):
    """What a chunk adds; it names nothing else."""

    role: str | None = None
    content: str | None = None
    annotations: list[Annotation] | None = None

    @model_serializer(mode="wrap")
    def _what_it_adds(self, serialize: SerializerFunctionWrapHandler) -> dict[str, object]:
        return {name: value for name, value in serialize(self).items() if value is not None}


class ChunkChoice(BaseModel):
    """What a chunk adds to a choice."""

    index: int
    delta: Delta
    finish_reason: str | None = None


class Chunk(BaseModel):
    """A part of a streamed answer."""

    id: str
    object: str = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None


class LastChunk(Chunk, Records):
    """The chunk that ends the choices: it carries our records."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The id and the time (seconds since 1970) that all parts of a completion share."""

    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))


def completion(body: ChatBody, reply: CitedReply) -> ChatCompletion:
    """Return the whole answer."""
    stamp = _Stamp()
    message = AnswerMessage(
        content=reply.text.text, annotations=[Annotation.of(mark) for mark in reply.text.marks]
    )
    return ChatCompletion(
        id=stamp.id,
        created=stamp.created,
        choices=[
            Choice(index=index, message=message, finish_reason=_finish_reason(reply))
            for index in range(body.n or 1)
        ],
        usage=Usage.of(body, reply),
        **dict(reply.records),
    )


def chunks(body: ChatBody, reply: CitedReply) -> Iterator[str]:
    """Return the answer as events: pieces of text, then the annotations all at once, then the end.

    Clients join the deltas of a list by an index that annotations do not have, so that they come
    in one delta, as OpenAI's own do. Without `include_usage` no chunk names a usage.
    """
    stamp = _Stamp()
    wants_usage = body.stream_options is not None and bool(body.stream_options.include_usage)
    choices = range(body.n or 1)

    def sent(chunk: Chunk) -> str:
        return event(chunk.model_dump_json(exclude=None if wants_usage else {"usage"}))

    def part(delta: Delta) -> str:
        return sent(
            Chunk(
                id=stamp.id,
                created=stamp.created,
                choices=[ChunkChoice(index=index, delta=delta) for index in choices],
            )
        )

    yield part(Delta(role="assistant", content=""))
    for piece in reply.text.pieces:
        yield part(Delta(content=piece))
    if reply.text.marks:
        yield part(Delta(annotations=[Annotation.of(mark) for mark in reply.text.marks]))
    yield sent(
        LastChunk(
            id=stamp.id,
            created=stamp.created,
            choices=[
                ChunkChoice(index=index, delta=Delta(), finish_reason=_finish_reason(reply))
                for index in choices
            ],
            **dict(reply.records),
        )
    )
    if wants_usage:
        usage = Usage.of(body, reply)
        yield sent(Chunk(id=stamp.id, created=stamp.created, choices=[], usage=usage))


def _finish_reason(reply: CitedReply) -> str:
    return "stop" if reply.text.complete else "length"
