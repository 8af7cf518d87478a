"""A gate whose verdict can be worked out by hand, and builds of six articles that ask it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from index.build import BuildReport, Mode, Silent, build_index
from index.generation.generation import Generation
from index.publishing.gate import ComparedQuestion, Comparison, Found, Gate
from index.splitting.passages import PassageBudget
from tests.index.fake_encoder import AxisEncoder

BUDGET = PassageBudget(max_tokens=16, overlap=2)
PLACES = ["Aalborg", "Bergen", "Cuxhaven", "Delfzijl", "Esbjerg", "Flensburg"]
SOURCES: dict[str, str | bytes] = {
    f"{place}.txt": f"The harbour of {place} opened early. Its {place.lower()}tower guards boats."
    for place in PLACES
}


@dataclass
class CountingGate:
    """Compares how many articles two generations have; `saw` what it was asked about."""

    margin: float = 0.05
    saw: list[tuple[int, int]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def compare(self, served: Generation, candidate: Generation) -> Comparison:
        counts = served.tables.counts().articles, candidate.tables.counts().articles
        self.saw.append(counts)
        self.meanwhile()
        before, now = (Found(str(n), {"kept": min(1, n / counts[0])}) for n in counts)
        return Comparison(
            asked="counting",
            served=served.name,
            candidate=candidate.name,
            margin=self.margin,
            deciding=("kept",),
            questions=(ComparedQuestion("how many?", "no fewer", before, now),),
        )


def build(
    folder: Path,
    *,
    gate: Gate | None = None,
    mode: Mode = Mode.REBUILD,
    encoder: AxisEncoder | None = None,
) -> BuildReport:
    """Bring the index in `folder` to what its sources hold."""
    return build_index(
        [folder / "sources"],
        folder / "index",
        encoder=encoder or AxisEncoder(),
        budget=BUDGET,
        progress=Silent(),
        mode=mode,
        gate=gate,
    )
