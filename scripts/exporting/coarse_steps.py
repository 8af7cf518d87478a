"""Weights in coarse steps, which a compressed file has room for, and what makes up for them.

A step is a share of the standard deviation of the weights that it rounds; most of the integers are
then small, and by their frequencies take half of the eight bits. What rounding one weight changes
of a product, the weights behind it make up for as well as they can (GPTQ, Frantar et al. 2023,
arXiv:2210.17323, after Hassibi & Stork 1993).
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.rounding import WEIGHT_LIMIT, Floats, column_scales
from scripts.exporting.outliers import EvenInput

# Of the mean of the diagonal, so that the matrix can be inverted and nothing is made up for by
# chance (Frantar et al. 2023, section 3.3).
_DAMPING = 0.01
# Weights that are rounded one after the other before what is left of them is told to the others.
_BLOCK = 128


class SecondMoments:
    """How the channels that dense layers are given go together, in many windows."""

    def __init__(self, recorded: Iterable[Mapping[str, Floats]]) -> None:
        """Add up what `dense_inputs` yields for each window."""
        self._sums: dict[str, Floats] = {}
        for given in recorded:
            for name, values in given.items():
                moment = values.T @ values
                self._sums[name] = self._sums[name] + moment if name in self._sums else moment

    def of(self, name: str, even: EvenInput) -> NDArray[np.float64]:
        """Return the sum of the products of each two channels of an evened input."""
        evened: NDArray[np.float64] = (
            self._sums[name].astype(np.float64) * even.factors[:, None] * even.factors
        )
        return evened


class Rounding(Protocol):
    """Rounds the weights of a dense layer to integers and one scale an output."""

    def __call__(
        self, weights: Floats, even: EvenInput, name: str
    ) -> tuple[NDArray[np.int8], Floats]:
        """Round evened weights, shape (channels, outputs), of a layer with the input `name`."""
        ...


def coarsely(moments: SecondMoments, *, step: float) -> Rounding:
    """Return what rounds to steps of so many standard deviations of an output's weights."""

    def rounded(weights: Floats, even: EvenInput, name: str) -> tuple[NDArray[np.int8], Floats]:
        scales = column_scales(weights, limit=WEIGHT_LIMIT, step=step)
        return rounded_in_turn(weights, scales, moments.of(name, even)), scales

    return rounded


def rounded_in_turn(
    weights: Floats, scales: Floats, moments: NDArray[np.float64]
) -> NDArray[np.int8]:
    """Return integers of at most `WEIGHT_LIMIT` whose product with inputs is near the weights'.

    Shapes are (channels, outputs), (outputs,) and (channels, channels): `moments` are the inputs'
    sums of products. Channels are rounded one after the other, and what that changes is taken out
    of the later ones as far as these go together with it.
    """
    channels = len(weights)
    damped = moments + np.eye(channels) * max(_DAMPING * float(np.diag(moments).mean()), 1e-9)
    # Row k: what is missing in channel k, made up for by channels k and later.
    shares = np.linalg.cholesky(np.linalg.inv(damped)).T.astype(np.float32)
    left = weights.astype(np.float32).copy()
    integers = np.zeros(weights.shape, dtype=np.int8)
    for start in range(0, channels, _BLOCK):
        end = min(start + _BLOCK, channels)
        missing = np.zeros((end - start, weights.shape[1]), dtype=np.float32)
        for channel in range(start, end):
            found = np.clip(np.round(left[channel] / scales), -WEIGHT_LIMIT, WEIGHT_LIMIT)
            integers[channel] = found
            error = (left[channel] - found * scales) / shares[channel, channel]
            left[channel:end] -= shares[channel, channel:end, None] * error
            missing[channel - start] = error
        left[end:] -= shares[start:end, end:].T @ missing
    return integers
