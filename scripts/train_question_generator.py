"""Train the network that writes questions: `... --data DIR --init DIR --out DIR`.

It learns from the questions that people asked about passages of the training sets, each with its
answer marked, to write others: `scripts.write_questions`. Killed at any point, the same command
goes on from the last checkpoint. The start is a Hugging Face folder of a BERT with its
`tokenizer.json`; a reader will do.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import torch

from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import positive
from scripts.training.features import FeatureMaker
from scripts.training.mix import feature_pools, in_pools
from scripts.training.question_generator import QuestionGenerator
from scripts.training.question_sets import TrainingQuestion, endless, read_training_questions
from scripts.training.run import Schedule, add_run_options, check_goes_on, train

# Sets whose questions can be understood without having seen the passage.
SETS = ("squad1_train", "qed_train", "timeqa_human_train", "fairytaleqa_train")
_LONGEST_ANSWER = 120


def answered_pools(data: Path, seed: int) -> Iterator[list[TrainingQuestion]]:
    """Return pools of questions that have answers of moderate length, each pass in a new order."""
    questions = [
        question
        for name in SETS
        for question in read_training_questions(data / f"{name}.jsonl.gz")
        if question.answers and all(len(text) < _LONGEST_ANSWER for _, text in question.answers)
    ]
    return in_pools(endless(questions, seed))


def parse_options() -> argparse.Namespace:
    """Read the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    add_run_options(parser, Schedule(peak=3e-4, warmup=3_000, total=80_000, decay=40_000))
    parser.add_argument("--max-tokens", type=positive, default=118, help="tokens of a window")
    return parser.parse_args()


def main() -> None:
    """Train, saving a checkpoint every few minutes and the finished network at the end."""
    options = parse_options()
    torch.manual_seed(options.seed)
    with told_in_one_line():
        generator = QuestionGenerator(options.init)
        maker = FeatureMaker(generator.tokenizer, options.max_tokens, near_miss_rate=0)
        questions = answered_pools(options.data, options.seed)
        check_goes_on(options)
    pools = feature_pools(questions, maker, options.seed, change_rates={})
    train(generator, pools, generator.loss, options)


if __name__ == "__main__":
    main()
