"""A process that writes an index at random, and says what it begins and what it has done.

Each line on its standard output is a JSON object: what is begun, or `{"do": "done"}` once it is
acknowledged. `python -m scripts.crashes.writing INDEX-DIR --seed SEED` goes on until it is killed,
or, with `--file-limit`, until something does not fit.
"""

import argparse
import json
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from index.build import Mode, Silent, build_index
from index.encoding.question_encoder import OnnxQuestionEncoder
from index.file_names import RECORD_NAME
from index.generation.locks import building_lock
from index.publishing.known_items import KnownItemGate
from index.publishing.publish import Publisher
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import QuothError
from qa.values import Article
from scripts.command_line.option_types import positive

# How the process ends where something does not fit; a fault of its own ends it with 1.
AT_LIMIT = 5
BUDGET = PassageBudget(max_tokens=40, overlap=10)
_IDS = [f"article {number}" for number in range(12)]
_PLACES = ["Aalborg", "Bergen", "Cuxhaven", "Delfzijl", "Esbjerg", "Flensburg"]

Intent = dict[str, object]


def write_always(index_dir: Path, seed: str) -> None:
    """Put, delete, publish, fold and rebuild until killed; errors are not caught."""
    chance = random.Random(seed)
    encoder = OnnxQuestionEncoder()
    record = Record(index_dir / RECORD_NAME)
    publisher = Publisher(index_dir, record, encoder)
    print("ready", flush=True)
    while True:
        do = chance.choices(["put", "delete", "publish", "fold", "rebuild"], [5, 2, 3, 1, 1])[0]
        intent: Intent = {"do": do}
        if do == "put":
            intent["texts"] = {chance.choice(_IDS): _text(chance)}
        elif do == "delete":
            intent["id"] = chance.choice(_IDS)
        elif do == "rebuild":
            intent["texts"] = {one: _text(chance) for one in chance.sample(_IDS, 4)}
            intent["gate"] = chance.random() < 0.5
        print(json.dumps(intent), flush=True)
        _do(intent, index_dir, record, publisher, encoder)
        print(json.dumps({"do": "done"}), flush=True)


def texts_of(intent: Intent) -> dict[str, str]:
    """Return the texts by article that an intent puts."""
    return {str(k): str(v) for k, v in dict(intent.get("texts") or {}).items()}  # type: ignore[call-overload]


def _do(
    intent: Intent,
    index_dir: Path,
    record: Record,
    publisher: Publisher,
    encoder: OnnxQuestionEncoder,
) -> None:
    texts = texts_of(intent)
    match intent["do"]:
        case "put":
            record.put([Article(one, one, text) for one, text in texts.items()])
        case "delete":
            record.delete(str(intent["id"]))
        case "publish":
            publisher.publish_delta()
        case "fold" if record.count() > 0:
            with building_lock(index_dir):
                publisher.build_base(BUDGET, reuse_cuts=True)
        case "rebuild":
            folder = Path(tempfile.mkdtemp(dir=index_dir.parent))
            for one, text in texts.items():
                (folder / f"{one}.txt").write_text(text, encoding="utf-8")
            build_index(
                [folder],
                index_dir,
                encoder=encoder,
                budget=BUDGET,
                progress=Silent(),
                mode=Mode.REBUILD,
                gate=KnownItemGate(lambda _: encoder, margin=1.0) if intent["gate"] else None,
            )
            shutil.rmtree(folder)


def _text(chance: random.Random) -> str:
    return " ".join(
        f"The ferry to {chance.choice(_PLACES)} carries {chance.randrange(10_000)} people. "
        f"It leaves at {chance.randrange(24)}:{chance.randrange(10, 60)}."
        for _ in range(chance.randrange(1, 6))
    )


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description="Write an index at random until killed.")
    parser.add_argument("index_dir", type=Path)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--file-limit", type=positive, help="most bytes that a file may grow to")
    options = parser.parse_args()
    if options.file_limit is None:
        write_always(options.index_dir, options.seed)
    # Python ignores the signal that comes with it, so that writing fails as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, resource.RLIM_INFINITY))
    try:
        write_always(options.index_dir, options.seed)
    # FAISS and tantivy raise the last two where they cannot write.
    except (OSError, sqlite3.Error, QuothError, RuntimeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(AT_LIMIT)


if __name__ == "__main__":
    main()
