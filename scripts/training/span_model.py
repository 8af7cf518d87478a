"""The network that is trained: an encoder with a span head, BERT as shipped or MPNet as teacher."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModelForQuestionAnswering

from scripts.training.loss import Batch, SpanLogits
from scripts.training.network import has_segments, load_weights, open_config


class SpanModel(nn.Module):
    """Gives a start and an end logit for each token of a batch."""

    def __init__(self, folder: Path, *, dropout: float = 0.0) -> None:
        """Open a Hugging Face folder; one without a span head gets one that starts from chance.

        `dropout` (0 to 1) is that of hidden states in training. Raises ValueError if the folder
        is none, or if other weights are missing.
        """
        super().__init__()
        self.config = open_config(folder, dropout=dropout)
        self.whole = AutoModelForQuestionAnswering.from_config(self.config)  # type: ignore[no-untyped-call]
        load_weights(self.whole, folder, head="qa_outputs.")
        self._has_segments = has_segments(self.config)

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest layers as they are."""
        encoder = self.whole.base_model
        for part in (encoder.embeddings, *encoder.encoder.layer[:layers]):
            part.requires_grad_(requires_grad=False)

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
