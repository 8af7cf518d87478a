"""One training run: what it keeps between steps, its steps, and its checkpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

from scripts.training.features import Group
from scripts.training.loss import Batch, SpanLogits, collate, reader_loss, teaching_loss
from scripts.training.span_model import SpanModel, free_device


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rate by questions seen: warm-up, constant, then linear decay to zero.

    A run can be made longer or shorter while it stands on the constant part (Hu et al. 2024,
    arXiv:2404.06395).
    """

    peak: float
    warmup: int
    total: int
    decay: int

    def rate(self, seen: int) -> float:
        """Return the learning rate after `seen` questions."""
        rise = min(1.0, (seen + 1) / max(1, self.warmup))
        fall = min(1.0, max(0.0, (self.total - seen) / max(1, self.decay)))
        return self.peak * rise * fall


class TrainingRun:
    """The model and its optimizer, with how far they are.

    With `bf16` the encoder computes in bfloat16 throughout, while the optimizer changes weights
    kept in float32 (Micikevicius et al. 2018): twice as fast as autocast on a CPU that has bfloat16
    products. The span head and the loss stay in float32.
    """

    def __init__(
        self, start_from: Path, schedule: Schedule, *, bf16: bool, label_share: float = 0.5
    ) -> None:
        """Open the weights that the run starts from, a folder as `SpanModel` opens it.

        Of what teachers have read, `label_share` (0 to 1) of the loss is that of the labels.
        """
        self.device = free_device()
        self.schedule = schedule
        self.label_share = label_share
        self.batches = 0
        self.questions = 0
        self._model = SpanModel(start_from)
        self._model.to(self.device).train()
        self._weights = {
            name: torch.nn.Parameter(w.detach().clone())
            for name, w in self._model.whole.named_parameters()
        }
        if bf16:
            self._model.compute_in_bf16()
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=schedule.peak, weight_decay=0.01, fused=True
        )

    def step(self, groups: Sequence[Group]) -> float:
        """Learn from one batch, from its teachers too if it has any, and return its loss."""
        batch = collate(groups, self.device)
        logits = self.logits(batch)
        loss = reader_loss(logits, batch)
        if batch.taught is not None:
            taught = teaching_loss(logits, batch.taught, batch)
            loss = self.label_share * loss + (1 - self.label_share) * taught
        loss.backward()  # type: ignore[no-untyped-call]
        self._update()
        self.batches += 1
        self.questions += len(groups)
        return loss.item()

    def logits(self, batch: Batch) -> SpanLogits:
        """Return what the model as it is says of a batch."""
        logits: SpanLogits = self._model(batch)
        return logits

    def _update(self) -> None:
        for name, computed in self._model.whole.named_parameters():
            gradient, computed.grad = computed.grad, None
            self._weights[name].grad = None if gradient is None else gradient.float()
        torch.nn.utils.clip_grad_norm_(self._weights.values(), 1.0)
        for part in self._optimizer.param_groups:
            part["lr"] = self.schedule.rate(self.questions)
        self._optimizer.step()
        self._share_weights()

    @torch.no_grad()
    def _share_weights(self) -> None:
        for name, computed in self._model.whole.named_parameters():
            computed.copy_(self._weights[name])

    def save_checkpoint(self, path: Path) -> None:
        """Write all that the run needs to go on, replacing the former checkpoint at once."""
        state = {
            "model": {name: weight.detach() for name, weight in self._weights.items()},
            "optimizer": self._optimizer.state_dict(),
            "batches": self.batches,
            "questions": self.questions,
        }
        scratch = path.with_suffix(".tmp")
        torch.save(state, scratch)
        scratch.replace(path)

    def load_checkpoint(self, path: Path) -> None:
        """Go on from a checkpoint of the same run."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(state["model"][name])
        self._share_weights()
        self._optimizer.load_state_dict(state["optimizer"])
        self.batches, self.questions = state["batches"], state["questions"]

    def save_model(self, folder: Path) -> None:
        """Write weights (float16) and configuration as a Hugging Face folder."""
        half = {name: w.detach().half().contiguous() for name, w in self._weights.items()}
        save_file(half, folder / "model.safetensors")
        self._model.config.save_pretrained(folder)
