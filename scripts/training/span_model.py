"""The network that is trained: an encoder with a span head, BERT as shipped or MPNet as teacher."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from transformers import AutoModelForQuestionAnswering

from scripts.training.loss import Batch, SpanLogits, batch_loss, states_loss
from scripts.training.network import has_segments, load_weights, open_config


class ReadBatch(NamedTuple):
    """What a network makes of a batch.

    `states` are the embeddings and what each layer gives, shape (rows, tokens, width) each, where
    they were asked for.
    """

    logits: SpanLogits
    states: tuple[torch.Tensor, ...]


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
        return self.read(batch).logits

    def read(self, batch: Batch, *, states: bool = False) -> ReadBatch:
        """Return the logits of a batch, in float32, and with `states` those of all layers."""
        inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if self._has_segments:
            inputs["token_type_ids"] = batch.token_type_ids
        output = self.whole.base_model(**inputs, output_hidden_states=states)
        hidden = output.last_hidden_state.float()
        start, end = self.whole.qa_outputs(hidden).unbind(dim=-1)
        return ReadBatch(SpanLogits(start, end), output.hidden_states if states else ())


class Teachers:
    """Trained networks that another one learns from."""

    def __init__(self, folders: Sequence[Path], device: torch.device, *, bf16: bool) -> None:
        """Open Hugging Face folders as `scripts.train_reader` writes them."""
        self.device = device
        self._models = [_only_asked(folder, device, bf16=bf16) for folder in folders]

    @torch.no_grad()
    def logits(self, batch: Batch) -> SpanLogits:
        """Return the mean of their logits of a batch: the ensemble's, by geometric means."""
        start, end = zip(*(model(batch) for model in self._models), strict=True)
        return SpanLogits(torch.stack(start).mean(dim=0), torch.stack(end).mean(dim=0))


class WholeTeacher:
    """The network that a narrow one was cut from, which teaches it layer by layer."""

    def __init__(self, folder: Path, device: torch.device, *, bf16: bool) -> None:
        """Open the Hugging Face folder of the whole network."""
        self._model = _only_asked(folder, device, bf16=bf16)

    def loss(self, learner: SpanModel, batch: Batch, *, label_share: float) -> torch.Tensor:
        """Return the learner's loss by the labels, by the teacher's logits and by its states.

        The states are those of all the learner's layers but its last, which has to do what is
        left of the teacher's.
        """
        with torch.no_grad():
            wanted = self._model.read(batch, states=True)
        found = learner.read(batch, states=True)
        loss = batch_loss(
            found.logits, replace(batch, taught=wanted.logits), label_share=label_share
        )
        states = states_loss(found.states[1:-1], wanted.states[1:], batch.attention_mask.bool())
        return loss + (1 - label_share) * states


def _only_asked(folder: Path, device: torch.device, *, bf16: bool) -> SpanModel:
    """Open a network that does not learn."""
    model = SpanModel(folder)
    model.to(device).requires_grad_(requires_grad=False)
    if bf16:
        model.compute_in_bf16()
    return model
