"""Which heads and neurons of an MPNet are missed least, and weights that make up for them.

What leaving out a part changes of the output that it is written to, the parts that stay make up for
as well as they can: their weights solve the least squares (optimal brain surgeon, Hassibi & Stork
1993; for whole heads and neurons, Kurtic et al. 2023, arXiv:2302.04089). What is then still missing
of each output counts as much as the loss's gradient by it is large. Parts go in rounds, those first
that cost the least for each weight that they take.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from scripts.pruning.evidence import Evidence

_ROUNDS = 6
# Of the mean of the diagonal, so that the moments can be inverted.
_DAMPING = 0.01


@dataclass(slots=True)
class Written:
    """What writes to one dense layer: parts of `size` inputs each, those in `kept` still there.

    `weights` are the layer's, shape (outputs, inputs), before anything was left out; a part takes
    `cost` weights of the network.
    """

    weights: Tensor
    evidence: Evidence
    size: int
    cost: int
    kept: list[int]

    _damped: Tensor = field(init=False)

    def __post_init__(self) -> None:
        moments = self.evidence.moments
        damping = _DAMPING * float(moments.diagonal().mean())
        self._damped = moments + damping * torch.eye(len(moments))

    @property
    def inputs(self) -> list[int]:
        """The inputs that the kept parts are, as the layer numbers them."""
        return [part * self.size + k for part in self.kept for k in range(self.size)]

    def made_up(self) -> Tensor:
        """Return the weights of the kept inputs that make up for the others best."""
        return self._solved()[0]

    def losses(self) -> list[float]:
        """Return what each kept part costs to leave out, made up for by those that stay."""
        if not self.kept:
            return []
        weights, inverse = self._solved()
        outputs = self.evidence.gradients
        losses = []
        for start in range(0, len(inverse), self.size):
            part = slice(start, start + self.size)
            own = weights[:, part]
            missing = (own @ torch.linalg.inv(inverse[part, part])) * own
            losses.append(float((outputs * missing.sum(dim=1)).sum()))
        return losses

    def _solved(self) -> tuple[Tensor, Tensor]:
        inputs = self.inputs
        moments = self._damped
        inverse = torch.cholesky_inverse(torch.linalg.cholesky(moments[inputs][:, inputs]))
        return self.weights @ moments[:, inputs] @ inverse, inverse


def leave_out(written: Mapping[str, Written], *, keep: int) -> None:
    """Leave parts out until those that are kept take at most `keep` weights, in place."""
    whole = _weights(written)
    for round_ in range(1, _ROUNDS + 1):
        target = whole * (keep / whole) ** (round_ / _ROUNDS)
        for name, gone in _cheapest(written, down_to=target).items():
            layer = written[name]
            layer.kept = [part for place, part in enumerate(layer.kept) if place not in gone]


def _cheapest(written: Mapping[str, Written], *, down_to: float) -> Mapping[str, Sequence[int]]:
    """Return the places, in `kept`, of the parts of each layer that go in a round."""
    offered = sorted(
        (loss / layer.cost, name, place)
        for name, layer in written.items()
        for place, loss in enumerate(layer.losses())
    )
    left = _weights(written)
    gone: dict[str, list[int]] = defaultdict(list)
    for _, name, place in offered:
        if left <= down_to:
            break
        gone[name].append(place)
        left -= written[name].cost
    return gone


def _weights(written: Mapping[str, Written]) -> int:
    return sum(len(layer.kept) * layer.cost for layer in written.values())
