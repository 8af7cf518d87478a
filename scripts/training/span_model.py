"""The network that is trained: an encoder with a span head, BERT as shipped or MPNet as teacher."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModelForQuestionAnswering, PreTrainedConfig

from scripts.training.loss import Batch, SpanLogits

_HEAD = "qa_outputs."


def free_device() -> torch.device:
    """Return the GPU where there is one, and the CPU otherwise."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def open_tokenizer(folder: Path) -> Tokenizer:
    """Open the tokenizer of a trained network, which will neither truncate nor pad.

    Raises ValueError if there is none.
    """
    tokenizer: Tokenizer = Tokenizer.from_file(str(_file_of(folder, "tokenizer.json")))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _file_of(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ValueError(f"{folder} is not a folder of a trained network: it lacks {name}")
    return path


class SpanModel(nn.Module):
    """Gives a start and an end logit for each token of a batch."""

    def __init__(self, folder: Path) -> None:
        """Open a Hugging Face folder; one without a span head gets one that starts from chance.

        Raises ValueError if it is none, or if other weights are missing.
        """
        super().__init__()
        _file_of(folder, "config.json")
        weights = _file_of(folder, "model.safetensors")
        self.config: PreTrainedConfig = AutoConfig.from_pretrained(folder)
        # A question is seen once or twice, so dropout only costs time: 1.4 times more on a CPU.
        self.config.hidden_dropout_prob = self.config.attention_probs_dropout_prob = 0.0
        # For passages this short, torch's fused attention is slower on a CPU than the plain one.
        self.config._attn_implementation = "eager"
        self.whole = AutoModelForQuestionAnswering.from_config(self.config)  # type: ignore[no-untyped-call]
        self._load(weights)
        self._has_segments = hasattr(self.config, "type_vocab_size")

    def _load(self, path: Path) -> None:
        # An encoder alone names its weights without the part that it is here.
        part = f"{self.whole.base_model_prefix}."
        weights = {
            name if name.startswith((part, _HEAD)) else part + name: weight.float()
            for name, weight in load_file(path).items()
        }
        loaded = self.whole.load_state_dict(weights, strict=False)
        missing = sorted(name for name in loaded.missing_keys if not name.startswith(_HEAD))
        if missing:
            raise ValueError(f"{path} lacks {missing[0]}")

    def compute_in_bf16(self) -> None:
        """Let the encoder compute in bfloat16 throughout; the span head stays in float32."""
        self.whole.base_model.bfloat16()

    def forward(self, batch: Batch) -> SpanLogits:
        """Return the logits of a batch, in float32."""
        inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if self._has_segments:
            inputs["token_type_ids"] = batch.token_type_ids
        hidden = self.whole.base_model(**inputs).last_hidden_state
        start, end = self.whole.qa_outputs(hidden.float()).unbind(dim=-1)
        return SpanLogits(start, end)


class Teachers:
    """Trained networks that another one learns from."""

    def __init__(self, folders: Sequence[Path], device: torch.device, *, bf16: bool) -> None:
        """Open Hugging Face folders as `scripts.train_reader` writes them."""
        self.device = device
        self._models = [SpanModel(folder) for folder in folders]
        for model in self._models:
            model.to(device).requires_grad_(requires_grad=False)
            if bf16:
                model.compute_in_bf16()

    @torch.no_grad()
    def logits(self, batch: Batch) -> SpanLogits:
        """Return the mean of their logits of a batch: the ensemble's, by geometric means."""
        start, end = zip(*(model(batch) for model in self._models), strict=True)
        return SpanLogits(torch.stack(start).mean(dim=0), torch.stack(end).mean(dim=0))
