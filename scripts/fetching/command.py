"""What `quoth fetch` does: fetch each address, show progress, sum up."""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qa.errors import QuothError
from scripts.command_line.exit_code import ExitCode
from scripts.command_line.failing import reason_of
from scripts.command_line.first_lines import print_first
from scripts.fetching.fetching import Fetching, Outcome
from scripts.fetching.folder import Status, page_folder
from scripts.fetching.robots import AGENT
from scripts.fetching.web import Bounds, open_web


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What was fetched into the folder, in the order in which it was."""

    folder: Path
    outcomes: Sequence[Outcome]
    seconds: float

    def counts(self) -> dict[str, int]:
        """Return how many addresses came to each end."""
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {status.value: counted[status] for status in Status}

    def as_json(self) -> str:
        """Return all of it as one JSON object."""
        rows = [
            {"url": one.url, "status": one.status.value, "file": one.file, "reason": one.reason}
            for one in self.outcomes
        ]
        whole = {
            "folder": str(self.folder),
            **self.counts(),
            "seconds": round(self.seconds, 3),
            "addresses": rows,
        }
        return json.dumps(whole, ensure_ascii=False)


def run_fetching(
    urls: Sequence[str],
    into: Path,
    *,
    limit: int | None,
    pause_s: float,
    allows_private: bool,
    as_json: bool,
) -> ExitCode:
    """Fetch, and print what was done; errors become one line on standard error."""
    console = Console(stderr=True)
    agent = f"{AGENT}/{version('quoth')}"
    started = time.monotonic()
    outcomes: list[Outcome] = []
    code = ExitCode.OK
    try:
        with (
            page_folder(into) as folder,
            open_web(agent, Bounds(pause_s=pause_s)) as web,
            console.status("fetching") as status,
        ):
            fetching = Fetching(web, folder, limit=limit, allows_private=allows_private)
            for url in urls:
                status.update(Text(f"fetching {url}"))
                for outcome in fetching.fetch(url):
                    outcomes.append(outcome)
                    status.update(Text(f"fetching {url}: {len(outcomes):,}"))
    except KeyboardInterrupt:
        console.print("interrupted; what was fetched is whole and stays", style="yellow")
        code = ExitCode.INTERRUPTED
    except (QuothError, OSError) as error:
        if as_json:
            print(json.dumps({"error": reason_of(error)}))
        console.print(Text.assemble(("error:", "red"), f" {reason_of(error)}"), soft_wrap=True)
        return ExitCode.FAILED
    report = FetchReport(into, outcomes, time.monotonic() - started)
    if as_json:
        print(report.as_json())
    else:
        _print_report(report)
    if code is ExitCode.OK and any(one.status is Status.FAILED for one in outcomes):
        return ExitCode.SOME_SKIPPED
    return code


def _print_report(report: FetchReport) -> None:
    console = Console(file=sys.stdout, highlight=False)
    rows = {
        "folder": str(report.folder),
        "addresses": ", ".join(f"{count:,} {name}" for name, count in report.counts().items()),
        "time": f"{report.seconds:.1f} s",
    }
    for name, value in rows.items():
        console.print(Text(f"{name:<11} {value}"), soft_wrap=True)
    for status in (Status.FAILED, Status.NEW, Status.CHANGED):
        print_first([_line(one) for one in report.outcomes if one.status is status], console)


def _line(outcome: Outcome) -> str:
    told = outcome.reason if outcome.status is Status.FAILED else outcome.file
    if outcome.status is not Status.FAILED and outcome.reason is not None:
        told = f"{outcome.file} ({outcome.reason})"
    return f"{outcome.status.value} {outcome.url}: {told}"
