"""Whatever it is searched by: what is found is allowed, ranked exactly, and nearly all there is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.dense.flat import FlatIndex
from index.dense.mapped import MappedIndex
from index.dense.recall import RecallTest, question_like
from index.passage_rows import NOTHING, PassageIds
from tests.index.dense.clustered import KINDS, batches, clustered, ids_for, mapped

COUNT = 3000


@pytest.fixture(scope="module", params=list(KINDS), ids=list(KINDS))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MappedIndex:
    """Three thousand vectors, searched by one of the kinds."""
    return mapped(tmp_path_factory.mktemp("index"), clustered(COUNT), KINDS[request.param])


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> FlatIndex:
    """The same, compared one by one in memory, as float16 has rounded them."""
    rounded = clustered(COUNT).astype(np.float16).astype(np.float32)
    return FlatIndex.build(batches(ids_for(COUNT), rounded), dimension=rounded.shape[1])


def some_of(random: np.random.Generator, share: float, *, near: bool) -> PassageIds:
    """Return a share of the ids: anywhere, or those that lie towards one direction."""
    ids = ids_for(COUNT)
    count = int(share * COUNT)
    if not near:
        return np.sort(random.choice(ids, count, replace=False))
    towards = clustered(COUNT)[random.integers(COUNT)]
    return np.sort(ids[np.argsort(-clustered(COUNT) @ towards)[:count]])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_found_is_allowed_and_live_and_in_order(
    index: MappedIndex, truth: FlatIndex, data: st.DataObject
) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    share = data.draw(st.sampled_from([None, 0.0, 0.002, 0.05, 0.3, 0.8, 1.0]))
    near = data.draw(st.booleans())
    allowed = None if share is None else some_of(random, share, near=near)
    dead = some_of(random, data.draw(st.sampled_from([0.0, 0.01, 0.5, 0.999])), near=not near)
    limit = data.draw(st.sampled_from([1, 10, 50, 5000]))
    [vector] = question_like(index, count=COUNT)[[random.integers(COUNT)]]

    hits = index.search(vector, limit=limit, allowed=allowed, excluded=dead)

    everything = ids_for(COUNT) if allowed is None else allowed
    live = set(np.setdiff1d(everything, dead).tolist())
    found = [passage_id for passage_id, _ in hits]
    assert len(found) == min(limit, len(live))
    assert len(set(found)) == len(found)
    assert set(found) <= live
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert index.cosines(vector, found) == [cosine for _, cosine in hits]
    assert truth.cosines(vector, found) == pytest.approx([c for _, c in hits], abs=1e-5)
    if limit >= len(live):
        assert set(found) == live


@pytest.mark.parametrize("near", [False, True], ids=["anywhere", "towards-one-direction"])
@pytest.mark.parametrize("share", [None, 0.5, 0.1, 0.02])
def test_recall_holds_however_selective_the_filter(
    index: MappedIndex, truth: FlatIndex, share: float | None, near: bool
) -> None:
    random = np.random.default_rng(3)
    found = wanted = 0
    for vector in question_like(index, count=40):
        allowed = None if share is None else some_of(random, share, near=near)
        hits = index.search(vector, limit=20, allowed=allowed)
        best = truth.search(vector, limit=20, allowed=allowed)
        found += sum(cosine >= best[-1][1] - 1e-5 for _, cosine in hits)
        wanted += len(best)
    assert found / wanted >= 0.95


def test_equal_vectors_are_ordered_by_id(index: MappedIndex) -> None:
    ids = ids_for(COUNT)
    vector = clustered(COUNT)[0]
    first, second = index.search(vector, limit=2)
    assert first[1] == second[1]
    assert [first[0], second[0]] == sorted(ids[:2].tolist())


def test_unknown_ids_are_not_held_and_have_no_cosine(index: MappedIndex) -> None:
    held = ids_for(COUNT)[5]
    assert index.holds(np.array([held, 12345], dtype=np.int64)).tolist() == [True, False]
    with pytest.raises(KeyError, match="12345"):
        index.cosines(clustered(COUNT)[0], [int(held), 12345])


def test_ids_that_are_not_there_can_be_allowed_and_excluded(index: MappedIndex) -> None:
    vector = clustered(COUNT)[0]
    strange = np.array([12345], dtype=np.int64)
    assert index.search(vector, limit=5, allowed=strange) == []
    assert index.search(vector, limit=5, excluded=strange) == index.search(vector, limit=5)


def test_the_measured_recall_is_that_against_exact_search(
    index: MappedIndex, truth: FlatIndex
) -> None:
    recall = RecallTest(index, queries=50).measure(index)
    found = 0
    for query in question_like(index, count=50):
        least = truth.search(query, limit=50)[-1][1] - 1e-5
        found += sum(cosine >= least for _, cosine in index.search(query, limit=50))
    assert (recall.at, recall.queries) == (50, 50)
    assert recall.value == pytest.approx(found / 2500, abs=0.002)


def test_vectors_ids_and_index_of_different_counts_are_refused(tmp_path: Path) -> None:
    index: Any = mapped(tmp_path, clustered(100), None)
    with pytest.raises(ValueError, match="not equally many"):
        MappedIndex(ids_for(99), index._vectors, None)


def test_no_vectors_at_all_can_be_searched(tmp_path: Path) -> None:
    index = mapped(tmp_path, clustered(0), None)
    assert index.search(clustered(1)[0], limit=3, excluded=NOTHING) == []
    assert index.holds(np.array([1], dtype=np.int64)).tolist() == [False]
