"""What is measured: figures of ours and of the stock script side by side, printed and kept."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

PACKAGES = ("onnxruntime", "chromadb", "tantivy", "torch", "sentence-transformers", "langchain-core", "numpy")
PER_SECOND = "a second"
T = TypeVar("T")
EXTRAPOLATED = "on the line"  # no goal, but where a figure comes from


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure with.

    cache: where what takes long to make is kept. sizes: passages of the large homes. questions: asked at each.
    repeats: runs of whatever takes a process of its own. passages: of the texts that are indexed. files: of the folder
    that does not change. pages: of the site on loopback. asked_of_bot: questions. lines: of the question set and of its
    articles, None for all. bulk: passages indexed in one long run without the model. full_scale: the same with it, 0 for
    none.
    """

    cache: Path
    sizes: tuple[int, ...] = (50_000, 100_000, 200_000)
    questions: int = 100
    repeats: int = 5
    passages: int = 1000
    files: int = 20_000
    pages: int = 2000
    asked_of_bot: int = 1000
    lines: int | None = None
    bulk: int = 100_000
    full_scale: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ours, stock: None where there is none to compare. size: passages in the index, if that matters."""

    row: str
    what: str
    unit: str
    ours: float | None = None
    stock: float | None = None
    goal: str = ""
    size: int = 0

    @property
    def ratio(self) -> float | None:
        """How many times better ours is; None of what has no unit."""
        if not (self.unit and self.ours and self.stock):
            return None
        return self.ours / self.stock if self.unit.endswith(PER_SECOND) else self.stock / self.ours

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """What stands in a table: name, ours, stock, ratio, goal."""
        name = f"{self.what}, {self.size:,} passages" if self.size else self.what
        ratio = f"{self.ratio:.1f} ×" if self.ratio else ""
        return name, _number(self.ours, self.unit), _number(self.stock, self.unit), ratio, self.goal


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} {unit}".strip() if abs(value) >= 100 or value == int(value) else f"{value:.3g} {unit}".strip()


def spread(
    row: str,
    what: str,
    ours: Sequence[float],
    stock: Sequence[float] = (),
    *,
    size: int = 0,
    goals: tuple[str, str] = ("", ""),
) -> Iterator[Figure]:
    """The median and the 95th percentile of milliseconds, each with its goal."""
    measures: dict[str, Callable[[Sequence[float]], float]]
    measures = {"median": statistics.median, "95th percentile": _percentile_95}
    for (name, of), goal in zip(measures.items(), goals, strict=True):
        yield Figure(row, f"{what}, {name}", "ms", of(ours), of(stock) if stock else None, goal, size)


def _percentile_95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def milliseconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    return timed(act)[0]


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """How long something takes, in milliseconds, and what it gives."""
    started = time.perf_counter()
    given = act()
    return 1000 * (time.perf_counter() - started), given


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Least squares through (x, y): slope, intercept, and R², 1 where all points lie on the line."""
    slope, intercept = statistics.linear_regression(*zip(*points, strict=True))
    return slope, intercept, statistics.correlation(*zip(*points, strict=True)) ** 2


def machine() -> str:
    """The hardware and the versions that figures hold for."""
    cpu = next((text for text in _lines("/proc/cpuinfo") if text.startswith("model name")), platform.processor())
    vnni = "with" if any("_vnni" in text for text in _lines("/proc/cpuinfo")) else "without"
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = (
        f"{cpu.split(':')[-1].strip()} {vnni} VNNI, {os.cpu_count()} cores, {memory:.0f} GB",
        f"Python {platform.python_version()}",
        *(f"{package} {version(package)}" for package in PACKAGES),
        f"{datetime.now(UTC):%d %b %Y}, load {os.getloadavg()[0]:.1f}",
    )
    return "; ".join(parts)


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def load(file: Path) -> tuple[str, list[Figure]]:
    """The machine and the figures that were saved."""
    found = [json.loads(text) for text in file.read_text().splitlines()]
    machines = [one["machine"] for one in found if "machine" in one]
    return "\n".join(dict.fromkeys(machines)), [Figure(**one) for one in found if "machine" not in one]


def save(file: Path, one: Figure | str) -> None:
    """Add a figure, or the machine, as a line of JSON."""
    with file.open("a") as out:
        out.write(json.dumps({"machine": one} if isinstance(one, str) else asdict(one)) + "\n")
