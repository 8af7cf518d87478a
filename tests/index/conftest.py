"""Fixtures for the tests of the article's road."""

import shutil
from pathlib import Path

import pytest

from index.encoding.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from tests.index.fake_encoder import AxisEncoder, build, write_files


@pytest.fixture
def encoder() -> AxisEncoder:
    """An encoder with readable vectors that remembers what it encoded."""
    return AxisEncoder()


@pytest.fixture(scope="session")
def real_encoder() -> SentenceTransformerEncoder:
    """The default encoder; loading it takes seconds."""
    import torch

    # Where others use the cores too, short texts wait longer for a second thread than it saves.
    torch.set_num_threads(1)
    return SentenceTransformerEncoder(DEFAULT_ENCODER)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sources` and their `index`, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("built-once")
    write_files(
        folder / "sources",
        {
            "cat.txt": "The cat sleeps. It is a red cat.",
            "ship.txt": "date 2021-11-15 A ship sails.",
        },
    )
    build(folder / "sources", folder / "index")
    return folder


@pytest.fixture
def sources(built_once: Path, tmp_path: Path) -> Path:
    """Two articles, about a cat and about a ship."""
    return shutil.copytree(built_once / "sources", tmp_path / "sources")


@pytest.fixture
def index_dir(built_once: Path, tmp_path: Path) -> Path:
    """An index of `sources`."""
    return shutil.copytree(built_once / "index", tmp_path / "index")
