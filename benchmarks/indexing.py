"""How fast texts become an index: ours and the stock script by turns, whole runs with all that they load."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cold import megabytes, stock
from benchmarks.command import Measured, Watch, alone, dateline
from benchmarks.corpus import PASSAGES_PER_ARTICLE, articles, build, write_files
from benchmarks.figures import PER_SECOND, Figure, Options, line, milliseconds
from bot.app import App
from bot.config import Settings
from index.embed import default_model_folder
from ingest.chunk import header, passages

RATE = f"passages {PER_SECOND}"
EMBEDDED_ALONE = 4  # one in so many of the passages
STEPS = 10  # points that the line of the full scale is drawn through


def measure(options: Options) -> Iterator[Figure]:
    """Whole runs, then embedding alone; with full_scale also how the time grows."""
    with tempfile.TemporaryDirectory() as folder:
        prepared, texts = Path(folder, "prepared"), Path(folder, "texts")
        yield Figure("indexing", "first article of a home, the model prepared", "s", _prepare(prepared).seconds)
        write_files(texts, round(options.passages / PASSAGES_PER_ARTICLE))
        ours, theirs = list[Measured](), list[Measured]()
        for number in range(options.repeats):
            home = Path(folder, f"home-{number}")
            shutil.copytree(prepared, home)
            ours.append(dateline(home, "reindex", str(texts), "--json"))
            theirs.append(stock("index", str(texts), str(Path(folder, f"store-{number}"))))
        rates = _rate(ours), _rate(theirs)
        yield Figure("indexing", "indexing, the whole run", RATE, *rates, "≥ 2.2 ×")
        yield Figure("indexing", "indexing, peak memory", "MB", megabytes(ours), megabytes(theirs))
        some = round(options.passages / EMBEDDED_ALONE / PASSAGES_PER_ARTICLE)
        rates = alone(_embedding, prepared, some, options.repeats)
        yield Figure("indexing", "embedding alone", RATE, *rates)
        bulk = Path(folder, "bulk")
        shutil.copytree(prepared, bulk)
        yield from _growth("indexing, all but embedding", alone(_all_but_embedding, bulk, options.bulk))
        if options.full_scale:
            yield from _growth("indexing at full scale", _full_scale(Path(folder), prepared, options.full_scale))


def _prepare(home: Path) -> Measured:
    """Have the embedding model chosen and prepared, as the first reindex of a home does."""
    first = home.with_suffix(".txt")
    first.write_text("A first article\n\nThe model is chosen when there is something to embed.\n")
    return dateline(home, "reindex", str(first))


def _rate(runs: list[Measured]) -> float:
    """Passages a second, the median. Ours prints a report last, the stock script the number."""
    return statistics.median(passages_of(one) / one.seconds for one in runs)


def passages_of(one: Measured) -> int:
    """How many passages a run embedded."""
    last = json.loads(one.lines[-1][1])
    return int(last["passages_embedded"] if isinstance(last, dict) else last)


def _embedding(home: Path, count: int, repeats: int) -> tuple[float, float]:
    """Passages a second, ours and sentence-transformers' by turns; both have loaded their model before."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(default_model_folder()))
    with App(Settings(dateline_home=home)) as app:
        embed = app.embedder.embed_documents
        cut = [
            passage
            for one in articles(count)
            for passage in passages(
                one.id,
                1,
                one.text,
                header(one.title, one.outlet, one.published),
                app.embedder.count,
                window=app.embedder.window,
            )
        ]
    texts = [f"{passage.header}\n{passage.text}" for passage in cut]
    both = [(milliseconds(lambda: embed(texts)), milliseconds(lambda: model.encode(texts))) for _ in range(repeats + 1)]
    ours, theirs = (statistics.median(some) for some in zip(*both[1:], strict=True))
    return 1000 * len(texts) / ours, 1000 * len(texts) / theirs


@dataclass(frozen=True, slots=True)
class Bulk:
    """One long run. steps: share of it that was done, and after how many seconds. megabytes: the most it held."""

    passages: int
    seconds: float
    megabytes: float
    steps: list[tuple[float, float]]


def _growth(what: str, bulk: Bulk) -> Iterator[Figure]:
    """Whether the time grows with the passages, by a straight line through ten moments on the way."""
    size, points = bulk.passages, list[tuple[float, float]]()
    for tenth in range(1, STEPS + 1):
        share, seconds = min(bulk.steps, key=lambda step: abs(step[0] - tenth / STEPS))
        points.append((share * size, seconds))
    slope, _, fit = line(points)
    yield Figure("indexing", what, "s", bulk.seconds, size=size)
    yield Figure("indexing", what, RATE, size / bulk.seconds, size=size)
    yield Figure("indexing", f"{what}, peak memory", "MB", bulk.megabytes, None, "< 1,500 MB", size)
    yield Figure("indexing", f"{what}, each 1,000 passages", "s", 1000 * slope, size=size)
    yield Figure("indexing", f"{what}, R² of a straight line", "", fit, size=size)


def _all_but_embedding(home: Path, size: int) -> Bulk:
    """So many passages with vectors that cost next to nothing."""
    steps, started = list[tuple[float, float]](), time.perf_counter()
    with Watch(os.getpid()) as watch:
        build(home, size, lambda done, total: steps.append((done / total, time.perf_counter() - started)))
    with App(Settings(dateline_home=home)) as app:
        number = len(app.keywords)
    return Bulk(number, steps[-1][1], watch.megabytes, steps)


def _full_scale(folder: Path, prepared: Path, size: int) -> Bulk:
    """So many passages with the real model, in one run of the command."""
    texts = folder / "full-scale"
    write_files(texts, round(size / PASSAGES_PER_ARTICLE))
    whole = dateline(prepared, "reindex", str(texts), "--json", "--progress")
    told = [(seconds, json.loads(text)) for seconds, text in whole.lines[:-1]]
    steps = [(one["done"] / one["total"], seconds) for seconds, one in told if one["doing"].startswith("Indexing")]
    return Bulk(passages_of(whole), whole.seconds, whole.megabytes, steps)
