"""The saved figures as a table and a plot: python -m benchmarks.plot FIGURES.jsonl [README.md].

With a README, the table is put between its marks; the plot is drawn beside it as latency.png.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import EXTRAPOLATED, Figure, load

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
    shown = f"![Latency against the size of the index](latency.png)\n\n{text}"
    whole = re.sub(f"(?s){BEGIN}.*{END}", lambda _: f"{BEGIN}\n{shown}\n{END}", readme.read_text())
    readme.write_text(whole)


def table(figures: Sequence[Figure]) -> str:
    """In Markdown: what holds for any size, with the stock script beside it; then what is measured by size."""
    lines = ["| | Dateline | stock | ratio | goal |", "|---|---:|---:|---:|---|"]
    lines += [_line(*one.cells) for one in figures if not one.size]
    sized = [one for one in figures if one.size]
    sizes = sorted({one.size for one in sized})
    lines += ["", "By passages in the index, Dateline / stock where there is one to compare:", ""]
    lines += [_line("", *(f"{size:,}" for size in sizes)), "|---" + "|---:" * len(sizes) + "|"]
    for what in dict.fromkeys(one.what for one in sized):
        its = {one.size: one for one in sized if one.what == what}
        lines.append(_line(what, *(_both(its[size]) if size in its else "" for size in sizes)))
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _both(one: Figure) -> str:
    """A cell: ours, and the stock script's if there is one."""
    ours, stock = one.cells[1:3]
    text = f"{ours} / {stock}" if stock else ours
    return f"*{text}*" if one.goal.startswith(EXTRAPOLATED) else text


def curves(figures: Sequence[Figure]) -> Iterator[tuple[str, list[tuple[int, float]]]]:
    """What is drawn, by its name in the figures: passages and milliseconds, by size."""
    measured = [one for one in figures if one.ours and not one.goal.startswith(EXTRAPOLATED)]
    for what in CURVES:
        scale = {
            one.size: one.ours * (1000 if one.unit == "s" else 1) for one in measured if one.what == what and one.ours
        }
        if scale:
            yield what, sorted(scale.items())


def draw(file: Path, figures: Sequence[Figure]) -> None:
    """Latency against the size of the index."""
    from matplotlib.figure import Figure as Picture
    from matplotlib.ticker import FuncFormatter

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
    axes.set_xticks(sorted(sizes), minor=False)
    axes.set_xticks([], minor=True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(color=GRID, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    picture.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    picture.savefig(file)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
