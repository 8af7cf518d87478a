"""Ask questions whose answers are known: `python -m scripts.ask_known_questions --index-dir DIR`.

Prints a Markdown table of question, expected and given answer, and counts what was right.
"""

import argparse
import json
import sys
from pathlib import Path

from api.settings import Settings
from qa.errors import QuothError
from qa.question import Question
from qa.squad_metrics import exact_match, f1
from scripts.asking import open_index

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "seed_questions.jsonl"


def main() -> None:
    """Ask them all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    options = parser.parse_args()
    try:
        serving = open_index(options.index_dir, Settings())
    except QuothError as error:
        sys.exit(f"error: {error}")
    print("| question | expected | answer | confidence | answerable | EM | F1 |")
    print("|---|---|---|---:|---:|---:|---:|")
    scores = []
    for line in options.questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        outcome = serving.road.ask(Question(row["question"]))
        given = outcome.answers[0].text if outcome.answers else ""
        confidence = f"{outcome.answers[0].confidence:.0%}" if outcome.answers else ""
        score = (exact_match(given, row["answers"]), f1(given, row["answers"]))
        scores.append((bool(row["answers"]), *score))
        expected = row["answers"][0] if row["answers"] else "(none)"
        print(
            f"| {row['question']} | {expected} | {given or '(abstains)'} | {confidence} | "
            f"{outcome.answerable_probability:.0%} | {score[0]:.0f} | {score[1]:.2f} |"
        )
    for label, kind in (("answerable", True), ("unanswerable", False)):
        rows = [score for score in scores if score[0] is kind]
        right, overlap = sum(row[1] for row in rows), sum(row[2] for row in rows) / len(rows)
        print(f"\n{label}: {right:.0f} of {len(rows)} right, mean F1 {overlap:.2f}")


if __name__ == "__main__":
    main()
