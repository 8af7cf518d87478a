"""Which kind of dense search suits so many vectors within a memory budget."""

import math
from collections.abc import Callable, Iterator

from index.dense.kinds import Codes, Exact, Hnsw, Ivf, Kind, VectorSettings, Wanted

# Up to here exact search takes milliseconds and nothing else is worth its while.
EXACT_UP_TO = 50_000
# With fewer there is nothing to learn centres or codes from.
FEWEST = 1000
# A graph is built by one thread, or it would differ each time: from here on that takes too long.
HNSW_UP_TO = 250_000
_NEIGHBOURS = 32
_CONSTRUCTION = 100
_BREADTH = 256
_FEWEST_PROBES = 16
_LISTS_PER_ROOT = 4
_MOST_LISTS = 65_536
# How many candidates are ranked exactly, by how coarse the codes are (scripts.benchmark_index).
_RANKED = {Codes.SQ8: 256, Codes.PQ: 512, Codes.PQ_COARSE: 1024, Codes.RABITQ: 1024}
# The id of a vector's passage, and its place among the sorted ids.
_BYTES_FOR_IDS = 16
# The row in its list, and the list of the row.
_BYTES_FOR_LISTS = 12
_MIB = 2**20


def choose(count: int, dimension: int, settings: VectorSettings) -> Kind:
    """Return the kind for so many vectors; of what is asked for, the finest that fits the budget.

    Where nothing fits, a kind that was asked for is built all the same, and `auto` takes the
    smallest. Fewer than `FEWEST` are always compared one by one.
    """
    budget = settings.memory_budget_mib * _MIB
    if count < FEWEST:
        return Exact()
    return next(
        (
            kind
            for kind, most in _in_order(count, settings.kind)
            if count <= most and resident_bytes(kind, count, dimension) <= budget
        ),
        _smallest(count, settings.kind),
    )


def more_exact(kind: Hnsw | Ivf, count: int, dimension: int, settings: VectorSettings) -> Kind:
    """Return what to build where `kind` finds too little: a graph where it suits, or exact."""
    budget = settings.memory_budget_mib * _MIB
    graph = graph_for()
    if (
        isinstance(kind, Ivf)
        and count <= HNSW_UP_TO
        and resident_bytes(graph, count, dimension) <= budget
    ):
        return graph
    in_memory = Exact()
    fits = count <= EXACT_UP_TO and resident_bytes(in_memory, count, dimension) <= budget
    return in_memory if fits else Exact(storage="float16")


def resident_bytes(kind: Kind, count: int, dimension: int) -> int:
    """Return about how much memory dense search needs, without what is mapped from files."""
    if isinstance(kind, Exact):
        each = 4 * dimension if kind.storage == "float32" else 0
        return count * (each + _BYTES_FOR_IDS)
    if isinstance(kind, Hnsw):
        return count * (dimension + 2 * 4 * kind.neighbours + _BYTES_FOR_IDS)
    codes = {
        Codes.SQ8: dimension,
        Codes.PQ: dimension // 4,
        Codes.PQ_COARSE: dimension // 8,
        Codes.RABITQ: dimension // 8 + 8,
    }
    own = codes[kind.codes] + _BYTES_FOR_LISTS
    return count * (own + _BYTES_FOR_IDS) + 4 * dimension * kind.lists


def graph_for() -> Hnsw:
    """Return the parameters of a graph, with which its search begins to be measured."""
    return Hnsw(neighbours=_NEIGHBOURS, construction=_CONSTRUCTION, breadth=_BREADTH)


def lists_for(count: int, codes: Codes) -> Ivf:
    """Return the parameters of inverted lists: about four lists for each root of the count."""
    wanted = _LISTS_PER_ROOT * math.sqrt(count)
    lists = min(_MOST_LISTS, max(1, 2 ** round(math.log2(wanted))), count)
    return Ivf(lists=lists, codes=codes, probes=min(_FEWEST_PROBES, lists), ranked=_RANKED[codes])


def _in_order(count: int, wanted: Wanted) -> Iterator[tuple[Kind, float]]:
    """Yield the kinds that come into question, finest first, each with the count it is for."""
    is_auto = wanted is Wanted.AUTO
    if is_auto or wanted is Wanted.EXACT:
        yield Exact(), EXACT_UP_TO if is_auto else math.inf
    if is_auto or wanted is Wanted.HNSW:
        yield graph_for(), HNSW_UP_TO if is_auto else math.inf
    if is_auto or wanted is Wanted.IVF:
        for codes in (Codes.PQ, Codes.PQ_COARSE):
            yield lists_for(count, codes), math.inf


def _smallest(count: int, wanted: Wanted) -> Kind:
    smallest: dict[Wanted, Callable[[], Kind]] = {
        Wanted.EXACT: lambda: Exact(storage="float16"),
        Wanted.HNSW: graph_for,
    }
    return smallest.get(wanted, lambda: lists_for(count, Codes.PQ_COARSE))()
