"""Channels with outliers, evened out so that one scale for a whole window is fine enough.

A window's activations are rounded to 256 steps between their least and greatest value. In BERT a
few channels are ten times as large as the others at a few tokens (Bondarenko et al. 2021,
arXiv:2109.12948), and would make the steps coarse for all. They are divided by a factor that the
weights are multiplied by, which changes no product (SmoothQuant, Xiao et al. 2023,
arXiv:2211.10438); the very largest are multiplied apart, in floats (LLM.int8(), Dettmers et al.
2022, arXiv:2208.07339).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoding.rounding import Floats, round_weights

# Channels are evened down to one of these quantiles of their maxima, whichever rounds best.
_QUANTILES = (1.0, 0.998, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5)


@dataclass(frozen=True, slots=True)
class EvenInput:
    """How a dense layer's input is made even.

    `factors`, shape (channels,), at most 1, are multiplied with the input, and are 0 for the
    channels in `apart`, which are multiplied by themselves.
    """

    factors: Floats
    apart: NDArray[np.int64]

    def even_weights(self, weights: Floats) -> Floats:
        """Return the weights, shape (channels, outputs), that go with the evened input."""
        inverse = np.divide(
            1, self.factors, out=np.zeros_like(self.factors), where=self.factors > 0
        )
        even: Floats = weights * inverse[:, None]
        return even


def even_input(inputs: Sequence[Floats], weights: Floats, *, apart: int) -> EvenInput:
    """Return the factors that round the product of inputs and weights best.

    `inputs` are of shape (tokens, channels), one array a window; `weights` are those of all layers
    that share them, side by side, shape (channels, outputs). `apart` is how many of the largest
    channels are multiplied in floats.
    """
    largest = np.max([np.abs(one).max(axis=0) for one in inputs], axis=0)
    alone = np.sort(np.argsort(-largest, kind="stable")[:apart])
    rest = largest.copy()
    rest[alone] = 0
    candidates = []
    for quantile in _QUANTILES:
        factors = 1 / np.maximum(1, rest / max(float(np.quantile(rest, quantile)), 1e-6))
        factors[alone] = 0
        candidates.append(EvenInput(factors.astype(np.float32), alone.astype(np.int64)))
    return min(candidates, key=lambda even: _error(even, inputs, weights))


def _error(even: EvenInput, inputs: Sequence[Floats], weights: Floats) -> float:
    """Return the sum of squares by which rounding changes the products."""
    rounded, scales = round_weights(even.even_weights(weights))
    integers = rounded * scales
    error = 0.0
    for one in inputs:
        whole = one.copy()
        whole[:, even.apart] = 0
        found = _round_input(one * even.factors) @ integers
        error += float(np.square(found - whole @ weights).sum())
    return error


def _round_input(values: Floats) -> Floats:
    """Return the values as ONNX's DynamicQuantizeLinear rounds them."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    scale = max((high - low) / 255, 1e-12)
    zero = round(-low / scale)
    rounded: Floats = (np.clip(np.round(values / scale) + zero, 0, 255) - zero) * scale
    return rounded
