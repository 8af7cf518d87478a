"""The plot of latency by number of passages."""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from scripts.index_figures.scale import ScaleResults

_INK = "#1f4e79"
_MUTED = "#9aa5b1"
_DENSE = "#2a9d8f"
# Measured at each size, and the faster of the two exact kinds.
_EXACT = "exact, float16"


def plot_scale(results: ScaleResults, path: Path) -> None:
    """Write an SVG or PNG: median and p95 over the number of passages, both logarithmic.

    Equal results give an equal file. The dotted line is what linear growth would be.
    """
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "quoth"
    sizes = sorted((one for one in results.whole if not one.is_real), key=lambda one: one.passages)
    passages = [one.passages for one in sizes]
    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for name, colour, times in (
        ("retrieval", _INK, [one.whole for one in sizes]),
        ("dense search", _DENSE, [one.dense for one in sizes]),
    ):
        axes.plot(passages, [t.median_ms for t in times], color=colour, marker="o", label=name)
        axes.plot(
            passages,
            [t.p95_ms for t in times],
            color=colour,
            marker="^",
            linestyle="--",
            label=f"{name}, p95",
        )
    first = sizes[0]
    linear = [first.whole.median_ms * count / first.passages for count in passages]
    axes.plot(passages, linear, color=_MUTED, linestyle=":", label="linear growth")
    exact = [one for one in results.kinds if one.described == _EXACT]
    axes.plot(
        [one.passages for one in exact],
        [one.dense.median_ms for one in exact],
        color=_MUTED,
        marker="x",
        label=_EXACT,
    )
    axes.set(
        title="Latency by number of passages",
        xlabel="passages",
        ylabel="milliseconds, one question at a time",
        xscale="log",
        yscale="log",
    )
    axes.grid(alpha=0.3, which="both")
    figure.legend(loc="outside lower center", ncols=3, fontsize="small")
    figure.savefig(path, dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
