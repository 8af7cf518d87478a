"""The API's description as a page: what `/openapi.json` says, set for reading."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.described import Field, Schema, body_schema, fields, returns, takes
from api.pages.rendering import html_page

router = APIRouter()


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
    schemas: Mapping[str, Schema] = description.get("components", {}).get("schemas", {})
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
    description: Mapping[str, Any], schemas: Mapping[str, Schema]
) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            yield Operation(
                anchor=f"{method}-{path.strip('/').replace('/', '-')}",
                method=method.upper(),
                path=path,
                summary=route.get("summary", ""),
                meaning=route.get("description", ""),
                takes=tuple(takes(route, schemas)),
                returns=tuple(returns(route)),
                example=_example(body_schema(route, schemas)),
            )


def _model(name: str, schema: Schema) -> Model:
    return Model(name, schema.get("description", ""), tuple(fields(schema)))


def _example(schema: Schema) -> str | None:
    examples = schema.get("examples", [])
    return json.dumps(examples[0], ensure_ascii=False, indent=1) if examples else None
