"""How soon a change can be asked about, and what it costs to find that nothing has changed."""

from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result, Times

MOST_SHARE = 0.03
MOST_SEARCHABLE_MS = 1000


class FreshnessResults(Result):
    """One run of `scripts.measure_freshness`.

    `acknowledged` is the time of a PUT, `searchable` that from its acknowledgement until the new
    text is found; `refreshed` is a PUT with `refresh=wait_for`, which half of the `puts` are.
    `first_build_s` and `unchanged_sync_s` are seconds of the whole command, with starting and
    loading the encoder.
    """

    command: str
    machine: Machine
    data: str
    articles: int
    passages: int
    first_build_s: float
    unchanged_sync_s: float
    puts: int
    acknowledged: Times
    searchable: Times
    searchable_most_ms: float
    refreshed: Times

    @property
    def sync_share(self) -> float:
        """The sync's part of the first build, 0 to 1."""
        return self.unchanged_sync_s / self.first_build_s


def section(found: FreshnessResults) -> str:
    """Return the section of a run."""
    sync = f"{found.unchanged_sync_s:,.1f} s, {found.sync_share:.2%} of the first build"
    searchable = f"{_times(found.searchable)}, longest {found.searchable_most_ms:,.0f} ms"
    rows = [
        ["first build, the whole command", f"{found.first_build_s:,.1f} s"],
        [
            "sync of the same sources, the whole command",
            f"{sync} (aim: under {MOST_SHARE:.0%})",
        ],
        ["PUT of one changed article, acknowledged after", _times(found.acknowledged)],
        [
            "from the acknowledgement until its new text is found",
            f"{searchable} (aim: under {MOST_SEARCHABLE_MS:,} ms)",
        ],
        ["PUT with `refresh=wait_for`, acknowledged and searchable", _times(found.refreshed)],
    ]
    waiting = found.puts // 2
    how = (
        f"{found.articles:,} articles, {found.passages:,} passages ({found.data}). "
        f"{found.puts:,} articles are changed one after the other: {found.puts - waiting:,} while "
        "one client looks for the new text every 50 ms, which is as exact as the time until it is "
        f"found can be, and {waiting:,} with `refresh=wait_for`. {found.machine.described()}."
    )
    parts = ["## One change, and none", how, f"```\n{found.command}\n```"]
    return "\n\n".join([*parts, markdown_table(["measure", "value"], rows)])


def _times(times: Times) -> str:
    return f"median {times.median_ms:,.0f} ms, p95 {times.p95_ms:,.0f} ms"
