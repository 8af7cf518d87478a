"""The API's description as a page: what `/openapi.json` says, set for reading."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.bodies import bodies, other_bodies
from api.pages.rendering import html_page

_Schema = Mapping[str, Any]

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or of what a body holds."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A route: what it does, takes and returns. `example` is a body to send, as JSON."""

    anchor: str
    method: str
    path: str
    summary: str
    meaning: str
    takes: tuple[Field, ...]
    returns: tuple[Field, ...]
    example: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """A named schema with its fields."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


@router.get("/docs")
def docs_page(request: Request) -> Response:
    """Show all routes and the bodies that they take and return."""
    description: dict[str, Any] = request.app.openapi()
    schemas: Mapping[str, _Schema] = description.get("components", {}).get("schemas", {})
    return html_page(
        request,
        "docs.html",
        title=description["info"]["title"],
        version=description["info"]["version"],
        about=description["info"].get("description", ""),
        operations=list(_operations(description, schemas)),
        models=[_model(name, schema) for name, schema in sorted(schemas.items())],
    )


def _operations(
    description: Mapping[str, Any], schemas: Mapping[str, _Schema]
) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            body = _content_schema(route.get("requestBody", {}))
            yield Operation(
                anchor=f"{method}-{path.strip('/').replace('/', '-')}",
                method=method.upper(),
                path=path,
                summary=route.get("summary", ""),
                meaning=route.get("description", ""),
                takes=(
                    *_parameters(route),
                    *_fields(_resolved(body, schemas)),
                    *_other_bodies(route),
                ),
                returns=tuple(
                    Field(status, bodies(response, _kind), response["description"])
                    for status, response in route["responses"].items()
                ),
                example=_example(_resolved(body, schemas)),
            )


def _parameters(route: Mapping[str, Any]) -> Iterator[Field]:
    for parameter in route.get("parameters", []):
        schema = parameter.get("schema", {})
        meaning = parameter.get("description") or schema.get("description", "")
        yield Field(parameter["name"], f"{_kind(schema)}, in the {parameter['in']}", meaning)


def _other_bodies(route: Mapping[str, Any]) -> Iterator[Field]:
    for media_type, meaning in other_bodies(route):
        yield Field("body", media_type, meaning)


def _content_schema(holder: Mapping[str, Any]) -> _Schema:
    """Return the schema of the first media type of a body, empty where there is none."""
    contents = [content.get("schema", {}) for content in holder.get("content", {}).values()]
    return contents[0] if contents else {}


def _resolved(schema: _Schema, schemas: Mapping[str, _Schema]) -> _Schema:
    return schemas.get(_name(schema), schema) if "$ref" in schema else schema


def _model(name: str, schema: _Schema) -> Model:
    return Model(name, schema.get("description", ""), tuple(_fields(schema)))


def _fields(schema: _Schema) -> Iterator[Field]:
    for name, field in schema.get("properties", {}).items():
        yield Field(name, _kind(field), field.get("description", ""))


def _kind(schema: _Schema) -> str:
    """Return what a value may be, in a few words."""
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
    kind = schema.get("format") or schema.get("type") or ("any" if schema else "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _name(schema: _Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _example(schema: _Schema) -> str | None:
    examples = schema.get("examples", [])
    return json.dumps(examples[0], ensure_ascii=False, indent=1) if examples else None
