"""Draw how often answers are wrong against how many questions are answered."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".png", ".svg")
INK, GREY, ACCENT = "#1b2a41", "#8a94a6", "#c8412b"

Point = tuple[float, float, float]  # threshold, coverage, risk


def require_plot(file: Path) -> None:
    """Make sure that a plot can be drawn as this file, before there is anything to draw.

    Raises:
        UsageError: its name is not that of a picture, or matplotlib is not installed.
    """
    if file.suffix.lower() not in FORMATS:
        raise UsageError(f"--plot {file} ends in neither .png nor .svg", hint="name it such as risk.png")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib, which is not installed", hint='pip install "dateline[plot]"')


def plot_risk(file: Path, points: Sequence[Point], threshold: float) -> None:
    """Draw the risk at each coverage as a .png or .svg, with the threshold in force marked.

    points: as `scores.risk_coverage` has them, the highest threshold first.

    Raises:
        UsageError: the file cannot be written.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    # A Figure of its own needs no display: pyplot, which might want one, is never loaded.
    figure = Figure(figsize=(7.2, 4.6), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlim=(0, 1), ylim=(0, 1.1 * max([0.2, *(risk for _, _, risk in points)])))
    axes.set_title("How often an answer is wrong, as the threshold falls", loc="left", color=INK, fontsize=12, pad=12)
    axes.set_xlabel("coverage: share of all questions that are answered", color=INK)
    axes.set_ylabel("risk: share of the answered that are wrong", color=INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(color="#e4e7ec", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    if points:
        _draw_curves(axes, points, threshold)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, labelcolor="linecolor", fontsize=9)
    try:
        figure.savefig(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="check the path") from error


def _draw_curves(axes: Axes, points: Sequence[Point], threshold: float) -> None:
    coverage = [share for _, share, _ in points]
    right = coverage[-1] * (1 - points[-1][2])
    ideal = [max(0.0, 1 - right / share) for share in coverage]
    axes.plot(coverage, [risk for _, _, risk in points], color=INK, linewidth=2, clip_on=False, label="by confidence")
    if answered := [point for point in points if point[0] >= threshold]:
        _, share, risk = answered[-1]
        label = f"threshold {threshold:.2g}: {share:.0%} answered, {risk:.0%} of them wrong"
        axes.plot(share, risk, "o", color=ACCENT, markersize=9, clip_on=False, zorder=3, label=label)
    axes.plot(
        coverage, ideal, color=GREY, linestyle=(0, (4, 3)), clip_on=False, zorder=1.9, label="with perfect confidence"
    )
