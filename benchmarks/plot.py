"""The saved figures as a table and a plot: python -m benchmarks.plot FIGURES.jsonl [README.md].

With a README, the table is put between its marks; the plot is drawn beside it as latency.png.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.figures import Figure, load

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
INK, GRID = "#1b2a41", "#e4e7ec"
# What is drawn, with the colours of Okabe and Ito, "Color universal design", 2008, and a mark of its own.
CURVES = {
    "cold ask": ("cold ask, the process starts and ends", "#d55e00", "o"),
    "warm answer, median": ("warm answer", "#0072b2", "s"),
    "warm retrieval, no filter, median": ("warm retrieval", "#009e73", "^"),
    "warm retrieval, outlets keep 1 %, median": ("warm retrieval, outlets keep 1 %", "#cc79a7", "v"),
    "warm retrieval, dates keep 1 %, median": ("warm retrieval, dates keep 1 %", "#e69f00", "D"),
}


def main(file: Path, readme: Path | None = None) -> None:
    """Print the table, or put it into the README with the plot beside it."""
    machine, figures = load(file)
    text = f"Measured on: {machine}\n\n{table(figures)}"
    if readme is None:
        print(text)
        return
    draw(readme.with_name("latency.png"), figures)
    whole = re.sub(f"(?s){BEGIN}.*{END}", lambda _: f"{BEGIN}\n{text}\n{END}", readme.read_text())
    readme.write_text(whole)


def table(figures: Sequence[Figure]) -> str:
    """In Markdown, one part for each row of the measurement."""
    parts = []
    for row, some in groupby(figures, lambda one: one.row):
        lines = [f"| {' | '.join(one.cells)} |" for one in some]
        parts.append(
            f"### {row}\n\n| | Dateline | stock | ratio | goal |\n|---|---:|---:|---:|---|\n" + "\n".join(lines)
        )
    return "\n\n".join(parts)


def curves(figures: Sequence[Figure]) -> Iterator[tuple[str, list[tuple[int, float]]]]:
    """What is drawn, by its name in the figures: passages and milliseconds, by size."""
    for what in CURVES:
        scale = {
            one.size: (1000 if one.unit == "s" else 1) * one.ours for one in figures if one.what == what and one.ours
        }
        if scale:
            yield what, sorted(scale.items())


def draw(file: Path, figures: Sequence[Figure]) -> None:
    """Latency against the size of the index."""
    from matplotlib.figure import Figure as Picture
    from matplotlib.ticker import FuncFormatter, NullFormatter

    picture = Picture(figsize=(7.6, 4.8), dpi=150, layout="constrained")
    axes = picture.add_subplot(xscale="log", yscale="log")
    sizes = set[int]()
    for what, points in curves(figures):
        label, colour, mark = CURVES[what]
        axes.plot(*zip(*points, strict=True), color=colour, marker=mark, linewidth=2, markersize=7, label=label)
        sizes |= {size for size, _ in points}
    axes.set_title("Latency against the size of the index, medians", loc="left", color=INK, fontsize=12, pad=12)
    axes.set_xlabel("passages in the index", color=INK)
    axes.set_ylabel("milliseconds", color=INK)
    axes.set_xticks(sorted(sizes))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(color=GRID, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    picture.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    picture.savefig(file)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
