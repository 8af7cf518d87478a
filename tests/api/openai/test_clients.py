"""OpenAI's own client, LangChain's and llm, unmodified, against a real server."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import openai
import pytest
from fastapi import FastAPI
from openai.types.chat import ChatCompletionMessageParam
from openai.types.responses import ResponseCompletedEvent, ResponseTextDeltaEvent
from pydantic import BaseModel, SecretStr

from tests.api.conftest import fake_app, listening, until

KEY = SecretStr("none")
SAYS = "“42” — “The ship carries 42 sailors and a cat.” [1]"
ARTICLE_URL = "https://example.org/ships#:~:text="
QUESTION = "How many sailors does the ship carry?"
Listen = Callable[[FastAPI], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def address(small_index: Path) -> Iterator[str]:
    """The service on the small index, over HTTP, ready."""
    with listening(fake_app(small_index)) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url


@pytest.fixture
def api(address: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client."""
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def chat(text: str = QUESTION) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text}]


def test_a_chat_answer_is_a_quotation_with_a_mark(api: openai.OpenAI) -> None:
    completion = api.chat.completions.create(model="quoth", messages=chat())
    (choice,) = completion.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content is not None
    assert choice.message.content.startswith(SAYS)
    assert completion.usage is not None
    assert completion.usage.total_tokens > completion.usage.prompt_tokens > 0


def test_annotations_index_the_marks_and_open_the_quote(api: openai.OpenAI) -> None:
    completion = api.chat.completions.create(model="quoth", messages=chat())
    message = completion.choices[0].message
    assert message.annotations
    assert message.content
    for number, annotation in enumerate(message.annotations, start=1):
        cited = annotation.url_citation
        assert message.content[cited.start_index : cited.end_index] == f"[{number}]"
    first = message.annotations[0].url_citation
    assert first.title == "A ship"
    assert first.url.startswith(ARTICLE_URL)


def test_our_citations_come_whole(api: openai.OpenAI, address: str) -> None:
    completion = api.chat.completions.create(model="quoth", messages=chat())
    asked = httpx.post(f"{address}/v1/ask", json={"question": QUESTION}).json()
    assert completion.model_extra is not None
    assert completion.model_extra["citations"] == [
        citation for answer in asked["answers"] for citation in answer["citations"]
    ]
    assert completion.model_extra["asked"] == QUESTION


def test_an_article_without_an_address_is_cited_in_our_viewer(
    api: openai.OpenAI, address: str
) -> None:
    completion = api.chat.completions.create(
        model="quoth",
        messages=chat("How many gates has the town?"),
    )
    annotations = completion.choices[0].message.annotations or []
    (url,) = [a.url_citation.url for a in annotations if a.url_citation.title == "A town"]
    assert url == f"{address}/articles/town#char=0,21"
    assert httpx.get(url).status_code == 200


def test_a_stream_gives_the_same_text_and_annotations(api: openai.OpenAI) -> None:
    whole = api.chat.completions.create(model="quoth", messages=chat())
    with api.chat.completions.stream(model="quoth", messages=chat()) as stream:
        streamed = stream.get_final_completion()
    message = streamed.choices[0].message
    assert message.content == whole.choices[0].message.content
    assert message.annotations == whole.choices[0].message.annotations
    assert streamed.choices[0].finish_reason == "stop"


def test_the_last_chunk_of_a_stream_carries_the_citations(api: openai.OpenAI) -> None:
    stream = api.chat.completions.create(
        model="quoth",
        messages=chat(),
        stream=True,
        stream_options={"include_usage": True},
    )
    *_, last, usage = list(stream)
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra is not None
    assert last.model_extra["citations"][0]["quote"] == "The ship carries 42 sailors and a cat."
    assert usage.choices == []
    assert usage.usage is not None
    assert usage.usage.completion_tokens > 0


def test_no_chunk_names_a_usage_that_was_not_asked_for(address: str) -> None:
    body = {"model": "quoth", "messages": chat(), "stream": True}
    response = httpx.post(f"{address}/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert done == "[DONE]"
    assert all("usage" not in json.loads(data) for data in events)


def test_the_asynchronous_client_answers_and_streams(address: str) -> None:
    async def ask() -> tuple[str, str]:
        async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="none") as client:
            whole = await client.chat.completions.create(model="quoth", messages=chat())
            parts = await client.chat.completions.create(
                model="quoth",
                messages=chat(),
                stream=True,
            )
            joined = [part.choices[0].delta.content or "" async for part in parts]
            return whole.choices[0].message.content or "", "".join(joined)

    whole, streamed = asyncio.run(ask())
    assert whole == streamed
    assert whole.startswith(SAYS)


def test_a_response_has_the_text_and_its_annotations(api: openai.OpenAI) -> None:
    response = api.responses.create(model="quoth", input=QUESTION, instructions="Speak Latin.")
    assert response.status == "completed"
    assert response.instructions == "Speak Latin."
    assert response.output_text.startswith(SAYS)
    (message,) = response.output
    assert message.type == "message"
    (part,) = message.content
    assert part.type == "output_text"
    first = part.annotations[0]
    assert first.type == "url_citation"
    assert part.text[first.start_index : first.end_index] == "[1]"
    assert first.url.startswith(ARTICLE_URL)
    assert response.usage is not None
    assert response.usage.output_tokens > 0


def test_a_streamed_response_comes_in_openais_events(api: openai.OpenAI) -> None:
    with api.responses.stream(model="quoth", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    kinds = [event.type for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-1] == "response.completed"
    assert "response.output_text.annotation.added" in kinds
    deltas = [event.delta for event in events if isinstance(event, ResponseTextDeltaEvent)]
    assert "".join(deltas) == final.output_text
    assert final.output_text.startswith(SAYS)


def test_the_events_of_a_response_are_numbered_and_end_with_the_records(
    api: openai.OpenAI,
) -> None:
    events = list(api.responses.create(model="quoth", input=QUESTION, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert isinstance(events[-1], ResponseCompletedEvent)
    extra = events[-1].response.model_extra
    assert extra is not None
    assert extra["citations"][0]["answer"]["text"] == "42"


def test_models_can_be_listed_and_looked_at(api: openai.OpenAI) -> None:
    assert [model.id for model in api.models.list()] == ["quoth"]
    assert api.models.retrieve("quoth").owned_by == "quoth"


def test_mistakes_raise_the_exceptions_of_the_client(api: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        api.chat.completions.create(model="gpt-4", messages=chat())
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError):
        api.models.retrieve("gpt-4")
    with pytest.raises(openai.BadRequestError) as empty:
        api.chat.completions.create(model="quoth", messages=[])
    assert (empty.value.type, empty.value.param) == ("invalid_request_error", "messages")
    with pytest.raises(openai.BadRequestError) as silent:
        api.chat.completions.create(model="quoth", messages=chat("  "))
    assert "is empty" in silent.value.message
    with pytest.raises(openai.BadRequestError) as stored:
        api.responses.create(model="quoth", input="And when?", previous_response_id="resp_1")
    assert stored.value.param == "previous_response_id"
    with pytest.raises(openai.BadRequestError) as kept:
        api.responses.create(model="quoth", input="And when?", conversation="conv_1")
    assert kept.value.param == "conversation"


class Crew(BaseModel):
    """What somebody might want to be told as JSON."""

    sailors: int


def test_a_text_that_should_be_json_is_refused_and_not_given_as_markdown(
    api: openai.OpenAI,
) -> None:
    with pytest.raises(openai.BadRequestError) as parsed:
        api.chat.completions.parse(model="quoth", messages=chat(), response_format=Crew)
    assert parsed.value.param == "response_format"
    assert "'json_schema', but answers are quotations" in parsed.value.message
    with pytest.raises(openai.BadRequestError) as loose:
        api.chat.completions.create(
            model="quoth", messages=chat(), response_format={"type": "json_object"}
        )
    assert loose.value.param == "response_format"
    with pytest.raises(openai.BadRequestError) as response:
        api.responses.parse(model="quoth", input=QUESTION, text_format=Crew)
    assert response.value.param == "text.format"


def test_a_service_that_starts_is_an_internal_server_error(
    tmp_path: Path, make_app: Callable[..., FastAPI], listen: Listen
) -> None:
    with listen(make_app(tmp_path / "no index")) as url:
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
        with pytest.raises(openai.InternalServerError) as refused:
            client.chat.completions.create(model="quoth", messages=chat())
        client.close()
    assert refused.value.status_code == 503
    assert (refused.value.type, refused.value.code) == ("server_error", "service_unavailable")


def test_earlier_turns_complete_the_question(api: openai.OpenAI) -> None:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "Answer in rhymes."},
        *chat(),
        {"role": "assistant", "content": SAYS},
        *chat("And when?"),
    ]
    completion = api.chat.completions.create(model="quoth", messages=messages)
    assert completion.model_extra is not None
    assert completion.model_extra["asked"] == "When does the ship carry sailors?"


def test_langchain_answers_and_streams_with_annotations(address: str) -> None:
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="quoth", base_url=f"{address}/v1", api_key=KEY)
    said = model.invoke(QUESTION)
    assert said.text.startswith(SAYS)
    streamed = "".join(part.text for part in model.stream(QUESTION))
    assert streamed == said.text
    by_responses = ChatOpenAI(
        model="quoth",
        base_url=f"{address}/v1",
        api_key=KEY,
        use_responses_api=True,
    ).invoke(QUESTION)
    (block,) = [b for b in by_responses.content_blocks if b["type"] == "text"]
    (annotation, *_) = block["annotations"]
    assert annotation["type"] == "citation"
    assert annotation["url"].startswith(ARTICLE_URL)


def test_llm_shows_the_answer_with_its_source(address: str, tmp_path: Path) -> None:
    from llm.default_plugins.openai_models import Chat

    model = Chat("quoth", model_name="quoth", api_base=f"{address}/v1")  # type: ignore[no-untyped-call]  # it has no types
    model.key = "none"
    text = model.prompt(QUESTION, stream=True).text()
    assert text.startswith(SAYS)
    assert "[1]: <https://example.org/ships" in text
