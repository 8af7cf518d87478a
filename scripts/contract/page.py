"""`docs/contract.md`, from what `scripts.fuzz_contract` kept in `docs/contract.json`."""

from pathlib import Path

from scripts.contract.fuzzing import FuzzReport
from scripts.markdown import markdown_table
from scripts.performance.results import Machine, Result

RESULTS = Path(__file__).resolve().parent.parent.parent / "docs" / "contract.json"


class SeedRun(Result):
    """What one seed gave: cases sent, and those that broke the contract or could not be sent."""

    seed: int
    operations: int
    cases: int
    violations: int
    errors: int
    seconds: float

    @classmethod
    def of(cls, report: FuzzReport) -> "SeedRun":
        """Keep the figures of a report."""
        counts = report.test_cases
        return cls(
            seed=report.seed,
            operations=report.operations,
            cases=counts.generated,
            violations=counts.with_failures,
            errors=counts.errored,
            seconds=round(report.running_time, 1),
        )


class ContractResults(Result):
    """All seeds of one call of `scripts.fuzz_contract`."""

    command: str
    machine: Machine
    schemathesis: str
    runs: tuple[SeedRun, ...]

    @property
    def cases(self) -> int:
        """Return how many cases were sent."""
        return sum(run.cases for run in self.runs)

    @property
    def faults(self) -> int:
        """Return how many cases broke the contract, or could not be sent."""
        return sum(run.violations + run.errors for run in self.runs)


def contract_table(results: ContractResults) -> str:
    """Return the runs as a Markdown table, and their sum."""
    rows = [
        [f"{run.seed}", f"{run.operations}", f"{run.cases:,}", f"{run.violations:,}",
         f"{run.errors:,}", f"{run.seconds:,.0f}"]
        for run in results.runs
    ]  # fmt: skip
    violations = sum(run.violations for run in results.runs)
    errors = sum(run.errors for run in results.runs)
    rows.append(["all", "", f"{results.cases:,}", f"{violations:,}", f"{errors:,}", ""])
    head = ["seed", "operations", "cases", "violations", "errors", "seconds"]
    return markdown_table(head, rows)


def contract_page(results: ContractResults, *, note: str) -> str:
    """Return the whole page; `note` stands under the heading."""
    how = (
        f"[Schemathesis](https://schemathesis.readthedocs.io) {results.schemathesis} reads the "
        "OpenAPI description of a running service and sends every operation, those that write "
        "among them, what the description allows and what it does not: examples, the limits of "
        "each field, random values, and calls that follow from each other's responses. A "
        "*violation* is a response with a 5xx status, or with a status, header, media type or body "
        "that the description does not have, or one that takes what must be refused, or refuses "
        "what must be taken; where a schema cannot say what the service wants, "
        "`tests/api/schemathesis.toml` does. An *error* is a case that could not be sent. Cases "
        "are counted by schemathesis. Each seed starts with a new service and a new index, of the "
        "articles in `seeds/` and `tests/data/dialogues/`, answered by the shipped models. "
        f"{results.machine.described()}."
    )
    again = f"```\n{results.command}\n```"
    parts = ["# The contract under a fuzzer", note.rstrip(), how, again, contract_table(results)]
    return "\n\n".join(parts) + "\n"
