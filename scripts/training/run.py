"""One training run: what it keeps between steps, its steps, and its checkpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForQuestionAnswering

from scripts.training.features import Group
from scripts.training.loss import collate, reader_loss


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

    def __init__(self, start_from: Path, schedule: Schedule, *, bf16: bool) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.schedule = schedule
        self.batches = 0
        self.questions = 0
        self._config = BertConfig.from_json_file(start_from / "config.json")
        # A question is seen once or twice, so dropout only costs time: 1.4 times more on a CPU.
        self._config.hidden_dropout_prob = self._config.attention_probs_dropout_prob = 0.0
        # For passages this short, torch's fused attention is slower on a CPU than the plain one.
        self._config._attn_implementation = "eager"
        self._model = BertForQuestionAnswering(self._config)
        weights = load_file(start_from / "model.safetensors")
        # An encoder without a span head may be given: its head starts from chance.
        self._model.load_state_dict({name: w.float() for name, w in weights.items()}, strict=False)
        self._model.to(self.device).train()  # type: ignore[arg-type]  # the stub of `to` is wrong
        self._weights = {
            name: torch.nn.Parameter(w.detach().clone())
            for name, w in self._model.named_parameters()
        }
        if bf16:
            self._model.bert.bfloat16()
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=schedule.peak, weight_decay=0.01, fused=True
        )

    def step(self, groups: Sequence[Group]) -> float:
        """Learn from one batch and return its loss."""
        batch = collate(groups, self.device)
        hidden = self._model.bert(
            input_ids=batch.input_ids,
            attention_mask=batch.attention_mask,
            token_type_ids=batch.token_type_ids,
        ).last_hidden_state
        start_logits, end_logits = self._model.qa_outputs(hidden.float()).unbind(dim=-1)
        loss = reader_loss(start_logits, end_logits, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        self._update()
        self.batches += 1
        self.questions += len(groups)
        return loss.item()

    def _update(self) -> None:
        for name, computed in self._model.named_parameters():
            gradient, computed.grad = computed.grad, None
            self._weights[name].grad = None if gradient is None else gradient.float()
        torch.nn.utils.clip_grad_norm_(self._weights.values(), 1.0)
        for part in self._optimizer.param_groups:
            part["lr"] = self.schedule.rate(self.questions)
        self._optimizer.step()
        self._share_weights()

    @torch.no_grad()
    def _share_weights(self) -> None:
        for name, computed in self._model.named_parameters():
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
        self._config.save_pretrained(folder)
