"""Measure follow-up questions: `python -m scripts.evaluate_dialogues`.

Indexes the seed article and the two of tests/data/dialogues, asks the dialogues of
tests/data/dialogues.jsonl, and prints how many follow-ups are answered right with the turns before
them and without. `--show tuning` also prints each follow-up of that half.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from api.settings import Settings
from index.build import Silent, build_index
from index.encoding.bulk_encoder import load_bulk_encoder
from index.splitting.passages import PassageBudget
from qa.ask import QuestionRoad
from qa.errors import QuothError
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.open_index import open_index
from scripts.evaluation.dialogues import AskedTurn, DialogueHalf, ask_dialogue, read_dialogues

_ROOT = Path(__file__).parent.parent
_DIALOGUES = _ROOT / "tests" / "data" / "dialogues.jsonl"
_ARTICLES = (_ROOT / "seeds", _ROOT / "tests" / "data" / "dialogues")


def main() -> None:
    """Ask them all and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dialogues", type=Path, default=_DIALOGUES)
    parser.add_argument("--show", type=DialogueHalf, choices=list(DialogueHalf))
    options = parser.parse_args()
    with told_in_one_line(QuothError):
        dialogues = read_dialogues(options.dialogues)
    with tempfile.TemporaryDirectory() as scratch:
        road = _road(Path(scratch))
        asked = [turn for dialogue in dialogues for turn in ask_dialogue(dialogue, road)]
    for turn in asked:
        if turn.half is options.show:
            _print_turn(turn)
    _print_figures(asked, dialogues=len(dialogues))


def _road(scratch: Path) -> QuestionRoad:
    settings = Settings()
    rows = [
        {"id": path.stem, "title": path.stem, "text": path.read_bytes().decode("utf-8")}
        for folder in _ARTICLES
        for path in sorted(folder.glob("*.txt"))
    ]
    source = scratch / "articles.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    build_index(
        [source],
        scratch / "index",
        encoder=load_bulk_encoder(settings.encoder),
        budget=PassageBudget(),
        progress=Silent(),
    )
    return open_index(scratch / "index", settings).road


def _print_turn(turn: AskedTurn) -> None:
    print(
        f"{'right' if turn.is_right else 'WRONG'}  {turn.dialogue_id}: {turn.turn.question}\n"
        f"       asked as  {turn.asked}\n"
        f"       given     {turn.given or '(abstains)'}\n"
        f"       alone     {turn.alone or '(abstains)'}\n"
        f"       expected  {turn.turn.answers[0] if turn.turn.answers else '(none)'}"
    )


def _print_figures(asked: Sequence[AskedTurn], *, dialogues: int) -> None:
    print(f"\n{dialogues} dialogues, {len(asked)} follow-ups\n")
    print("| half | follow-ups | right with history | right without |")
    print("|---|---:|---:|---:|")
    for half in DialogueHalf:
        own = [turn for turn in asked if turn.half is half]
        with_history = sum(turn.is_right for turn in own)
        without = sum(turn.is_right_alone for turn in own)
        print(f"| {half} | {len(own)} | {with_history} | {without} |")


if __name__ == "__main__":
    main()
