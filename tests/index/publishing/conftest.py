"""Fixtures for the tests of publishing."""

from pathlib import Path

import pytest

from tests.index.fake_encoder import write_files
from tests.index.publishing.counting_gate import SOURCES, build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `sources` and their `index`."""
    write_files(tmp_path / "sources", SOURCES)
    build(tmp_path)
    return tmp_path
