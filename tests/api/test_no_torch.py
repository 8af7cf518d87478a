"""The answering path is light: what only training and indexing need is not imported."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import clean_environment

HEAVY = {"torch", "transformers", "sentence_transformers", "sklearn", "scipy", "onnx", "mcp"}
QUESTION = "Who is the longtime dictator of Belarus?"

ASK = """
import sys
from scripts.quoth import app
app(["ask", sys.argv[2], "--index-dir", sys.argv[1]], standalone_mode=False)
print("modules:", *sys.modules)
"""
SERVE = """
import sys, time
from pathlib import Path
from starlette.testclient import TestClient
from api.app import create_app
from api.settings import Settings
with TestClient(create_app(Settings(index_dir=Path(sys.argv[1])))) as client:
    while "is starting" in client.get("/readyz").text:
        time.sleep(0.05)
    print(client.post("/v1/ask", json={"question": sys.argv[2]}).text)
print("modules:", *sys.modules)
"""


@pytest.mark.parametrize("code", [ASK, SERVE], ids=["quoth-ask", "the-service"])
def test_a_question_is_answered_without_torch(seed_index: Path, code: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", code, str(seed_index), QUESTION],
        check=True,
        capture_output=True,
        text=True,
        env=clean_environment(),
    )
    answer, _, modules = ran.stdout.partition("modules:")
    assert "Alexander Lukashenko" in answer
    loaded = set(modules.split())
    assert {"numpy", "onnxruntime", "faiss"} <= loaded
    assert loaded & HEAVY == set()
