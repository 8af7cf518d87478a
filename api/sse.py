"""Server-sent events."""

from collections.abc import Iterable, Iterator
from itertools import chain

from starlette.responses import StreamingResponse

EVENTS: dict[str, object] = {
    "itemSchema": {
        "title": "Event",
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "string", "description": "JSON, or `[DONE]` in the end."}},
    }
}
"""How a description shows a stream: as OpenAPI 3.2 does, by the schema of each event."""

# Without these a proxy may keep events back until there are many.
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def event(data: str, *, name: str | None = None) -> str:
    """Return one event; `data` must be one line, as JSON is."""
    named = "" if name is None else f"event: {name}\n"
    return f"{named}data: {data}\n\n"


def event_stream(events: Iterable[str], *, last: str | None = None) -> StreamingResponse:
    """Return a response that sends the events, and `last` as the data of one more."""
    ending: Iterator[str] = iter([] if last is None else [event(last)])
    return StreamingResponse(
        chain(events, ending), media_type="text/event-stream", headers=_HEADERS
    )
