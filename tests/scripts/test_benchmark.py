"""What the benchmarks compute and print: times, loads, depths, and the page."""

import itertools
import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from index.file_names import RECORD_NAME
from index.record.record import Record
from qa.reading.reader_folder import SHIPPED_READER
from qa.values import Article
from scripts import benchmark
from scripts.command_line.outputs import write_results
from scripts.evaluation.collection import in_calibration_half
from scripts.evaluation.question_file import KnownQuestion
from scripts.performance.arithmetic import Arithmetic, Network, ProductsAlone, products_per_s
from scripts.performance.corpus import Asked, corpus_of_sets, first_contexts, seed_corpus
from scripts.performance.depth import compare_depths
from scripts.performance.load import Reply, closed_loop, due_times, open_loop, over_http
from scripts.performance.page import performance_page, section
from scripts.performance.results import (
    Depth,
    Load,
    Machine,
    PeerResults,
    Ratio,
    ResultsError,
    ServiceResults,
    SystemResults,
    Times,
    command_line,
    instructions_for_products,
    read_results,
)
from scripts.performance.service import ROOT, BenchmarkError
from tests.scripts.conftest import EndsWithLine

MACHINE = Machine(cores=2, memory_gib=24, architecture="x86_64", python="3.11.7")
READ = {"article_id": "a", "start": 4, "end": 23, "read_as": 1}
UNREAD = {"article_id": "a", "start": 23, "end": 40, "read_as": None}
TIMES = Times(median_ms=100.0, p95_ms=150.0, p99_ms=1180.5)


def reply(milliseconds: float, *, text: str = "", answered: bool = True) -> Reply:
    considered = [{"text": text}] if text else []
    explanation = {"passages": [READ, UNREAD]}
    body = {"answered": answered, "considered": considered, "explanation": explanation}
    return Reply(milliseconds, {"read": milliseconds / 2, "http": 1.0}, body)


# Times and loads


def test_percentiles_are_interpolated_linearly() -> None:
    times = Times.of([float(x) for x in range(1, 102)])
    assert times == Times(median_ms=51.0, p95_ms=96.0, p99_ms=100.0)


def test_no_times_are_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        Times.of([])


def test_waiting_clients_ask_every_question_once_between_them() -> None:
    asked: list[str] = []

    def ask(question: str) -> Reply:
        asked.append(question)
        return reply(10.0)

    load = closed_loop(ask, ["a", "b", "c", "d", "e"], clients=3)
    assert sorted(asked) == ["a", "b", "c", "d", "e"]
    assert (load.arrivals, load.clients, load.questions) == ("closed", 3, 5)
    assert load.whole.median_ms == 10.0
    assert load.stages["read"].median_ms == 5.0


def test_time_in_an_open_loop_counts_from_when_a_question_was_due() -> None:
    def ask(_: str) -> Reply:
        time.sleep(0.05)
        return reply(0.0)

    load = open_loop(ask, ["a", "b"], rate_per_s=1000, arrivals="fixed")
    assert load.whole.median_ms >= 50.0
    assert (load.arrivals, load.rate_per_s, load.clients) == ("fixed", 1000, None)


def test_fixed_arrivals_are_evenly_apart() -> None:
    assert due_times(3, rate_per_s=4, arrivals="fixed") == [0.0, 0.25, 0.5]


def test_poisson_arrivals_have_the_rate_and_are_the_same_each_time() -> None:
    due = due_times(4_001, rate_per_s=20, arrivals="poisson")
    assert due == due_times(4_001, rate_per_s=20, arrivals="poisson")
    assert due == sorted(due)
    assert due[-1] / 4_000 == pytest.approx(1 / 20, rel=0.05)


def asked_over_http(response: dict[str, object], bodies: list[str]) -> Reply:
    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content)["question"])
        return httpx.Response(200, json=response)

    transport = httpx.MockTransport(answer)
    with httpx.Client(transport=transport, base_url="http://quoth") as http:
        ask = over_http(http, itertools.count(5), passages=20)
        ask("who?")
        return ask("who?")


def test_what_the_stages_do_not_account_for_is_http() -> None:
    timings = {"retrieve": 2.0, "read": 3.0, "total": 6.0}
    found = asked_over_http({"timings_ms": timings}, [])
    assert set(found.stages) == {"retrieve", "read", "http"}
    assert found.stages["http"] == pytest.approx(found.milliseconds - 6.0)


def test_no_two_questions_are_equal_to_the_cache_but_all_are_to_the_reader() -> None:
    bodies: list[str] = []
    asked_over_http({"timings_ms": {"total": 6.0}}, bodies)
    assert bodies == ["who?\t \t", "who?\t\t "]


def test_an_answer_from_the_cache_is_not_measured() -> None:
    with pytest.raises(BenchmarkError, match="cache"):
        asked_over_http({"timings_ms": {"total": 0.0}, "cached": True}, [])


# Depths and corpora


# Two layers of 4 neurons in and 6 within, and an attention by heads that are 3 wide together.
NETWORK = Network(dense=((4, 6), (6, 4)), attended=(3,))
ALONE = ProductsAlone(
    Arithmetic(NETWORK, per_s=1e11), lambda article_id, start, end: "It is in Lisbon."
)


def test_quality_is_of_the_first_answer_even_where_it_was_not_given() -> None:
    texts = {"capital?": "the Lisbon", "river?": "Tagus valley", "unknown?": "x"}

    def ask(question: str) -> Reply:
        return reply(10.0, text=texts[question], answered=question == "river?")

    asked = [Asked("capital?", ("Lisbon",)), Asked("river?", ("Tagus",)), Asked("unknown?", ())]
    (depth,) = compare_depths({5: ask}, asked, products_alone=ALONE)
    assert (depth.passages, depth.scored, depth.em, depth.answered) == (5, 2, 50.0, 0.5)
    assert depth.f1 == pytest.approx(100 * (1 + 2 / 3) / 2, abs=0.01)


# The products of a window of 10 tokens, by hand: each token with all weights, then each two tokens
# for the weights of attention and for what these weigh.
TEN_TOKENS = 10 * (24 + 24) + 2 * 10 * 10 * 3


def test_the_products_of_a_window_are_those_of_its_layers() -> None:
    assert NETWORK.products(10) == TEN_TOKENS


def test_the_shipped_reader_is_asked_how_wide_its_layers_are() -> None:
    network = Network.in_folder(SHIPPED_READER)
    # Query, key, value, output, and the two of the feed-forward part.
    assert len(network.dense) == 6 * len(network.attended)
    assert {width % 64 for width in network.attended} == {0}
    for number, attended in enumerate(network.attended):
        query, *_, output, _, _ = network.dense[6 * number : 6 * number + 6]
        assert (query[1], output[0]) == (attended, attended)


def test_time_is_compared_with_the_products_of_the_passages_that_were_read() -> None:
    # [CLS] which one ? [SEP] is read well . [SEP] are ten tokens; what was not read does not count.
    texts = {("a", 4, 23): "is read well."}
    alone = ProductsAlone(
        Arithmetic(NETWORK, per_s=TEN_TOKENS / 0.004), lambda *place: texts[place]
    )
    assert alone.times([reply(10.0)], ["which one"]) == [pytest.approx(10 / 4)]


def test_a_question_for_which_nothing_was_read_has_no_such_time() -> None:
    nothing = Reply(10.0, {}, {"explanation": {"passages": [UNREAD]}})
    alone = ProductsAlone(Arithmetic(NETWORK, per_s=1e9), lambda *place: "")
    assert alone.times([nothing], ["which one?"]) == []


def test_products_a_second_are_measured() -> None:
    assert products_per_s(NETWORK, threads=1, tokens=16) > 0


def known(number: int, context: str, *, title: str = "Cities") -> KnownQuestion:
    answers = [{"text": context.split()[0], "answer_start": 0}]
    line = {"id": f"q{number}", "title": title, "context": context, "question": "which?"}
    return KnownQuestion.model_validate({**line, "answers": answers})


def test_contexts_are_counted_once_each_and_in_order() -> None:
    rows = [known(1, "Lisbon is"), known(2, "Lisbon is"), known(3, "Oslo is"), known(4, "Bern is")]
    assert [row.id for row in first_contexts(rows, 2)] == ["q1", "q2", "q3"]


def test_distractors_add_articles_but_no_questions(tmp_path: Path) -> None:
    paths = []
    for name, rows in {"ours": [known(1, "Lisbon is")], "other": [known(2, "Oslo is")]}.items():
        paths.append(tmp_path / f"{name}.jsonl")
        paths[-1].write_text("".join(row.model_dump_json() + "\n" for row in rows), "utf-8")
    corpus = corpus_of_sets(paths[0], paths[1:], tmp_path, questions=10, contexts=None)
    texts = [json.loads(line)["text"] for line in corpus.source.read_text("utf-8").splitlines()]
    assert texts == ["Lisbon is", "Oslo is"]
    assert corpus.asked == (Asked("which?", ("Lisbon",)),)
    assert corpus.described == "the contexts of ours and other; 1 questions of the first"


def test_titles_that_thresholds_were_fitted_on_are_indexed_but_not_asked(tmp_path: Path) -> None:
    fitted_on = "Capitals"
    assert in_calibration_half(fitted_on)
    assert not in_calibration_half("Cities")
    rows = [known(1, "Lisbon is"), known(2, "Oslo is", title=fitted_on)]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(row.model_dump_json() + "\n" for row in rows), "utf-8")
    corpus = corpus_of_sets(path, [], tmp_path, questions=10, contexts=None)
    assert [one.references for one in corpus.asked] == [("Lisbon",)]
    assert len(corpus.source.read_text("utf-8").splitlines()) == 2


def test_a_set_of_which_nothing_may_be_asked_is_refused(tmp_path: Path) -> None:
    fitted = next(f"title {n}" for n in range(100) if in_calibration_half(f"title {n}"))
    data = tmp_path / "data.jsonl"
    data.write_text(known(1, "x", title=fitted).model_dump_json(), encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"no question to ask: .* 'report'"):
        corpus_of_sets(data, [], tmp_path, questions=5, contexts=None)


@pytest.mark.parametrize("given", ["--clients 0", "--questions -1", "--rates 0", "--depths 0"])
def test_absurd_numbers_are_wrong_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmark", *given.split()])
    with pytest.raises(SystemExit) as end:
        benchmark.main()
    assert end.value.code == 2
    assert given.split()[0] in capsys.readouterr().err


def test_an_index_that_no_measuring_made_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_with_line: EndsWithLine
) -> None:
    with closing(Record(tmp_path / RECORD_NAME)) as record:
        record.put([Article("mine", "mine", "What I have written.")])
    monkeypatch.setattr(sys, "argv", ["benchmark", "--index-dir", str(tmp_path)])
    with ends_with_line("name a folder of its own with --index-dir"):
        benchmark.main()
    with closing(Record(tmp_path / RECORD_NAME)) as record:
        assert [article.text for article in record.articles()] == ["What I have written."]


def test_an_index_is_kept_in_the_folder_that_the_command_is_given_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def measure(corpus: object, plan: object, index_dir: Path, *, command: str) -> None:
        asked.append(index_dir)

    monkeypatch.setattr(benchmark, "measure", measure)
    monkeypatch.setattr(benchmark, "_finish", lambda results, options: None)
    monkeypatch.setattr(sys, "argv", ["benchmark", "--index-dir", "kept"])
    monkeypatch.chdir(tmp_path)
    benchmark.main()
    assert asked == [tmp_path / "kept"]


def test_the_seed_corpus_has_questions_with_and_without_answers() -> None:
    asked = seed_corpus().asked
    assert len(asked) == 30
    assert sum(not one.references for one in asked) == 10


# The page

SERVICE = ServiceResults(
    command="python -m scripts.benchmark",
    machine=MACHINE,
    data="the seed article; 30 questions",
    articles=1,
    passages=14,
    passages_read=20,
    build_command_s=6.21,
    build_s=0.44,
    start_to_ready_s=5.9,
    ready_mib=700,
    busy_mib=1082,
    idle_mib=1022,
    products_per_s=4e11,
    window_products_ms=7.4,
    loads=(
        Load(
            arrivals="closed",
            clients=1,
            rate_per_s=None,
            questions=30,
            questions_per_s=2.85,
            whole=TIMES,
            stages={"read": TIMES},
        ),
        Load(
            arrivals="poisson",
            clients=None,
            rate_per_s=1.5,
            questions=30,
            questions_per_s=1.48,
            whole=TIMES,
            stages={"read": TIMES},
        ),
    ),
    depths=(
        Depth(
            passages=5, scored=20, em=61.25, f1=80.0, answered=0.915, times_of_products=4.5,
            whole=TIMES, stages={"read": TIMES},
        ),
    ),
    plot="quoth.svg",
)  # fmt: skip


def system(name: str, ratio: Ratio | None) -> SystemResults:
    return SystemResults(
        name=name,
        versions={"package": "1.0"},
        configuration=("one setting", "another"),
        prepare_s=3.0,
        resident_mib=700,
        whole=TIMES,
        times_of_quoth=ratio,
        em=60.0,
        f1=70.0,
        auroc=0.9512,
        calibration_error=0.051,
    )


PEERS = PeerResults(
    command="python -m scripts.benchmark_peers --data squad1_dev_b.jsonl.gz",
    machine=MACHINE,
    data="contexts of squad1_dev_b",
    passages=900,
    passages_read=20,
    threads=2,
    answerable=150,
    unanswerable=140,
    reader_sha256="0" * 64,
    largest_logit_difference=5.7e-06,
    systems=(system("quoth", None), system("txtai", Ratio(median=1.5, low=1.25, high=1.75))),
)


def test_the_service_section_has_command_machine_and_a_row_for_each_load_and_depth() -> None:
    text = section(SERVICE)
    assert "```\npython -m scripts.benchmark\n```" in text
    assert "2 cores, x86_64, 24 GiB of memory, no GPU, Python 3.11.7." in text
    assert "| 1 client | 30 | 2.85 | 100.0 | 150.0 | 1,180.5 | 100.0 |" in text
    assert "| 1.5 a second, poisson | 30 | 1.48 | 100.0 | 150.0 | 1,180.5 | 100.0 |" in text
    assert "| 5 | 100.0 | 150.0 | 1,180.5 | 100.0 | 4.50 | 61.2 | 80.0 | 91.5% |" in text
    assert "makes 400 billion 8-bit products a second" in text
    assert "a window of 256 tokens takes 7.4 ms" in text
    assert "![Latency against quality](performance/quoth.svg)" in text


def test_the_comparison_has_a_row_and_the_settings_of_each_system() -> None:
    text = section(PEERS)
    ours = "| quoth | 100.0 | 150.0 | 1,180.5 | 1 | 700 | 60.0 | 70.0 | 0.951 | 0.051 |"
    assert ours in text
    assert "| 1.50 (1.25–1.75) |" in text
    assert "- **txtai** (package 1.0): one setting; another." in text


def test_quoth_reading_all_has_a_column_where_it_was_measured() -> None:
    half = Ratio(median=0.5, low=0.4, high=0.6)
    ours = system("quoth", None).model_copy(
        update={"times_of_quoth_reading_all": half, "passages_read": 4.25}
    )
    theirs = PEERS.systems[1].model_copy(update={"times_of_quoth_reading_all": half})
    text = section(PEERS.model_copy(update={"systems": (ours, theirs)}))
    assert "| × Quoth | × Quoth reading all | passages read, mean | MiB |" in text
    assert "| 1,180.5 | 1 | 0.50 (0.40–0.60) | 4.2 | 700 |" in text
    assert "| 1.50 (1.25–1.75) | 0.50 (0.40–0.60) | all | 700 |" in text
    assert "`quoth-read-all` is Quoth without that end" in text
    assert "reading all" not in section(PEERS)
    assert "up to 20 passages to read for a question" in section(PEERS)


@pytest.mark.parametrize("results", [SERVICE, PEERS], ids=["service", "peers"])
def test_runs_on_processors_with_other_instructions_have_headings_of_their_own(
    results: ServiceResults | PeerResults,
) -> None:
    machine = MACHINE.model_copy(update={"instructions": "VNNI"})
    told = section(results.model_copy(update={"machine": machine}))
    heading, *_ = told.splitlines()
    assert heading == f"{section(results).splitlines()[0]}, with VNNI"
    assert "2 cores, x86_64 with VNNI, 24 GiB of memory" in told


@pytest.mark.parametrize(
    ("flags", "instructions"),
    [
        ("fma avx2 avx512_vnni amx_tile amx_int8", "AMX"),
        ("fma avx2 avx512f avx512_vnni", "VNNI and no AMX"),
        ("avx2 avx_vnni", "VNNI and no AMX"),
        ("fma avx avx2", "AVX2 and no VNNI"),
        ("neon", None),
    ],
)
def test_the_instructions_for_products_of_8_bits_are_those_of_the_processor(
    tmp_path: Path, flags: str, instructions: str | None
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor : 0\nflags\t\t: fpu {flags}\n")
    assert instructions_for_products(cpuinfo) == instructions
    assert instructions_for_products(tmp_path / "none") is None


def test_the_page_is_made_of_all_results_and_absent_without_any(tmp_path: Path) -> None:
    assert performance_page(tmp_path, note="Generated.\n") is None
    write_results(PEERS, tmp_path / "performance" / "a.json")
    write_results(SERVICE, tmp_path / "performance" / "b.json")
    page = performance_page(tmp_path, note="Generated.\n")
    assert page is not None
    assert page.startswith("# Performance\n\nGenerated.\n\n")
    assert page.index("## The service") < page.index("## Beside other systems")


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    for results in (SERVICE, PEERS):
        write_results(results, tmp_path / "results.json")
        assert read_results(tmp_path / "results.json") == results


def test_a_file_that_is_not_of_results_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text('{"kind": "service", "command": "x"}', encoding="utf-8")
    with pytest.raises(ResultsError, match=r"results\.json: service\.machine: Field required"):
        read_results(path)


def test_a_shown_command_has_no_folders_of_this_machine() -> None:
    arguments = ["--data", "/somewhere/squad1.jsonl.gz", "--out", "docs/performance/quoth.json"]
    assert command_line("scripts.benchmark", arguments) == (
        "python -m scripts.benchmark --data squad1.jsonl.gz --out docs/performance/quoth.json"
    )


# Stopping


@pytest.mark.parametrize("command", ["benchmark", "measure_freshness"])
def test_a_benchmark_that_is_told_to_stop_stops_what_it_started(
    tmp_path: Path, command: str
) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text(known(1, "Bergen lies by the sea.").model_dump_json(), encoding="utf-8")
    measuring = subprocess.Popen(
        [sys.executable, "-m", f"scripts.{command}", "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    own = psutil.Process(measuring.pid)
    deadline = time.monotonic() + 60
    while not (started := own.children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    measuring.terminate()
    assert measuring.wait(timeout=30) == 128 + signal.SIGTERM
    assert started
    _, left = psutil.wait_procs(started, timeout=10)
    assert not left
