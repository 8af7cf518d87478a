"""The service under measurement: built, started and watched as an operator would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from qa.errors import QuothError

ROOT = Path(__file__).resolve().parent.parent.parent
# `quoth index` ends with 3 where it skipped something, such as one context that stands twice.
BUILT = (0, 3)
_PATIENCE_S = 120


class BenchmarkError(QuothError):
    """Something that is to be measured did not work."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of the index: `command_s` with starting and loading, `build_s` without."""

    articles: int
    passages: int
    command_s: float
    build_s: float


def stop_with_what_runs() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that what it started is stopped as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def build(source: Path, index_dir: Path, *, mode: str = "rebuild") -> Build:
    """Run `quoth index`; raises BenchmarkError if it fails."""
    command = [sys.executable, "-m", "scripts.quoth", "index", str(source), "--mode", mode]
    began = time.perf_counter()
    built = subprocess.run(
        [*command, "--index-dir", str(index_dir), "--json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    spent = time.perf_counter() - began
    if built.returncode not in BUILT:
        raise BenchmarkError(f"cannot index {source}: {built.stderr.decode()[-500:]}")
    report = json.loads(built.stdout)
    return Build(report["articles"], report["passages"], spent, report["seconds"])


@contextmanager
def running_service(
    index_dir: Path, *, keep_generations: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the service on a free port and stop it afterwards; yields (process, base URL)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scripts.quoth", "serve", "--index-dir", str(index_dir)]
    settings = {} if keep_generations is None else {"QUOTH_KEEP_GENERATIONS": str(keep_generations)}
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=ROOT,
        env=os.environ | settings,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> float:
    """Return the seconds until /readyz answers 200; raises BenchmarkError if it never does."""
    began = time.perf_counter()
    while time.perf_counter() - began < _PATIENCE_S and process.poll() is None:
        try:
            if httpx.get(f"{base}/readyz").status_code == httpx.codes.OK:
                return time.perf_counter() - began
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise BenchmarkError(f"the service at {base} did not become ready in {_PATIENCE_S} s")


def resident_mib(process_id: int) -> int:
    """Return the memory that a process holds and that is not swapped out, in MiB."""
    held: int = psutil.Process(process_id).memory_info().rss
    return round(held / 2**20)
