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

ARTICLES, QUESTIONS = NEWS / "rgb_dev" / "articles.jsonl", NEWS / "rgb_dev" / "questions.jsonl"
ROW = "quality"


def measure(_options: Options) -> Iterator[Figure]:
    """`dateline eval` over the development questions, with one home of each kind."""
    if not QUESTIONS.exists():
        print(f"quality: skipped, {QUESTIONS} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        dateline(Path(folder, "ours"), "reindex", str(ARTICLES))
        ours = json.loads(dateline(Path(folder, "ours"), "eval", str(QUESTIONS), "--json").output)
        exact = alone(_uncompiled, Path(folder, "exact"))
    names = [name for name, value in exact.items() if value is not None and not name.startswith("latency")]
    for name in names:
        yield Figure(ROW, f"rgb_dev {name}, as set and (second) float32", "", ours[name], exact[name])
    apart = {name: abs(ours[name] - exact[name]) for name in names if 0 <= exact[name] <= 1}
    worst = max(apart, key=lambda name: apart[name])
    yield Figure(ROW, f"rgb_dev, the largest difference of a share, {worst}", "", apart[worst], None, "≤ 0.01")


def _uncompiled(home: Path) -> dict[str, Any]:
    """The figures with the vectors of sentence-transformers itself."""
    with App(Settings(dateline_home=home), SentenceTransformerEmbedder()) as app:
        with app.writing("benchmarks"):
            for _ in app.intake.reindex([recognise(str(ARTICLES))], full=False):
                pass
            app.sync()
        scores = evaluate(app.assistant, read_cases(QUESTIONS), lambda one: check(one, app.archive).verdict.holds)
        return summary(scores)
