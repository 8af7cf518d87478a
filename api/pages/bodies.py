"""What a body may be, by its media type, in a few words: for the pages that describe the API."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

# What needs not be said: JSON, and the JSON of an error.
_PLAIN = frozenset({"application/json", "application/problem+json"})


def bodies(holder: Mapping[str, Any], kind: Callable[[Mapping[str, Any]], str]) -> str:
    """Return what a request's or a response's body may be; `kind` gives the name of a schema."""
    contents: Mapping[str, Mapping[str, Any]] = holder.get("content", {})
    return "; ".join(_body(name, content, kind) for name, content in contents.items())


def other_bodies(route: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (media type, what it means) of the bodies that a route takes besides JSON."""
    for media_type, content in route.get("requestBody", {}).get("content", {}).items():
        if media_type not in _PLAIN:
            yield media_type, content["schema"].get("description", "")


def _body(
    media_type: str, content: Mapping[str, Any], kind: Callable[[Mapping[str, Any]], str]
) -> str:
    if "itemSchema" in content:
        return f"{media_type}: a sequence of {kind(content['itemSchema'])}"
    said = kind(content.get("schema", {}))
    return said if media_type in _PLAIN else f"{media_type}: {said}"
