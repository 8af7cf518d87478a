"""Make a teacher: `python -m scripts.prepare_teacher --mpnet DIR --reader DIR --out DIR`.

`--mpnet` is the folder of all-mpnet-base-v2, `--reader` one of a BERT reader with its
`tokenizer.json`. MPNet has BERT's vocabulary under other numbers; what is written takes BERT's, so
that teacher and student read the same windows token by token, and `scripts.train_reader` trains
both.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from index.file_identity import sha256_of
from scripts.command_line.failing import told_in_one_line

MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_WORDS = "embeddings.word_embeddings.weight"
_OF_MPNET = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}


def rows_of_mpnet(bert: Tokenizer, mpnet: Tokenizer) -> list[int]:
    """Return for each of BERT's token ids the one that MPNet has for the same token.

    Raises ValueError if MPNet lacks one.
    """
    known = mpnet.get_vocab()
    tokens = sorted(bert.get_vocab().items(), key=lambda item: item[1])
    wanted = [_OF_MPNET.get(token, token) for token, _ in tokens]
    missing = [token for token in wanted if token not in known]
    if missing:
        raise ValueError(f"this MPNet has no token {missing[0]!r}; take all-mpnet-base-v2")
    return [known[token] for token in wanted]


def prepare(mpnet: Path, reader: Path, out: Path) -> None:
    """Write the folder; raises ValueError if the weights are not those of all-mpnet-base-v2."""
    weights_file = mpnet / "model.safetensors"
    found = sha256_of(weights_file)
    if found != MPNET_SHA256:
        raise ValueError(f"{weights_file} has sha256 {found}, not {MPNET_SHA256}")
    tokenizer = Tokenizer.from_file(str(reader / "tokenizer.json"))
    rows = rows_of_mpnet(tokenizer, Tokenizer.from_file(str(mpnet / "tokenizer.json")))
    weights = load_file(weights_file)
    weights[_WORDS] = weights[_WORDS][torch.tensor(rows)].contiguous()
    config = json.loads((mpnet / "config.json").read_bytes())
    config["vocab_size"] = len(rows)
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / "model.safetensors")
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(reader / "tokenizer.json", out / "tokenizer.json")


def main() -> None:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mpnet", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--reader", type=Path, required=True, help="folder of the student")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    options = parser.parse_args()
    with told_in_one_line():
        prepare(options.mpnet, options.reader, options.out)


if __name__ == "__main__":
    main()
