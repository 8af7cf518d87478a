"""What tests of several commands share: an index to ask."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def index_dir(seed_index: Path) -> Path:
    """The index of the seed article with the shipped encoder; tests do not write to it."""
    return seed_index
