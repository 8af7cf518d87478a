"""The network to export and its tokenizer, from a folder or from a model hub."""

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedModel
from transformers.utils.logging import disable_progress_bar

from index.encoding.encoder import bare_tokenizer, is_missing_folder
from qa.errors import ModelError
from scripts.training.network import TOKENIZER_NAME, open_tokenizer

_CURE = (
    "give the folder of a trained network with config.json, model.safetensors and a tokenizer, or "
    "the name of a model for extractive question answering on a reachable hub"
)


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """A network that finds answers, in float32 and ready to be traced, and its bare tokenizer."""

    model: PreTrainedModel
    tokenizer: Tokenizer


def open_network(name: str, *, revision: str = "main") -> TrainedNetwork:
    """Open the network of a folder or, in its `revision`, of a hub's model.

    A revision is a branch, a tag or a commit. Raises ModelError if there is no such network, it was
    not trained to find answers, or its tokenizer does not tell where in a text its tokens stand.
    """
    if is_missing_folder(name):
        raise ModelError(f"cannot open {name!r}: there is no such folder; {_CURE}")
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model, loaded = AutoModelForQuestionAnswering.from_pretrained(
            name,
            revision=revision,
            dtype=torch.float32,
            attn_implementation="eager",  # the pattern that the graph optimizer knows
            output_loading_info=True,
        )
        tokenizer = _open_tokenizer(name, revision)
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot open {name!r}: {str(error).rstrip('.')}; {_CURE}") from error
    if missing := sorted(loaded["missing_keys"]):
        raise ModelError(
            f"{name!r} was not trained to find answers: it lacks {missing[0]}; {_CURE}"
        )
    return TrainedNetwork(model.eval(), tokenizer)


def _open_tokenizer(name: str, revision: str) -> Tokenizer:
    if (Path(name) / TOKENIZER_NAME).is_file():
        return open_tokenizer(Path(name))
    tokenizer = AutoTokenizer.from_pretrained(name, revision=revision)
    if not tokenizer.is_fast:
        raise ValueError("its tokenizer does not tell where in a text its tokens stand")
    return bare_tokenizer(tokenizer.backend_tokenizer)
