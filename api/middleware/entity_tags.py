"""Responses that a caller holds already: entity tags, and 304 in place of the same again."""

import hashlib
import re
from typing import Annotated, TypeVar

from fastapi import Header, Request, Response
from pydantic import BaseModel

Body = TypeVar("Body", bound=BaseModel)
# RFC 9110, 8.8.3: a tag is weak or strong, and If-None-Match compares what stands in the quotes.
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# A copy may be kept, but must be asked about before each use.
REVALIDATE = "no-cache"


class NotModifiedError(Exception):
    """The caller holds what it would be sent."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(tag)


def weak_tag(content: bytes) -> str:
    """Return the tag of the content; weak, since times differ, and the bytes once compressed."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_held(tag: str, if_none_match: str) -> bool:
    """Return whether a header `If-None-Match` names the tag, strong or weak, or every tag."""
    return if_none_match.strip() == "*" or _TAG.findall(tag)[0] in _TAG.findall(if_none_match)


class Conditional:
    """A request that may name, in `If-None-Match`, the tags of what the caller holds."""

    def __init__(self, response: Response, held: str) -> None:
        self._response = response
        self._held = held

    def tagged(self, body: Body) -> Body:
        """Return the body, its tag in the response's headers; raises NotModifiedError if held.

        The tag is that of all that the body says but the time it took: what an answer is depends
        on the generation, the articles deleted since, the models and the settings, and other
        processes may have others.
        """
        content = body.model_dump_json(
            exclude={"timings_ms": True, "cached": True, "explanation": {"timings_ms": True}}
        )
        tag = weak_tag(content.encode())
        if is_held(tag, self._held):
            raise NotModifiedError(tag)
        self._response.headers.update({"ETag": tag, "Cache-Control": REVALIDATE})
        return body


async def get_conditional(
    response: Response,
    if_none_match: Annotated[
        str | None, Header(description="Tags that were given before; gets 304 if one is right.")
    ] = None,
) -> Conditional:
    """Return what the request names."""
    return Conditional(response, if_none_match or "")


def not_modified(_: Request, error: Exception) -> Response:
    """Return the response without a body that NotModifiedError stands for."""
    if not isinstance(error, NotModifiedError):
        raise error
    headers = {"ETag": error.tag, "Cache-Control": REVALIDATE, "Vary": "Accept-Encoding"}
    return Response(status_code=304, headers=headers)
