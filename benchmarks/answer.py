"""Whole answers by size, warm and cold, what each part of a home weighs, and what a million passages would take."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.cold import QUESTION, megabytes, seconds
from benchmarks.command import alone, dateline, resident
from benchmarks.corpus import UNTIL, ClusteredEmbedder, home_of, questions
from benchmarks.figures import EXTRAPOLATED, Figure, Options, line, milliseconds, spread
from bot.app import App
from bot.config import Settings
from bot.records import Question
from index.records import Filter

MILLION = 1_000_000
LEAST_FIT = 0.85  # R²; what fits worse does not grow with the size, or not so that three sizes show it
WARM_UP = 5  # questions
CHUNK = 2**24  # bytes


def measure(options: Options) -> Iterator[Figure]:
    """Each size in processes of its own, then a straight line through them."""
    asked = (questions() * options.questions)[: options.questions]
    lines: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for size in options.sizes:
        for one in _at(home_of(size, options.cache), size, asked, options.repeats):
            yield one
            if one.ours is not None:
                lines[one.what, one.unit].append((size, one.ours))
    if len(options.sizes) > 1:
        for (what, unit), points in lines.items():
            slope, start, fit = line(points)
            if fit >= LEAST_FIT:
                goal = f"{EXTRAPOLATED}, R² {fit:.2f}"
                yield Figure("answer", what, unit, start + slope * MILLION, goal=goal, size=MILLION)


def _at(home: Path, size: int, asked: list[str], repeats: int) -> Iterator[Figure]:
    _read(home)
    yield from spread("answer", "warm answer", alone(_warm, home, asked), size=size, goals=("≤ 250 ms", "≤ 400 ms"))
    cold = [dateline(home, "ask", QUESTION) for _ in range(repeats + 1)][1:]
    yield Figure("answer", "cold ask", "s", seconds(cold), size=size)
    yield Figure("answer", "cold ask, peak memory", "MB", megabytes(cold), size=size)
    for part, first in (("vectors", _vectors), ("keywords", _keywords)):
        took, weight = alone(first, home)
        yield Figure("answer", f"first search of the {part}", "ms", took, size=size)
        yield Figure("answer", f"memory of the {part}", "MB", weight, size=size)
    for part in ("archive.db", "vectors", "keywords"):
        yield Figure("answer", f"disk of {part}", "MB", _bytes(home / part) / 2**20, size=size)


def _warm(home: Path, asked: list[str]) -> list[float]:
    """Milliseconds of each answer, kept in the journal as ever."""
    with App(Settings(dateline_home=home)) as app:
        for question in asked[:WARM_UP]:
            app.assistant.ask(Question(question, UNTIL))
        return [milliseconds(partial(app.assistant.ask, Question(question, UNTIL))) for question in asked]


def _vectors(home: Path) -> tuple[float, float]:
    """Milliseconds of the first search, Chroma's import included, and megabytes that it added."""
    vector = ClusteredEmbedder().embed_query(QUESTION)
    with App(Settings(dateline_home=home)) as app:
        before = resident(os.getpid())
        took = milliseconds(lambda: app.vectors.search(vector, 10, Filter()))
        return took, resident(os.getpid()) - before


def _keywords(home: Path) -> tuple[float, float]:
    """The same of the keyword index, tantivy's import included."""
    with App(Settings(dateline_home=home)) as app:
        before = resident(os.getpid())
        took = milliseconds(lambda: app.keywords.search(QUESTION, 10, Filter()))
        return took, resident(os.getpid()) - before


def _read(home: Path) -> None:
    """Have all its files in the system's cache."""
    for file in _files(home):
        with file.open("rb") as opened:
            while opened.read(CHUNK):
                pass


def _bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in _files(path))


def _files(path: Path) -> list[Path]:
    return [file for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
