"""Synthetic passages lie as real ones do, and the figures of a run are those of its index."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.dense.choice import lists_for
from index.dense.kinds import Codes
from index.generation.generation import open_generation
from index.generation.manifest import EncoderEntry
from index.verify import verify_index
from scripts.index_figures.scale import (
    KindResult,
    LikenessResult,
    ScaleResults,
    WholeResult,
    section,
)
from scripts.index_scale.asking import Spec, answer
from scripts.index_scale.generation import draw, write_generation, write_part
from scripts.index_scale.measuring import best_of, recall_of
from scripts.index_scale.plot import plot_scale
from scripts.index_scale.synthetic import Drawn, SyntheticPassages
from scripts.index_scale.texts import TopicTexts
from scripts.performance.results import Machine, Times
from tests.index.dense.clustered import DIMENSION, clustered

REAL = clustered(2000, groups=40)
TIMES = Times(median_ms=2, p95_ms=4, p99_ms=5)


@pytest.fixture(scope="module")
def synthetic() -> SyntheticPassages:
    random = np.random.default_rng(2)
    asked = REAL[:300] + 0.15 * random.standard_normal((300, DIMENSION)).astype(np.float32)
    return SyntheticPassages(REAL, asked / np.linalg.norm(asked, axis=1, keepdims=True))


def test_as_many_unit_vectors_are_drawn_as_were_asked_for(synthetic: SyntheticPassages) -> None:
    drawn = Drawn.joined(list(synthetic.passages(30_001)))
    assert drawn.vectors.shape == drawn.centres.shape == (30_001, DIMENSION)
    assert np.linalg.norm(drawn.vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_same_seed_draws_the_same_and_another_others(synthetic: SyntheticPassages) -> None:
    one, same, other = (next(synthetic.passages(100, seed=s)).vectors for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_neighbours_lie_about_as_far_as_real_ones(synthetic: SyntheticPassages) -> None:
    likeness = synthetic.likeness(sample=300)
    assert likeness.synthetic_passages == pytest.approx(likeness.real_passages, abs=0.2)
    assert likeness.synthetic_questions == pytest.approx(likeness.real_questions, abs=0.2)


def test_a_question_lies_nearer_to_its_passage_than_to_another(
    synthetic: SyntheticPassages,
) -> None:
    drawn = next(synthetic.passages(200))
    asked = synthetic.questions(drawn)
    own = (asked * drawn.vectors).sum(axis=1)
    assert np.median(own) > np.median(asked @ drawn.vectors.T) + 0.3


def test_a_written_generation_is_sound_and_its_figures_are_its_own(
    synthetic: SyntheticPassages, tmp_path: Path
) -> None:
    stored = draw(synthetic, 1500, tmp_path / "vectors.npy")
    texts = TopicTexts([f"The {n} cats sleep. A {n} ship sails." for n in range(2000)],
                       synthetic.topics)  # fmt: skip
    written = write_generation(
        stored,
        tmp_path / "index",
        drawn=synthetic.passages(1500),
        texts=texts,
        encoder=EncoderEntry(name="given", fingerprint="f", dimension=DIMENSION),
    )
    generation = open_generation(tmp_path / "index")
    assert generation.manifest.counts.passages == 1500
    assert generation.manifest.base.vectors == written.entry
    assert [f for f in verify_index(tmp_path / "index").faults if "record" not in f] == []
    asked = synthetic.questions(next(synthetic.passages(30)))
    np.save(tmp_path / "questions.npy", asked)
    (tmp_path / "words.json").write_text(json.dumps(["Which ship sails?"] * 30))
    spec = Spec(folder=tmp_path / "index", kind=None,
                questions=tmp_path / "questions.npy", texts=tmp_path / "words.json")  # fmt: skip
    answered = answer(spec)
    assert recall_of(answered, best_of(stored, asked)) == 1.0
    assert 0 < answered.own_mib <= answered.resident_mib
    assert answered.timed_whole.median_ms > 0


def test_a_part_is_searched_by_the_kind_it_was_written_for(
    synthetic: SyntheticPassages, tmp_path: Path
) -> None:
    stored = draw(synthetic, 2000, tmp_path / "vectors.npy")
    written = write_part(stored, tmp_path / "part", lists_for(2000, Codes.PQ))
    asked = synthetic.questions(next(synthetic.passages(40)))
    np.save(tmp_path / "questions.npy", asked)
    spec = Spec(folder=tmp_path / "part", kind=written.entry.kind,
                questions=tmp_path / "questions.npy", texts=None)  # fmt: skip
    answered = answer(spec)
    assert answered.whole is None
    assert recall_of(answered, best_of(stored, asked)) >= 0.95


def _results() -> ScaleResults:
    cosines = (0.7, 0.5)
    whole = WholeResult(passages=100_000, described="hnsw", build_s=60, file_bytes=2**20, open_s=1,
                        resident_mib=400, own_mib=200, dense=TIMES, whole=TIMES,
                        recall=0.99)  # fmt: skip
    grown = Times(median_ms=6, p95_ms=26, p99_ms=30)
    large = whole.model_copy(update={"passages": 1_000_000, "recall": 0.97, "whole": grown})
    kind = KindResult(passages=100_000, kind="ivf", described="ivf, pq", build_s=9,
                      file_bytes=2**21, resident_mib=300, own_mib=100, dense=TIMES, recall=0.972,
                      measured_recall=0.97)  # fmt: skip
    return ScaleResults(
        commands=("python -m scripts.benchmark_index",),
        machine=Machine(cores=2, memory_gib=24, architecture="x86_64", python="3.11"),
        data="some contexts", real_passages=20_000, questions=500, threads=2,
        likeness=LikenessResult(ranks=(1, 10), real_passages=cosines, synthetic_passages=cosines,
                                real_questions=cosines, synthetic_questions=cosines),
        kinds=(kind,), whole=(large, whole, whole.model_copy(update={"is_real": True})),
    )  # fmt: skip


def test_the_section_says_what_was_found_beside_what_was_aimed_at() -> None:
    text = section(_results())
    assert "At 1,000,000 passages: recall@50 0.970 (aim: at least 0.95)" in text
    assert "p95 of retrieval 26.0 ms (aim: under 25 ms)" in text
    assert "dense search grows 1.0 times and that of retrieval 3.0 times" in text
    assert "| 100,000 | ivf, pq | 0.972 | 0.970 | 2.0 ms | 4.0 ms | 300 (100) MiB |" in text
    assert "| 100,000 real | hnsw |" in text


def test_a_run_of_another_size_is_added_and_one_of_the_same_replaces_it() -> None:
    former = _results()
    (large, small, _) = former.whole
    quicker = small.model_copy(update={"open_s": 0.5})
    huge = large.model_copy(update={"passages": 10_000_000})
    later = former.model_copy(
        update={
            "commands": ("again",),
            "whole": (huge, quicker),
            "kinds": (),
            "remarks": ("Late.",),
        }
    )
    both = later.with_other_sizes_of(former)
    assert both.whole == (quicker, large, huge)
    assert both.kinds == ()
    assert both.commands == ("python -m scripts.benchmark_index", "again")
    text = section(both)
    assert "From 100,000 to 10,000,000 passages, 100 times as many" in text
    assert text.count(" Late.") == 1


def test_equal_results_give_an_equal_plot(tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg"):
        plot_scale(_results(), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
