"""Writing vectors: the same bytes each time, measured, and refused where too little is found."""

import errno
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from index.dense import building
from index.dense.building import tuned, write_vectors
from index.dense.half_vectors import HalfVectors
from index.dense.kinds import Codes, Exact, Ivf, Kind, VectorsEntry, VectorSettings, Wanted
from index.dense.mapped import MappedIndex
from index.dense.opening import open_vectors
from index.dense.recall import RecallTest
from tests.index.dense.clustered import DIMENSION, KINDS, batches, clustered, ids_for, mapped

APPROXIMATE = {name: kind for name, kind in KINDS.items() if kind is not None}


def write(
    folder: Path, kind: Kind | None, *, count: int = 2000, settings: VectorSettings | None = None
) -> VectorsEntry:
    folder.mkdir(parents=True, exist_ok=True)
    return write_vectors(
        folder,
        batches(ids_for(count), clustered(count)),
        count=count,
        dimension=DIMENSION,
        settings=settings or VectorSettings(),
        kind=kind,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


Written = Callable[[str], tuple[Path, VectorsEntry]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A function that writes vectors in a way of `APPROXIMATE`, once; says where, and what."""

    @cache
    def once(name: str) -> tuple[Path, VectorsEntry]:
        folder = tmp_path_factory.mktemp(name)
        return folder, write(folder, APPROXIMATE[name])

    return once


@pytest.mark.parametrize("name", APPROXIMATE)
def test_the_same_vectors_give_the_same_bytes(tmp_path: Path, written: Written, name: str) -> None:
    folder, entry = written(name)
    assert write(tmp_path, APPROXIMATE[name]) == entry
    assert contents(tmp_path) == contents(folder)
    assert set(contents(tmp_path)) == {"vectors.faiss", "vectors.f16", "vector_ids.npy"}


@pytest.mark.parametrize("name", APPROXIMATE)
def test_what_is_written_can_be_opened_and_searched(written: Written, name: str) -> None:
    folder, entry = written(name)
    index = open_vectors(folder, entry.kind)
    assert isinstance(index, MappedIndex)
    assert entry.recall is not None
    assert entry.recall.value >= 0.95
    assert index.ids().tolist() == sorted(ids_for(2000).tolist())
    assert index.search(clustered(2000)[700], limit=1)[0][0] == ids_for(2000)[700]


@pytest.mark.parametrize("wanted", [Wanted.HNSW, Wanted.IVF])
def test_what_is_asked_for_is_built_and_stays_asked_for(tmp_path: Path, wanted: Wanted) -> None:
    settings = VectorSettings(kind=wanted, memory_budget_mib=7)
    entry = write(tmp_path, None, settings=settings)
    assert entry.kind.kind == wanted
    assert entry.settings == settings


def test_a_small_collection_is_compared_in_memory(tmp_path: Path) -> None:
    assert write(tmp_path, None).kind == Exact()
    assert set(contents(tmp_path)) == {"vectors.faiss"}


def test_a_kind_that_finds_too_little_is_refused_for_exact_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "TARGET_RECALL", 1.1)
    kind = Ivf(lists=40, codes=Codes.PQ, probes=1, ranked=50)
    entry = write(tmp_path, kind)
    assert entry.kind == Exact(storage="float16")
    assert [refused.kind.kind for refused in entry.refused] == ["ivf", "hnsw"]
    assert "not ivf, whose recall@50 is" in entry.described()
    assert set(contents(tmp_path)) == {"vectors.f16", "vector_ids.npy"}
    index = open_vectors(tmp_path, entry.kind)
    assert index.search(clustered(2000)[700], limit=1)[0][0] == ids_for(2000)[700]


def test_a_search_that_finds_too_little_is_widened(tmp_path: Path) -> None:
    narrow = Ivf(lists=40, codes=Codes.PQ, probes=1, ranked=500)
    index = mapped(tmp_path, clustered(3000), narrow)
    test = RecallTest(index)
    assert test.measure(index).value < 0.9
    assert index.finder is not None
    finder, recall = tuned(index.finder, index, test)
    assert isinstance(finder.kind, Ivf)
    assert 1 < finder.kind.probes <= 10
    assert recall.value >= 0.97
    assert test.measure(index.searched_with(finder)) == recall


def test_progress_counts_the_vectors(tmp_path: Path) -> None:
    seen: list[int] = []
    write_vectors(
        tmp_path,
        batches(ids_for(2000), clustered(2000)),
        count=2000,
        dimension=DIMENSION,
        settings=VectorSettings(kind=Wanted.IVF),
        advance=seen.append,
    )
    assert seen[-1] == 2000


def test_vectors_that_are_all_the_same_can_be_indexed(tmp_path: Path) -> None:
    vectors = np.repeat(clustered(1), 1500, axis=0)
    entry = write_vectors(
        tmp_path,
        batches(ids_for(1500), vectors),
        count=1500,
        dimension=DIMENSION,
        settings=VectorSettings(kind=Wanted.IVF),
    )
    index = open_vectors(tmp_path, entry.kind)
    hits = index.search(vectors[0], limit=1500)
    assert sorted(passage_id for passage_id, _ in hits) == sorted(ids_for(1500).tolist())


def test_another_count_than_was_announced_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="was to hold 11 vectors, but 10 came"):
        HalfVectors.write(tmp_path / "x", iter([clustered(10)]), count=11, dimension=DIMENSION)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        HalfVectors.write(Path("/dev/full"), iter([clustered(10)]), count=10, dimension=DIMENSION)
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("name", ["vectors.faiss", "vectors.f16", "vector_ids.npy"])
@pytest.mark.parametrize("content", [b"", b"garbage " * 99], ids=["empty", "garbage"])
@pytest.mark.parametrize("kind", ["hnsw", "pq"])
def test_garbage_is_refused(
    tmp_path: Path, written: Written, name: str, content: bytes, kind: str
) -> None:
    folder, entry = written(kind)
    damaged = shutil.copytree(folder, tmp_path / "damaged")
    (damaged / name).write_bytes(content)
    with pytest.raises((ValueError, RuntimeError, EOFError)):
        open_vectors(damaged, entry.kind)


def test_a_pickle_in_place_of_the_ids_is_refused(tmp_path: Path, written: Written) -> None:
    folder, entry = written("pq")
    damaged = shutil.copytree(folder, tmp_path / "damaged")
    np.save(damaged / "vector_ids.npy", np.array([{"a": 1}]), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        open_vectors(damaged, entry.kind)


def test_another_kind_than_was_written_is_refused(written: Written) -> None:
    folder, _ = written("pq")
    for kind in (APPROXIMATE["hnsw"], APPROXIMATE["sq8"], Exact()):
        with pytest.raises((ValueError, RuntimeError, AttributeError)):
            open_vectors(folder, kind)
