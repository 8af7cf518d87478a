"""Ask questions whose answers are known: `python -m scripts.ask_known_questions --index-dir DIR`.

Prints a Markdown table of question, expected and given answer, and counts what was right.
"""

import argparse
from pathlib import Path

from pydantic import BaseModel

from qa.errors import QuothError
from qa.question import Question
from qa.squad_metrics import exact_match, f1
from scripts.command_line.failing import read_settings, told_in_one_line
from scripts.command_line.open_index import open_index
from scripts.evaluation.question_file import AskableText, read_question_lines
from scripts.markdown import markdown_row

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "seed_questions.jsonl"


class ShortQuestion(BaseModel):
    """One line of the file: a question and the texts that answer it, none where nothing does."""

    question: AskableText
    answers: tuple[str, ...]


def main() -> None:
    """Ask them all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    options = parser.parse_args()
    with told_in_one_line(QuothError):
        rows = read_question_lines(
            options.questions, ShortQuestion, needs="a line needs question and answers"
        )
        serving = open_index(options.index_dir, read_settings())
    print("| question | expected | answer | confidence | answerable | EM | F1 |")
    print("|---|---|---|---:|---:|---:|---:|")
    scores = []
    for row in rows:
        outcome = serving.road.ask(Question(row.question))
        given = outcome.answers[0].text if outcome.answers else ""
        confidence = f"{outcome.answers[0].confidence:.0%}" if outcome.answers else ""
        score = (exact_match(given, row.answers), f1(given, row.answers))
        scores.append((bool(row.answers), *score))
        expected = row.answers[0] if row.answers else "(none)"
        figures = (f"{outcome.answerable_probability:.0%}", f"{score[0]:.0f}", f"{score[1]:.2f}")
        cells = (row.question, expected, given or "(abstains)", confidence, *figures)
        print(markdown_row(cells))
    for label, kind in (("answerable", True), ("unanswerable", False)):
        own = [score for score in scores if score[0] is kind]
        if own:
            right, overlap = sum(one[1] for one in own), sum(one[2] for one in own) / len(own)
            print(f"\n{label}: {right:.0f} of {len(own)} right, mean F1 {overlap:.2f}")


if __name__ == "__main__":
    main()
