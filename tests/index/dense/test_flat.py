"""Exact dense search, and vectors that keep the ids of their passages."""

import errno
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense.flat import FlatIndex
from index.passage_rows import PassageIds

IDS = [70, 10, 2**62, 40]
VECTORS = [[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0]]


def make(ids: list[int], vectors: list[list[float]]) -> FlatIndex:
    batch = (np.array(ids, dtype=np.int64), np.array(vectors, dtype=np.float32))
    return FlatIndex.build(iter([batch]), dimension=2)


def towards(x: float, y: float) -> np.ndarray:
    return np.array([x, y], dtype=np.float32)


def allowing(*ids: int) -> PassageIds:
    return np.array(ids, dtype=np.int64)


def test_search_gives_ids_and_cosines_best_first() -> None:
    hits = make(IDS, VECTORS).search(towards(1, 0), limit=3)
    assert [passage_id for passage_id, _ in hits] == [70, 10, 2**62]
    assert [cosine for _, cosine in hits] == pytest.approx([1.0, 0.6, 0.0])


def test_equal_cosines_are_ordered_by_id() -> None:
    index = make([9, 3, 7], [[1.0, 0.0]] * 3)
    assert [passage_id for passage_id, _ in index.search(towards(1, 0), limit=3)] == [3, 7, 9]


def test_with_allowed_only_these_ids_are_found() -> None:
    hits = make(IDS, VECTORS).search(towards(1, 0), limit=9, allowed=allowing(40, 10, 555))
    assert [passage_id for passage_id, _ in hits] == [10, 40]


def test_with_nothing_allowed_nothing_is_found() -> None:
    assert make(IDS, VECTORS).search(towards(1, 0), limit=9, allowed=allowing()) == []


def test_a_limit_over_the_number_of_vectors_gives_all() -> None:
    assert len(make(IDS, VECTORS).search(towards(1, 0), limit=100)) == 4


def test_an_empty_index_finds_nothing() -> None:
    empty = FlatIndex.build(iter([]), dimension=2)
    assert len(empty) == 0
    assert empty.ids().tolist() == []
    assert empty.search(towards(1, 0), limit=3) == []


def test_cosines_come_in_the_order_of_the_ids() -> None:
    cosines = make(IDS, VECTORS).cosines(towards(1, 0), [40, 70, 10])
    assert cosines == pytest.approx([-1.0, 1.0, 0.6])


@pytest.mark.parametrize("unknown", [0, 41, 2**62 + 1])
def test_the_cosine_of_an_unknown_id_is_an_error(unknown: int) -> None:
    with pytest.raises(KeyError):
        make(IDS, VECTORS).cosines(towards(1, 0), [unknown])


def test_ids_are_listed_ascending() -> None:
    assert make(IDS, VECTORS).ids().tolist() == [10, 40, 70, 2**62]


def test_an_index_read_from_its_file_answers_the_same(tmp_path: Path) -> None:
    index = make(IDS, VECTORS)
    index.write(tmp_path / "vectors é.faiss")
    read = FlatIndex.read(tmp_path / "vectors é.faiss")
    assert (len(read), read.dimension) == (4, 2)
    assert read.search(towards(0.6, 0.8), limit=4) == index.search(towards(0.6, 0.8), limit=4)
    assert read.cosines(towards(1, 0), IDS) == index.cosines(towards(1, 0), IDS)


def test_an_empty_index_can_be_written_and_read(tmp_path: Path) -> None:
    FlatIndex.build(iter([]), dimension=2).write(tmp_path / "empty")
    assert len(FlatIndex.read(tmp_path / "empty")) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_is_an_error_even_for_the_last_bytes() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        make(IDS, VECTORS).write(Path("/dev/full"))
    assert caught.value.errno == errno.ENOSPC


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 2**63 - 1), st.floats(0, 6.28)),
        min_size=1,
        max_size=30,
        unique_by=lambda pair: pair[0],
    ),
    st.data(),
)
def test_a_vector_keeps_its_id_whatever_is_added_beside_it(
    pairs: list[tuple[int, float]], data: st.DataObject
) -> None:
    vector_of = {one: towards(np.cos(angle), np.sin(angle)) for one, angle in pairs}
    border = data.draw(st.integers(0, len(pairs)))
    batches = [
        (
            np.array([one for one, _ in part], dtype=np.int64),
            np.stack([vector_of[i] for i, _ in part]),
        )
        for part in (pairs[:border], pairs[border:])
        if part
    ]
    index = FlatIndex.build(iter(batches), dimension=2)
    some = data.draw(st.lists(st.sampled_from(sorted(vector_of)), unique=True))
    for one, cosine in index.search(towards(1, 0), limit=99, allowed=allowing(*some)):
        assert one in some
        assert cosine == pytest.approx(float(vector_of[one][0]), abs=1e-6)
    expected = [float(vector_of[one][0]) for one in some]
    assert index.cosines(towards(1, 0), some) == pytest.approx(expected, abs=1e-6)
