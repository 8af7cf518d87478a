"""How the OpenAPI description shows what `/v1/ask` sends besides JSON."""

from typing import Any

from pydantic import BaseModel

from api.formats import ai_sdk, web_annotation
from api.formats.web_annotation import AnnotationCollection
from api.sse import EVENTS


def in_place(model: type[BaseModel]) -> dict[str, Any]:
    """Return a model's schema without references: FastAPI collects those of JSON responses alone.

    Raises RecursionError for a model that holds itself.
    """
    schema = model.model_json_schema(mode="serialization")
    parts = schema.pop("$defs", {})

    def resolved(node: Any) -> Any:
        if isinstance(node, list):
            return [resolved(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return resolved(parts[node["$ref"].removeprefix("#/$defs/")])
        return {key: resolved(value) for key, value in node.items()}

    found: dict[str, Any] = resolved(schema)
    return found


OTHER_MEDIA_TYPES: dict[str, Any] = {
    ai_sdk.MEDIA_TYPE: EVENTS,
    web_annotation.MEDIA_TYPE: {"schema": in_place(AnnotationCollection)},
}
