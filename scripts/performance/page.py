"""`docs/performance.md`, from the results that the benchmarks wrote."""

from collections.abc import Sequence
from pathlib import Path

from scripts.command_line.telling import how_many
from scripts.markdown import markdown_table
from scripts.performance.results import (
    WINDOW_TOKENS,
    Depth,
    Load,
    Machine,
    PeerResults,
    Ratio,
    Results,
    ServiceResults,
    SystemResults,
    Times,
    read_results,
)

FOLDER = "performance"
_HOW = (
    "Times are milliseconds. Machines differ, and so do figures: the commands stand with each "
    "table, to run on yours."
)

_ENDING = "ends reading where more passages would hardly change the answer or bring one"
_LOADS = (
    "`POST /v1/ask`, up to {passages} passages read for a question: Quoth "
    f"{_ENDING}. "
    "Clients ask one question after the other; at a rate, questions arrive whether or not earlier "
    "ones are answered, and a question's time counts from when it was due. `http` is what the "
    "stages do not account for, waiting for their turn included. No answer came from the cache."
)
_DEPTHS = (
    "What more passages to read cost, and what they bring: 1 client, each question at every depth "
    "before the next, with `explain`. EM and F1 are of the first answer, over the {scored:,} "
    "questions with known answers; *answered* is the share of them that was not abstained from."
)
_PRODUCTS = (
    " *× products* is the median over the questions of their whole time over what the products of "
    "the passages read for them would take alone: ONNX Runtime makes {billions:,.0f} billion 8-bit "
    "products a second here with nothing else to do, with which a window of {tokens} tokens takes "
    "{window_ms:.1f} ms."
)


def performance_page(docs: Path, *, note: str) -> str | None:
    """Return the page from all results in `docs/performance`, or None if there are none.

    `note` stands under the heading. Raises ResultsError if a file is not one of results.
    """
    paths = sorted((docs / FOLDER).glob("*.json"))
    if not paths:
        return None
    parts = ["# Performance", note.rstrip(), _HOW]
    # The service before the comparisons, and the files of each kind in the order of their names.
    for results in sorted(map(read_results, paths), key=lambda found: found.kind, reverse=True):
        parts.append(section(results))
    return "\n\n".join(parts) + "\n"


def section(results: Results) -> str:
    """Return one run as Markdown: how it was measured, then its tables."""
    if isinstance(results, ServiceResults):
        return _service_section(results)
    return _peers_section(results)


def _service_section(results: ServiceResults) -> str:
    how = (
        f"{how_many(results.articles, 'article')}, {how_many(results.passages, 'passage')} "
        f"({results.data}). "
        f"{_sentence(results.machine.described())}"
    )
    facts = [
        ["index build, the command as a whole", f"{results.build_command_s:.1f} s"],
        ["index build, without loading the encoder", f"{results.build_s:.1f} s"],
        ["service, start to ready", f"{results.start_to_ready_s:.1f} s"],
        ["service, resident memory when ready", f"{results.ready_mib:,} MiB"],
        *(
            []
            if results.busy_mib is None
            else [["service, resident memory while it answers", f"{results.busy_mib:,} MiB"]]
        ),
        ["service, resident memory after the questions", f"{results.idle_mib:,} MiB"],
    ]
    parts = [
        f"## The service: {results.data.partition(';')[0]}{_on(results.machine)}",
        how,
        f"```\n{results.command}\n```",
        markdown_table(["measure", "value"], facts),
    ]
    if results.loads:
        parts += [
            _LOADS.format(passages=results.passages_read),
            load_table(results.loads),
        ]
    if results.depths:
        scored = results.depths[0].scored
        parts += [
            _DEPTHS.format(scored=scored) + _products(results),
            depth_table(results.depths),
        ]
    if results.plot is not None:
        parts.append(f"![Latency against quality]({FOLDER}/{results.plot})")
    return "\n\n".join(parts)


def _on(machine: Machine) -> str:
    return "" if machine.instructions is None else f", with {machine.instructions}"


def _products(results: ServiceResults) -> str:
    if results.products_per_s is None or results.window_products_ms is None:
        return ""
    return _PRODUCTS.format(
        billions=results.products_per_s / 1e9,
        tokens=WINDOW_TOKENS,
        window_ms=results.window_products_ms,
    )


def load_table(loads: Sequence[Load]) -> str:
    """Return a row a load: the whole, then the median of each stage."""
    stages = list(loads[0].stages)
    head = ["load", "questions", "per second", *_TIMES, *(f"{stage}, median" for stage in stages)]
    rows = [
        [
            _load_name(load),
            f"{load.questions:,}",
            f"{load.questions_per_s:.2f}",
            *_times(load.whole),
            *(f"{load.stages[stage].median_ms:,.1f}" for stage in stages),
        ]
        for load in loads
    ]
    return markdown_table(head, rows)


def depth_table(depths: Sequence[Depth]) -> str:
    """Return a row a depth: latency, then quality."""
    head = ["passages, up to", *_TIMES, "read, median", "× products", "EM", "F1", "answered"]
    rows = [
        [
            str(depth.passages),
            *_times(depth.whole),
            f"{depth.stages['read'].median_ms:,.1f}" if "read" in depth.stages else "",
            "" if depth.times_of_products is None else f"{depth.times_of_products:.2f}",
            f"{depth.em:.1f}",
            f"{depth.f1:.1f}",
            f"{depth.answered:.1%}",
        ]
        for depth in depths
    ]
    return markdown_table(head, rows)


def _peers_section(results: PeerResults) -> str:
    how = (
        f"Every system has the same {results.passages:,} passages ({results.data}), the same "
        f"encoder (all-MiniLM-L6-v2), the weights of the same reader (sha256 "
        f"`{results.reader_sha256[:12]}…`), up to {results.passages_read} passages to read for a "
        f"question, and {results.threads} threads. The others read all of these, and Quoth "
        f"{_ENDING}.{_reading_all(results.systems)} A question is asked of all of them before the "
        "next, in an order that rotates. "
        f"{_sentence(results.machine.described())}"
    )
    measures = (
        f"EM and F1 are of the first answer, over the {results.answerable:,} questions that the "
        f"passages answer. For another {results.unanswerable:,} the articles were left out: AUROC "
        "tells how well a system's own score separates the two, the calibration error (10 ranges, "
        "over all questions) how far its own confidence is from being right. Nothing of Quoth was "
        "fitted on the titles of any of them. The ratio is the median over the questions of a "
        "system's time over Quoth's, with its 95 % range (bootstrap)."
    )
    weights = (
        "Where a system runs PyTorch it has our 8-bit weights written out as 32-bit floats: the "
        "logits differ by at most "
        f"{results.largest_logit_difference:.1e} from ours computed in 32-bit floats."
    )
    parts = [
        f"## Beside other systems: {results.data.partition(';')[0]}{_on(results.machine)}",
        how,
        f"```\n{results.command}\n```",
        peer_table(results.systems),
        measures,
        weights,
        "Each as it was set up:",
        "\n".join(_configuration(system) for system in results.systems),
    ]
    return "\n\n".join(parts)


def peer_table(systems: Sequence[SystemResults]) -> str:
    """Return a row a system: time, memory, quality and the honesty of its scores."""
    head = ["system", *_TIMES, "× Quoth", "MiB", "EM", "F1", "AUROC", "calibration error"]
    both_ways = _read_all_is_among(systems)
    if both_ways:
        head[5:5] = ["× Quoth reading all", "passages read, mean"]
    rows = []
    for system in systems:
        compared = [_ratio(system.times_of_quoth)]
        if both_ways:
            read = system.passages_read
            compared += [
                _ratio(system.times_of_quoth_reading_all),
                "all" if read is None else f"{read:.1f}",
            ]
        rows.append(
            [
                system.name,
                *_times(system.whole),
                *compared,
                f"{system.resident_mib:,}",
                f"{system.em:.1f}",
                f"{system.f1:.1f}",
                f"{system.auroc:.3f}",
                f"{system.calibration_error:.3f}",
            ]
        )
    return markdown_table(head, rows)


def _read_all_is_among(systems: Sequence[SystemResults]) -> bool:
    return any(system.times_of_quoth_reading_all is not None for system in systems)


def _reading_all(systems: Sequence[SystemResults]) -> str:
    if not _read_all_is_among(systems):
        return ""
    return " `quoth-read-all` is Quoth without that end."


def _ratio(ratio: Ratio | None) -> str:
    return "1" if ratio is None else f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})"


def _configuration(system: SystemResults) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in system.versions.items())
    settings = "; ".join(system.configuration)
    return f"- **{system.name}** ({versions}): {settings}."


_TIMES = ("median", "p95", "p99")


def _times(times: Times) -> list[str]:
    return [f"{value:,.1f}" for value in (times.median_ms, times.p95_ms, times.p99_ms)]


def _load_name(load: Load) -> str:
    if load.clients is not None:
        return how_many(load.clients, "client")
    return f"{load.rate_per_s:g} a second, {load.arrivals}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
