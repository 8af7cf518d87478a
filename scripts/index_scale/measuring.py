"""Measuring one size after the other: each kind of dense search, then a whole generation."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np

from index.dense.choice import graph_for, lists_for
from index.dense.kinds import Codes, Exact, Kind
from index.encoding.encoder import Vectors
from scripts.index_figures.scale import KindResult, WholeResult
from scripts.index_scale.asking import Answered, Spec
from scripts.index_scale.generation import Stored, draw, write_generation, write_part
from scripts.index_scale.real import Real
from scripts.index_scale.synthetic import Drawn, SyntheticPassages
from scripts.index_scale.texts import TopicTexts
from scripts.performance.service import ROOT

_AT = 50
# Up to here every kind is built; above, a graph and every compression would take an hour, and far
# above, so would comparing all for each question.
_ALL_KINDS_UP_TO = 200_000
_EXACT_UP_TO = 2_000_000
_AT_ONCE = 50_000


class Measuring:
    """What was learnt from real passages, and a folder to work in."""

    def __init__(
        self, real: Real, folder: Path, *, questions: int, say: Callable[[str], None]
    ) -> None:
        self._real = real
        self._folder = folder
        self._questions = questions
        self._say = say
        say("learning how real vectors lie")
        self.synthetic = SyntheticPassages(real.vectors, real.question_vectors)
        self._texts = TopicTexts(real.texts, self.synthetic.topics)

    def real(self) -> WholeResult:
        """Measure retrieval over the real passages, for the real questions."""
        self._say("asking the real passages")
        stored = Stored(self._folder / "real.npy", self._real.generation.tables.passage_ids())
        np.save(stored.path, self._real.vectors)
        asked = self._real.question_vectors[: self._questions]
        answered = self._answers(self._real.index_dir, None, asked)
        manifest = self._real.generation.manifest
        return WholeResult(
            passages=len(stored.ids),
            described=manifest.base.vectors.described().partition(";")[0],
            build_s=0,
            file_bytes=sum(file.size for file in manifest.files),
            open_s=answered.open_s,
            resident_mib=answered.resident_mib,
            own_mib=answered.own_mib,
            dense=answered.dense,
            whole=answered.timed_whole,
            recall=recall_of(answered, best_of(stored, asked)),
            is_real=True,
        )

    def size(self, count: int) -> tuple[list[KindResult], WholeResult]:
        """Measure one number of synthetic passages."""
        self._say(f"{count:,} passages: drawing vectors")
        stored = draw(self.synthetic, count, self._folder / "vectors.npy")
        asked = self._asked(count)
        best = best_of(stored, asked)
        kinds = [self._kind(stored, kind, asked, best) for kind in _kinds(count)]
        return kinds, self._whole(stored, asked, best)

    def _asked(self, count: int) -> Vectors:
        """Return questions about a sample of the passages that are drawn for this size."""
        random = np.random.default_rng(9)
        rows = np.sort(random.choice(count, min(self._questions, count), replace=False))
        chosen: list[Drawn] = []
        done = 0
        for batch in self.synthetic.passages(count):
            here = rows[(rows >= done) & (rows < done + len(batch.vectors))] - done
            chosen.append(batch[here])
            done += len(batch.vectors)
        return self.synthetic.questions(Drawn.joined(chosen))

    def _kind(
        self, stored: Stored, kind: Kind, asked: Vectors, best: Sequence[set[int]]
    ) -> KindResult:
        self._say(f"{len(stored.ids):,} passages: {kind!r}")
        folder = self._folder / "part"
        written = write_part(stored, folder, kind)
        answered = self._answers(folder, written.entry.kind, asked)
        recall = written.entry.recall
        return KindResult(
            passages=len(stored.ids),
            kind=written.entry.kind.kind,
            described=written.entry.described().partition(";")[0],
            build_s=round(written.seconds, 1),
            file_bytes=written.bytes_in_all,
            resident_mib=answered.resident_mib,
            own_mib=answered.own_mib,
            dense=answered.dense,
            recall=recall_of(answered, best),
            measured_recall=None if recall is None else recall.value,
        )

    def _whole(self, stored: Stored, asked: Vectors, best: Sequence[set[int]]) -> WholeResult:
        count = len(stored.ids)
        self._say(f"{count:,} passages: a whole generation")
        index_dir = self._folder / f"whole-{count}"
        written = write_generation(
            stored,
            index_dir,
            drawn=self.synthetic.passages(count),
            texts=self._texts,
            encoder=self._real.generation.manifest.encoder,
        )
        self._say(f"{count:,} passages: asking it")
        answered = self._answers(index_dir, None, asked)
        return WholeResult(
            passages=count,
            described=written.entry.described().partition(";")[0],
            build_s=round(written.seconds, 1),
            file_bytes=written.bytes_in_all,
            open_s=answered.open_s,
            resident_mib=answered.resident_mib,
            own_mib=answered.own_mib,
            dense=answered.dense,
            whole=answered.timed_whole,
            recall=recall_of(answered, best),
        )

    def _answers(self, folder: Path, kind: Kind | None, asked: Vectors) -> Answered:
        """Ask in a process of its own; the words are those of real questions, in turn."""
        questions, texts = self._folder / "questions.npy", self._folder / "questions.json"
        np.save(questions, asked)
        real = self._real.questions
        texts.write_text(json.dumps([real[n % len(real)] for n in range(len(asked))]))
        spec = Spec(folder=folder, kind=kind, questions=questions, texts=texts)
        path = self._folder / "spec.json"
        path.write_text(spec.model_dump_json())
        command = [sys.executable, "-m", "scripts.index_scale.asking", str(path)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return Answered.model_validate_json(done.stdout)


def best_of(stored: Stored, asked: Vectors) -> list[set[int]]:
    """Return the ids of the best 50 for each question, by comparing all as float32."""
    best = faiss.ResultHeap(len(asked), _AT, keep_max=True)
    vectors = stored.vectors
    for start in range(0, len(stored.ids), _AT_ONCE):
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))
        cosines, rows = flat.search(asked, _AT)
        best.add_result(cosines, rows + start)
    best.finalize()
    return [set(stored.ids[rows].tolist()) for rows in best.I]


def recall_of(answered: Answered, best: Sequence[set[int]]) -> float:
    """Return which part of the best was found."""
    found = [len(ids & set(hits)) for ids, hits in zip(best, answered.found, strict=True)]
    return round(sum(found) / sum(map(len, best)), 4)


def _kinds(count: int) -> list[Kind]:
    kinds: list[Kind] = [Exact(storage="float16")] if count <= _EXACT_UP_TO else []
    if count <= _ALL_KINDS_UP_TO:
        kinds += [Exact(), graph_for(), *(lists_for(count, codes) for codes in Codes)]
    return kinds
