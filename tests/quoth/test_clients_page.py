"""docs/clients.md: what it says to run gives what it says, against a real service."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import RunningService

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "clients.md"
ADDRESS = "http://localhost:8000"
_SNIPPET = re.compile(r"```(\w+)\n(.+?)```\n```text\n(.+?)```", re.S)


def snippets() -> dict[str, tuple[str, str, str]]:
    """Return language, code and output of each section that shows one, by its title."""
    _, *sections = PAGE.read_text("utf-8").split("\n## ")
    found = {section.partition("\n")[0]: _SNIPPET.search(section) for section in sections}
    return {title: (m[1], m[2], m[3]) for title, m in found.items() if m is not None}


SNIPPETS = snippets()
NEEDED = {
    "LangChain": "langchain_core",
    "LlamaIndex": "llama_index",
    "OpenAI's client": "openai",
}
# Where the packages of Node are, if they are installed.
NODE_PACKAGES = ROOT / "tests" / "api" / "formats"
RUN_WITH = {
    "bash": ["bash", "-c"],
    "python": [sys.executable, "-c"],
    "javascript": ["node", "--input-type=module", "--eval"],
}


def test_there_is_a_snippet_for_each_kind_of_client() -> None:
    assert set(SNIPPETS) == {"curl", "Python", "JavaScript", "AI SDK", *NEEDED}


@pytest.mark.parametrize("title", SNIPPETS)
def test_a_snippet_prints_what_stands_below_it(title: str, service: RunningService) -> None:
    language, code, printed = SNIPPETS[title]
    package, program = NEEDED.get(title), RUN_WITH[language][0]
    if package is not None and importlib.util.find_spec(package) is None:
        pytest.skip(f"needs {package}")
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}")
    if title == "AI SDK" and not (NODE_PACKAGES / "node_modules" / "ai").is_dir():
        pytest.skip("needs the npm package `ai`: npm ci --prefix tests/api/formats")
    ran = subprocess.run(
        [*RUN_WITH[language], code.replace(ADDRESS, service.url)],
        capture_output=True,
        check=False,
        cwd=NODE_PACKAGES if language == "javascript" else ROOT,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == printed
