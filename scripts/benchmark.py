"""Measure the product as a whole: `python -m scripts.benchmark [--source DIR] [--json]`.

Builds an index, starts the service in a process of its own, and asks it questions over HTTP with
one client and with several: times, questions per second, resident memory.
"""

import argparse
import json
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "data" / "seed_questions.jsonl"


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients saw, each asking one question after the other."""

    clients: int
    questions: int
    median_ms: float
    p95_ms: float
    questions_per_s: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: seconds, MiB of resident memory, and the loads."""

    machine: str
    articles: int
    passages: int
    build_command_s: float
    build_s: float
    start_to_ready_s: float
    resident_mib: float
    loads: tuple[Load, ...]


@contextmanager
def running_service(index_dir: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the service on a free port and stop it afterwards; yields (process, base URL)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scripts.quoth", "serve", "--index-dir", str(index_dir)]
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(base: str, process: subprocess.Popen[bytes], *, limit_s: float = 120) -> float:
    """Return the seconds until /readyz answers 200; raises RuntimeError if it never does."""
    began = time.perf_counter()
    while time.perf_counter() - began < limit_s and process.poll() is None:
        try:
            if httpx.get(f"{base}/readyz").status_code == httpx.codes.OK:
                return time.perf_counter() - began
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"the service at {base} did not become ready in {limit_s:g} s")


def ask_all(base: str, questions: Sequence[str], *, clients: int, rounds: int) -> Load:
    """Let each client ask all questions `rounds` times, beginning at a place of its own."""

    def run(client: int) -> list[float]:
        times = []
        shift = client * len(questions) // clients
        with httpx.Client(base_url=base, timeout=60) as http:
            for question in [*questions[shift:], *questions[:shift]] * rounds:
                began = time.perf_counter()
                http.post("/v1/ask", json={"question": question}).raise_for_status()
                times.append(1000 * (time.perf_counter() - began))
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [spent for found in pool.map(run, range(clients)) for spent in found]
    elapsed = time.perf_counter() - began
    return Load(
        clients,
        len(times),
        round(statistics.median(times), 1),
        round(statistics.quantiles(times, n=20)[-1], 1),
        round(len(times) / elapsed, 2),
    )


def measure(
    source: Path, questions: Sequence[str], *, clients: Sequence[int], rounds: int
) -> Measurement:
    """Build, serve and ask, in that order."""
    with tempfile.TemporaryDirectory() as folder:
        index_dir = Path(folder) / "index"
        command = [sys.executable, "-m", "scripts.quoth", "index", str(source)]
        began = time.perf_counter()
        built = subprocess.run(
            [*command, "--index-dir", str(index_dir), "--json"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        build_command_s = time.perf_counter() - began
        report = json.loads(built.stdout)
        with running_service(index_dir) as (process, base):
            ready_s = wait_until_ready(base, process)
            ask_all(base, questions[:3], clients=1, rounds=1)  # warm-up
            loads = tuple(ask_all(base, questions, clients=n, rounds=rounds) for n in clients)
            resident = psutil.Process(process.pid).memory_info().rss / 2**20
    return Measurement(
        machine=f"{psutil.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}",
        articles=report["articles"],
        passages=report["passages"],
        build_command_s=round(build_command_s, 2),
        build_s=round(report["seconds"], 2),
        start_to_ready_s=round(ready_s, 2),
        resident_mib=round(resident),
        loads=loads,
    )


def main() -> None:
    """Read the arguments, measure, and print a Markdown table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=ROOT / "seeds", help="articles to index")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="JSON lines to ask from")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--rounds", type=int, default=3, help="how often each client asks them all")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
    options = parser.parse_args()
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    found = measure(options.source, questions, clients=options.clients, rounds=options.rounds)
    if options.as_json:
        print(json.dumps(asdict(found)))
        return
    print(f"{found.machine}; {found.articles:,} articles, {found.passages:,} passages\n")
    print("| measure | value |\n|---|---:|")
    print(f"| index build, the command as a whole | {found.build_command_s} s |")
    print(f"| index build, without loading the encoder | {found.build_s} s |")
    print(f"| service, start to ready | {found.start_to_ready_s} s |")
    print(f"| service, resident memory after the questions | {found.resident_mib} MiB |")
    for load in found.loads:
        label = f"`/v1/ask`, {load.clients} client{'s' if load.clients > 1 else ''}"
        print(f"| {label}, median | {load.median_ms} ms |")
        print(f"| {label}, 95th percentile | {load.p95_ms} ms |")
        print(f"| {label}, questions per second | {load.questions_per_s} |")


if __name__ == "__main__":
    main()
