"""From the format's name to the reply in its shape, and to the response that carries it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from api.formats import ai_sdk, web_annotation
from api.formats.ai_sdk import UiMessageStream
from api.formats.anthropic import AnthropicToolResult
from api.formats.cohere import CohereReply
from api.formats.names import Format
from api.formats.open_webui import OpenWebUiMessage
from api.formats.web_annotation import AnnotationCollection
from api.links import SourceLinks
from api.replies.cited_reply import CitedReply, cited_reply
from api.serving.serving import Serving
from qa.answers import Outcome

Said = TypeVar("Said", bound=BaseModel)

JsonDialect = AnthropicToolResult | CohereReply | OpenWebUiMessage
"""What is plain JSON, as our own shape is."""

Dialect = JsonDialect | UiMessageStream | AnnotationCollection

_RENDERED: Mapping[Format, Callable[[CitedReply], Dialect]] = {
    Format.ANTHROPIC: AnthropicToolResult.of,
    Format.COHERE: CohereReply.of,
    Format.AI_SDK: UiMessageStream.of,
    Format.OPEN_WEBUI: OpenWebUiMessage.of,
    Format.WEB_ANNOTATION: AnnotationCollection.of,
}


def rendered(reply: CitedReply, format_: Format) -> Dialect:
    """Return a reply in the shape of a dialect; raises KeyError for our own, which is none."""
    return _RENDERED[format_](reply)


def told(outcome: Outcome, serving: Serving, format_: Format, *, links: SourceLinks) -> Dialect:
    """Tell an outcome in a dialect; where it abstains, passages are offered to read."""
    return rendered(cited_reply(outcome, serving, links=links), format_)


def sent(said: Said, headers: Mapping[str, str]) -> Said | Response:
    """Return what a route returns: JSON as it is, the rest as a response with its media type."""
    if isinstance(said, UiMessageStream):
        # Whole, because the answer is known: so it has a length, and HEAD and 304 work.
        return Response(
            said.events, headers={**headers, **ai_sdk.HEADERS}, media_type=ai_sdk.MEDIA_TYPE
        )
    if isinstance(said, AnnotationCollection):
        return Response(
            said.model_dump_json(), headers=dict(headers), media_type=web_annotation.PROFILE
        )
    return said
