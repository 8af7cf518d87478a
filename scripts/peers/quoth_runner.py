"""Quoth as a system in a comparison: the question's road, without HTTP.

With the argument `read-all` it reads all passages, as other systems do.
"""

import sys
from functools import partial
from pathlib import Path

from api.settings import Settings
from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.question import Question
from scripts.command_line.open_index import open_index
from scripts.peers.protocol import Answer, Setup, serve


class Quoth:
    """The question's road over an index that has been built."""

    packages = ("quoth", "onnxruntime", "faiss-cpu", "tantivy")

    def __init__(self, road: QuestionRoad, setup: Setup, *, read_all: bool) -> None:
        self._road = road
        self._depth = setup.depth
        self.configuration = [
            "7-bit weights, activations rounded with one scale a window, by ONNX Runtime",
            "dense (exact) and BM25 rankings of 100, fused by reciprocal rank",
            "reads all passages, which Quoth as shipped does not"
            if read_all
            else "ends reading where more would hardly change the answer or bring one, as shipped",
            "AUROC of `answerable_probability`, calibration of `confidence`",
        ]

    def answer(self, question: str) -> Answer:
        """Return the best answer, whether it would be given or abstained from."""
        outcome = self._road.ask(Question(question, passages=self._depth))
        read = _passages_read(outcome)
        if not outcome.considered:
            return Answer("", 0.0, outcome.answerable_probability, read)
        first = outcome.considered[0]
        return Answer(first.text, first.confidence, outcome.answerable_probability, read)


def _passages_read(outcome: Outcome) -> int | None:
    if outcome.explanation is None:
        return None
    return sum(steps.read_as is not None for steps in outcome.explanation.passages)


def prepare(setup: Setup, *, read_all: bool = False) -> Quoth:
    """Open the index and load the models."""
    settings = Settings(
        index_dir=Path(setup.index_dir), reader_dir=Path(setup.reader), threads=setup.threads
    )
    serving = open_index(settings.index_dir, settings, read_all=read_all)
    return Quoth(serving.road, setup, read_all=read_all)


if __name__ == "__main__":
    serve(partial(prepare, read_all="read-all" in sys.argv[1:]))
