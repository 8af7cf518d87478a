"""Weights as integers of seven bits, with one scale an output."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Seven bits, so that two products fit into the 16 bits in which processors without VNNI add them
# up: the same products on every processor.
WEIGHT_LIMIT = 63


def round_weights(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return 7-bit integers and one scale an output, whose product is nearest to the weights.

    `weights` and the integers are of shape (channels, outputs).
    """
    scales = column_scales(weights, limit=WEIGHT_LIMIT)
    return np.round(weights / scales).astype(np.int8), scales


def column_scales(weights: Floats, *, limit: int, step: float = 0) -> Floats:
    """Return for each column the least scale that has room for it in integers up to `limit`.

    With a `step`, scales are at least so many standard deviations of their columns.
    """
    least = np.abs(weights).max(axis=0) / limit
    if step:
        least = np.maximum(least, weights.std(axis=0) * step)
    scales: Floats = np.maximum(least, 1e-12).astype(np.float32)
    return scales
