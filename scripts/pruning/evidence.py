"""What is asked of a trained network before it is cut: how its parts go together, and matter."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from scripts.training.loss import Batch, reader_loss
from scripts.training.span_model import SpanModel


@dataclass(slots=True)
class Evidence:
    """Of one dense layer: what it was given, and what it mattered what it gave.

    `moments`, shape (inputs, inputs), sums the products of each two of its inputs over tokens;
    `gradients`, shape (outputs,), the squares of the loss's gradient by each of its outputs.
    """

    moments: Tensor
    gradients: Tensor


def gather_evidence(model: SpanModel, batches: Iterable[Batch]) -> dict[str, Evidence]:
    """Return the evidence of the layers that heads and neurons write to, by their names.

    They are those of `written_to`.
    """
    layers = written_to(model)
    evidence = {
        name: Evidence(
            torch.zeros(layer.in_features, layer.in_features), torch.zeros(layer.out_features)
        )
        for name, layer in layers.items()
    }
    recorders = [_Recorder(layer, evidence[name]) for name, layer in layers.items()]
    for batch in batches:
        for recorder in recorders:
            recorder.tokens = batch.attention_mask.bool()
        reader_loss(model(batch), batch).backward()  # type: ignore[no-untyped-call]
        model.zero_grad(set_to_none=True)
    for recorder in recorders:
        recorder.handle.remove()
    return evidence


def written_to(model: SpanModel) -> dict[str, nn.Linear]:
    """Return by name the dense layers whose inputs are what heads and neurons find."""
    return {
        name: module
        for name, module in model.whole.named_modules()
        if name.endswith((".attention.attn.o", ".output.dense"))
        and isinstance(module, nn.Linear)
        and module.in_features
    }


class _Recorder:
    """Adds up one layer's evidence whenever it is used; `tokens` says which are not padding."""

    def __init__(self, layer: nn.Linear, evidence: Evidence) -> None:
        self.tokens = torch.empty(0)
        self._evidence = evidence
        self.handle = layer.register_forward_hook(self._see)

    def _see(self, layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        tokens = self.tokens
        given = inputs[0].detach()[tokens].float()
        self._evidence.moments += given.T @ given
        output.register_hook(lambda gradient: self._feel(gradient[tokens]))  # type: ignore[no-untyped-call]

    def _feel(self, gradient: Tensor) -> None:
        self._evidence.gradients += gradient.float().square().sum(dim=0)
