"""A small run of `scripts.measure_freshness` with the real command and service."""

import json
from pathlib import Path

from scripts.index_figures.freshness import section
from scripts.measure_freshness import measure


def test_it_builds_syncs_and_finds_every_change(tmp_path: Path) -> None:
    towns = ["Aalborg", "Bergen", "Cuxhaven"]
    rows = [
        {"id": town, "context": f"The harbour of {town} is old.", "question": "?", "answers": []}
        for town in towns
    ]
    data = tmp_path / "towns.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = measure(data, tmp_path, contexts=2, puts=1, command="this test")
    assert (found.articles, found.passages, found.puts) == (2, 2, 2)
    assert found.first_build_s > 0
    assert found.sync_share == found.unchanged_sync_s / found.first_build_s
    assert 0 < found.searchable.median_ms <= found.searchable_most_ms
    told = section(found)
    assert "2 articles, 2 passages" in told
    assert "2 articles are changed one after the other: 1 while one client looks" in told
    assert "and 1 with `refresh=wait_for`" in told
