"""Train the reader: `python -m scripts.train_reader --data DIR --init DIR --out DIR`.

Killed at any point, the same command goes on from the last checkpoint. The data is the folder of
training sets, the start a Hugging Face folder of a BERT with its `tokenizer.json`, or one that
`scripts.prepare_teacher` writes. With `--taught` in place of `--data`, the questions are those
that `scripts.ask_teachers` kept, again and again, and the reader learns from what teachers say of
them beside the labels.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer

from scripts.training.features import FeatureMaker, Group
from scripts.training.mix import POOL, feature_pools, question_pools, training_batches
from scripts.training.run import Schedule, TrainingRun
from scripts.training.span_model import open_tokenizer
from scripts.training.taught import taught_pools

SAVE_EVERY_S = 240
REPORT_EVERY_BATCHES = 50


def learned_pools(tokenizer: Tokenizer, options: argparse.Namespace) -> Iterator[list[Group]]:
    """Yield what is read for the questions to learn from, without end."""
    if options.taught:
        return taught_pools(options.taught, options.seed)
    maker = FeatureMaker(tokenizer, options.max_tokens, options.near_miss_rate)
    pools = islice(question_pools(options.data, options.seed), options.skip // POOL, None)
    return feature_pools(pools, maker, options.seed)


def train(run: TrainingRun, pools: Iterator[list[Group]], options: argparse.Namespace) -> None:
    """Learn until the schedule's end, reporting and saving on the way."""
    checkpoint = options.out / "checkpoint.pt"
    stream = training_batches(pools, max_tokens=options.batch_tokens, seed=options.seed)
    saved_at = began = time.monotonic()
    began_with = run.questions
    losses: list[float] = []
    for groups in islice(stream, run.batches, None):
        losses.append(run.step(groups))
        if _passed(run.questions, len(groups), options.snapshot_every):
            save_snapshot(run, options)
        if run.batches % REPORT_EVERY_BATCHES == 0:
            rate = (run.questions - began_with) / (time.monotonic() - began)
            report(run, sum(losses) / len(losses), rate)
            losses = []
        if time.monotonic() - saved_at > SAVE_EVERY_S:
            run.save_checkpoint(checkpoint)
            saved_at = time.monotonic()
        if run.questions >= run.schedule.total:
            break
    run.save_checkpoint(checkpoint)


def _passed(questions: int, learned_now: int, every: int) -> bool:
    """Return whether the last batch reached a multiple of `every`; 0 is never reached."""
    return every > 0 and questions // every > (questions - learned_now) // every


def save_snapshot(run: TrainingRun, options: argparse.Namespace) -> None:
    """Keep the weights as they are now beside those of other moments, to be averaged."""
    folder = options.out / f"after-{run.questions:07d}"
    folder.mkdir(exist_ok=True)
    run.save_model(folder)
    shutil.copyfile(options.init / "tokenizer.json", folder / "tokenizer.json")


def report(run: TrainingRun, loss: float, rate: float) -> None:
    """Print one JSON line that says how far the run is; `rate` is in questions a second."""
    line = {
        "questions": run.questions,
        "loss": round(loss, 4),
        "learning_rate": round(run.schedule.rate(run.questions), 7),
        "questions_per_s": round(rate, 2),
        "minutes_left": round((run.schedule.total - run.questions) / rate / 60, 1),
    }
    print(json.dumps(line), flush=True)


def parse_options() -> argparse.Namespace:
    """Read the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    questions = parser.add_mutually_exclusive_group(required=True)
    questions.add_argument("--data", type=Path, help="folder of the training sets")
    questions.add_argument("--taught", type=Path, help="folder that scripts.ask_teachers wrote")
    parser.add_argument("--init", type=Path, required=True, help="folder of the first weights")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and result")
    parser.add_argument(
        "--label-share",
        type=float,
        default=0.5,
        help="part of the loss that is the labels', where teachers have read the questions; 0 to 1",
    )
    parser.add_argument("--questions", type=int, default=60_000, help="questions to learn from")
    parser.add_argument("--decay", type=int, default=25_000, help="questions of the last part")
    parser.add_argument("--warmup", type=int, default=2_000, help="questions of the first part")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--batch-tokens", type=int, default=5_000, help="padded tokens a batch")
    parser.add_argument("--max-tokens", type=int, default=256, help="tokens of a window")
    parser.add_argument("--near-miss-rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=17, help="decides the order of questions")
    parser.add_argument(
        "--skip",
        type=int,
        default=0,
        help="questions at the start of that order that the first weights have learned from",
    )
    parser.add_argument(
        "--snapshot-every",
        type=int,
        default=0,
        help="keep the weights after this many questions, for scripts.average_readers; 0: never",
    )
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products: twice as fast here")
    return parser.parse_args()


def main() -> None:
    """Train, saving a checkpoint every few minutes and the finished model at the end."""
    options = parse_options()
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    schedule = Schedule(options.learning_rate, options.warmup, options.questions, options.decay)
    try:
        run = TrainingRun(
            options.init, schedule, bf16=options.bf16, label_share=options.label_share
        )
        tokenizer = open_tokenizer(options.init)
        pools = learned_pools(tokenizer, options)
    except (OSError, ValueError) as error:
        sys.exit(f"error: {error}")
    if (options.out / "checkpoint.pt").exists():
        run.load_checkpoint(options.out / "checkpoint.pt")
        print(f"going on after {run.questions:,} questions", flush=True)
    train(run, pools, options)
    run.save_model(options.out)
    tokenizer.save(str(options.out / "tokenizer.json"))


if __name__ == "__main__":
    main()
