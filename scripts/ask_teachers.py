"""Keep what teachers say: `python -m scripts.ask_teachers --data DIR --teacher DIR --out DIR`.

The teachers, results of `scripts.train_reader`, read training questions, chosen and changed as that
command does it; their logits' mean is kept beside each window, for `scripts.train_reader --taught`.
A teacher takes several times as long as the reader that learns from it: asked once, it can teach
for many passes. Killed at any point, the same command goes on with the next pool of questions, and
one with other teachers, questions or seed is refused.

With `--generated` in place of `--data`, the questions are those of a file that
`scripts.write_questions` wrote. What the teachers hold likeliest is then their label, too: nobody
has read the passage to answer them.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import at_least, not_negative, positive, share
from scripts.training.features import LEAST_WINDOW_TOKENS, FeatureMaker, Group, batches
from scripts.training.loss import SpanLogits, collate
from scripts.training.mix import POOL, add_mix_option, in_pools, pool_features, question_pools
from scripts.training.network import free_device, open_tokenizer
from scripts.training.question_sets import TrainingQuestion, read_training_questions
from scripts.training.same_run import check_same_run
from scripts.training.span_model import Teachers
from scripts.training.taught import PARTS, part_path, write_part

_LONGEST_ANSWER = 30
_QUESTIONS = 40_960
# Options that do not decide what a part holds.
_FREE = ("out", "questions", "batch_tokens", "bf16")


def taught(groups: Sequence[Group], teachers: Teachers, *, batch_tokens: int) -> list[Group]:
    """Return the groups with what the teachers say of each window."""
    said: list[Group] = []
    for batch in batches(groups, max_tokens=batch_tokens):
        said += _with_logits(batch, teachers.logits(collate(batch, teachers.device)))
    return said


def _with_logits(groups: Sequence[Group], logits: SpanLogits) -> list[Group]:
    rows = iter(torch.stack(logits, dim=1).half().cpu().numpy())
    return [
        tuple(
            replace(feature, taught=next(rows)[:, : len(feature.ids)].copy()) for feature in group
        )
        for group in groups
    ]


def labelled_as_read(group: Group) -> Group:
    """Return a window with the span that its teachers hold likeliest, or none, as its label."""
    [feature] = group
    if feature.taught is None:
        raise ValueError("no teacher has read this window")
    start, end = feature.taught.astype(np.float32)
    length = np.arange(len(start)) - np.arange(len(start))[:, None]
    spans = np.where((length >= 0) & (length < _LONGEST_ANSWER), start[:, None] + end, -np.inf)
    spans[: feature.passage_start] = spans[:, -1] = -np.inf
    first, last = divmod(int(spans.argmax()), len(start))
    if spans[first, last] < start[0] + end[0]:
        first = last = 0
    return (replace(feature, start=first, end=last),)


def asked_pools(options: argparse.Namespace) -> Iterator[list[TrainingQuestion]]:
    """Return the questions that the teachers are asked."""
    if not options.generated:
        return question_pools(options.data, options.seed, options.mix)
    return in_pools(read_training_questions(options.generated))


def ask(
    teachers: Teachers,
    tokenizer: Tokenizer,
    pools: Iterator[list[TrainingQuestion]],
    options: argparse.Namespace,
) -> None:
    """Write one part after another, those that are there already excepted."""
    near_miss_rate = 0 if options.generated else options.near_miss_rate
    maker = FeatureMaker(tokenizer, options.max_tokens, near_miss_rate)
    parts = None if options.questions is None else -(-options.questions // POOL)
    for number, pool in enumerate(islice(pools, parts)):
        path = part_path(options.out, number)
        if path.exists():
            continue
        began = time.monotonic()
        groups = pool_features(pool, maker, f"{options.seed}-{number}")
        said = taught(groups, teachers, batch_tokens=options.batch_tokens)
        write_part(path, [labelled_as_read(group) for group in said] if options.generated else said)
        rate = len(groups) / (time.monotonic() - began)
        line = {"questions": (number + 1) * POOL, "questions_per_s": round(rate, 2)}
        print(json.dumps(line), flush=True)


def parse_options() -> argparse.Namespace:
    """Read the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    questions = parser.add_mutually_exclusive_group(required=True)
    questions.add_argument("--data", type=Path, help="folder of the training sets")
    questions.add_argument("--generated", type=Path, help="file of scripts.write_questions")
    parser.add_argument(
        "--teacher",
        type=Path,
        action="append",
        required=True,
        help="folder of a trained reader to ask; with several, their mean is kept",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what they say")
    parser.add_argument(
        "--questions",
        type=positive,
        help=f"questions to ask, by the {POOL:,} (default: {_QUESTIONS:,} of --data, or all of "
        "--generated)",
    )
    parser.add_argument(
        "--batch-tokens", type=positive, default=5_000, help="padded tokens a batch"
    )
    parser.add_argument(
        "--max-tokens", type=at_least(LEAST_WINDOW_TOKENS), default=256, help="tokens of a window"
    )
    add_mix_option(parser)
    parser.add_argument("--near-miss-rate", type=share, default=0.3)
    parser.add_argument(
        "--seed", type=not_negative, default=17, help="decides the order of questions"
    )
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products: twice as fast here")
    options = parser.parse_args()
    if options.questions is None and not options.generated:
        options.questions = _QUESTIONS
    return options


def main() -> None:
    """Ask the teachers, saying after each pool how far they are."""
    options = parse_options()
    with told_in_one_line():
        pools = asked_pools(options)
        teachers = Teachers(options.teacher, free_device(), bf16=options.bf16)
        tokenizer = open_tokenizer(options.teacher[0])
        check_same_run(options, free=_FREE, begun=any(options.out.glob(PARTS)))
    ask(teachers, tokenizer, pools, options)


if __name__ == "__main__":
    main()
