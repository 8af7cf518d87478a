"""Compare readers that might be shipped: `python -m scripts.compare_readers --data F --reader DIR`.

Each reader, as `scripts.export_reader` wrote it, reads the questions whose titles may choose among
readers (`--half calibration` of the evaluations), the passage given. Prints a table in Markdown:
EM and F1 of the answerable questions; and where a file has others, too, EM and F1 of all at the
margin that is best for that reader, and the AUROC of its margins. `95 %` is the range that holds
how much higher the F1 is than the first reader's, over the same questions.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.reading.reader import OnnxReader
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import positive
from scripts.evaluation.collection import Half, in_half
from scripts.evaluation.measures import auroc, paired_bootstrap
from scripts.evaluation.progress import counted
from scripts.evaluation.question_file import KnownQuestion, read_questions
from scripts.evaluation.reading import ReadResult, Scores, best_margin, read_all

_HEAD = "| questions | reader | EM | F1 | more F1, 95 % | AUROC |\n|---|---|---:|---:|---:|---:|"


@dataclass(frozen=True, slots=True)
class Row:
    """How one reader did on some questions; `auroc` where not all of them have an answer."""

    questions: str
    reader: str
    results: Sequence[ReadResult]
    auroc: float | None = None

    def against(self, first: "Row | None") -> str:
        """Return the row in Markdown, with its gain over the first reader's, if there is one."""
        scores = Scores.of(self.results)
        if scores is None:
            raise ValueError("there is no result to show")
        gain = "" if first is None else _gain(first.results, self.results)
        told_apart = "" if self.auroc is None else f"{self.auroc:.3f}"
        return (
            f"| {self.questions}, {scores.count:,} | {self.reader} | {scores.em:.1f} "
            f"| {scores.f1:.1f} | {gain} | {told_apart} |"
        )


def rows_of(name: str, reader: str, results: Sequence[ReadResult]) -> list[Row]:
    """Return what there is to say of a reader on one file of questions."""
    has_answer = [bool(result.question.answers) for result in results]
    if all(has_answer):
        return [Row(name, reader, results)]
    answerable = [result for result in results if result.question.answers]
    margin = best_margin(results)
    abstaining = [result.abstaining_below(margin) for result in results]
    told_apart = auroc(has_answer, [result.margin for result in results])
    return [
        Row(f"{name}, answerable", reader, answerable),
        Row(f"{name}, may abstain", reader, abstaining, told_apart),
    ]


def table(files: dict[str, list[KnownQuestion]], readers: dict[str, OnnxReader]) -> Iterator[str]:
    """Yield the lines of the table, each as soon as it is known."""
    yield _HEAD
    for name, questions in files.items():
        firsts: list[Row] = []
        for label, reader in readers.items():
            with counted(f"{name} {label}", len(questions)) as advance:
                results = read_all(questions, reader, min_margin=None, on_result=advance)
            rows = rows_of(name, label, results)
            for number, row in enumerate(rows):
                yield row.against(firsts[number] if firsts else None)
            firsts = firsts or rows


def _gain(before: Sequence[ReadResult], after: Sequence[ReadResult]) -> str:
    change = paired_bootstrap([100 * r.f1 for r in before], [100 * r.f1 for r in after])
    return f"{change.low:+.1f} to {change.high:+.1f}"


def main() -> None:
    """Read the arguments, read the questions, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", required=True, help="questions")
    parser.add_argument(
        "--reader", type=Path, action="append", required=True, help="folder of an exported reader"
    )
    parser.add_argument("--limit", type=positive, help="questions a file, drawn with a fixed seed")
    options = parser.parse_args()
    with told_in_one_line():
        files = {
            path.name.partition(".")[0]: in_half(
                read_questions(path), Half.CALIBRATION, options.limit, path=path
            )
            for path in options.data
        }
        readers = {str(folder): OnnxReader.load(folder) for folder in options.reader}
    for line in table(files, readers):
        print(line, flush=True)


if __name__ == "__main__":
    main()
