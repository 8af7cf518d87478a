"""One training run: what it keeps between steps, its steps, its checkpoints, and its command."""

import argparse
import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import PreTrainedModel

from scripts.command_line.option_types import not_negative, positive, positive_number
from scripts.training.features import Group
from scripts.training.mix import training_batches
from scripts.training.network import free_device
from scripts.training.same_run import check_same_run

SAVE_EVERY_S = 240
REPORT_EVERY_BATCHES = 50
CHECKPOINT_NAME = "checkpoint.pt"
# Options that may change between a checkpoint and what goes on from it.
_FREE = ("out", "questions", "decay", "snapshot_every", "bf16")


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


class Network(Protocol):
    """What can be trained."""

    @property
    def whole(self) -> PreTrainedModel:
        """All that is trained, as transformers keeps it."""
        ...

    def compute_in_bf16(self) -> None:
        """Let what can bear it compute in bfloat16."""
        ...


class TrainingRun:
    """A network and its optimizer, with how far they are.

    With `bf16` the network computes in bfloat16, while the optimizer changes weights kept in
    float32 (Micikevicius et al. 2018): twice as fast as autocast on a CPU that has bfloat16
    products. Weights that need no gradient stay as they are.
    """

    def __init__(self, network: Network, schedule: Schedule, *, bf16: bool) -> None:
        """Begin from the weights that the network has."""
        self.schedule = schedule
        self.batches = 0
        self.questions = 0
        self._whole = network.whole
        self._whole.to(free_device()).train()  # type: ignore[arg-type]
        self._weights = {
            name: torch.nn.Parameter(w.detach().clone(), requires_grad=w.requires_grad)
            for name, w in self._whole.named_parameters()
        }
        # Each as it is computed with, and as the optimizer changes it.
        self._learned = [
            (computed, self._weights[name])
            for name, computed in self._whole.named_parameters()
            if computed.requires_grad
        ]
        if bf16:
            network.compute_in_bf16()
        self._optimizer = torch.optim.AdamW(
            [weight for _, weight in self._learned], lr=schedule.peak, weight_decay=0.01, fused=True
        )

    def learn(self, loss: Tensor, questions: int) -> float:
        """Take one step down the gradient of a batch's loss, and return the loss."""
        loss.backward()  # type: ignore[no-untyped-call]
        for computed, weight in self._learned:
            gradient, computed.grad = computed.grad, None
            weight.grad = None if gradient is None else gradient.float()
        torch.nn.utils.clip_grad_norm_([weight for _, weight in self._learned], 1.0)
        for part in self._optimizer.param_groups:
            part["lr"] = self.schedule.rate(self.questions)
        self._optimizer.step()
        self._share_weights()
        self.batches += 1
        self.questions += questions
        return loss.item()

    @torch.no_grad()
    def _share_weights(self) -> None:
        for computed, weight in self._learned:
            computed.copy_(weight)

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
        state = torch.load(path, map_location=free_device(), weights_only=True)
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
        self._whole.config.save_pretrained(folder)


def check_goes_on(options: argparse.Namespace) -> None:
    """Raise OtherRunError if the checkpoint in `options.out` is of a run with other options.

    The schedule's end may be moved, and what is kept on the way.
    """
    check_same_run(options, free=_FREE, begun=(options.out / CHECKPOINT_NAME).exists())


def train(
    network: Network,
    pools: Iterable[Sequence[Group]],
    loss_of: Callable[[Sequence[Group]], Tensor],
    options: argparse.Namespace,
) -> None:
    """Learn from pools of questions until the schedule's end, and write the finished network.

    Says how far it is and saves on the way; where a checkpoint is there, goes on from it. Of
    `options` it takes those of `add_run_options`.
    """
    schedule = Schedule(options.learning_rate, options.warmup, options.questions, options.decay)
    run = TrainingRun(network, schedule, bf16=options.bf16)
    stream = training_batches(pools, max_tokens=options.batch_tokens, seed=options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.out / CHECKPOINT_NAME
    if checkpoint.exists():
        run.load_checkpoint(checkpoint)
        print(f"going on after {run.questions:,} questions", flush=True)
    saved_at = began = time.monotonic()
    began_with = run.questions
    losses: list[float] = []
    for groups in islice(stream, run.batches, None):
        losses.append(run.learn(loss_of(groups), len(groups)))
        if _passed(run.questions, len(groups), options.snapshot_every):
            _save_network(run, options.init, options.out / f"after-{run.questions:07d}")
        if run.batches % REPORT_EVERY_BATCHES == 0:
            rate = (run.questions - began_with) / (time.monotonic() - began)
            _report(run, sum(losses) / len(losses), rate)
            losses = []
        if time.monotonic() - saved_at > SAVE_EVERY_S:
            run.save_checkpoint(checkpoint)
            saved_at = time.monotonic()
        if run.questions >= run.schedule.total:
            break
    run.save_checkpoint(checkpoint)
    _save_network(run, options.init, options.out)


def _passed(questions: int, learned_now: int, every: int) -> bool:
    """Return whether the last batch reached a multiple of `every`; 0 is never reached."""
    return every > 0 and questions // every > (questions - learned_now) // every


def _save_network(run: TrainingRun, init: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    run.save_model(folder)
    shutil.copyfile(init / "tokenizer.json", folder / "tokenizer.json")


def _report(run: TrainingRun, loss: float, rate: float) -> None:
    line = {
        "questions": run.questions,
        "loss": round(loss, 4),
        "learning_rate": round(run.schedule.rate(run.questions), 7),
        "questions_per_s": round(rate, 2),
        "minutes_left": round((run.schedule.total - run.questions) / rate / 60, 1),
    }
    print(json.dumps(line), flush=True)


def add_run_options(parser: argparse.ArgumentParser, schedule: Schedule) -> None:
    """Add what every command that trains can be told; `schedule` is what it does untold."""
    parser.add_argument("--init", type=Path, required=True, help="folder of the first weights")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and result")
    parser.add_argument(
        "--questions", type=positive, default=schedule.total, help="questions to learn from"
    )
    parser.add_argument(
        "--decay", type=not_negative, default=schedule.decay, help="questions of the last part"
    )
    parser.add_argument(
        "--warmup", type=not_negative, default=schedule.warmup, help="questions of the first part"
    )
    parser.add_argument("--learning-rate", type=positive_number, default=schedule.peak)
    parser.add_argument(
        "--batch-tokens", type=positive, default=5_000, help="padded tokens a batch"
    )
    parser.add_argument(
        "--seed", type=not_negative, default=17, help="decides the order of questions"
    )
    parser.add_argument(
        "--snapshot-every",
        type=not_negative,
        default=0,
        help="keep the weights after this many questions, for scripts.average_readers; 0: never",
    )
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products: twice as fast here")
