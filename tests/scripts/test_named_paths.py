"""What documents and docstrings name is where they say."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ROOMS = ("api", "index", "qa", "quoth", "scripts")
_NAMED = re.compile(rf"(?<![\w/.-])(?:{'|'.join(_ROOMS)})/[\w/]+\.(?:py|js|css|html|json|onnx)\b")


def _texts() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    for folder in ("docs", *_ROOMS):
        for kind in ("md", "py"):
            yield from (ROOT / folder).rglob(f"*.{kind}")


def test_each_file_of_ours_that_a_text_names_is_there() -> None:
    named = {
        (file.relative_to(ROOT).as_posix(), path)
        for file in _texts()
        for path in _NAMED.findall(file.read_text())
    }
    assert ("ARCHITECTURE.md", "qa/reading/spans.py") in named
    assert [(file, path) for file, path in sorted(named) if not (ROOT / path).is_file()] == []
