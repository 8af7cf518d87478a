"""The plot of an abstaining evaluation: is confidence honest, and what does abstaining buy?"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from scripts.evaluation.asking import AskedQuestion
from scripts.evaluation.measures import (
    auroc,
    expected_calibration_error,
    reliability,
    risk_coverage,
)

_INK = "#1f4e79"
_MUTED = "#9aa5b1"


def plot_abstaining(asked: Sequence[AskedQuestion], path: Path, *, title: str) -> None:
    """Write a PNG with reliability, risk by coverage, and the two kinds of question apart."""
    mpl.use("Agg")
    confidence = [one.confidence for one in asked]
    right = [one.em == 1.0 for one in asked]
    figure, (left, middle, last) = pyplot.subplots(1, 3, figsize=(13, 4), layout="constrained")
    figure.suptitle(title)

    points = reliability(confidence, right)
    left.plot([0, 1], [0, 1], color=_MUTED, linestyle="--", label="honest")
    left.plot([c for c, _, _ in points], [a for _, a, _ in points], color=_INK, marker="o")
    for mean, accuracy, count in points:
        left.annotate(f"{count}", (mean, accuracy), textcoords="offset points", xytext=(6, -10))
    error = expected_calibration_error(confidence, right)
    left.set(title=f"Confidence is honest: error {error:.3f}", xlim=(0, 1), ylim=(0, 1))
    left.set(xlabel="confidence of the first answer", ylabel="share that is right")

    curve = risk_coverage(confidence, right)
    middle.plot(curve.coverage, curve.risk, color=_INK)
    middle.set(title=f"Risk by coverage: area {curve.area:.3f}", xlim=(0, 1), ylim=(0, 1))
    middle.set(xlabel="share of questions answered, surest first", ylabel="share that is wrong")

    groups = [
        ("answerable", _INK, [o.answerable_probability for o in asked if o.answerable]),
        ("not answerable", _MUTED, [o.answerable_probability for o in asked if not o.answerable]),
    ]
    for name, colour, values in groups:
        last.hist(values, bins=20, range=(0, 1), alpha=0.75, color=colour, label=name)
    area = auroc([o.answerable for o in asked], [o.answerable_probability for o in asked])
    last.set(title=f"Answerable or not: AUROC {area:.3f}", xlim=(0, 1))
    last.set(xlabel="answerable_probability", ylabel="questions")
    last.legend()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
