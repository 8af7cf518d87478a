"""Train the reader: `python -m scripts.train_reader --data DIR --init DIR --out DIR`.

Killed at any point, the same command goes on from the last checkpoint; only its end, `--questions`
and `--decay`, may be moved. The data is the folder of
training sets, the start a Hugging Face folder of a BERT with its `tokenizer.json`, or one that
`scripts.prepare_teacher` writes. With `--taught` in place of `--data`, the questions are those
that `scripts.ask_teachers` kept, again and again, and the reader learns from what teachers say of
them beside the labels. What `scripts.prune_reader` has cut learns from the whole network with
`--teacher`.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer

from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import at_least, not_negative, share
from scripts.training.features import LEAST_WINDOW_TOKENS, FeatureMaker, Group
from scripts.training.loss import batch_loss, collate
from scripts.training.mix import POOL, add_mix_option, feature_pools, question_pools
from scripts.training.network import free_device, open_tokenizer
from scripts.training.run import Schedule, add_run_options, check_goes_on, train
from scripts.training.span_model import SpanModel, WholeTeacher
from scripts.training.taught import taught_pools


def learned_pools(tokenizer: Tokenizer, options: argparse.Namespace) -> Iterator[list[Group]]:
    """Yield what is read for the questions to learn from, without end."""
    if options.taught:
        return taught_pools(options.taught, options.seed)
    maker = FeatureMaker(tokenizer, options.max_tokens, options.near_miss_rate)
    pools = islice(
        question_pools(options.data, options.seed, options.mix), options.skip // POOL, None
    )
    return feature_pools(pools, maker, options.seed)


def parse_options() -> argparse.Namespace:
    """Read the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    questions = parser.add_mutually_exclusive_group(required=True)
    questions.add_argument("--data", type=Path, help="folder of the training sets")
    questions.add_argument(
        "--taught",
        type=Path,
        action="append",
        help="folder that scripts.ask_teachers wrote; with several, the questions of all",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        help="folder of the network that --init was cut from: it is asked of every question, and "
        "its layers teach those of the same number",
    )
    add_run_options(parser, Schedule(peak=1e-4, warmup=2_000, total=60_000, decay=25_000))
    add_mix_option(parser)
    parser.add_argument(
        "--label-share",
        type=share,
        default=0.5,
        help="part of the loss that is the labels', where teachers read the questions; 0 to 1",
    )
    parser.add_argument(
        "--dropout",
        type=share,
        default=0.0,
        help="share of the hidden states left out, 0 to 1: for questions seen many times",
    )
    parser.add_argument(
        "--frozen-layers",
        type=not_negative,
        help="keep the embeddings and this many of the lowest layers as they are: a large network "
        "learns from more questions in the same time",
    )
    parser.add_argument(
        "--max-tokens", type=at_least(LEAST_WINDOW_TOKENS), default=256, help="tokens of a window"
    )
    parser.add_argument("--near-miss-rate", type=share, default=0.3)
    parser.add_argument(
        "--skip",
        type=not_negative,
        default=0,
        help="questions at the start of that order that the first weights have learned from, a "
        f"multiple of {POOL:,}",
    )
    options = parser.parse_args()
    if options.teacher and options.taught:
        parser.error("--teacher is asked of the questions of --data; leave --taught away")
    if options.skip and options.taught:
        parser.error("--skip counts questions of --data, not of --taught; leave it away")
    if over := options.skip % POOL:
        parser.error(
            f"--skip is by the {POOL:,}: give {options.skip - over} or {options.skip - over + POOL}"
        )
    return options


def main() -> None:
    """Train, saving a checkpoint every few minutes and the finished model at the end."""
    options = parse_options()
    torch.manual_seed(options.seed)
    with told_in_one_line():
        model = SpanModel(options.init, dropout=options.dropout)
        if options.frozen_layers is not None:
            model.freeze(options.frozen_layers)
        teacher = (
            WholeTeacher(options.teacher, free_device(), bf16=options.bf16)
            if options.teacher
            else None
        )
        pools = learned_pools(open_tokenizer(options.init), options)
        check_goes_on(options)

    def loss_of(groups: Sequence[Group]) -> torch.Tensor:
        batch = collate(groups, free_device())
        if teacher:
            return teacher.loss(model, batch, label_share=options.label_share)
        return batch_loss(model(batch), batch, label_share=options.label_share)

    train(model, pools, loss_of, options)


if __name__ == "__main__":
    main()
