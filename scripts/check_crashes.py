"""Break an index again and again: `python -m scripts.check_crashes [--out FILE]`.

Each round a process puts, deletes, publishes, folds and rebuilds at random, and says what it begins
and what was acknowledged; SIGKILL comes at a random instant. In further rounds no file may grow
beyond a random size, as if the disk were full, and then files are torn. Each time the index must
hold all that was acknowledged, serve nothing that was deleted, and be sound to the last offset and
vector. Exit code 1 if it is not.
"""

import argparse
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from index.encoding.question_encoder import OnnxQuestionEncoder
from index.file_names import RECORD_NAME
from qa.errors import QuothError
from scripts.command_line.failing import fail, told_in_one_line
from scripts.command_line.option_types import not_negative, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.crashes.checking import Expected, faults, one_life
from scripts.crashes.torn import torn_files
from scripts.index_figures.crashes import CrashResults
from scripts.performance.results import Machine, command_line

_LONGEST_S = 1.5
# At any instant these are hardly ever under way: every second kill waits for one of them to begin.
_SHORT = ("put", "delete")
_LONGEST_SHORT_S = 0.015
# By then a process whose files may not grow has met the limit, or never will.
_LONGEST_LIFE_S = 10.0


@dataclass
class Rounds:
    """What happened so far: how many kills during what, other cases, and each fault."""

    kills: dict[str, int] = field(default_factory=dict)
    cases: dict[str, bool] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, where: str, found: list[str]) -> None:
        """Keep the faults of a round or case, if any."""
        self.faults += [f"{where}: {fault}" for fault in found]


def run_rounds(
    index_dir: Path, *, rounds: int, seed: int, full_disks: int = 0, torn: bool = False
) -> Rounds:
    """Kill a process `rounds` times, fill the disk `full_disks` times, tear files; check each."""
    chance = random.Random(seed)
    encoder = OnnxQuestionEncoder()
    result, expected = Rounds(), Expected()
    for number in range(rounds):
        at = _SHORT[number % 4] if number % 4 < len(_SHORT) else None
        lives_s = chance.uniform(0, _LONGEST_S if at is None else _LONGEST_SHORT_S)
        intent = one_life(index_dir, expected, seed=chance.random(), lives_s=lives_s, at=at)
        what = "nothing" if intent is None else str(intent["do"])
        result.kills[what] = result.kills.get(what, 0) + 1
        result.note(f"kill {number}", faults(index_dir, expected, intent, encoder))
        say(f"kill {number + 1} of {rounds} during {what}, {len(result.faults)} faults")
    for number in range(full_disks):
        largest = max((p.stat().st_size for p in index_dir.rglob("*") if p.is_file()), default=0)
        limit = int(4_096 * (1 + largest / 4_096) ** chance.random())
        intent = one_life(
            index_dir, expected, seed=chance.random(), lives_s=_LONGEST_LIFE_S, file_limit=limit
        )
        found = faults(index_dir, expected, intent, encoder)
        what = "opening" if intent is None else str(intent["do"])
        case = f"disk full during: {what}"
        result.cases[case] = result.cases.get(case, True) and not found
        result.note(case, found)
        say(f"full disk {number + 1} of {full_disks} during {what}, {len(result.faults)} faults")
    if torn and (index_dir / RECORD_NAME).exists():
        for case, found in torn_files(index_dir, expected, encoder):
            result.cases[case] = result.cases.get(case, True) and not found
            result.note(case, found)
            say(f"{case}, {len(result.faults)} faults")
    return result


def main() -> None:
    """Read the arguments, run, and sum up."""
    parser = argparse.ArgumentParser(description="Break an index again and again.")
    parser.add_argument("--rounds", type=positive, default=200, help="kills")
    parser.add_argument(
        "--full-disks", type=not_negative, default=20, help="times that the disk is full"
    )
    parser.add_argument("--seed", type=not_negative, default=1)
    parser.add_argument("--out", type=Path, help="JSON to write, such as docs/index/crashes.json")
    parser.add_argument(
        "index_dir", nargs="?", type=Path, help="empty; a temporary one unless given"
    )
    options = parser.parse_args()
    make_ready(options.out)
    with told_in_one_line(QuothError, OSError), tempfile.TemporaryDirectory() as folder:
        index_dir = options.index_dir or Path(folder) / "index"
        index_dir.mkdir(parents=True, exist_ok=True)
        if any(index_dir.iterdir()):
            fail(f"{index_dir} is not empty, and what it holds would be broken; name a new folder")
        result = run_rounds(
            index_dir,
            rounds=options.rounds,
            seed=options.seed,
            full_disks=options.full_disks,
            torn=True,
        )
    found = CrashResults(
        command=command_line("scripts.check_crashes", sys.argv[1:]),
        machine=Machine.here(),
        kills=result.kills,
        cases=result.cases,
        faults=tuple(result.faults),
    )
    for fault in result.faults:
        print(f"fault: {fault}")
    kills = ", ".join(f"{count} during {what}" for what, count in sorted(result.kills.items()))
    print(f"{options.rounds} kills ({kills}), {len(result.cases)} other cases, "
          f"{len(result.faults)} faults")  # fmt: skip
    write_results(found, options.out)
    sys.exit(1 if result.faults else 0)


if __name__ == "__main__":
    main()
