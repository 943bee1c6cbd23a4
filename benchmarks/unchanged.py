"""What it costs to find out that nothing has changed in a large folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cold import megabytes, seconds
from benchmarks.command import dateline
from benchmarks.corpus import embedding_into, write_files
from benchmarks.figures import Figure, Options
from benchmarks.indexing import passages_of
from ingest.sources import recognise


def measure(options: Options) -> Iterator[Figure]:
    """The folder and its home are made at the first time, without the embedding model."""
    folder = options.cache / f"unchanged-{options.files}"
    home, texts = folder / "home", folder / "texts"
    if not (folder / "ready").exists():
        _fill(home, texts, options.files)
        (folder / "ready").touch()
    runs = [dateline(home, "reindex", str(texts), "--json") for _ in range(options.repeats)]
    what = f"reindex of {options.files:,} unchanged files"
    yield Figure("unchanged", what, "s", seconds(runs), None, "< 5 s")
    yield Figure("unchanged", f"{what}, passages embedded", "", sum(map(passages_of, runs)), None, "0")
    yield Figure("unchanged", f"{what}, peak memory", "MB", megabytes(runs))


def _fill(home: Path, texts: Path, files: int) -> None:
    if not texts.exists():
        write_files(texts, files)
    with embedding_into(home) as app, app.writing("benchmarks"):
        for _ in app.intake.reindex([recognise(str(texts))], full=False):
            pass
        app.sync()
