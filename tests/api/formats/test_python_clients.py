"""What Python packages of others make of the golden files: their own types, unmodified."""

import json
from collections.abc import Iterable
from typing import Any, cast

import httpx
import httpx2
import pytest
from anthropic import Anthropic
from anthropic.types import SearchResultBlockParam, TextBlockParam, ToolResultBlockParam
from cohere import DocumentSource, V2ChatResponse
from cohere.client_v2 import ClientV2
from pydantic import TypeAdapter

from api.formats.names import Format
from qa.language.question_kind import QuestionKind
from tests.api.formats.golden_files import path_of
from tests.api.formats.replies import REPLIES


def golden(dialect: Format, case: str) -> Any:
    return json.loads(path_of(dialect, case).read_text(encoding="utf-8"))


def search_results(case: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = golden(Format.ANTHROPIC, case)["content"]
    return content


@pytest.mark.parametrize("case", ["answered", "beyond-the-bmp"])
def test_every_block_is_a_search_result_as_anthropic_describes_it(case: str) -> None:
    described = TypeAdapter(SearchResultBlockParam)
    for block in search_results(case):
        parsed = described.validate_python(block)
        assert parsed["citations"] == {"enabled": True}
        assert block.keys() <= SearchResultBlockParam.__annotations__.keys()
        for text in cast("Iterable[TextBlockParam]", block["content"]):
            assert TypeAdapter(TextBlockParam).validate_python(text) == text


def test_each_sentence_is_a_block_of_its_own_and_comes_once() -> None:
    said = [[text["text"] for text in block["content"]] for block in search_results("answered")]
    assert said == [[source.citation.quote] for source in REPLIES["answered"].sources]
    founded, wrote = "🎵🎵 Anna Lind 😀 founded it.", "She wrote 42 songs 𝄞 in 7 years."
    said = [
        [text["text"] for text in block["content"]] for block in search_results("beyond-the-bmp")
    ]
    assert said == [[founded, wrote], ["🐈 Lind: 42 songs, counted twice."], [founded]]


def test_remarks_on_the_answers_are_texts_behind_the_search_results() -> None:
    result, *said = search_results("differing")
    assert result["type"] == "search_result"
    for block in said:
        assert TypeAdapter(TextBlockParam).validate_python(block) == block
    assert [block["text"] for block in said] == [
        "The articles do not agree: another answer is likely too.",
        QuestionKind.YES_NO.note,
    ]


def test_a_tool_that_abstains_says_so_in_a_text_and_returns_nothing_to_cite() -> None:
    (block,) = search_results("abstaining")
    assert TypeAdapter(TextBlockParam).validate_python(block) == block
    assert block["text"].startswith("The articles do not answer this question.")


@pytest.mark.parametrize("case", REPLIES)
def test_anthropics_client_sends_a_result_with_the_id_of_its_use(case: str) -> None:
    result = {**golden(Format.ANTHROPIC, case), "tool_use_id": "toolu_1"}
    assert result.keys() <= ToolResultBlockParam.__annotations__.keys()
    sent: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, json=_MESSAGE)

    transport = httpx2.MockTransport(answer)
    with Anthropic(api_key="none", http_client=httpx2.Client(transport=transport)) as client:
        client.messages.create(
            model="any",
            max_tokens=10,
            messages=[{"role": "user", "content": [cast("ToolResultBlockParam", result)]}],
        )
    assert sent[0]["messages"][0]["content"] == [result]


_MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "any",
    "content": [{"type": "text", "text": "."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}


def read_by_cohere(case: str) -> V2ChatResponse:
    """Let Cohere's client call a service that answers with the golden file."""
    answered = httpx.Response(200, json=golden(Format.COHERE, case))
    transport = httpx.MockTransport(lambda _: answered)
    with httpx.Client(transport=transport) as http:
        client = ClientV2(api_key="none", base_url="http://quoth.example", httpx_client=http)
        return client.chat(model="quoth", messages=[])


@pytest.mark.parametrize("case", REPLIES)
def test_coheres_client_reads_text_and_citations_that_fit(case: str) -> None:
    response = read_by_cohere(case)
    assert response.finish_reason == "COMPLETE"
    assert response.message.content is not None
    (content,) = response.message.content
    assert content.type == "text"
    assert content.text == REPLIES[case].text.text
    citations = response.message.citations or []
    assert citations
    for citation in citations:
        assert content.text[citation.start : citation.end] == citation.text
        assert (citation.type, citation.content_index) == ("TEXT_CONTENT", 0)
        for source in citation.sources or []:
            assert isinstance(source, DocumentSource)
            document = source.document or {}
            assert source.id == document["id"]
            if case != "answered":  # there "Lukashenko" says the same as "Alexander Lukashenko"
                assert citation.text is not None
                assert any(citation.text in str(document.get(n)) for n in ("snippet", "context"))


def test_coheres_client_finds_no_field_that_it_does_not_know() -> None:
    response = read_by_cohere("beyond-the-bmp")
    citations = response.message.citations or []
    sources = [source for citation in citations for source in citation.sources or []]
    for known in (response, response.message, *citations, *sources):
        assert not known.model_extra, known


def test_a_cohere_document_points_at_its_sentence_in_the_article() -> None:
    articles = {
        source.citation.article.article_id: source.citation.article.text
        for reply in REPLIES.values()
        for source in reply.sources
    }
    for case in REPLIES:
        for citation in golden(Format.COHERE, case)["message"]["citations"]:
            for source in citation["sources"]:
                found = source["document"]
                text = articles[found["article_id"]]
                assert text[found["start"] : found["end"]] == found["snippet"]
