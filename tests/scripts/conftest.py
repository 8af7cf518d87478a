"""What tests of several commands share: an index to ask."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.quoth import app
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seed article with the shipped encoder; tests do not write to it."""
    path = tmp_path_factory.mktemp("asked") / "index"
    result = CliRunner().invoke(app, ["index", str(ROOT / "seeds"), "--index-dir", str(path)])
    assert result.exit_code == 0, result.output
    return path
