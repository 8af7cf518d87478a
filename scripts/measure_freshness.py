"""Measure what one change costs, and none: `python -m scripts.measure_freshness --data FILE`.

Builds an index of the contexts of a question set with `quoth index`, syncs the same sources again,
starts the service, and changes articles one after the other while it looks for the new text.
Prints a Markdown section; with `--out` also writes JSON, of which `scripts.index_report` makes a
section of docs/index.md.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import httpx

from qa.errors import QuothError
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import not_negative, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.evaluation.collection import Collection
from scripts.evaluation.question_file import read_questions
from scripts.index_figures.freshness import FreshnessResults, section
from scripts.performance.corpus import first_contexts
from scripts.performance.results import Machine, Times, command_line
from scripts.performance.service import (
    BenchmarkError,
    build,
    running_service,
    stop_with_what_runs,
    wait_until_ready,
)

# Looking all the time would take the processor from what is waited for.
_LOOK_EVERY_S = 0.05
_PATIENCE_S = 60.0


def measure(
    data: Path, folder: Path, *, contexts: int | None, puts: int, command: str
) -> FreshnessResults:
    """Build, sync, serve and change, in that order; raises QuothError if one of them fails."""
    rows = first_contexts(read_questions(data), contexts)
    collection = Collection.of(rows)
    source, index_dir = folder / "collection.jsonl", folder / "index"
    collection.write(source)
    say(f"first build of {len(collection.article_ids):,} articles")
    first = build(source, index_dir)
    say(f"{first.passages:,} passages in {first.command_s:.1f} s; the same again")
    again = build(source, index_dir, mode="sync")
    say(f"sync in {again.command_s:.1f} s")
    acknowledged, searchable, refreshed = [], [], []
    changing = _Changing(collection)
    with running_service(index_dir) as (process, base), httpx.Client(base_url=base) as http:
        wait_until_ready(base, process)
        for number in range(puts):
            one = changing.put(http, number)
            acknowledged.append(one[0])
            searchable.append(one[1])
            refreshed.append(changing.put_and_wait(http, puts + number))
            say(f"change {number + 1} of {puts}: searchable after {one[1]:.0f} ms")
    return FreshnessResults(
        command=command,
        machine=Machine.here(),
        data=f"the contexts of {data.name.partition('.')[0]}",
        articles=first.articles,
        passages=first.passages,
        first_build_s=round(first.command_s, 2),
        unchanged_sync_s=round(again.command_s, 2),
        puts=2 * puts,
        acknowledged=Times.of(acknowledged),
        searchable=Times.of(searchable),
        searchable_most_ms=round(max(searchable), 1),
        refreshed=Times.of(refreshed),
    )


class _Changing:
    """Changes one article after the other; each new text has a word that no other has."""

    def __init__(self, collection: Collection) -> None:
        self._texts = [(article_id, text) for text, article_id in collection.article_ids.items()]

    def put(self, http: httpx.Client, number: int) -> tuple[float, float]:
        """Return the milliseconds until it is acknowledged, and from then until it is found."""
        word, spent = self._send(http, number, {})
        began = time.perf_counter()
        while not _finds(http, word):
            if time.perf_counter() - began > _PATIENCE_S:
                raise BenchmarkError(f"a change was not found within {_PATIENCE_S:g} s")
            time.sleep(_LOOK_EVERY_S)
        return spent, 1000 * (time.perf_counter() - began)

    def put_and_wait(self, http: httpx.Client, number: int) -> float:
        """Return the milliseconds until it is acknowledged with `refresh=wait_for`."""
        word, spent = self._send(http, number, {"refresh": "wait_for"})
        if not _finds(http, word):
            raise BenchmarkError("what `refresh=wait_for` has waited for was not found")
        return spent

    def _send(self, http: httpx.Client, number: int, query: dict[str, str]) -> tuple[str, float]:
        article_id, text = self._texts[number % len(self._texts)]
        word = f"quothmark{number}x"
        began = time.perf_counter()
        response = http.put(
            f"/v1/articles/{quote(article_id)}",
            content=f"{text} The mark of this edition is {word}.".encode(),
            headers={"Content-Type": "text/plain"},
            params=query,
            timeout=_PATIENCE_S,
        )
        response.raise_for_status()
        return word, 1000 * (time.perf_counter() - began)


def _finds(http: httpx.Client, word: str) -> bool:
    body = {"question": word, "top_k": 10}
    found = http.post("/v1/search", json=body, timeout=_PATIENCE_S).raise_for_status().json()
    return any(word in passage["text"] for passage in found["passages"])


def main() -> None:
    """Read the arguments, measure, and print a Markdown section or JSON."""
    parser = argparse.ArgumentParser(description="Measure what one change costs, and none.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="question set whose contexts are the articles")
    add("--contexts", type=positive, help="most contexts to index (default: all)")
    add(
        "--puts",
        type=not_negative,
        default=50,
        help="articles to change, half of them with wait_for",
    )
    add("--out", type=Path, help="JSON file to write, such as docs/index/freshness.json")
    add("--json", action="store_true", dest="as_json", help="print JSON")
    options = parser.parse_args()
    stop_with_what_runs()
    make_ready(options.out, inputs=[options.data])
    failures = told_in_one_line(QuothError, httpx.HTTPError)
    with failures, tempfile.TemporaryDirectory() as folder:
        found = measure(
            options.data,
            Path(folder),
            contexts=options.contexts,
            puts=max(1, options.puts // 2),
            command=command_line("scripts.measure_freshness", sys.argv[1:]),
        )
    print(found.model_dump_json() if options.as_json else section(found))
    write_results(found, options.out)


if __name__ == "__main__":
    main()
