"""Quoth's index beside other stores of the same texts and vectors."""

from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result, Times


class Kills(Result):
    """What was found after each kill: of `planned`, `survived` could be opened and used again.

    After `sound` of them everything was as it must be. The others count entries over all kills:
    `lost` were acknowledged and are not found, `back` were deleted and are found, `wrong` have a
    text, a row and a vector that do not belong together, and of what was under way `half` is found
    neither as it was nor as it was to be. `problem` is what ended the kills early.
    """

    planned: int
    survived: int
    sound: int
    lost: int
    back: int
    wrong: int
    half: int
    problem: str | None


class StoreResults(Result):
    """One store, with the times taken inside of it.

    `put_found` is from the acknowledgement until a search over the pipe has found the new text.
    `recall` is the part of the ten best by exact search that a search finds. `old_served` counts
    changed entries whose former text was found after the new one, `deleted_served` deleted ones
    that were found right after the acknowledgement. `reopened_...` count entries after an orderly
    end and another start, as `Kills` does.
    """

    name: str
    versions: dict[str, str]
    configuration: tuple[str, ...]
    build_s: float
    searches: Times
    recall: float
    put_acknowledged: Times
    put_found: Times
    put_found_most_ms: float
    old_served: int
    delete_acknowledged: Times
    deleted_served: int
    reopened_missing: int
    reopened_back: int
    reopened_wrong: int
    kills: Kills


class StoresResults(Result):
    """One run of `scripts.benchmark_stores`.

    `load` is how many processes wanted a core on average in the minute before it.
    """

    command: str
    machine: Machine
    load: float
    data: str
    entries: int
    searches: int
    puts: int
    deletes: int
    stores: tuple[StoreResults, ...]


def section(found: StoresResults) -> str:
    """Return the section of a run."""
    how = (
        f"{found.entries:,} texts of one passage each ({found.data}), every store with the same "
        f"vectors, which none of them has to make. Each step is done to all stores in turn: "
        f"{found.searches:,} searches for the ten nearest, {found.puts:,} texts changed and "
        f"{found.deletes:,} deleted one by one, an orderly end and another start, and then "
        f"processes that change and delete without a pause, each killed (SIGKILL) at a random "
        f"instant. A change is acknowledged when the call returns, and each store is set so that "
        f"it is durable by then, as far as it can be. {found.machine.described()}; "
        f"{found.load:.1f} processes wanted a core before it began."
    )
    heads = ["", *(one.name for one in found.stores)]
    rows = [[what, *(show(one) for one in found.stores)] for what, show in _ROWS]
    settings = [
        f"- {one.name} ({', '.join(f'{p} {v}' for p, v in one.versions.items())}): "
        f"{'; '.join(one.configuration)}."
        for one in found.stores
    ]
    problems = [
        f"- {one.name} {' '.join(one.kills.problem.split())}"
        for one in found.stores
        if one.kills.problem is not None
    ]
    parts = [
        "## Beside other stores",
        how,
        f"```\n{found.command}\n```",
        markdown_table(heads, rows),
        "\n".join(settings),
        *(["\n".join(problems)] if problems else []),
    ]
    return "\n\n".join(parts)


def _times(times: Times) -> str:
    return f"{times.median_ms:,.1f} ms, p95 {times.p95_ms:,.1f} ms"


def _sound_kills(kills: Kills) -> str:
    """Return after how many of the kills that came about all was right."""
    done = kills.survived + (kills.problem is not None)
    left_out = f", {kills.planned - done} not done" if done < kills.planned else ""
    return f"{kills.sound} of {done}{left_out}"


def _after_reopening(one: StoreResults) -> str:
    missing, back, wrong = one.reopened_missing, one.reopened_back, one.reopened_wrong
    return f"{missing:,} missing, {back:,} back, {wrong:,} wrong"


_ROWS = (
    ("filling it", lambda one: f"{one.build_s:,.1f} s"),
    ("a search, median and p95", lambda one: _times(one.searches)),
    ("recall@10 against exact search", lambda one: f"{one.recall:.3f}"),
    ("a change, acknowledged after", lambda one: _times(one.put_acknowledged)),
    (
        "from then until its text is found",
        lambda one: f"{_times(one.put_found)}, longest {one.put_found_most_ms:,.0f} ms",
    ),
    ("former texts found after that", lambda one: f"{one.old_served:,}"),
    ("a deletion, acknowledged after", lambda one: _times(one.delete_acknowledged)),
    ("deleted texts found right after it", lambda one: f"{one.deleted_served:,}"),
    ("after an orderly end and another start", _after_reopening),
    ("kills after which all was right", lambda one: _sound_kills(one.kills)),
    ("acknowledged changes lost in all kills", lambda one: f"{one.kills.lost:,}"),
    ("deleted texts back", lambda one: f"{one.kills.back:,}"),
    ("text and vector out of step", lambda one: f"{one.kills.wrong:,}"),
    ("change under way that left neither old nor new", lambda one: f"{one.kills.half:,}"),
)
