"""Whether answers are as good with the compiled embedding model as with the one that it was made from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.command import alone, dateline
from benchmarks.corpus import NEWS
from benchmarks.figures import Figure, Options
from bot.app import App
from bot.config import Settings
from bot.evaluate import evaluate, read_cases, summary
from bot.verify import check
from index.embed import SentenceTransformerEmbedder
from ingest.sources import recognise

SET = NEWS / "rgb_dev"
FILES = ("articles.jsonl", "questions.jsonl")
COUNTS = {"questions", "citations"}


def measure(options: Options) -> Iterator[Figure]:
    """`dateline eval` over the development questions, with one home of each kind."""
    if not SET.exists():
        print(f"quality: skipped, {SET} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        articles, questions = (_first(SET / name, Path(folder), options.lines) for name in FILES)
        dateline(Path(folder, "ours"), "reindex", str(articles))
        ours = json.loads(dateline(Path(folder, "ours"), "eval", str(questions), "--json").output)
        exact = alone(_uncompiled, Path(folder, "exact"), articles, questions)
    names = [name for name, value in exact.items() if value is not None and not name.startswith("latency")]
    for name in names:
        yield Figure("quality", f"rgb_dev {name}, as set and with float32", "", ours[name], exact[name])
    apart = {name: abs(ours[name] - exact[name]) for name in names if name not in COUNTS}
    worst = max(apart, key=lambda name: apart[name])
    yield Figure("quality", f"rgb_dev, the largest difference of a share, {worst}", "", apart[worst])


def _first(file: Path, folder: Path, lines: int | None) -> Path:
    """A copy of its first lines."""
    copy = folder / file.name
    copy.write_text("\n".join(file.read_text().splitlines()[:lines]))
    return copy


def _uncompiled(home: Path, articles: Path, questions: Path) -> dict[str, Any]:
    """The figures with the vectors of sentence-transformers itself."""
    with App(Settings(dateline_home=home), SentenceTransformerEmbedder()) as app:
        with app.writing("benchmarks"):
            for _ in app.intake.reindex([recognise(str(articles))], full=False):
                pass
            app.sync()
        scores = evaluate(app.assistant, read_cases(questions), lambda one: check(one, app.archive).verdict.holds)
        return summary(scores)
