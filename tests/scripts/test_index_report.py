"""`docs/index.md` is made of the figures that are there, and says what a figure means."""

import json
from pathlib import Path

import pytest

from scripts.index_figures.crashes import CrashResults
from scripts.index_figures.freshness import FreshnessResults
from scripts.index_figures.swaps import SwapResults
from scripts.index_report import DOCS, FOLDER, PAGE_NAME, ReportError, index_page
from scripts.performance.results import Machine, Times

MACHINE = Machine(cores=2, memory_gib=24, architecture="x86_64", python="3.11")
TIMES = Times(median_ms=100, p95_ms=200, p99_ms=300)
CRASHES = CrashResults(
    command="python -m scripts.check_crashes",
    machine=MACHINE,
    kills={"put": 120, "fold": 80},
    cases={"torn: CURRENT": True, "disk full during: put": False},
    faults=("disk full during: put: the record lost something",),
)
FRESHNESS = FreshnessResults(
    command="python -m scripts.measure_freshness",
    machine=MACHINE,
    data="some contexts",
    articles=10_000,
    passages=20_000,
    first_build_s=200,
    unchanged_sync_s=4,
    puts=50,
    acknowledged=TIMES,
    searchable=TIMES,
    searchable_most_ms=444,
    refreshed=TIMES,
)
SWAPS = SwapResults(
    command="python -m scripts.measure_swaps",
    machine=MACHINE,
    data="some contexts",
    articles=10,
    passages=20,
    clients=4,
    quiet_questions=100,
    questions=1_000,
    rebuilds=2,
    puts=3,
    deletes=4,
    generations_seen=9,
    checked_in_generation=998,
    failed=1,
    inconsistent=0,
    deleted_served=0,
    examples=("a question: 500",),
    quiet=TIMES,
    busy=Times(median_ms=100, p95_ms=200, p99_ms=450),
)


def test_the_page_has_a_section_for_each_file_in_a_fixed_order(tmp_path: Path) -> None:
    for name, found in {"swaps": SWAPS, "crashes": CRASHES, "freshness": FRESHNESS}.items():
        (tmp_path / f"{name}.json").write_text(found.model_dump_json())
    page = index_page(tmp_path)
    assert page is not None
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## One change, and none", "## Swap under load", "## Crashes"]
    assert "| sync of the same sources, the whole command | 4.0 s, 2.00% of the first build" in page
    assert "| p99 during the changes over quiet | 1.50 (aim: at most 2) |" in page
    assert "| questions answered | 999 of 1,000 |" in page
    assert "| killed during: put | 120 |" in page
    assert "| disk full during: put | FAULTY |" in page


def test_no_figures_are_no_page(tmp_path: Path) -> None:
    assert index_page(tmp_path) is None


def test_a_file_without_a_section_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(ReportError, match=r"other\.json has no section"):
        index_page(tmp_path)


def test_a_file_that_is_not_of_its_command_is_named_with_the_field(tmp_path: Path) -> None:
    fields = json.loads(CRASHES.model_dump_json()) | {"kills": "many"}
    (tmp_path / "crashes.json").write_text(json.dumps(fields))
    with pytest.raises(ReportError, match=r"crashes\.json: kills: "):
        index_page(tmp_path)


def test_the_page_in_the_documents_is_that_of_the_figures() -> None:
    page = index_page(DOCS / FOLDER)
    assert page is None or (DOCS / PAGE_NAME).read_text("utf-8") == page
