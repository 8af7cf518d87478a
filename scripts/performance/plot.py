"""The plot of latency against quality."""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from scripts.performance.results import ServiceResults

_INK = "#1f4e79"
_MUTED = "#9aa5b1"


def plot_depths(results: ServiceResults, path: Path) -> None:
    """Write an SVG or PNG: EM and F1 over the median latency, a point for each depth.

    Equal results give an equal file. The whisker of a point ends at the 95th percentile.
    """
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "quoth"
    depths = sorted(results.depths, key=lambda depth: depth.passages)
    medians = [depth.whole.median_ms for depth in depths]
    slow = [max(0.0, depth.whole.p95_ms - depth.whole.median_ms) for depth in depths]
    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for name, colour, values in (
        ("F1", _INK, [depth.f1 for depth in depths]),
        ("exact match", _MUTED, [depth.em for depth in depths]),
    ):
        whiskers = [[0.0] * len(slow), slow]
        axes.errorbar(medians, values, xerr=whiskers, fmt="none", ecolor=colour, alpha=0.4)
        axes.plot(medians, values, color=colour, marker="o", label=name)
    for depth, median in zip(depths, medians, strict=True):
        axes.annotate(
            f"{depth.passages}",
            (median, depth.f1),
            textcoords="offset points",
            xytext=(-7, 0),
            ha="right",
            va="center",
        )
    axes.set(
        title="Latency against quality, by passages read",
        xlabel="milliseconds of /v1/ask, 1 client (median; line to the 95th percentile)",
        ylabel="first answer, percent",
    )
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
