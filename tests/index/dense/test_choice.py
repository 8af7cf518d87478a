"""The kind of dense search follows from count, dimension and budget, unless it is asked for."""

import pytest

from index.dense.choice import choose, lists_for, more_exact, resident_bytes
from index.dense.kinds import Codes, Exact, Hnsw, Ivf, VectorSettings, Wanted

MIB = 2**20


def kind_of(count: int, *, budget_mib: int = 1024, wanted: Wanted = Wanted.AUTO) -> str:
    kind = choose(count, 384, VectorSettings(kind=wanted, memory_budget_mib=budget_mib))
    return kind.codes if isinstance(kind, Ivf) else kind.kind


@pytest.mark.parametrize(
    ("count", "kind"),
    [(0, "exact"), (50_000, "exact"), (50_001, "hnsw"), (250_000, "hnsw"), (250_001, "pq"),
     (10_000_000, "pq-coarse"), (10**9, "pq-coarse")],
)  # fmt: skip
def test_larger_collections_are_searched_less_exactly(count: int, kind: str) -> None:
    assert kind_of(count) == kind


@pytest.mark.parametrize(
    ("count", "budget_mib", "kind"),
    [(40_000, 60, "exact"), (40_000, 50, "hnsw"), (40_000, 10, "pq"), (1_000_000, 200, "pq"),
     (1_000_000, 100, "pq-coarse"), (1_000_000, 1, "pq-coarse"), (900, 1, "exact")],
)  # fmt: skip
def test_a_smaller_budget_makes_vectors_smaller(count: int, budget_mib: int, kind: str) -> None:
    assert kind_of(count, budget_mib=budget_mib) == kind


@pytest.mark.parametrize("wanted", [Wanted.EXACT, Wanted.HNSW, Wanted.IVF])
@pytest.mark.parametrize("count", [1000, 10_000_000])
def test_what_is_asked_for_is_built_whatever_the_size(wanted: Wanted, count: int) -> None:
    kind = choose(count, 384, VectorSettings(kind=wanted, memory_budget_mib=1))
    assert kind.kind == wanted


def test_exact_search_over_the_budget_is_mapped_from_the_disk() -> None:
    settings = VectorSettings(kind=Wanted.EXACT, memory_budget_mib=100)
    assert choose(1_000_000, 384, settings) == Exact(storage="float16")


def test_the_chosen_kind_fits_the_budget() -> None:
    for count in (1000, 60_000, 300_000, 5_000_000):
        for budget_mib in (200, 400, 2000):
            kind = choose(count, 384, VectorSettings(memory_budget_mib=budget_mib))
            assert resident_bytes(kind, count, 384) <= budget_mib * MIB or kind == lists_for(
                count, Codes.PQ_COARSE
            )


def test_lists_grow_with_the_root_of_the_count() -> None:
    assert [lists_for(count, Codes.PQ).lists for count in (1000, 100_000, 10_000_000)] == [
        128,
        1024,
        16384,
    ]


def test_where_lists_find_too_little_a_graph_comes_next_and_then_all_is_compared() -> None:
    settings = VectorSettings()
    graph = more_exact(lists_for(60_000, Codes.PQ), 60_000, 384, settings)
    assert isinstance(graph, Hnsw)
    assert more_exact(graph, 60_000, 384, settings) == Exact(storage="float16")
    large = lists_for(2_000_000, Codes.PQ)
    assert more_exact(large, 2_000_000, 384, settings) == Exact(storage="float16")
