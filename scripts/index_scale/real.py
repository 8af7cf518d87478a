"""Real passages with their vectors, and real questions: what synthetic ones are learnt from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.build import Mode, Silent, build_index
from index.encoding.bulk_encoder import load_bulk_encoder
from index.encoding.encoder import DEFAULT_ENCODER, Vectors
from index.generation.generation import Generation, open_generation
from index.splitting.passages import PassageBudget
from scripts.evaluation.collection import Collection
from scripts.evaluation.question_file import read_questions, sampled
from scripts.performance.corpus import first_contexts


@dataclass(frozen=True, slots=True)
class Real:
    """An open index of real passages, these by row with their vectors, and questions with theirs.

    Vectors are unit vectors, shape (count, dimension).
    """

    index_dir: Path
    generation: Generation
    texts: tuple[str, ...]
    vectors: Vectors
    questions: tuple[str, ...]
    question_vectors: Vectors


def real_passages(data: Path, folder: Path, *, contexts: int | None, questions: int) -> Real:
    """Index the contexts of a question set in `folder`, and encode a sample of its questions.

    What `folder` holds from another run is used again; raises QuothError or OSError.
    """
    rows = first_contexts(read_questions(data), contexts)
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "contexts.jsonl"
    Collection.of(rows).write(source)
    encoder = load_bulk_encoder(DEFAULT_ENCODER)
    index_dir = folder / "index"
    new = not (index_dir / "CURRENT").exists()
    build_index(
        [source],
        index_dir,
        encoder=encoder,
        budget=PassageBudget() if new else None,
        progress=Silent(),
        mode=Mode.REBUILD if new else Mode.SYNC,
    )
    generation = open_generation(index_dir)
    articles = generation.tables.articles_with_passages()
    text_of = {p.passage_id: p.text for _, _, passages in articles for p in passages}
    asked = tuple(one.question for one in sampled(rows, questions))
    return Real(
        index_dir,
        generation,
        tuple(text_of[passage_id] for passage_id in generation.tables.passage_ids().tolist()),
        _vectors_of(generation),
        asked,
        encoder.encode(asked),
    )


def _vectors_of(generation: Generation) -> Vectors:
    """Return the vectors of all passages, in the order of their ids, without a model."""
    ids = generation.tables.passage_ids().tolist()
    axes = np.eye(generation.manifest.encoder.dimension, dtype=np.float32)
    columns = [generation.vectors.cosines(axis, ids) for axis in axes]
    vectors = np.ascontiguousarray(np.array(columns, dtype=np.float32).T)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
