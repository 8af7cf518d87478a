"""`quoth mcp`: the same over standard input and output, with the shipped models."""

import json
import subprocess
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from api.responses import AskResponse
from tests.api.conftest import QUOTH, clean_environment
from tests.api.mcp.conftest import use_client

QUESTION = "Who is the longtime dictator of Belarus?"
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    },
}


def server(index_dir: Path) -> StdioServerParameters:
    arguments = ["mcp", "--index-dir", str(index_dir)]
    return StdioServerParameters(command=QUOTH, args=arguments, env=clean_environment())


def test_a_question_is_answered_and_its_citation_verified(seed_index: Path, mode: str) -> None:
    async def use(client: Client) -> tuple[CallToolResult, CallToolResult, str]:
        await client.list_tools()
        asked = await client.call_tool("ask", {"question": QUESTION})
        (answer, *_) = asked.structured_content["answers"]
        citation = answer["citations"][0]
        verified = await client.call_tool("verify", {"citations": [citation]})
        listed = await client.list_resources()
        (content,) = (await client.read_resource(listed.resources[0].uri)).contents
        return asked, verified, content.text  # type: ignore[union-attr]

    asked, verified, text = use_client(server(seed_index), use, mode=mode)
    response = AskResponse.model_validate(asked.structured_content, extra="forbid")
    assert response.answers[0].text == "Alexander Lukashenko"
    citation = response.answers[0].citations[0]
    assert text[citation.sentence.start : citation.sentence.end] == citation.quote
    assert verified.structured_content["citations"][0]["verdict"] == "ok"
    (shown,) = [item.text for item in asked.content if isinstance(item, TextContent)]
    assert f"> {citation.quote}" in shown


def test_nothing_but_the_protocol_is_written_to_standard_output(seed_index: Path) -> None:
    messages: list[dict[str, Any]] = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": QUESTION}},
        },
    ]
    with subprocess.Popen(
        [QUOTH, "mcp", "--index-dir", str(seed_index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        lines = []
        for message in messages:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            if "id" in message:
                lines.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        rest, errors = process.stdout.read(), process.stderr.read()
    assert process.returncode == 0
    assert [line["id"] for line in lines] == [1, 2]
    assert lines[0]["result"]["serverInfo"]["name"] == "quoth"
    assert lines[1]["result"]["isError"] is False
    assert rest == ""
    assert {json.loads(line)["level"] for line in errors.splitlines()} == {"info"}


def test_an_index_that_cannot_be_opened_ends_the_command_with_the_cure(tmp_path: Path) -> None:
    ran = subprocess.run(
        [QUOTH, "mcp", "--index-dir", str(tmp_path / "missing")],
        input="",
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith("error: there is no index at ")
    assert "build it with: quoth index" in line
