"""What the AI SDK, in JavaScript, makes of a UI message stream: golden, and from a real service.

Needs node, and the package `ai` as it is locked here: `npm ci --prefix tests/api/formats`.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.formats.names import Format
from tests.api.formats.golden_files import path_of
from tests.api.formats.replies import BEYOND_THE_BMP, REPLIES

SCRIPT = Path(__file__).with_name("ui_message_stream.cjs")
NODE = shutil.which("node")


@pytest.fixture(scope="module")
def node() -> str:
    """Node, where it has the package `ai`."""
    if NODE is None:
        pytest.skip("needs node (apt install nodejs)")
    found = subprocess.run(
        [NODE, "-e", "require('ai')"], capture_output=True, cwd=SCRIPT.parent, check=False
    )
    if found.returncode:
        pytest.skip("needs the npm package `ai`: npm ci --prefix tests/api/formats")
    return NODE


def read(node: str, *arguments: str) -> Any:
    ran = subprocess.run(
        [node, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def parts(read: Any, kind: str) -> list[Any]:
    return [part for part in read["message"]["parts"] if part["type"] == kind]


@pytest.mark.parametrize("case", REPLIES)
def test_the_golden_stream_is_a_message_with_text_and_sources(node: str, case: str) -> None:
    found = read(node, "file", str(path_of(Format.AI_SDK, case)))
    reply = REPLIES[case]
    (text,) = parts(found, "text")
    assert (text["text"], text["state"]) == (reply.text.text, "done")
    shown = [(part["sourceId"], part["url"], part["title"]) for part in parts(found, "source-url")]
    assert shown == [(source.source_id, source.url, source.title) for source in reply.sources]
    for part, source in zip(parts(found, "source-url"), reply.sources, strict=True):
        assert part["providerMetadata"]["quoth"] == source.record.model_dump(mode="json")
    metadata = found["message"]["metadata"]
    assert metadata["answered"] == reply.outcome.answered
    assert metadata["generation"] == "g1"


def test_citations_cover_the_quoted_words_as_javascript_counts(node: str) -> None:
    found = read(node, "file", str(path_of(Format.AI_SDK, "beyond-the-bmp")))
    text = BEYOND_THE_BMP.text.text
    assert [(source_id, words) for source_id, words, _ in found["cited"]] == [
        (source.source_id, text[quoted.start : quoted.end])
        for quoted in BEYOND_THE_BMP.quoted()
        for source in quoted.sources
    ]
    for _, words, cited_text in found["cited"]:
        assert words in cited_text


def test_a_chat_of_the_ai_sdk_shows_answer_and_sources_of_a_service(
    node: str,
    small_index: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
) -> None:
    with listen(make_app(small_index)) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        found = read(node, "url", f"{url}/v1/ask", "How many on the ship?")
    assert (found["status"], found["protocol"]) == (200, "v1")
    (text,) = parts(found, "text")
    assert text["text"].startswith("“42” — “The ship carries 42 sailors and a cat.” [1]")
    first = parts(found, "source-url")[0]
    assert first["url"].startswith("https://example.org/ships#:~:text=")
    assert first["providerMetadata"]["quoth"]["answer"]["text"] == "42"
    assert found["message"]["metadata"]["answered"] is True
