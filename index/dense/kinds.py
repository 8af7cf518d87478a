"""The kinds of dense search, with their parameters, as a manifest names them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

RECALL_AT = 50
TARGET_RECALL = 0.95
"""What of the 50 best by exact search an approximate kind must find, or it is not published."""
DEFAULT_BUDGET_MIB = 1024


class Wanted(StrEnum):
    """What an operator may ask for."""

    AUTO = "auto"
    EXACT = "exact"
    HNSW = "hnsw"
    IVF = "ivf"


class Codes(StrEnum):
    """How inverted lists compress vectors, finest first."""

    SQ8 = "sq8"
    """One byte a component."""
    PQ = "pq"
    """Four bits for two components, compared by fast-scan."""
    PQ_COARSE = "pq-coarse"
    """Four bits for four components."""
    RABITQ = "rabitq"
    """One bit a component, and two factors."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VectorSettings(_Entry):
    """What was asked for; it holds for later generations until something else is asked for.

    `memory_budget_mib` is for what dense search keeps in memory. The float16 vectors, which are
    mapped from their file and which the system may drop at any time, do not count.
    """

    kind: Wanted = Wanted.AUTO
    memory_budget_mib: int = Field(DEFAULT_BUDGET_MIB, ge=1)


class Exact(_Entry):
    """Every vector is compared: in memory as float32, or mapped from the disk as float16."""

    kind: Literal["exact"] = "exact"
    storage: Literal["float32", "float16"] = "float32"


class Hnsw(_Entry):
    """A graph of neighbours over one-byte components; the best `breadth` are ranked exactly."""

    kind: Literal["hnsw"] = "hnsw"
    neighbours: int = Field(ge=2, le=256)
    construction: int = Field(ge=1)
    breadth: int = Field(ge=1)


class Ivf(_Entry):
    """Inverted lists of codes, of which `probes` are read; the best `ranked` are ranked exactly."""

    kind: Literal["ivf"] = "ivf"
    lists: int = Field(ge=1)
    codes: Codes
    probes: int = Field(ge=1)
    ranked: int = Field(ge=1)


Kind = Annotated[Exact | Hnsw | Ivf, Field(discriminator="kind")]


class Recall(_Entry):
    """The part of the `at` best by exact search that is found, on average over `queries`."""

    value: float = Field(ge=0, le=1)
    at: int = Field(ge=1)
    queries: int = Field(ge=0)


class Refused(_Entry):
    """A kind that found too little of what exact search finds, so that a more exact one serves."""

    kind: Hnsw | Ivf = Field(discriminator="kind")
    recall: Recall


class VectorsEntry(_Entry):
    """How the base is searched densely, why, and how much of exact search that finds.

    Exact search has no recall to measure. A delta is always searched exactly.
    """

    settings: VectorSettings = VectorSettings()
    kind: Kind = Exact()
    recall: Recall | None = None
    refused: tuple[Refused, ...] = ()

    def described(self) -> str:
        """Return kind, recall and what was refused, in one line for people."""
        parts = [_described(self.kind)]
        if self.recall is not None:
            parts.append(f"recall@{self.recall.at} {self.recall.value:.3f}")
        parts += [
            f"not {one.kind.kind}, whose recall@{one.recall.at} is {one.recall.value:.3f}"
            for one in self.refused
        ]
        return "; ".join(parts)


def _described(kind: Kind) -> str:
    match kind:
        case Exact():
            return f"exact, {kind.storage}"
        case Hnsw():
            return f"hnsw, {kind.neighbours} neighbours, breadth {kind.breadth}"
        case Ivf():
            return f"ivf, {kind.lists:,} lists of which {kind.probes} are read, {kind.codes} codes"
