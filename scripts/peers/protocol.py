"""How a benchmark talks to a system in another environment: JSON lines over stdin and stdout.

The first line in is the `Setup`, the first line out the `Ready`; then each line in is a question
(a JSON string) and each line out an `Answered`. The end of the input ends the program. A runner
calls `serve`; all that this module imports is of the standard library, or of ours.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Protocol

from scripts.peers.replies import own_stdout, write_reply


@dataclass(frozen=True, slots=True)
class Setup:
    """What every system is given, as paths and numbers.

    `passages` is a file of JSON lines with `id` and `text`, `index_dir` Quoth's index of the same
    passages. `reader` is the folder of Quoth's reader, `onnx_reader` its model as a file that ONNX
    Runtime opens, `float_reader` the same weights as a Hugging Face folder, `encoder` a
    sentence-transformers folder. At most `depth` passages are read for a question.
    """

    passages: str
    index_dir: str
    reader: str
    onnx_reader: str
    float_reader: str
    encoder: str
    depth: int
    threads: int


@dataclass(frozen=True, slots=True)
class Ready:
    """What a system says when it can answer: its versions, and each setting that matters."""

    versions: dict[str, str]
    configuration: list[str]
    prepare_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer, or "" if there is none, and the system's own scores, 0 to 1.

    `confidence` is how likely the answer is right, `answerable` how likely the passages answer.
    `passages_read` is None where a system reads all that it is given.
    """

    text: str
    confidence: float
    answerable: float
    passages_read: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Answer):
    """An answer with the milliseconds that it took inside the system."""

    milliseconds: float


class System(Protocol):
    """A question answering system that has been set up."""

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages whose versions matter."""
        ...

    @property
    def configuration(self) -> list[str]:
        """Each setting that matters, in a few words."""
        ...

    def answer(self, question: str) -> Answer:
        """Answer one question."""
        ...


def serve(prepare: Callable[[Setup], System]) -> None:
    """Set the system up as the first line says, then answer until the input ends."""
    replies = own_stdout()
    setup = Setup(**json.loads(sys.stdin.readline()))
    began = time.perf_counter()
    system = prepare(setup)
    spent = time.perf_counter() - began
    versions = {package: version(package) for package in system.packages}
    write_reply(replies, asdict(Ready(versions, system.configuration, spent)))
    for line in sys.stdin:
        question = json.loads(line)
        began = time.perf_counter()
        answer = system.answer(question)
        milliseconds = 1000 * (time.perf_counter() - began)
        write_reply(replies, {**asdict(answer), "milliseconds": milliseconds})


def read_passages(path: str) -> list[dict[str, str]]:
    """Return the passages of a setup, each with `id` and `text`."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  # as plain as the rest
        return [json.loads(line) for line in file]
