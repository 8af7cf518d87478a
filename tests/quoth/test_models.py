"""The client's models say what the service's OpenAPI description says."""

from typing import Any

import pytest
from pydantic import BaseModel

from api.app import create_app
from api.settings import Settings
from quoth import models

# By the names that the description has for them.
COMPONENTS: dict[str, type[BaseModel]] = {
    "ArticleReference": models.ArticleReference,
    "SentenceRange": models.SentenceRange,
    "AnswerRange": models.AnswerRange,
    "ContextBody": models.Context,
    "CitationBody": models.Citation,
    "AnswerBody": models.Answer,
    "Timings": models.Timings,
    "ExplanationBody": models.Explanation,
    "AskResponse": models.AskResponse,
    "PassageBody": models.Passage,
    "SearchResponse": models.SearchResponse,
    "ArticleBody": models.Article,
    "ArticleListing": models.ArticleListing,
    "VerifiedCitation": models.VerifiedCitation,
    "VerifyResponse": models.VerifyResponse,
    "Problem": models.Problem,
}
# Names of steps, which may become more.
OPEN = {"CandidateFate", "AnswerFate", "ReadingEnd"}
_WORDS = {"title", "description", "examples", "example", "default", "additionalProperties"}


def plain(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return the schema with its references filled in, without words for people."""
    if isinstance(schema, list):
        return [plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"type": "string"} if name in OPEN else plain(definitions[name], definitions)
    if isinstance(schema.get("properties"), dict):
        fields = {name: plain(field, definitions) for name, field in schema["properties"].items()}
        return {"type": "object", "properties": fields}
    return {key: plain(value, definitions) for key, value in schema.items() if key not in _WORDS}


@pytest.fixture(scope="module")
def components() -> dict[str, Any]:
    described: dict[str, Any] = create_app(Settings()).openapi()["components"]["schemas"]
    return described


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_model_has_the_fields_and_types_of_the_description(
    components: dict[str, Any], name: str
) -> None:
    own = COMPONENTS[name].model_json_schema(mode="serialization")
    assert plain(own, own.get("$defs", {})) == plain(components[name], components)


def test_a_field_that_a_newer_service_adds_is_left_out() -> None:
    given = {"text": "42", "start": 1, "end": 3, "shade": "grey"}
    assert models.AnswerRange.model_validate(given).model_dump() == {
        "text": "42",
        "start": 1,
        "end": 3,
    }
