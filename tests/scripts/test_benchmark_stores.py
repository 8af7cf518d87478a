"""Stores side by side: what is found of a store that forgets, mixes up, or keeps all as it must."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from qa.errors import QuothError
from scripts.benchmark_stores import is_sound
from scripts.evaluation.question_file import KnownQuestion
from scripts.index_figures.peers import Kills, StoresResults, _sound_kills, section
from scripts.index_peers.measuring import Plan, measure
from scripts.index_peers.pool import TEXTS_NAME, VECTORS_NAME, Pool, make_pool
from scripts.index_peers.protocol import Hit, Ready, Reply, Request
from scripts.index_peers.stores import Findings, StoreProcess, check
from scripts.performance.results import Machine
from tests.index.fake_encoder import AxisEncoder

PLAN = Plan(entries=4, searches=3, puts=2, deletes=1, kills=2, patience_s=1.0)


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Twelve texts whose vectors are the axes."""
    texts = tuple(f"Text {number}." for number in range(12))
    vectors = np.eye(12, dtype=np.float32)
    folder = tmp_path / "pool"
    folder.mkdir()
    (folder / TEXTS_NAME).write_text("".join(json.dumps(text) + "\n" for text in texts))
    np.save(folder / VECTORS_NAME, vectors)
    return Pool(folder, texts, vectors)


# What is found of a store


class Showing:
    """Finds the same hits whatever is searched for."""

    ready = Ready({}, (), 0.0)

    def __init__(self, *hits: Hit) -> None:
        self._hits = hits

    def request(self, request: Request) -> Reply:
        return Reply(1.0, self._hits)


RIGHT = Hit("a", "Text 3.", 3, 1.0)


@pytest.mark.parametrize(
    ("hits", "expected", "found"),
    [
        pytest.param([RIGHT], 3, Findings(), id="as-it-must-be"),
        pytest.param([], 3, Findings(missing=("a",)), id="lost"),
        pytest.param([RIGHT], None, Findings(back=("a",)), id="deleted-and-found"),
        pytest.param(
            [replace(RIGHT, text="Text 4.")], 3, Findings(wrong=("a",)), id="text-of-another"
        ),
        pytest.param([replace(RIGHT, cosine=0.5)], 3, Findings(wrong=("a",)), id="other-vector"),
    ],
)
def test_what_is_found_is_compared_with_what_must_be(
    pool: Pool, hits: Sequence[Hit], expected: int | None, found: Findings
) -> None:
    assert check(Showing(*hits), {"a": expected}, {"a": 3}, pool) == found
    assert found.is_sound == (found == Findings())


# Stores in processes of their own

RUNNER = """
import json, sys
from scripts.index_peers.protocol import Hit, serve

class Kept:
    packages = ("pytest",)
    configuration = ("a fake",)

    def __init__(self, folder, rows):
        self._path = folder.with_suffix(".json")
        self._found = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._vectors = rows.vectors

    def put(self, entries):
        for entry, text, _ in entries:
            self._found[entry.entry_id] = [text, entry.row]
        self.write(many=len(entries) > 1)

    def delete(self, entry_id):
        self._found.pop(entry_id, None)
        self.write()

    def search(self, vector, limit):
        hits = [
            Hit(name, text, row, float(self._vectors[row] @ vector))
            for name, (text, row) in self._found.items()
        ]
        return sorted(hits, key=lambda hit: -hit.cosine)[:limit]

    def write(self, many=False):
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._found))
        new.replace(self._path)

    def close(self):
        self.write()

class Forgetful(Kept):
    def write(self, many=False):
        if many:
            super().write()

    def close(self):
        Kept.write(self)

serve(%s)
"""

Opener = Callable[[], StoreProcess]


@pytest.fixture
def opener(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Opener]:
    """A function that returns what opens a store of one of the classes in `RUNNER`."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def made(name: str) -> Opener:
        module = f"{name.lower()}_runner"
        (tmp_path / f"{module}.py").write_text(RUNNER % name, encoding="utf-8")
        return partial(StoreProcess, Path(sys.executable), module, tmp_path / name, pool)

    return made


def test_a_store_that_writes_at_the_end_alone_loses_what_it_acknowledged(
    opener: Callable[[str], Opener], pool: Pool
) -> None:
    openers = {name: opener(name) for name in ("Kept", "Forgetful")}
    kept, forgetful = measure(openers, pool, PLAN, say=lambda _: None)
    assert is_sound(kept)
    assert (kept.kills.sound, kept.kills.planned) == (2, 2)
    assert kept.recall == 1.0
    assert kept.configuration == ("a fake",)
    assert (forgetful.reopened_missing, forgetful.reopened_back) == (0, 0)
    assert forgetful.kills.lost + forgetful.kills.back > 0
    assert not is_sound(forgetful)


def test_quoth_is_sound_beside_faiss_with_a_dictionary(tmp_path: Path) -> None:
    texts = tuple(f"The ship number {number} sails at noon." for number in range(12))
    vectors = np.eye(12, 384, dtype=np.float32)
    folder = tmp_path / "pool"
    folder.mkdir()
    (folder / TEXTS_NAME).write_text("".join(json.dumps(text) + "\n" for text in texts))
    np.save(folder / VECTORS_NAME, vectors)
    pool = Pool(folder, texts, vectors)
    openers = {
        name: partial(
            StoreProcess,
            Path(sys.executable),
            f"scripts.index_peers.{name}_runner",
            tmp_path / name,
            pool,
        )
        for name in ("quoth", "faiss")
    }
    quoth, faiss = measure(
        openers, pool, replace(PLAN, kills=1, patience_s=30.0), say=lambda _: None
    )
    assert is_sound(quoth)
    assert (faiss.recall, faiss.deleted_served, faiss.reopened_wrong) == (1.0, 0, 0)
    results = StoresResults(
        command="python -m scripts.benchmark_stores",
        machine=Machine(cores=2, memory_gib=24, architecture="x86_64", python="3.11"),
        load=0.1,
        data="some contexts",
        entries=4,
        searches=3,
        puts=2,
        deletes=1,
        stores=(quoth, faiss),
    )
    page = section(results)
    assert "|  | quoth | faiss |" in page
    assert "| kills after which all was right | 1 of 1 |" in page
    assert "- faiss (faiss-cpu " in page


# The texts


def known(*contexts: str) -> list[KnownQuestion]:
    return [KnownQuestion(id="q", question="Who?", context=one, answers=()) for one in contexts]


def test_texts_of_one_passage_are_encoded_once(tmp_path: Path) -> None:
    long = "The cat sat by the ship and looked at it. " * 40
    contexts = known("A cat.", long, " A ship. ", "A cat.", "A tax.")
    encoder = AxisEncoder()
    make = partial(make_pool, contexts, 2, tmp_path, encoder=encoder, told=lambda **_: None)
    assert make().texts == ("A cat.", "A ship.")
    assert make().vectors.tolist() == AxisEncoder().encode(["A cat.", "A ship."]).tolist()
    assert encoder.encoded == ["A cat.", "A ship."]


def test_too_few_texts_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuothError, match="1 are one passage, but 2 are wanted"):
        make_pool(known("A cat."), 2, tmp_path, encoder=AxisEncoder(), told=lambda **_: None)


def test_kills_that_never_came_about_are_not_counted_against_a_store() -> None:
    none = {"lost": 0, "back": 0, "wrong": 0, "half": 0}
    ended = Kills(planned=8, survived=1, sound=0, problem="does not open after kill 2", **none)
    whole = Kills(planned=8, survived=8, sound=7, problem=None, **none)
    assert (_sound_kills(ended), _sound_kills(whole)) == ("0 of 2, 6 not done", "7 of 8")
