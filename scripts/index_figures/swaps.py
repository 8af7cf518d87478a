"""What clients see while generations are published under them."""

from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result, Times

MOST_RATIO = 2.0


class SwapResults(Result):
    """One run of `scripts.measure_swaps`.

    `quiet` are the times of the questions before anything was changed, `busy` of those that were
    asked while rebuilds, puts and deletes went through. `examples` show the first of what failed,
    contradicted itself or was deleted.
    """

    command: str
    machine: Machine
    data: str
    articles: int
    passages: int
    clients: int
    quiet_questions: int
    questions: int
    rebuilds: int
    puts: int
    deletes: int
    generations_seen: int
    checked_in_generation: int
    failed: int
    inconsistent: int
    deleted_served: int
    examples: tuple[str, ...]
    quiet: Times
    busy: Times

    @property
    def ratio(self) -> float:
        """The p99 while things change over the p99 of quiet times."""
        return self.busy.p99_ms / self.quiet.p99_ms


def section(found: SwapResults) -> str:
    """Return the section of a run."""
    rows = [
        ["questions answered", f"{found.questions - found.failed:,} of {found.questions:,}"],
        ["generations that answered", f"{found.generations_seen:,}"],
        [
            "responses compared with the texts of the generation that they name",
            f"{found.checked_in_generation:,}, {found.inconsistent:,} contradict it",
        ],
        ["responses from what was deleted before they were sent", f"{found.deleted_served:,}"],
        ["quiet", _times(found.quiet)],
        ["during the changes", _times(found.busy)],
        ["p99 during the changes over quiet", f"{found.ratio:.2f} (aim: at most {MOST_RATIO:g})"],
    ]
    how = (
        f"{found.articles:,} articles, {found.passages:,} passages ({found.data}). {found.clients} "
        f"clients ask {found.quiet_questions:,} questions while nothing changes, then "
        f"{found.questions:,} while {found.rebuilds:,} rebuilds by `quoth index`, {found.puts:,} "
        f"puts and {found.deletes:,} deletes go through. {found.machine.described()}."
    )
    parts = ["## Swap under load", how, f"```\n{found.command}\n```"]
    return "\n\n".join([*parts, markdown_table(["measure", "value"], rows)])


def _times(times: Times) -> str:
    return (
        f"median {times.median_ms:,.0f} ms, p95 {times.p95_ms:,.0f} ms, p99 {times.p99_ms:,.0f} ms"
    )
