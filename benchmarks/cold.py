"""A question from nothing: the process starts, loads, answers, and ends; ours and the stock script by turns."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.command import Measured, dateline, run
from benchmarks.corpus import SAMPLES
from benchmarks.figures import Figure, Options
from index.embed import default_model_folder

QUESTION = "how many flights were screened?"


def measure(options: Options) -> Iterator[Figure]:
    """Over the articles of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        home, store, articles = Path(folder, "home"), Path(folder, "store"), str(SAMPLES / "articles")
        dateline(home, "reindex", articles)
        stock("index", articles, str(store))
        both = [
            (dateline(home, "ask", QUESTION), stock("ask", str(store), QUESTION)) for _ in range(options.repeats + 1)
        ][1:]  # the first ones read everything from the disk
    ours, theirs = [one for one, _ in both], [one for _, one in both]
    yield Figure("cold", "cold ask, the demo", "s", seconds(ours), seconds(theirs), "≤ 1.5 s, ≥ 6 ×")
    yield Figure("cold", "cold ask, peak memory", "MB", megabytes(ours), megabytes(theirs))


def stock(*words: str) -> Measured:
    """Run the stock script."""
    return run(
        sys.executable, str(Path(__file__).with_name("stock.py")), str(default_model_folder()), *words, TQDM_DISABLE="1"
    )


def seconds(runs: list[Measured]) -> float:
    """The median."""
    return statistics.median(one.seconds for one in runs)


def megabytes(runs: list[Measured]) -> float:
    """The most that any held."""
    return max(one.megabytes for one in runs)
