"""Responses: the reply in the shapes of `POST /v1/responses`, whole and as events."""

import time
import uuid
from collections.abc import Iterator
from itertools import count

from pydantic import BaseModel, Field, JsonValue

from api.openai.requests import MODEL, ResponsesBody
from api.replies.answer_text import Mark, count_tokens
from api.replies.cited_reply import CitedReply
from api.replies.records import Records
from api.sse import event


class OutputAnnotation(BaseModel):
    """`text[start_index:end_index]` is the mark, in code points."""

    type: str = "url_citation"
    start_index: int
    end_index: int
    url: str
    title: str

    @classmethod
    def of(cls, mark: Mark) -> "OutputAnnotation":
        """Render a mark."""
        return cls(start_index=mark.start, end_index=mark.end, url=mark.url, title=mark.title)


class OutputText(BaseModel):
    """The text of the answer."""

    type: str = "output_text"
    text: str
    annotations: list[OutputAnnotation]
    logprobs: list[JsonValue] = []


class OutputMessage(BaseModel):
    """The assistant's message."""

    id: str
    type: str = "message"
    role: str = "assistant"
    status: str
    content: list[OutputText]


class CachedTokens(BaseModel):
    """Nothing is cached."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


class ReasoningTokens(BaseModel):
    """Nothing is thought up."""

    reasoning_tokens: int = 0


class ResponseUsage(BaseModel):
    """Words and punctuation marks: there is no tokenizer of a language model here."""

    input_tokens: int
    input_tokens_details: CachedTokens = CachedTokens()
    output_tokens: int
    output_tokens_details: ReasoningTokens = ReasoningTokens()
    total_tokens: int


class IncompleteDetails(BaseModel):
    """Why the text is not whole."""

    reason: str = "max_output_tokens"


class ResponseBody(BaseModel):
    """A response as OpenAI describes it."""

    id: str
    object: str = "response"
    created_at: int
    status: str
    model: str = MODEL
    output: list[OutputMessage]
    usage: ResponseUsage | None
    error: None = None
    incomplete_details: IncompleteDetails | None = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    parallel_tool_calls: bool = False
    previous_response_id: str | None = None
    store: bool = False
    temperature: float | None = None
    text: dict[str, dict[str, str]] = Field(default={"format": {"type": "text"}})
    tool_choice: str = "auto"
    tools: list[JsonValue] = []
    top_p: float | None = None


class FinishedResponse(ResponseBody, Records):
    """A whole answer: OpenAI's fields, and our records."""


def response(body: ResponsesBody, reply: CitedReply) -> FinishedResponse:
    """Return the whole answer."""
    begun = _begun(body)
    return _finished(begun, _message(reply, _message_id()), body, reply)


def response_events(body: ResponsesBody, reply: CitedReply) -> Iterator[str]:
    """Return the answer as OpenAI's events, from `response.created` to `response.completed`."""
    numbers = count()

    def sent(name: str, **fields: JsonValue | BaseModel) -> str:
        shown = {
            key: value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            for key, value in fields.items()
        }
        content = _Event(type=name, sequence_number=next(numbers), **shown)
        return event(content.model_dump_json(), name=name)

    begun, message_id = _begun(body), _message_id()
    in_part: dict[str, JsonValue] = {
        "item_id": message_id, "output_index": 0, "content_index": 0
    }  # fmt: skip
    empty = OutputText(text="", annotations=[])
    yield sent("response.created", response=begun)
    yield sent("response.in_progress", response=begun)
    yield sent(
        "response.output_item.added",
        output_index=0,
        item=OutputMessage(id=message_id, status="in_progress", content=[]),
    )
    yield sent("response.content_part.added", part=empty, **in_part)
    for piece in reply.text.pieces:
        yield sent("response.output_text.delta", delta=piece, logprobs=[], **in_part)
    for number, mark in enumerate(reply.text.marks):
        yield sent(
            "response.output_text.annotation.added",
            annotation_index=number,
            annotation=OutputAnnotation.of(mark),
            **in_part,
        )
    message = _message(reply, message_id)
    yield sent("response.output_text.done", text=reply.text.text, logprobs=[], **in_part)
    yield sent("response.content_part.done", part=message.content[0], **in_part)
    yield sent("response.output_item.done", output_index=0, item=message)
    finished = _finished(begun, message, body, reply)
    yield sent(f"response.{finished.status}", response=finished)


class _Event(BaseModel, extra="allow"):
    type: str
    sequence_number: int


def _begun(body: ResponsesBody) -> ResponseBody:
    return ResponseBody(
        id=f"resp_{uuid.uuid4().hex}",
        created_at=int(time.time()),
        status="in_progress",
        output=[],
        usage=None,
        instructions=body.instructions,
        max_output_tokens=body.max_output_tokens,
        metadata=body.metadata or {},
    )


def _message_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


def _message(reply: CitedReply, message_id: str) -> OutputMessage:
    annotations = [OutputAnnotation.of(mark) for mark in reply.text.marks]
    return OutputMessage(
        id=message_id,
        status=_status(reply),
        content=[OutputText(text=reply.text.text, annotations=annotations)],
    )


def _finished(
    begun: ResponseBody, message: OutputMessage, body: ResponsesBody, reply: CitedReply
) -> FinishedResponse:
    given = sum(count_tokens(item.text) for item in body.messages)
    fields = dict(begun) | {
        "status": message.status,
        "output": [message],
        "usage": ResponseUsage(
            input_tokens=given,
            output_tokens=reply.text.tokens,
            total_tokens=given + reply.text.tokens,
        ),
        "incomplete_details": None if reply.text.complete else IncompleteDetails(),
    }
    return FinishedResponse(**fields, **dict(reply.records))


def _status(reply: CitedReply) -> str:
    return "completed" if reply.text.complete else "incomplete"
