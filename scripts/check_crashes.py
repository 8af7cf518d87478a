"""Kill a process that writes an index, again and again: `python -m scripts.check_crashes`.

Each round a child puts, deletes, publishes, folds and rebuilds at random, and says on its standard
output what it begins and what was acknowledged; SIGKILL comes at a random instant. Then the index
must hold all that was acknowledged, serve nothing that was deleted, and be sound to the last
offset and vector. Exit code 1 if it is not.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.build import Mode, Silent, build_index
from index.deletions import Deletions
from index.generation import open_generation
from index.passages import PassageBudget
from index.publishing import Publisher, building_lock
from index.question_encoder import NumpyQuestionEncoder
from index.record import RECORD_NAME, Record
from index.verify import verify_index
from qa.values import Article

_BUDGET = PassageBudget(max_tokens=40, overlap=10)
_IDS = [f"article {number}" for number in range(12)]
_PLACES = ["Aalborg", "Bergen", "Cuxhaven", "Delfzijl", "Esbjerg", "Flensburg"]
_LONGEST_S = 1.5

Texts = dict[str, str]


@dataclass
class Rounds:
    """What happened so far: how many kills during what, and each fault."""

    kills: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def run_rounds(index_dir: Path, *, rounds: int, seed: int) -> Rounds:
    """Kill a child `rounds` times, and check the index after each."""
    chance = random.Random(seed)
    encoder = NumpyQuestionEncoder()
    result = Rounds()
    held: Texts = {}
    deleted: set[str] = set()
    for number in range(rounds):
        before, intent = _one_life(index_dir, held, deleted, chance)
        what = "nothing" if intent is None else str(intent["do"])
        result.kills[what] = result.kills.get(what, 0) + 1
        with closing(Record(index_dir / RECORD_NAME)) as record:
            held = {article.article_id: article.text for article in record.articles()}
            if held not in (before, _after(before, intent)):
                result.faults.append(f"round {number}: the record lost or made up something")
            result.faults += [
                f"round {number}: {fault}"
                for fault in _faults(index_dir, record, held, deleted, encoder)
            ]
    return result


def _one_life(
    index_dir: Path, held: Texts, deleted: set[str], chance: random.Random
) -> tuple[Texts, dict[str, object] | None]:
    """Run a child until it is killed; return what it acknowledged, and what it was at.

    `deleted` is brought up to date: what was acknowledged as deleted and not begun to be put again.
    """
    command = [sys.executable, "-m", "scripts.check_crashes", "--child", str(chance.random())]
    with subprocess.Popen([*command, str(index_dir)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None  # noqa: S101
        lines = [child.stdout.readline()]  # "ready"
        time.sleep(chance.uniform(0, _LONGEST_S))
        child.kill()
        lines += child.stdout.readlines()
    texts, intent = dict(held), None
    for line in lines[1:]:
        if not line.endswith("\n"):
            continue  # torn by the kill: not acknowledged, and nothing was begun by it
        entry = json.loads(line)
        if entry["do"] == "done":
            texts = _after(texts, intent)
            if intent is not None and intent["do"] == "delete":
                deleted.add(str(intent["id"]))
            intent = None
        else:
            intent = entry
            deleted.difference_update(entry.get("texts", ()))
    return texts, intent


def _after(texts: Texts, intent: dict[str, object] | None) -> Texts:
    """Return the texts that the record holds when the intended change was made."""
    if intent is None:
        return texts
    changed = {str(k): str(v) for k, v in dict(intent.get("texts") or {}).items()}  # type: ignore[call-overload]
    match intent["do"]:
        case "put":
            return texts | changed
        case "delete":
            return {k: v for k, v in texts.items() if k != intent["id"]}
        case "rebuild":
            return changed
    return texts


def _faults(
    index_dir: Path,
    record: Record,
    held: Texts,
    deleted: set[str],
    encoder: NumpyQuestionEncoder,
) -> Sequence[str]:
    """Start again as a service does, and return what is wrong."""
    publisher = Publisher(index_dir, record, encoder)
    current = publisher.current()
    if current is not None:
        generation = open_generation(index_dir)
        with closing(Deletions(index_dir / RECORD_NAME)) as deletions:
            gone = deletions.after(current.sequence)
        served = generation.without(gone).articles(after=None, limit=1000)
        if deleted.intersection(article.article_id for article in served):
            return ["something deleted is served"]
    if publisher.needs_base():
        with building_lock(index_dir):
            publisher.build_base(_BUDGET, reuse_cuts=True)
    else:
        publisher.publish_delta()
    found = verify_index(index_dir, encoder=encoder, sample=8)
    articles = open_generation(index_dir).articles(after=None, limit=1000)
    if {article.article_id: article.text for article in articles} != held:
        return ["what is published is not what the record holds", *found.faults]
    return found.faults


def _live(index_dir: Path, seed: str) -> None:
    """Be the child: write until killed."""
    chance = random.Random(seed)
    encoder = NumpyQuestionEncoder()
    record = Record(index_dir / RECORD_NAME)
    publisher = Publisher(index_dir, record, encoder)
    print("ready", flush=True)
    while True:
        do = chance.choices(["put", "delete", "publish", "fold", "rebuild"], [5, 2, 3, 1, 1])[0]
        intent: dict[str, object] = {"do": do}
        if do == "put":
            intent["texts"] = {chance.choice(_IDS): _text(chance)}
        elif do == "delete":
            intent["id"] = chance.choice(_IDS)
        elif do == "rebuild":
            intent["texts"] = {one: _text(chance) for one in chance.sample(_IDS, 4)}
        print(json.dumps(intent), flush=True)
        _do(intent, index_dir, record, publisher, encoder)
        print(json.dumps({"do": "done"}), flush=True)


def _do(
    intent: dict[str, object],
    index_dir: Path,
    record: Record,
    publisher: Publisher,
    encoder: NumpyQuestionEncoder,
) -> None:
    texts = dict(intent.get("texts") or {})  # type: ignore[call-overload]
    match intent["do"]:
        case "put":
            record.put([Article(one, one, text) for one, text in texts.items()])
        case "delete":
            record.delete(str(intent["id"]))
        case "publish":
            publisher.publish_delta()
        case "fold" if record.count() > 0:
            with building_lock(index_dir):
                publisher.build_base(_BUDGET, reuse_cuts=True)
        case "rebuild":
            folder = Path(tempfile.mkdtemp(dir=index_dir.parent))
            for one, text in texts.items():
                (folder / f"{one}.txt").write_text(text, encoding="utf-8")
            build_index(
                [folder],
                index_dir,
                encoder=encoder,
                budget=_BUDGET,
                progress=Silent(),
                mode=Mode.REBUILD,
            )
            shutil.rmtree(folder)


def _text(chance: random.Random) -> str:
    return " ".join(
        f"The ferry to {chance.choice(_PLACES)} carries {chance.randrange(10_000)} people. "
        f"It leaves at {chance.randrange(24)}:{chance.randrange(10, 60)}."
        for _ in range(chance.randrange(1, 6))
    )


def main() -> None:
    """Read the arguments, run, and sum up."""
    parser = argparse.ArgumentParser(description="Kill a process that writes an index.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument(
        "index_dir", nargs="?", type=Path, help="empty; a temporary one unless given"
    )
    options = parser.parse_args()
    if options.child is not None:
        _live(options.index_dir, options.child)
    with tempfile.TemporaryDirectory() as folder:
        index_dir = options.index_dir or Path(folder) / "index"
        index_dir.mkdir(parents=True, exist_ok=True)
        result = run_rounds(index_dir, rounds=options.rounds, seed=options.seed)
    for fault in result.faults:
        print(f"fault: {fault}")
    kills = ", ".join(f"{count} during {what}" for what, count in sorted(result.kills.items()))
    print(f"{options.rounds} kills ({kills}), {len(result.faults)} faults")
    sys.exit(1 if result.faults else 0)


if __name__ == "__main__":
    main()
