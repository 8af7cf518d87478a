"""Schemas of what tools take and return, without what a model need not read."""

from typing import Any, Literal

from pydantic import BaseModel

# Names of fields say the same as pydantic's titles, and examples are long.
_LEFT_OUT = ("title", "examples")


def lean_schema(
    model: type[BaseModel], *, mode: Literal["validation", "serialization"]
) -> dict[str, Any]:
    """Return a model's JSON schema without titles and examples."""
    lean: dict[str, Any] = _lean(model.model_json_schema(mode=mode))
    return lean


def _lean(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_lean(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    # A field may be named `title` too; then its value is a schema.
    return {
        key: _lean(value)
        for key, value in schema.items()
        if key not in _LEFT_OUT or isinstance(value, dict)
    }
