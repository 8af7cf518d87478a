"""What tests of several rooms share: the seed article, the shipped reader, no settings."""

import os
from pathlib import Path

import pytest

from qa.reader import SHIPPED_READER, OnnxReader
from qa.values import Article

ROOT = Path(__file__).parent.parent


@pytest.fixture
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment without the settings that may be in it."""
    for variable in os.environ:
        if variable.upper().startswith("QUOTH_"):
            monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def seed_article() -> Article:
    """The seed article with its text exactly as the file has it."""
    path = ROOT / "seeds" / "000_751be9ff2f0701a9.txt"
    return Article("seed", "Seed", path.read_bytes().decode("utf-8"))


@pytest.fixture(scope="session")
def reader() -> OnnxReader:
    """The shipped reader, opened once."""
    return OnnxReader.load(SHIPPED_READER, threads=1)
