"""What networks in training share: the device, the tokenizer, and weights from a folder."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoConfig, PreTrainedConfig, PreTrainedModel

from index.encoding.encoder import open_bare_tokenizer
from scripts.training import narrow_mpnet  # noqa: F401  (transformers knows it from here on)

TOKENIZER_NAME = "tokenizer.json"


def free_device() -> torch.device:
    """Return the GPU where there is one, and the CPU otherwise."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def open_tokenizer(folder: Path) -> Tokenizer:
    """Open the tokenizer of a trained network, which will neither truncate nor pad.

    Raises ValueError if there is none, or its file is damaged.
    """
    path = _file_of(folder, TOKENIZER_NAME)
    try:
        return open_bare_tokenizer(path)
    except Exception as error:  # the library raises Exception itself
        raise ValueError(f"{path} is not a tokenizer: {error}") from error


def has_segments(config: PreTrainedConfig) -> bool:
    """Return whether a network tells question and passage apart by types of tokens, as BERT does.

    RoBERTa has a table of types, with one row.
    """
    return getattr(config, "type_vocab_size", 0) > 1


def open_config(folder: Path, *, dropout: float = 0.0) -> PreTrainedConfig:
    """Return the configuration of a Hugging Face folder, as networks are trained here.

    `dropout` (0 to 1) is that of hidden states. Raises ValueError if there is no configuration.
    """
    _file_of(folder, "config.json")
    config: PreTrainedConfig = AutoConfig.from_pretrained(folder)
    # Folders may say that their weights are halves; they are trained in float32.
    config.dtype = torch.float32
    config.hidden_dropout_prob = dropout
    # Its random numbers would cost more than they are worth on a CPU.
    config.attention_probs_dropout_prob = 0.0
    # For passages this short, torch's fused attention is slower on a CPU than the plain one.
    config._attn_implementation = "eager"
    return config


def load_weights(network: PreTrainedModel, folder: Path, *, head: str) -> None:
    """Give the network a folder's weights; its head keeps its own where the folder has none.

    The head's weights are those whose names begin with `head`. Raises ValueError if others are
    missing.
    """
    path = _file_of(folder, "model.safetensors")
    # An encoder alone names its weights without the part that it is of the whole.
    part = f"{network.base_model_prefix}."
    weights = {
        name if name.startswith((part, head)) else part + name: weight.float()
        for name, weight in load_file(path).items()
    }
    loaded = network.load_state_dict(weights, strict=False)
    missing = sorted(name for name in loaded.missing_keys if not name.startswith(head))
    if missing:
        raise ValueError(f"{path} lacks {missing[0]}")


def _file_of(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ValueError(f"{folder} is not a folder of a trained network: it lacks {name}")
    return path
