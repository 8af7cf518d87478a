"""What `QUOTH_TARGET_PRECISION` promises, measured on questions that no threshold was fitted on."""

from collections.abc import Sequence

from qa.calibration import PrecisionThreshold


def at_targets(
    thresholds: Sequence[PrecisionThreshold],
    confidence: Sequence[float],
    *,
    answered: Sequence[bool],
    right: Sequence[bool],
) -> dict[str, float]:
    """Return the precision reached at each target, and the share of questions answered then.

    The sequences hold one item a question. `answered` says whether its answer is given where no
    precision is asked for; with a target, it must also be as likely as the threshold says. There
    is no precision of a target at which nothing is answered.
    """
    figures: dict[str, float] = {}
    for threshold in thresholds:
        name = f"target_{round(100 * threshold.precision)}"
        kept = [
            came_true
            for sure, given, came_true in zip(confidence, answered, right, strict=True)
            if given and sure >= threshold.min_confidence
        ]
        if kept:
            figures[f"precision_at_{name}"] = round(sum(kept) / len(kept), 4)
        figures[f"coverage_at_{name}"] = round(len(kept) / max(1, len(confidence)), 4)
    return figures
