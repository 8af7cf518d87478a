"""One run of schemathesis against a service: how it is called, and what it reports."""

import os
import subprocess
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from qa.errors import QuothError

_TOLD = Path(__file__).resolve().parent.parent.parent / "tests" / "api"
# Schemathesis ends with 1 where it found something, and otherwise where it could not run.
_FOUND_SOMETHING = 1
_MOST_SAID = 100_000


class FuzzerError(QuothError):
    """Schemathesis did not run to its end; the message holds what it said."""


class Counts(BaseModel):
    """Test cases of a run, as schemathesis counts them."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    generated: int
    with_failures: int
    errored: int


class FuzzReport(BaseModel):
    """What is read of schemathesis' own report (`--report json`)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    schemathesis_version: str
    seed: int
    complete: bool
    running_time: float
    test_cases: Counts
    operations: Annotated[int, BeforeValidator(lambda found: found["tested"])] = Field(
        description="How many operations of the description were called."
    )


def fuzz(
    fuzzer: str, address: str, *, seed: int, examples: int, folder: Path
) -> tuple[FuzzReport, str]:
    """Run schemathesis over all operations; returns its report, and what it printed.

    `fuzzer` is its command, `examples` how many cases its random phase makes of each operation,
    `folder` where it may leave its files. Raises FuzzerError if it did not get to its end.
    """
    path = folder / f"schemathesis-{seed}.json"
    command = [fuzzer, "--config-file", str(_TOLD / "schemathesis.toml"), "run"]
    options = {"--max-examples": examples, "--seed": seed, "--report-json-path": path}
    ran = subprocess.run(
        [
            *command,
            f"{address}/openapi.json",
            *(str(part) for option in options.items() for part in option),
            "--report=json",
            "--no-color",
            "--continue-on-failure",
            # Nothing of an earlier run is taken up, so that a seed always gives the same cases.
            "--generation-database=none",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(_TOLD / "schemathesis_hooks.py")},
    )
    said = ran.stdout[-_MOST_SAID:] + ran.stderr[-_MOST_SAID:]
    if ran.returncode not in (0, _FOUND_SOMETHING) or not path.is_file():
        raise FuzzerError(f"schemathesis ended with {ran.returncode}: {said}")
    report = FuzzReport.model_validate_json(path.read_bytes())
    if not report.complete:
        raise FuzzerError(f"schemathesis did not get to its end: {said}")
    return report, said
