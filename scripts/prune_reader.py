"""Make a trained MPNet narrow: `python -m scripts.prune_reader --model DIR --data DIR --out DIR`.

Leaves out the heads and neurons that are missed least, lets the others make up for them, and
writes a Hugging Face folder that `scripts.train_reader` goes on from, with the whole network as its
`--teacher`. `--data` is the folder of training sets: some of their questions show what is missed.
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import cast

import torch
from torch import Tensor
from transformers import MPNetConfig

from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import not_negative, positive, share
from scripts.pruning.cut import leave_out
from scripts.pruning.evidence import gather_evidence
from scripts.pruning.narrowed import fit_span_head, narrowed, parts_of
from scripts.training.features import FeatureMaker
from scripts.training.loss import Batch, collate
from scripts.training.mix import add_mix_option, feature_pools, question_pools, training_batches
from scripts.training.network import TOKENIZER_NAME, open_tokenizer
from scripts.training.span_model import SpanModel

_WORDS = "mpnet.embeddings.word_embeddings.weight"
_WINDOW_TOKENS = 256
_BATCH_TOKENS = 4_000
_NEAR_MISS_RATE = 0.1


def sample_batches(options: argparse.Namespace) -> list[Batch]:
    """Return the batches of training questions that show what is missed."""
    maker = FeatureMaker(open_tokenizer(options.model), _WINDOW_TOKENS, _NEAR_MISS_RATE)
    pools = feature_pools(
        question_pools(options.data, options.seed, options.mix), maker, options.seed
    )
    stream = training_batches(pools, max_tokens=_BATCH_TOKENS, seed=options.seed)
    return [collate(groups, torch.device("cpu")) for groups in islice(stream, options.batches)]


def prune(model: SpanModel, batches: Sequence[Batch], options: argparse.Namespace) -> None:
    """Write the narrow network to `options.out`."""
    config = cast(MPNetConfig, model.config)
    layers = min(options.layers or config.num_hidden_layers, config.num_hidden_layers)
    whole = _layer_weights(config)
    parts = parts_of(model, gather_evidence(model, batches))
    leave_out(parts, keep=round(options.keep * whole))
    network = narrowed(model, parts, layers=layers)
    found = fit_span_head(network, model, batches)
    if options.step:
        words = network.get_parameter(_WORDS)
        words.data = in_steps(words.data, options.step)
    options.out.mkdir(parents=True, exist_ok=True)
    network.to(torch.float16).save_pretrained(options.out)  # type: ignore[arg-type]
    shutil.copyfile(options.model / TOKENIZER_NAME, options.out / TOKENIZER_NAME)
    left = sum(part.cost * len(part.kept) for part in parts.values())
    print(
        json.dumps(
            {
                "kept": round(left / whole, 3),
                "heads": [len(heads) for heads in network.config.heads],
                "neurons": network.config.neurons,
                "of_the_logits": round(found, 3),
            }
        )
    )


def in_steps(table: Tensor, step: float) -> Tensor:
    """Return the table with each row rounded to steps of so many of its standard deviations."""
    sizes = table.std(dim=1, keepdim=True) * step
    return (table / sizes).round() * sizes


def _layer_weights(config: MPNetConfig) -> int:
    """Return how many weights the layers of the whole MPNet have."""
    width: int = config.hidden_size
    return int(config.num_hidden_layers * width * (4 * width + 2 * config.intermediate_size))


def main() -> None:
    """Read the arguments, cut, and print what is left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of a trained MPNet")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument(
        "--keep",
        type=share,
        default=0.45,
        help="share of the whole network's weights in layers to keep, 0 to 1",
    )
    parser.add_argument(
        "--layers", type=positive, help="keep the lowest of the layers alone, so many of them"
    )
    parser.add_argument(
        "--step",
        type=share,
        default=0,
        help="round word embeddings to steps of this many standard deviations, as the export will, "
        "so that training knows of it",
    )
    parser.add_argument(
        "--batches", type=positive, default=14, help="batches of questions that show what is missed"
    )
    parser.add_argument("--seed", type=not_negative, default=5, help="decides which questions")
    add_mix_option(parser)
    options = parser.parse_args()
    with told_in_one_line():
        model = SpanModel(options.model)
        if not isinstance(model.config, MPNetConfig):
            parser.error(f"{options.model} is a {model.config.model_type}, not an MPNet")
        batches = sample_batches(options)
    prune(model, batches, options)


if __name__ == "__main__":
    main()
