"""What a killed process, a full disk and a torn file do to an index."""

from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result


class CrashResults(Result):
    """One run of `scripts.check_crashes`: kills by what they interrupted, other cases by name.

    `cases` holds whether the index came through each full disk and torn file.
    """

    command: str
    machine: Machine
    kills: dict[str, int]
    cases: dict[str, bool]
    faults: tuple[str, ...]


def section(found: CrashResults) -> str:
    """Return the section of a run."""
    killed = sum(found.kills.values())
    rows = [[f"killed during: {what}", f"{count:,}"] for what, count in sorted(found.kills.items())]
    rows += [[what, "sound" if sound else "FAULTY"] for what, sound in found.cases.items()]
    rows.append(["faults", f"{len(found.faults):,}"])
    how = (
        f"{killed:,} times a process that puts, deletes, publishes, folds and rebuilds at random "
        f"is killed (SIGKILL) at a random instant; then the disk is full at random writes, and "
        f"files are torn. After each the index is opened as a service does: all that was "
        f"acknowledged must be in the record, nothing that was deleted may be served, and what is "
        f"published afterwards must be the record and pass `quoth verify`. "
        f"{found.machine.described()}."
    )
    faults = "\n".join(f"- {fault}" for fault in found.faults)
    parts = ["## Crashes", how, f"```\n{found.command}\n```", markdown_table(["", "count"], rows)]
    return "\n\n".join([*parts, *([faults] if faults else [])])
