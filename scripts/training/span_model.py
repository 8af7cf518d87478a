"""The network that is trained: an encoder with a span head, BERT as shipped or MPNet as teacher."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForQuestionAnswering, PreTrainedConfig

from scripts.training.loss import Batch, SpanLogits

# An encoder of sentences has a part for whole sentences that reading has no use for.
_NOT_FOR_READING = ("pooler.", "embeddings.position_ids")


class SpanModel(nn.Module):
    """Gives a start and an end logit for each token of a batch."""

    def __init__(self, folder: Path) -> None:
        """Open a Hugging Face folder; one without a span head gets one that starts from chance.

        Raises ValueError if other weights are missing.
        """
        super().__init__()
        self.config: PreTrainedConfig = AutoConfig.from_pretrained(folder)
        # A question is seen once or twice, so dropout only costs time: 1.4 times more on a CPU.
        self.config.hidden_dropout_prob = self.config.attention_probs_dropout_prob = 0.0
        # For passages this short, torch's fused attention is slower on a CPU than the plain one.
        self.config._attn_implementation = "eager"
        self.whole = AutoModelForQuestionAnswering.from_config(self.config)  # type: ignore[no-untyped-call]
        self.whole.load_state_dict(self._weights_in(folder), strict=False)
        self._has_segments = hasattr(self.config, "type_vocab_size")

    def _weights_in(self, folder: Path) -> dict[str, Tensor]:
        prefix = f"{self.whole.base_model_prefix}."
        weights: dict[str, Tensor] = {}
        for name, weight in load_file(folder / "model.safetensors").items():
            if name.removeprefix(prefix).startswith(_NOT_FOR_READING):
                continue
            is_named = name.startswith((prefix, "qa_outputs."))
            weights[name if is_named else prefix + name] = weight.float()
        wanted = {name for name, _ in self.whole.named_parameters()}
        missing = sorted(wanted - weights.keys() - {"qa_outputs.weight", "qa_outputs.bias"})
        if missing:
            raise ValueError(f"{folder / 'model.safetensors'} lacks {missing[0]}")
        return weights

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


class Teacher:
    """A trained network that another one learns from."""

    def __init__(self, folder: Path, device: torch.device, *, bf16: bool) -> None:
        """Open a Hugging Face folder as `scripts.train_reader` writes it."""
        self._model = SpanModel(folder)
        self._model.to(device).requires_grad_(requires_grad=False)
        if bf16:
            self._model.compute_in_bf16()

    @torch.no_grad()
    def logits(self, batch: Batch) -> SpanLogits:
        """Return its logits of a batch."""
        return SpanLogits(*self._model(batch))
