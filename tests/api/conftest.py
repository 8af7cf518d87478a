"""Fixtures for the tests of the service: fake models with readable answers, and a real service."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from api.app import create_app
from api.serving.loading import Models
from api.settings import Settings
from index.build import Silent, build_index
from index.encoding.encoder import Vectors
from index.splitting.passages import PassageBudget
from qa.calibration import Calibration, LogisticModel
from qa.reading.reader import PassageSpan

# The console command of the environment that runs the tests, whatever PATH says.
QUOTH = str(Path(sys.executable).with_name("quoth"))

# No test waits this long unless it is about to fail.
PATIENCE_S = 60.0


class FakeEncoder:
    """Vectors with two axes: texts that speak of a ship, and all others."""

    name = "fake"
    dimension = 2

    def __init__(self, fingerprint: str = "fake-1") -> None:
        self.fingerprint = fingerprint
        self.tokenizer = Tokenizer(WordLevel({"?": 0}, unk_token="?"))  # noqa: S106
        self.tokenizer.pre_tokenizer = WhitespaceSplit()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text."""
        rows = [[1.0, 0.0] if "ship" in text.lower() else [0.0, 1.0] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, 2)

    def encode_question(self, question: str) -> Vectors:
        """Return the question's unit vector."""
        vector: Vectors = self.encode([question])[0]
        return vector


class FirstNumberReader:
    """Finds that the answer to every question is the first number of the passage."""

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        """Return the first number, or nothing for a passage without one."""
        found = [re.search(r"[0-9]+", passage) for passage in passages]
        return [[] if m is None else [PassageSpan(m.start(), m.end(), 4.0, -4.0)] for m in found]


def fake_models(encoder: FakeEncoder | None = None) -> Models:
    """Return models whose answers can be told by eye; an answer found is an answer given."""
    calibration = Calibration(
        reader_sha256="0" * 64,
        fitted_on="nothing",
        order=LogisticModel(weights={"cosine": 1, "keyword_share": 0.1}, bias=0),
        right_if_answerable=LogisticModel(weights={"margin": 0.25}, bias=0),
        answerable=LogisticModel(weights={"margin": 0.25}, bias=0),
        min_answerable=0.5,
        min_margin=0,
    )
    return Models(encoder or FakeEncoder(), FirstNumberReader(), calibration)


class BrokenReader:
    """Fails at every question."""

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        """Raise what nobody expects."""
        raise RuntimeError("the reader broke on a secret question")


def broken_models() -> Models:
    """Return models of which the reader fails."""
    return replace(fake_models(), reader=BrokenReader())


Publish = Callable[[Path, Sequence[Mapping[str, object]]], str]
Open = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """A function that builds an index of JSON articles and returns the generation's name."""

    def build(index_dir: Path, articles: Sequence[Mapping[str, object]]) -> str:
        source = tmp_path / "articles.jsonl"
        source.write_text("".join(json.dumps(article) + "\n" for article in articles))
        report = build_index(
            [source],
            index_dir,
            encoder=FakeEncoder(),
            budget=PassageBudget(max_tokens=40, overlap=5),
            progress=Silent(),
        )
        assert report.generation is not None
        return report.generation

    return build


def until(true: Callable[[], bool], *, what: str) -> None:
    """Wait until `true()`, and fail after a long time."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S} s, but not so: {what}"
        time.sleep(0.02)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """The function `until`."""
    return until


def fake_app(
    index_dir: Path, *, models: Callable[[], Models] = fake_models, **settings: object
) -> FastAPI:
    """Return the service with fake models, which looks for new generations all the time."""
    # The client of the tests calls the service so.
    names = ("testserver",)
    given = {"index_dir": index_dir, "poll_seconds": 0.01, "mcp_hosts": names, **settings}
    return create_app(Settings(**given), load=lambda _: models())  # type: ignore[arg-type]


@pytest.fixture
def open_service() -> Open:
    """A function that opens the service with fake models on an index directory."""

    @contextlib.contextmanager
    def opened(index_dir: Path, *, ready: bool = True, **given: object) -> Iterator[TestClient]:
        app = fake_app(index_dir, **given)  # type: ignore[arg-type]
        with TestClient(app, raise_server_exceptions=False) as client:
            if ready:
                until(lambda: client.get("/readyz").status_code == 200, what="ready")
            else:
                until(
                    lambda: "is starting" not in client.get("/readyz").text, what="index looked at"
                )
            yield client

    return opened


SHIP = {
    "id": "ships/the Ålesund ⚓",
    "title": "A ship",
    "text": "Café 😀 news. The ship carries 42 sailors and a cat. It sails at noon.",
    "url": "https://example.org/ships",
    "published": "2021-11-15",
    "source": "Harbour News",
    "tags": ["sea"],
}
TOWN = {
    "id": "town",
    "title": "A town",
    "text": "The town has 7 gates.",
    "published": "2022-02-02",
    "source": "Town Crier",
}
MUTE = {"id": "~mute", "title": "No number", "text": "Nothing is counted here."}


@pytest.fixture(scope="module")
def client(small_index: Path) -> Iterator[TestClient]:
    """The service with fake models on the small index, ready."""
    with TestClient(fake_app(small_index), raise_server_exceptions=False) as client:
        until(lambda: client.get("/readyz").status_code == 200, what="ready")
        yield client


def described_routes(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what an OpenAPI description says of each route, by method and path."""
    return {
        f"{method.upper()} {path}": route
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    }


@contextlib.contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """Serve the app over real HTTP from a thread; gives the address."""
    # Uvicorn's own configuration would outlast the server, for all tests behind.
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, what="the server has started")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def listen() -> Callable[[ASGIApp], AbstractContextManager[str]]:
    """The function `listening`."""
    return listening


@pytest.fixture
def make_app() -> Callable[..., FastAPI]:
    """The function `fake_app`."""
    return fake_app


@dataclass(frozen=True, slots=True)
class RunningService:
    """A `quoth serve` process: its address, its log, and itself."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def entries(self) -> list[dict[str, object]]:
        """Return what it has logged; every line must be a JSON object."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE_S)


def clean_environment(**given: str) -> dict[str, str]:
    """Return the environment without the settings that may be in it."""
    kept = {name: v for name, v in os.environ.items() if not name.upper().startswith("QUOTH_")}
    return kept | given


@contextlib.contextmanager
def quoth_serve(log: Path, *options: str, **settings: str) -> Iterator[RunningService]:
    """Run `quoth serve` on a free port until the end of the block."""
    with log.open("wb") as log_file:
        process = subprocess.Popen(
            [QUOTH, "serve", "--port", "0", *options],
            stdout=log_file,
            stderr=log_file,
            env=clean_environment(**settings),
        )
    try:
        address = re.compile(r'"url": "(http://[^"]+)"')
        until(
            lambda: process.poll() is not None or bool(address.search(log.read_text())),
            what="the service says where it listens",
        )
        said = address.search(log.read_text())
        assert said is not None, log.read_text()
        service = RunningService(said[1], log, process)
        until(lambda: answers(f"{service.url}/healthz"), what="/healthz answers")
        yield service
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Return whether the address responds that all is well."""
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., AbstractContextManager[RunningService]]:
    """A function that runs `quoth serve` with options and settings."""

    def run(*options: str, **settings: str) -> AbstractContextManager[RunningService]:
        return quoth_serve(tmp_path / "service.log", *options, **settings)

    return run
