"""Average trained readers: `python -m scripts.average_readers --model RUN --model RUN --out DIR`.

Readers that one run led to from another lie close enough for the mean of their weights to be a
reader too, and a better one than each of them (model soups, Wortsman et al. 2022,
arXiv:2203.05482).
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from qa.errors import ModelError
from scripts.command_line.failing import told_in_one_line

WEIGHTS = "model.safetensors"
_KEPT = ("config.json", "tokenizer.json")


def average(models: Sequence[Path], out: Path) -> None:
    """Write the mean of the models' weights (float16) to `out`, a folder as they are.

    Configuration and tokenizer are the first one's. Raises ModelError if a file is missing or
    damaged, or if the models do not have the same weights in the same shapes.
    """
    first, *others = (_weights(folder) for folder in models)
    shapes = {name: weight.shape for name, weight in first.items()}
    for folder, weights in zip(models[1:], others, strict=True):
        if {name: weight.shape for name, weight in weights.items()} != shapes:
            raise ModelError(
                f"{folder / WEIGHTS} does not have the same weights in the same shapes as "
                f"{models[0] / WEIGHTS}; average readers that were trained from one another"
            )
    mean = {
        name: torch.stack([weights[name].float() for weights in (first, *others)])
        .mean(dim=0)
        .half()
        .contiguous()
        for name in first
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(mean, out / WEIGHTS)
    for name in _KEPT:
        if (models[0] / name).resolve() != (out / name).resolve():
            shutil.copyfile(models[0] / name, out / name)


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    try:
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"cannot read {folder / WEIGHTS}: {error}; give folders that scripts.train_reader wrote"
        ) from error


def main() -> None:
    """Read the arguments and average."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", type=Path, action="append", required=True, help="folder of a trained model"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of their mean")
    options = parser.parse_args()
    if len(options.model) < 2:
        parser.error("give --model at least twice")
    with told_in_one_line():
        average(options.model, options.out)


if __name__ == "__main__":
    main()
