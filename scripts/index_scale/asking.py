"""Ask an index in a process of its own: `python -m scripts.index_scale.asking SPEC.json`.

The process is as fresh as a service that has just opened the index, so that its memory is that of
retrieval alone. Prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil
from pydantic import BaseModel, TypeAdapter
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from index.dense.kinds import Kind
from index.dense.opening import open_vectors
from index.encoding.encoder import Vectors
from index.generation.generation import open_generation
from index.retriever import HybridRetriever
from qa.filters import Filters
from scripts.performance.results import Times

_DEPTH = 100
_SHOWN = 20
_WARM_UP = 20


class Spec(BaseModel, extra="forbid", frozen=True):
    """What to open and ask: a part's folder with its kind, or an index directory.

    `questions` is a file of unit vectors, `texts` one of their words, a JSON list.
    """

    folder: Path
    kind: Kind | None
    questions: Path
    texts: Path | None


class Answered(BaseModel, extra="forbid", frozen=True):
    """Times, memory in MiB and what dense search has found: the ids of the best 50 a question.

    `resident_mib` counts pages of mapped files that were touched, `own_mib` does not: the system
    can take those back at any time.
    """

    resident_mib: int
    own_mib: int
    open_s: float
    dense: Times
    whole: Times | None
    found: tuple[tuple[int, ...], ...]

    @property
    def timed_whole(self) -> Times:
        """The times of retrieval as a whole; ValueError where only vectors were asked."""
        if self.whole is None:
            raise ValueError("a part alone has no retrieval as a whole")
        return self.whole


class _Given:
    """Gives vectors that were computed before, in turn: encoding is no part of what is timed.

    Its vocabulary has every word, so that none is taken for misspelt.
    """

    name = fingerprint = "given"
    tokenizer = Tokenizer(WordLevel({"": 0}, unk_token=""))

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._next = 0

    def encode_question(self, _: str) -> Vectors:
        vector: Vectors = self._vectors[self._next % len(self._vectors)]
        self._next += 1
        return vector


def answer(spec: Spec) -> Answered:
    """Open, ask, and look at the memory."""
    questions: Vectors = np.load(spec.questions, allow_pickle=False)
    began = time.perf_counter()
    whole = None
    if spec.kind is not None:
        index = open_vectors(spec.folder, spec.kind)
        opened_s = time.perf_counter() - began
        dense = _timed(lambda n: index.search(questions[n], limit=_DEPTH), len(questions))
        hits = [index.search(vector, limit=50) for vector in questions]
    else:
        generation = open_generation(spec.folder)
        opened_s = time.perf_counter() - began
        vectors = generation.vectors
        dense = _timed(lambda n: vectors.search(questions[n], limit=_DEPTH), len(questions))
        hits = [vectors.search(vector, limit=50) for vector in questions]
        texts: Sequence[str] = TypeAdapter(list[str]).validate_json(
            b"[]" if spec.texts is None else spec.texts.read_bytes()
        )
        retriever = HybridRetriever(generation, _Given(questions), depth=_DEPTH)
        whole = _timed(
            lambda n: retriever.retrieve(texts[n], filters=Filters(), limit=_SHOWN), len(texts)
        )
    return Answered(
        resident_mib=round(psutil.Process().memory_info().rss / 2**20),
        own_mib=_own_mib(),
        open_s=round(opened_s, 2),
        dense=dense,
        whole=whole,
        found=tuple(tuple(passage_id for passage_id, _ in one) for one in hits),
    )


def _timed(ask: Callable[[int], object], count: int) -> Times:
    for number in range(min(_WARM_UP, count)):
        ask(number)
    spent = []
    for number in range(count):
        began = time.perf_counter()
        ask(number)
        spent.append(1000 * (time.perf_counter() - began))
    return Times.of(spent)


def _own_mib() -> int:
    """Return the memory that is no page of a file."""
    maps = psutil.Process().memory_maps(grouped=True)
    own: int = sum(one.anonymous for one in maps)
    return round(own / 2**20)


def main() -> None:
    """Read what to ask, and print what came of it."""
    spec = Spec.model_validate_json(Path(sys.argv[1]).read_bytes())
    print(json.dumps(answer(spec).model_dump(mode="json")))


if __name__ == "__main__":
    main()
