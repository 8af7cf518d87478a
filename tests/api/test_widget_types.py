"""The types of the package for npm: what they say of a response is what the service sends."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

DECLARED = (Path(__file__).parents[2] / "widget" / "quoth-ask.d.ts").read_text()
SCHEMAS = {
    "QuothResponse": "AskResponse",
    "QuothAnswer": "AnswerBody",
    "QuothCitation": "CitationBody",
    "QuothSentence": "SentenceRange",
    "QuothProblem": "Problem",
}


@pytest.fixture(scope="module")
def schemas(client: TestClient) -> Any:
    """What the OpenAPI description says of each body."""
    return client.get("/openapi.json").json()["components"]["schemas"]


def declared(interface: str) -> set[str]:
    """Return the fields of an interface, without those of objects inside of it."""
    found = re.search(rf"export interface {interface} \{{\n(.*?)\n\}}", DECLARED, re.DOTALL)
    assert found is not None, interface
    return set(re.findall(r"^  (\w+): ", found[1], re.MULTILINE))


@pytest.mark.parametrize(("interface", "schema"), SCHEMAS.items())
def test_an_interface_has_the_fields_that_are_sent(
    schemas: Any, interface: str, schema: str
) -> None:
    assert declared(interface) == set(schemas[schema]["properties"])


def test_the_objects_inside_have_the_fields_that_are_sent(schemas: Any) -> None:
    article = re.search(r"  article: \{\n(.*?)\n  \}", DECLARED, re.DOTALL)
    assert article is not None
    fields = set(re.findall(r"^    (\w+): ", article[1], re.MULTILINE))
    assert fields == set(schemas["ArticleReference"]["properties"])
    for field, schema in [
        ("timings_ms", "Timings"),
        ("answer", "AnswerRange"),
        ("context", "ContextBody"),
    ]:
        inside = re.search(rf"^  {field}: \{{ (.*) \}}", DECLARED, re.MULTILINE)
        assert inside is not None, field
        names = set(re.findall(r"(\w+): ", inside[1]))
        assert names == set(schemas[schema]["properties"]), field
