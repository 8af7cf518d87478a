"""`format` on `/v1/ask`: media types, tags, HEAD, mistakes, and what the description says."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from api.formats.names import Format
from api.formats.rendering import JsonDialect
from api.formats.web_annotation import AnnotationCollection
from api.responses import AskResponse

QUESTION = "How many on the ship?"
UNANSWERABLE = {"article_ids": ["~mute"]}
MEDIA_TYPES = {
    Format.QUOTH: "application/json",
    Format.ANTHROPIC: "application/json",
    Format.COHERE: "application/json",
    Format.AI_SDK: "text/event-stream; charset=utf-8",
    Format.OPEN_WEBUI: "application/json",
    Format.WEB_ANNOTATION: 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
}
PATHS = {name: f"/v1/ask?q=How+many+on+the+ship%3F&format={name}" for name in Format}


def without_times(response: Any) -> Any:
    return {key: value for key, value in response.items() if key not in ("timings_ms", "cached")}


@pytest.mark.parametrize("name", Format)
def test_the_same_is_told_by_address_and_by_body(client: TestClient, name: Format) -> None:
    by_address = client.get(PATHS[name])
    by_body = client.post("/v1/ask", json={"question": QUESTION, "format": name})
    assert by_address.status_code == by_body.status_code == 200
    for response in (by_address, by_body):
        assert response.headers["content-type"] == MEDIA_TYPES[name]
    if name is Format.QUOTH:
        assert without_times(by_address.json()) == without_times(by_body.json())
    else:
        assert by_address.content == by_body.content


def test_without_a_format_it_is_our_own(client: TestClient) -> None:
    plain = client.get("/v1/ask", params={"q": QUESTION})
    named = client.get(PATHS[Format.QUOTH])
    assert plain.headers["etag"] == named.headers["etag"]
    assert plain.json().keys() == named.json().keys() == AskResponse.model_fields.keys()


def test_each_format_quotes_the_same_sentence(client: TestClient) -> None:
    for path in PATHS.values():
        assert "The ship carries 42 sailors and a cat." in client.get(path).text


def test_links_lead_to_the_service_that_was_asked(client: TestClient) -> None:
    collection = client.get(PATHS[Format.WEB_ANNOTATION]).json()
    target = collection["first"]["items"][0]["target"]
    assert target["state"]["cached"].startswith("http://testserver/articles/ships/")
    page = client.get(target["state"]["cached"])
    assert target["selector"][0]["exact"] in page.text.replace("<mark>", "").replace("</mark>", "")


def test_positions_count_code_points_of_the_article(client: TestClient) -> None:
    target = client.get(PATHS[Format.WEB_ANNOTATION]).json()["first"]["items"][0]["target"]
    article = client.get("/v1/articles/ships/the Ålesund ⚓").json()["text"]
    by_quote, by_position = target["selector"]
    assert "😀" in by_quote["prefix"]
    assert article[by_position["start"] : by_position["end"]] == by_quote["exact"]


def test_every_format_has_a_tag_of_its_own_and_is_not_sent_again(client: TestClient) -> None:
    tags = set()
    for path in PATHS.values():
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        tag = first.headers["etag"]
        tags.add(tag)
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        others = ", ".join(known for known in tags if known != tag)
        assert client.get(path, headers={"if-none-match": others}).status_code == 200
    assert len(tags) == len(Format)


@pytest.mark.parametrize("name", Format)
def test_head_is_get_without_the_body(client: TestClient, name: Format) -> None:
    got, head = client.get(PATHS[name]), client.head(PATHS[name])
    assert (head.status_code, head.content) == (200, b"")
    # Our own tells how long it took.
    changing = {"x-request-id"} | ({"content-length"} if name is Format.QUOTH else set())
    for header in got.headers.keys() - changing:
        assert head.headers[header] == got.headers[header], header
    assert int(got.headers["content-length"]) > 0


def test_all_name_the_generation(client: TestClient) -> None:
    generation = client.get("/readyz").json()["generation"]
    for path in PATHS.values():
        assert client.get(path).headers["x-index-generation"] == generation


def test_the_stream_says_which_protocol_it_is(client: TestClient) -> None:
    response = client.get(PATHS[Format.AI_SDK])
    assert response.headers["x-vercel-ai-ui-message-stream"] == "v1"
    *parts, done, end = response.text.split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    kinds = [json.loads(part.removeprefix("data: "))["type"] for part in parts]
    assert kinds[:2] == ["start", "text-start"]
    assert kinds[-1] == "finish"
    assert [kind for kind in kinds if kind != "text-delta"][2:4] == ["text-end", "source-url"]


def abstains(client: TestClient, name: Format) -> str:
    body = {"question": QUESTION, "filters": UNANSWERABLE, "format": name}
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 200
    return response.text


def test_each_format_says_that_nothing_answers(client: TestClient) -> None:
    sentence = "The articles do not answer this question."
    offered = "“Nothing is counted here.” [1]"
    tool = json.loads(abstains(client, Format.ANTHROPIC))
    assert [block["type"] for block in tool["content"]] == ["text"]
    assert tool["content"][0]["text"].startswith(sentence)
    cohere = json.loads(abstains(client, Format.COHERE))["message"]
    assert cohere["content"][0]["text"].startswith(sentence)
    assert [cited["text"] for cited in cohere["citations"]] == ["Nothing is counted here."]
    open_webui = json.loads(abstains(client, Format.OPEN_WEBUI))
    assert open_webui["content"].startswith(sentence)
    assert offered in open_webui["content"]
    assert json.loads(abstains(client, Format.WEB_ANNOTATION))["total"] == 0
    stream = abstains(client, Format.AI_SDK)
    assert sentence in stream
    assert '"messageMetadata":{"answered":false,"confidence":null' in stream


@pytest.mark.parametrize("unknown", ["openai", "", "Cohere", "cohere\n"])
def test_an_unknown_format_is_a_problem_that_lists_those_known(
    client: TestClient, unknown: str
) -> None:
    known = (
        "format: Input should be 'quoth', 'anthropic', 'cohere', 'ai-sdk', 'open-webui' or "
        "'web-annotation'"
    )
    for response in (
        client.get("/v1/ask", params={"q": QUESTION, "format": unknown}),
        client.post("/v1/ask", json={"question": QUESTION, "format": unknown}),
    ):
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"] == known


def test_mistakes_are_problems_in_every_format(client: TestClient) -> None:
    for name in Format:
        response = client.get("/v1/ask", params={"q": " ", "format": name})
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"


def test_the_description_names_the_formats_and_their_media_types(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    schemas = description["components"]["schemas"]
    assert schemas["Format"]["enum"] == [*Format]
    assert schemas["AskBody"]["properties"]["format"]["default"] == "quoth"
    for method in ("get", "post"):
        route = description["paths"]["/v1/ask"][method]
        content = route["responses"]["200"]["content"]
        assert content.keys() == {
            media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()
        }
        shapes = [
            ref["$ref"].rpartition("/")[2] for ref in content["application/json"]["schema"]["anyOf"]
        ]
        assert shapes == ["AskResponse", "AnthropicToolResult", "CohereReply", "OpenWebUiMessage"]
    (parameter,) = [
        p for p in description["paths"]["/v1/ask"]["get"]["parameters"] if p["name"] == "format"
    ]
    assert not parameter["required"]


def test_what_is_sent_is_what_is_described(client: TestClient) -> None:
    for name in (Format.ANTHROPIC, Format.COHERE, Format.OPEN_WEBUI):
        said = client.get(PATHS[name]).json()
        parsed = TypeAdapter[JsonDialect](JsonDialect).validate_python(said)
        assert parsed.model_dump(mode="json") == said
    annotations = client.get(PATHS[Format.WEB_ANNOTATION]).json()
    parsed_annotations = AnnotationCollection.model_validate(annotations)
    assert parsed_annotations.model_dump(mode="json") == annotations
