"""What teachers said of training questions, kept in a folder and learned from again and again."""

import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from scripts.training.features import Feature, Group
from scripts.training.mix import in_pools

PARTS = "part-*.npz"


def part_path(folder: Path, number: int) -> Path:
    """Return where a folder keeps the questions of one pool."""
    return folder / f"part-{number:05d}.npz"


def write_part(path: Path, groups: Sequence[Group]) -> None:
    """Keep groups whose features are all taught; a part is there whole or not at all."""
    features = [(row, feature) for row, group in enumerate(groups) for feature in group]
    scratch = path.with_name(f".{path.name}")
    np.savez_compressed(
        scratch,
        question=np.array([row for row, _ in features], dtype=np.int32),
        tokens=np.array([len(feature.ids) for _, feature in features], dtype=np.int32),
        marks=np.array([(f.passage_start, f.start, f.end) for _, f in features], dtype=np.int32),
        ids=np.concatenate([feature.ids for _, feature in features]),
        taught=np.concatenate([f.taught for _, f in features if f.taught is not None], axis=1),
    )
    scratch.replace(path)


def read_part(path: Path) -> list[Group]:
    """Return the groups of a part, in the order in which they were written."""
    with np.load(path) as arrays:
        ends = arrays["tokens"].cumsum()[:-1]
        columns = zip(
            arrays["question"].tolist(),
            np.split(arrays["ids"], ends),
            arrays["marks"].tolist(),
            np.split(arrays["taught"], ends, axis=1),
            strict=True,
        )
        rows = [
            (row, Feature(ids, passage_start, start, end, taught))
            for row, ids, (passage_start, start, end), taught in columns
        ]
    return [
        tuple(feature for _, feature in group) for _, group in groupby(rows, key=lambda row: row[0])
    ]


def taught_pools(folders: Sequence[Path], seed: int) -> Iterator[list[Group]]:
    """Return pools of the questions kept in folders, without end, each pass in a new order.

    Raises ValueError if one of the folders holds none.
    """
    groups = [group for folder in folders for group in _kept(folder)]
    return _passes(groups, random.Random(seed))


def _kept(folder: Path) -> list[Group]:
    groups = [group for path in sorted(folder.glob(PARTS)) for group in read_part(path)]
    if not groups:
        raise ValueError(f"{folder} holds no questions that scripts.ask_teachers kept")
    return groups


def _passes(groups: list[Group], generator: random.Random) -> Iterator[list[Group]]:
    while True:
        generator.shuffle(groups)
        yield from in_pools(groups)
