"""Responses that a caller holds already: entity tags, and 304 in place of the same again."""

import hashlib
import re
from typing import Annotated, TypeVar

from fastapi import Header, Request, Response
from pydantic import BaseModel

Body = TypeVar("Body", bound=BaseModel)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# A copy may be kept, but must be asked about before each use.
_KEEPING = "no-cache"


class NotModifiedError(Exception):
    """The caller holds what it would be sent."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(tag)


class Conditional:
    """A request that may name, in `If-None-Match`, the tags of what the caller holds."""

    def __init__(
        self,
        response: Response,
        if_none_match: Annotated[
            str | None, Header(description="Tags that were given before; gets 304 if one is right.")
        ] = None,
    ) -> None:
        self._response = response
        self._held = if_none_match or ""

    def tagged(self, body: Body) -> Body:
        """Return the body, its tag in the response's headers; raises NotModifiedError if held.

        The tag is that of all that the body says but the time it took: what an answer is depends
        on the generation, the articles deleted since, the models and the settings, and other
        processes may have others.
        """
        content = body.model_dump_json(
            exclude={"timings_ms": True, "cached": True, "explanation": {"timings_ms": True}}
        )
        opaque = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
        # Weak: times differ, and so does what is compressed.
        tag = f"W/{opaque}"
        if self._held.strip() == "*" or opaque in _TAG.findall(self._held):
            raise NotModifiedError(tag)
        self._response.headers.update({"ETag": tag, "Cache-Control": _KEEPING})
        return body


def not_modified(_: Request, error: Exception) -> Response:
    """Return the response without a body that NotModifiedError stands for."""
    if not isinstance(error, NotModifiedError):
        raise error
    headers = {"ETag": error.tag, "Cache-Control": _KEEPING, "Vary": "Accept-Encoding"}
    return Response(status_code=304, headers=headers)
