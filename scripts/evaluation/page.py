"""`docs/evaluation.md`: what was measured of the shipped reader, and how to measure it again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel

from scripts.evaluation.runs import Run
from scripts.evaluation.tables import group_rows, shown
from scripts.markdown import markdown_table

_DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
RESULTS = _DOCS / "evaluation.json"
PLOT = _DOCS / "abstaining.png"


class Results(BaseModel, extra="forbid", frozen=True):
    """The runs that the page reports, by name."""

    runs: dict[str, Run] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the kept runs."""
        return cls.model_validate_json(path.read_bytes())

    def with_run(self, name: str, run: Run) -> "Results":
        """Return the results with one run more, or a newer one."""
        return Results(runs=self.runs | {name: run})

    def save(self, path: Path) -> None:
        """Write the runs."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure that is watched: where it stands, and what it should be at least (or at most)."""

    measure: str
    run: str
    figures: tuple[str, ...]
    wanted: str


_UNSEEN_TITLES = "the same, titles that nothing was chosen on"
AIMS = (
    Aim("EM / F1, passage given", "read-squad1", ("em", "f1"), "75 / 84"),
    Aim(_UNSEEN_TITLES, "read-squad1-report", ("em", "f1"), ""),
    Aim("EM / F1, passage given, may abstain", "read-squad2", ("em", "f1"), "66 / 69"),
    Aim("EM / F1, passage given", "read-qed", ("em", "f1"), ""),
    Aim(_UNSEEN_TITLES, "read-qed-report", ("em", "f1"), ""),
    Aim("EM / F1, passage given", "read-tydiqa", ("em", "f1"), ""),
    Aim(_UNSEEN_TITLES, "read-tydiqa-report", ("em", "f1"), ""),
    Aim("EM / F1 of the first answer, open corpus", "open", ("em", "f1"), "62 / 69"),
    Aim(
        "the same with all 20 passages read",
        "open-read-all",
        ("em", "f1"),
        "at most 1.5 EM more",
    ),
    Aim("the same with one typo a question", "open-typo", ("em", "f1"), ""),
    Aim("the same with keywords for a question", "open-keywords", ("em", "f1"), ""),
    Aim(
        "the same with the paragraphs of a title as one article",
        "open-whole-articles",
        ("em", "f1"),
        "",
    ),
    Aim("the same among distractors", "open-distractors", ("em", "f1"), "54 / 61"),
    Aim("AUROC, answerable against unanswerable", "abstain", ("auroc",), "0.94"),
    Aim(
        "expected calibration error of confidence",
        "abstain",
        ("expected_calibration_error",),
        "at most 0.05",
    ),
    Aim(
        "AUROC, and share abstained from: questions about another name or year",
        "abstain-other-names",
        ("auroc", "abstains_where_it_should"),
        "",
    ),
    Aim("first cited sentence is an evidence sentence", "cite-qed", ("first_is_evidence",), "0.90"),
    Aim(_UNSEEN_TITLES, "cite-qed-report", ("first_is_evidence",), ""),
    Aim(
        "the same, of answers with the words of a reference",
        "cite-qed",
        ("first_is_evidence_where_right",),
        "",
    ),
    Aim("first cited sentence is an evidence sentence", "cite-selqa", ("first_is_evidence",), ""),
    Aim("a list that stands in one sentence is quoted whole", "lists", ("quoted_whole",), ""),
    Aim("EM / F1 of the first answer against the whole list", "lists", ("em", "f1"), ""),
)

_INTRODUCTION = """Figures are of the reader and the settings as shipped (8-bit weights), on \
question sets that no training saw. Exact match (EM) and F1 follow the official SQuAD scripts. \
Thresholds and confidences were fitted, and the reader was chosen among others, on other titles \
than those of the rows with `--half report`.

`python -m scripts.report_evaluation --data DATA --work DIR` runs all of it again, and each row is \
one command, which prints more than stands here. Its times are those of the machine that ran it \
last, with two cores, and say nothing between rows; `docs/performance.md` compares on one \
machine."""


def evaluation_page(results: Results) -> str:
    """Return the page in Markdown, without its heading and note."""
    runs = results.runs
    parts = [_INTRODUCTION, _aims_table(runs), "## Every run"]
    parts += [_run_section(run) for run in runs.values()]
    if "abstain" in runs:
        parts.insert(2, f"![Reliability, risk by coverage, and AUROC]({PLOT.name})")
    return "\n\n".join(parts) + "\n"


def _aims_table(runs: dict[str, Run]) -> str:
    rows = [
        [
            aim.measure,
            f"`{runs[aim.run].command}`",
            " / ".join(shown(runs[aim.run].summary[name]) for name in aim.figures),
            aim.wanted or "reported",
        ]
        for aim in AIMS
        if aim.run in runs
    ]
    return markdown_table(["measure", "command", "measured", "wanted"], rows)


def _run_section(run: Run) -> str:
    tables = [markdown_table(["figure", "value"], [[n, shown(v)] for n, v in run.summary.items()])]
    if run.groups:
        head, *rows = group_rows(run)
        tables.append(markdown_table(head, rows))
    return "\n\n".join([f"### `{run.command}`", *tables])
