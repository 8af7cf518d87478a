"""Which questions are learned from, in which proportions and in which order."""

import argparse
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from scripts.command_line.option_types import not_negative
from scripts.training.changes import (
    Change,
    as_keywords,
    changed,
    negated,
    spoken,
    with_listed_names,
    with_opposite_word,
    with_other_name,
    with_other_number,
    with_typo,
    without_answer_sentence,
)
from scripts.training.features import FeatureMaker, Group, batches
from scripts.training.question_sets import (
    TrainingQuestion,
    endless,
    read_training_questions,
    with_near_misses,
)

Question = TypeVar("Question")

# Questions drawn from each set, as parts of the whole.
MIX = {
    "squad1_train": 57,
    "squad1_train_hardneg": 4,
    "squad2_dev_a": 14,
    "qed_train": 10,
    "squadshifts_reddit": 3,
    "qamr_dev": 3,
    "qamr_test": 3,
    "timeqa_human_train": 1,
    "fairytaleqa_train": 2,
}
# How often each rule is tried on an answerable question, in this order. Of SQuAD's together they
# make two questions in eleven unanswerable, and ask one in six as people type and speak.
CHANGE_RATES: Mapping[Change, float] = {
    with_listed_names: 0.3,
    with_other_number: 0.3,
    with_other_name: 0.13,
    with_opposite_word: 0.07,
    negated: 0.02,
    without_answer_sentence: 0.06,
    spoken: 0.2,
    as_keywords: 0.12,
    with_typo: 0.03,
}
# Near misses of these would mislead: a hard negative is one already, and a question about a Reddit
# post makes sense only beside it.
_WITHOUT_NEAR_MISSES = ("squad1_train_hardneg", "squadshifts_reddit")
# Questions drawn, changed and sorted into batches at a time.
POOL = 4096


def question_pools(
    data: Path, seed: int, mix: Mapping[str, int] = MIX
) -> Iterator[list[TrainingQuestion]]:
    """Return pools of questions, mixed as told, without end, in an order that `seed` fixes.

    A set of no parts is not read. Raises QuestionFileError if another cannot be read, ValueError if
    all are of none.
    """
    mix = {name: parts for name, parts in mix.items() if parts}
    if not mix:
        raise ValueError("the mix has no parts of any set; leave one of its sets above 0")
    sets = {name: read_training_questions(data / f"{name}.jsonl.gz") for name in mix}
    return _mixed(sets, seed, mix)


def _mixed(
    sets: dict[str, list[TrainingQuestion]], seed: int, mix: Mapping[str, int]
) -> Iterator[list[TrainingQuestion]]:
    asked = [name for name in mix if name not in _WITHOUT_NEAR_MISSES]
    pooled = with_near_misses(
        [question for name in asked for question in sets[name]], per_question=4, depth=16
    )
    rows = iter(pooled)
    for name in asked:
        sets[name] = [next(rows) for _ in sets[name]]
    streams = {
        name: endless(questions, seed + number)
        for number, (name, questions) in enumerate(sets.items())
    }
    generator = random.Random(seed)
    while True:
        names = generator.choices(list(mix), weights=list(mix.values()), k=POOL)
        yield [next(streams[name]) for name in names]


class _Parts(argparse.Action):
    """Changes one set's parts of a mix at each use: `--mix squad2_dev_a=20`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        name, _, parts = str(values).partition("=")
        if name not in MIX:
            raise argparse.ArgumentError(self, f"{name!r} is none of {', '.join(MIX)}")
        try:
            mix = {**getattr(namespace, self.dest), name: not_negative(parts)}
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentError(self, f"parts of {name}: {error}") from None
        setattr(namespace, self.dest, mix)


def add_mix_option(parser: argparse.ArgumentParser) -> None:
    """Let a command change how many parts of its questions are of which set, as `options.mix`."""
    parser.add_argument(
        "--mix",
        action=_Parts,
        default=MIX,
        metavar="SET=N",
        help="draw N parts of the questions from this set, for each set that is to have another "
        f"share than usual: {', '.join(f'{name}={parts}' for name, parts in MIX.items())}",
    )


def in_pools(questions: Iterable[Question]) -> Iterator[list[Question]]:
    """Yield the questions a pool at a time, the last pool as long as they last."""
    remaining = iter(questions)
    while pool := list(islice(remaining, POOL)):
        yield pool


def feature_pools(
    pools: Iterable[Sequence[TrainingQuestion]],
    maker: FeatureMaker,
    seed: int,
    change_rates: Mapping[Change, float] = CHANGE_RATES,
) -> Iterator[list[Group]]:
    """Yield what is read for the questions of each pool, some of them changed by rule."""
    for number, pool in enumerate(pools):
        yield pool_features(pool, maker, f"{seed}-{number}", change_rates)


def pool_features(
    pool: Iterable[TrainingQuestion],
    maker: FeatureMaker,
    seed: str,
    change_rates: Mapping[Change, float] = CHANGE_RATES,
) -> list[Group]:
    """Return what is read for each question of a pool, some of them changed by rule."""
    generator = random.Random(seed)
    return [
        maker.group(
            changed(question, change_rates, generator) if question.answers else question,
            generator,
        )
        for question in pool
    ]


def training_batches(
    pools: Iterable[Sequence[Group]], *, max_tokens: int, seed: int
) -> Iterator[list[Group]]:
    """Yield the batches of each pool, in an order that `seed` fixes."""
    for number, groups in enumerate(pools):
        ready = list(batches(groups, max_tokens=max_tokens))
        random.Random(f"{seed}-{number}").shuffle(ready)
        yield from ready
