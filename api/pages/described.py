"""What the API's description says of a route, in a few words: for the pages that show it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_JSON = "application/json"
# What needs not be said: JSON, and the JSON of an error.
_PLAIN = frozenset({_JSON, "application/problem+json"})
_BOUNDS = (("minimum", "from"), ("exclusiveMinimum", "over"), ("maximum", "to"))


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, a field of a body, or a whole body; `place` is where a parameter stands."""

    name: str
    kind: str
    meaning: str
    place: str | None = None


def takes(route: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[Field]:
    """Yield the parameters of a route, the fields of its JSON, and the other bodies it takes."""
    for parameter in route.get("parameters", []):
        schema = parameter.get("schema", {})
        meaning = parameter.get("description") or schema.get("description", "")
        yield Field(parameter["name"], _kind(schema), meaning, place=parameter["in"])
    yield from fields(body_schema(route, schemas))
    for media_type, content in route.get("requestBody", {}).get("content", {}).items():
        if media_type not in _PLAIN:
            yield Field("body", media_type, content["schema"].get("description", ""))


def returns(route: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the responses of a route, each named by its status."""
    for status, response in route["responses"].items():
        contents: Mapping[str, Schema] = response.get("content", {})
        bodies = "; ".join(_body(name, content) for name, content in contents.items())
        yield Field(status, bodies, response["description"])


def body_schema(route: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Schema:
    """Return the schema of the JSON that a route takes, empty where it takes none."""
    content = route.get("requestBody", {}).get("content", {})
    schema: Schema = content.get(_JSON, {}).get("schema", {})
    return schemas[_name(schema)] if "$ref" in schema else schema


def fields(schema: Schema) -> Iterator[Field]:
    """Yield the fields of an object."""
    for name, field in schema.get("properties", {}).items():
        yield Field(name, _kind(field), field.get("description", ""))


def _body(media_type: str, content: Schema) -> str:
    if "itemSchema" in content:
        return f"{media_type}: a sequence of {_kind(content['itemSchema'])}"
    said = _kind(content.get("schema", {}))
    return said if media_type in _PLAIN else f"{media_type}: {said}"


def _kind(schema: Schema) -> str:
    """Return what a value may be."""
    if "$ref" in schema:
        return _name(schema)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(_kind(choice) for choice in choices)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(json.dumps(choice) for choice in schema["enum"])
    if schema.get("type") == "object" and "title" in schema and "properties" in schema:
        return str(schema["title"])
    kind = schema.get("format", schema.get("type", "any"))
    kind = " or ".join(kind) if isinstance(kind, list) else str(kind)
    bounds = [f"{word} {_number(schema[key])}" for key, word in _BOUNDS if key in schema]
    return " ".join([kind, *bounds])


def _number(value: float) -> str:
    return f"{int(value) if value == int(value) else value:,}"


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
