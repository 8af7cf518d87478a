"""`GET /v1/index` tells what the quality gate has refused, until it is published or dropped."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.build import Mode, Silent, build_index, publish_aside
from index.generation.generation import Generation
from index.publishing.aside import aside_named, drop_aside
from index.publishing.gate import ComparedQuestion, Comparison, Found, QualityGateError
from tests.api.conftest import SHIP, FakeEncoder


class HalfAsGood:
    """Finds half of what was found before."""

    def compare(self, served: Generation, candidate: Generation) -> Comparison:
        """Ask two questions, of which only one is still answered."""
        found, lost = Found("a gate", {"F1": 1.0}), Found("no answer", {"F1": 0.0})
        questions = (
            ComparedQuestion("What has the ship?", "a gate", found, found),
            ComparedQuestion("What has the town?", "a gate", found, lost),
        )
        return Comparison("two questions", served.name, candidate.name, 0.05, ("F1",), questions)


@pytest.fixture
def index_dir(index_dir: Path, tmp_path: Path) -> Path:
    """An index of two articles; a sync that would lose one was refused."""
    source = tmp_path / "fewer.jsonl"
    source.write_text(json.dumps(SHIP))
    with pytest.raises(QualityGateError):
        build_index(
            [source],
            index_dir,
            encoder=FakeEncoder(),
            budget=None,
            progress=Silent(),
            mode=Mode.SYNC,
            gate=HalfAsGood(),
        )
    return index_dir


def test_the_state_tells_what_was_refused_when_and_why(client: TestClient, index_dir: Path) -> None:
    state = client.get("/v1/index").json()
    aside = state["aside"]
    assert aside["generation"] == aside_named(index_dir).generation != state["generation"]
    assert aside["generation"] not in state["kept"]
    assert (aside["articles"], state["articles"]) == (1, 2)
    refusal = aside["refusal"]
    assert refusal["refused"] >= aside["created"]
    assert refusal["served"] == state["generation"]
    assert (refusal["asked"], refusal["questions"]) == ("two questions", 2)
    assert (refusal["worse"], refusal["margin"]) == (["F1"], 0.05)
    assert refusal["totals"] == {"F1": {"before": 1.0, "now": 0.5}}
    assert refusal["changed"] == [
        {
            "question": "What has the town?",
            "expected": "a gate",
            "before": "a gate",
            "now": "no answer",
        }
    ]
    assert "quoth gate DIR --publish" in aside["ways_on"]
    assert "quoth gate DIR --drop" in aside["ways_on"]


def test_once_it_is_published_it_serves_and_nothing_lies_aside(
    client: TestClient, index_dir: Path, wait_until: Callable[..., None]
) -> None:
    name = aside_named(index_dir).generation
    done = publish_aside(index_dir, name, encoder=FakeEncoder(), progress=Silent())
    wait_until(
        lambda: client.get("/v1/index").json()["generation"] == done.generation, what="it serves"
    )
    state = client.get("/v1/index").json()
    assert (state["articles"], state["aside"]) == (1, None)


def test_once_it_is_dropped_nothing_lies_aside(client: TestClient, index_dir: Path) -> None:
    drop_aside(index_dir)
    state = client.get("/v1/index").json()
    assert (state["articles"], state["aside"]) == (2, None)
