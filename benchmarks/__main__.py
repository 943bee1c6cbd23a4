"""Speed and size on this machine: `make bench`. Medians of five; nothing is asserted."""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from benchmarks import discord_load, proof, web
from benchmarks.command import dateline

ROOT = Path(__file__).parents[1]
REPEATS = 5
QUESTION = "how many flights were screened?"
COPIES = 40  # of each sample article, with its numbers changed, so that the embedding rate is measured on enough


def write_corpus(folder: Path) -> None:
    """The samples, many times over, each copy with a town of its own."""
    texts = [path.read_text() for path in sorted((ROOT / "samples" / "articles").rglob("*.txt"))]
    for copy in range(COPIES):
        for number, text in enumerate(texts):
            (folder / f"{number}-{copy}.txt").write_text(f"{text}\nThis was report {copy} of town {number}.\n")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home, corpus = Path(folder, "home"), Path(folder, "corpus")
        corpus.mkdir()
        write_corpus(corpus)
        first = dateline(home, "reindex", str(corpus), "--json")
        again = statistics.median(dateline(home, "reindex", "--json").seconds for _ in range(REPEATS))
        asks = [dateline(home, "ask", QUESTION) for _ in range(REPEATS)]
        samples = Path(folder, "samples")
        dateline(samples, "reindex", str(ROOT / "samples" / "articles"))
        proof.measure(samples)
        discord_load.measure(samples)
    passages = json.loads(first.output)["passages_embedded"]
    rate = passages / first.seconds
    cold = statistics.median(one.seconds for one in asks)
    print(
        f"first reindex       {first.seconds:7.1f} s  {passages} passages, {rate:.0f} a second, {first.megabytes:.0f} MB"
    )
    print(f"unchanged reindex   {again:7.1f} s")
    print(f"cold ask            {cold:7.1f} s  {max(one.megabytes for one in asks):.0f} MB")
    web.main()


if __name__ == "__main__":
    main()
