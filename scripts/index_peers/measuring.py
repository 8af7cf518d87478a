"""What is done to the stores, each step to all of them before the next."""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from scripts.index_figures.peers import Kills, StoreResults
from scripts.index_peers.pool import Pool
from scripts.index_peers.protocol import Entry, Ready, Request
from scripts.index_peers.stores import (
    Findings,
    StoreProcess,
    check,
    delete,
    put,
    search,
    shows,
)
from scripts.peers.lines import PeerError
from scripts.performance.results import Times

_LOOK_EVERY_S = 0.02
_FOUND = 10
_SAMPLE = 200
_LONGEST_LIFE_S = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """How many entries there are, and how much is done to them.

    Rows of the pool from `entries` on are what entries are changed to, and what is searched for.
    What is not found within `patience_s` is missing.
    """

    entries: int
    searches: int
    puts: int
    deletes: int
    kills: int
    patience_s: float = 30.0


@dataclass
class Measured:
    """One store under measurement: how to open it, and what was found so far."""

    name: str
    open: Callable[[], StoreProcess]
    store: StoreProcess
    rows: dict[str, int]
    expected: dict[str, int | None]
    build_s: float = 0.0
    searched: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    put_ms: list[float] = field(default_factory=list)
    found_ms: list[float] = field(default_factory=list)
    old_served: int = 0
    delete_ms: list[float] = field(default_factory=list)
    deleted_served: int = 0
    after_reopening: Findings = field(default_factory=Findings)
    kills: list[Findings] = field(default_factory=list)
    problem: str | None = None

    def end(self) -> None:
        """End the process that the store runs in now."""
        self.store.end()

    @property
    def ready(self) -> Ready:
        """What the store said when it was opened last."""
        return self.store.ready


def measure(
    openers: Mapping[str, Callable[[], StoreProcess]],
    pool: Pool,
    plan: Plan,
    *,
    say: Callable[[str], None],
) -> list[StoreResults]:
    """Fill all stores with the same, do the same to each in turn, and kill each in the end.

    Raises PeerError if a store fails before it is killed.
    """
    ids = [f"e{number}" for number in range(plan.entries)]
    with ExitStack() as stack:
        stores: list[Measured] = []
        for name, opener in openers.items():
            rows = {one: number for number, one in enumerate(ids)}
            made = Measured(name, opener, opener(), rows, dict(rows))
            stack.callback(made.end)
            say(f"{name}: {plan.entries:,} entries")
            everything = tuple(Entry(one, row) for one, row in rows.items())
            made.build_s = made.store.request(Request("put", everything)).milliseconds / 1000
            stores.append(made)
        say("searching")
        _search(stores, pool, plan)
        say("changing and deleting")
        chance = random.Random(0)
        touched = chance.sample(ids, plan.puts + plan.deletes)
        for number, entry_id in enumerate(touched):
            for one in _in_turn(stores, number):
                if number < plan.puts:
                    _put(one, entry_id, plan.entries + number, plan.patience_s)
                else:
                    _delete(one, entry_id)
        checked = [*touched, *chance.sample(ids, min(_SAMPLE, len(ids)))]
        for one in stores:
            say(f"{one.name}: closing, opening, {plan.kills} kills")
            one.store.close()
            one.store = one.open()
            one.after_reopening = _settled(one, checked, pool, plan.patience_s)
            _kill_again_and_again(one, pool, plan, random.Random(0), say=say)
        return [_results(one, plan) for one in stores]


def _in_turn(stores: Sequence[Measured], number: int) -> list[Measured]:
    shift = number % len(stores)
    return [*stores[shift:], *stores[:shift]]


def _search(stores: Sequence[Measured], pool: Pool, plan: Plan) -> None:
    held = pool.vectors[: plan.entries]
    for number in range(plan.searches):
        row = plan.entries + number % (len(pool.texts) - plan.entries)
        exact = set(np.argsort(-(held @ pool.vectors[row]), kind="stable")[:_FOUND].tolist())
        for one in _in_turn(stores, number):
            reply = search(one.store, row, _FOUND)
            one.searched.append(reply.milliseconds)
            one.recall.append(len(exact & {hit.row for hit in reply.hits}) / len(exact))


def _put(one: Measured, entry_id: str, row: int, patience_s: float) -> None:
    old = one.rows[entry_id]
    one.put_ms.append(put(one.store, entry_id, row))
    began = time.perf_counter()
    one.rows[entry_id] = one.expected[entry_id] = row
    _until(lambda: shows(one.store, entry_id, row), patience_s)
    one.found_ms.append(1000 * (time.perf_counter() - began))
    one.old_served += shows(one.store, entry_id, old)


def _delete(one: Measured, entry_id: str) -> None:
    one.delete_ms.append(delete(one.store, entry_id))
    one.expected[entry_id] = None
    one.deleted_served += shows(one.store, entry_id, one.rows[entry_id])


def _until(true: Callable[[], bool], patience_s: float) -> bool:
    """Wait until it is true, looking at once and then every few milliseconds; return whether."""
    deadline = time.perf_counter() + patience_s
    while not true():
        if time.perf_counter() > deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


def _settled(one: Measured, ids: Sequence[str], pool: Pool, patience_s: float) -> Findings:
    """Check some entries once what is missing has had time to be found.

    What was deleted must be gone at the first look.
    """
    expected = {entry_id: one.expected[entry_id] for entry_id in ids}
    first = check(one.store, expected, one.rows, pool)
    if not first.missing:
        return first
    missing = {entry_id: one.expected[entry_id] for entry_id in first.missing}
    _until(lambda: not check(one.store, missing, one.rows, pool).missing, patience_s)
    last = check(one.store, expected, one.rows, pool)
    return Findings(
        last.missing,
        tuple(sorted({*first.back, *last.back})),
        tuple(sorted({*first.wrong, *last.wrong})),
    )


def _reason(error: PeerError) -> str:
    """Return the last exception that was told, without its traceback and this run's folders."""
    last = re.split(r"(?=\b\w+(?:Error|Exception): )", str(error))[-1]
    return re.sub(r"/\S*/", "", last)


def _kill_again_and_again(
    one: Measured, pool: Pool, plan: Plan, chance: random.Random, *, say: Callable[[str], None]
) -> None:
    """Put and delete until a kill comes, open again, and check all that was touched."""
    for number in range(plan.kills):
        touched, under_way, to_row = _write_until_killed(one, len(pool.texts), chance)
        try:
            one.store = one.open()
        except PeerError as error:
            one.problem = f"does not open after kill {number + 1}: {_reason(error)}"
            return
        try:
            found = _settled(one, sorted(touched - {under_way}), pool, plan.patience_s)
            if _is_half_done(one, under_way, to_row, plan.patience_s):
                found = replace(found, half=(under_way,))
            _take_over(one, under_way, plan.patience_s)
        except PeerError as error:
            one.problem = f"fails after kill {number + 1}: {error}"
            return
        one.kills.append(found)
        say(f"{one.name}: kill {number + 1} of {plan.kills}, {len(touched)} touched")


def _write_until_killed(
    one: Measured, count: int, chance: random.Random
) -> tuple[set[str], str, int | None]:
    """Return the ids of all that was changed, what was under way, and to which row (or none)."""
    ids = sorted(one.rows)
    touched: set[str] = set()
    timer = threading.Timer(chance.uniform(0.02, _LONGEST_LIFE_S), one.store.kill)
    timer.start()
    while True:
        entry_id, row = chance.choice(ids), _free_row(one, count, chance)
        deletes = one.expected[entry_id] is not None and chance.random() < 1 / 3
        touched.add(entry_id)
        try:
            delete(one.store, entry_id) if deletes else put(one.store, entry_id, row)
        except PeerError:
            timer.join()
            one.store.end()
            return touched, entry_id, None if deletes else row
        one.expected[entry_id] = None if deletes else row
        if not deletes:
            one.rows[entry_id] = row


def _free_row(one: Measured, count: int, chance: random.Random) -> int:
    """Return one of `count` rows that no entry has: of equal texts a search shows only some."""
    held = set(one.expected.values())
    while (row := chance.randrange(count)) in held:
        pass
    return row


def _is_half_done(one: Measured, entry_id: str, to_row: int | None, patience_s: float) -> bool:
    """Return whether what was under way is found neither as it was nor as it was to be."""
    rows = [row for row in (one.expected[entry_id], to_row) if row is not None]
    if len(rows) < 2:  # absent is as it was, or as it was to be
        return False
    return not _until(lambda: any(shows(one.store, entry_id, row) for row in rows), patience_s)


def _take_over(one: Measured, entry_id: str, patience_s: float) -> None:
    """Bring what was under way to a state that is known: put it again."""
    row = one.rows[entry_id]
    put(one.store, entry_id, row)
    one.expected[entry_id] = row
    _until(lambda: shows(one.store, entry_id, row), patience_s)


def _results(one: Measured, plan: Plan) -> StoreResults:
    return StoreResults(
        name=one.name,
        versions=one.ready.versions,
        configuration=tuple(one.ready.configuration),
        build_s=round(one.build_s, 1),
        searches=Times.of(one.searched),
        recall=round(float(np.mean(one.recall)), 4),
        put_acknowledged=Times.of(one.put_ms),
        put_found=Times.of(one.found_ms),
        put_found_most_ms=round(max(one.found_ms), 1),
        old_served=one.old_served,
        delete_acknowledged=Times.of(one.delete_ms),
        deleted_served=one.deleted_served,
        reopened_missing=len(one.after_reopening.missing),
        reopened_back=len(one.after_reopening.back),
        reopened_wrong=len(one.after_reopening.wrong),
        kills=Kills(
            planned=plan.kills,
            survived=len(one.kills),
            sound=sum(found.is_sound for found in one.kills),
            lost=sum(len(found.missing) for found in one.kills),
            back=sum(len(found.back) for found in one.kills),
            wrong=sum(len(found.wrong) for found in one.kills),
            half=sum(len(found.half) for found in one.kills),
            problem=one.problem,
        ),
    )
