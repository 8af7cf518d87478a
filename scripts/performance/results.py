"""What the benchmarks write as JSON, and what `docs/performance.md` is generated from."""

import os
import platform
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
import psutil
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from qa.errors import QuothError, first_mistake

WINDOW_TOKENS = 256
"""The window whose products are quoted."""


class ResultsError(QuothError):
    """A file of results cannot be read; the message names file and field."""


class Result(BaseModel):
    """A part of what a measurement writes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Machine(Result):
    """Where it was measured: what decides the figures, and no names.

    `instructions` are those that the processor has for 8-bit products, where Linux names them.
    """

    cores: int
    memory_gib: int
    architecture: str
    python: str
    instructions: str | None = None

    @classmethod
    def here(cls) -> Self:
        """Describe this machine; `cores` are those that this process may use."""
        return cls(
            cores=len(os.sched_getaffinity(0)),
            memory_gib=round(psutil.virtual_memory().total / 2**30),
            architecture=platform.machine(),
            python=platform.python_version(),
            instructions=instructions_for_products(Path("/proc/cpuinfo")),
        )

    def described(self) -> str:
        """Return the machine in a few words."""
        processor = " with ".join(filter(None, (self.architecture, self.instructions)))
        return (
            f"{self.cores} cores, {processor}, {self.memory_gib} GiB of memory, no GPU, "
            f"Python {self.python}"
        )


def instructions_for_products(cpuinfo: Path) -> str | None:
    """Return a processor's best instructions for 8-bit products, as Linux lists them in a file.

    None where it lists none that are known, or there is no such file.
    """
    try:
        flags = set(cpuinfo.read_text().split())
    except OSError:
        return None
    known = {
        "AMX": {"amx_int8"},
        "VNNI and no AMX": {"avx512_vnni", "avx_vnni"},
        "AVX2 and no VNNI": {"avx2"},
    }
    return next((name for name, any_of in known.items() if any_of & flags), None)


class Times(Result):
    """Some times in milliseconds; percentiles are interpolated linearly."""

    median_ms: float
    p95_ms: float
    p99_ms: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Self:
        """Summarise the times; raises ValueError of none."""
        if not milliseconds:
            raise ValueError("there is no time to summarise")
        median, p95, p99 = (round(float(x), 1) for x in np.percentile(milliseconds, [50, 95, 99]))
        return cls(median_ms=median, p95_ms=p95, p99_ms=p99)


class Load(Result):
    """What clients saw under one load.

    `closed`: `clients` ask one question after the other. `poisson` and `fixed`: questions arrive
    at `rate_per_s` whether or not earlier ones are answered, and their time counts from when they
    were due. `stages` are what the service says it spent, and `http` is the rest.
    """

    arrivals: Literal["closed", "poisson", "fixed"]
    clients: int | None
    rate_per_s: float | None
    questions: int
    questions_per_s: float
    whole: Times
    stages: dict[str, Times]


class Depth(Result):
    """Latency and quality where so many passages are read for each question, one client.

    EM and F1 are of the first answer, whether given or abstained from, in percent, over the
    `scored` questions that have known answers; `answered` is the share of them that got an answer.
    `times_of_products` is the median over the questions of their time over that of the products
    of what was read for them (`scripts.performance.arithmetic`).
    """

    passages: int
    scored: int
    em: float
    f1: float
    answered: float
    times_of_products: float | None = None
    whole: Times
    stages: dict[str, Times]


class ServiceResults(Result):
    """One run of `scripts.benchmark`: the service as a whole; memory is resident, in MiB."""

    kind: Literal["service"] = "service"
    command: str
    machine: Machine
    data: str
    articles: int
    passages: int
    passages_read: int
    build_command_s: float
    build_s: float
    start_to_ready_s: float
    ready_mib: int
    busy_mib: int | None = Field(
        None, description="Before anything that reading took is given back."
    )
    idle_mib: int
    products_per_s: float | None = None
    window_products_ms: float | None = Field(
        None,
        description=f"How long those of a window of {WINDOW_TOKENS} tokens take by themselves.",
    )
    loads: tuple[Load, ...]
    depths: tuple[Depth, ...]
    plot: str | None = Field(None, description="File name of the plot, in the same folder.")


class Ratio(Result):
    """Time of a system over the time of Quoth, question by question: median and its 95 % range."""

    median: float
    low: float
    high: float


class SystemResults(Result):
    """One system in a comparison.

    EM and F1 are of the first answer to the questions that the corpus answers, in percent.
    `auroc` and `calibration_error` are of the system's own scores over all questions; an answer
    to a question that the corpus does not answer is wrong. `passages_read` is the mean over the
    questions, None for a system that reads all.
    """

    name: str
    versions: dict[str, str]
    configuration: tuple[str, ...]
    prepare_s: float
    resident_mib: int
    whole: Times
    times_of_quoth: Ratio | None
    times_of_quoth_reading_all: Ratio | None = None
    passages_read: float | None = None
    em: float
    f1: float
    auroc: float
    calibration_error: float


class PeerResults(Result):
    """One run of `scripts.benchmark_peers`."""

    kind: Literal["peers"] = "peers"
    command: str
    machine: Machine
    data: str
    passages: int
    passages_read: int
    threads: int
    answerable: int
    unanswerable: int
    reader_sha256: str
    largest_logit_difference: float
    systems: tuple[SystemResults, ...]


Results = Annotated[ServiceResults | PeerResults, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Results] = TypeAdapter(Results)


def read_results(path: Path) -> Results:
    """Return what a benchmark has written; raises ResultsError."""
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except OSError as error:
        raise ResultsError(f"cannot read {path}: {error.strerror}") from error
    except ValidationError as error:
        raise ResultsError(
            f"{path}: {first_mistake(error)}; write it again with scripts.benchmark or "
            f"scripts.benchmark_peers"
        ) from error


def command_line(module: str, arguments: Sequence[str]) -> str:
    """Return the command as others would write it: absolute paths become file names."""
    shown = [Path(a).name if Path(a).is_absolute() else a for a in arguments]
    return shlex.join(["python", "-m", module, *shown])
