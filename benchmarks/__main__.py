"""Speed and size on this machine: `make bench`. Medians of five; nothing is asserted."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATELINE = Path(sys.executable).with_name("dateline")
REPEATS = 5
QUESTION = "how many flights were screened?"
COPIES = 40  # of each sample article, with its numbers changed, so that the embedding rate is measured on enough


def write_corpus(folder: Path) -> None:
    """The samples, many times over, each copy with a town of its own."""
    texts = [path.read_text() for path in sorted((ROOT / "samples" / "articles").rglob("*.txt"))]
    for copy in range(COPIES):
        for number, text in enumerate(texts):
            (folder / f"{number}-{copy}.txt").write_text(f"{text}\nThis was report {copy} of town {number}.\n")


def run(home: Path, *words: str) -> tuple[float, str]:
    """Wall seconds and standard output of one command."""
    started = time.perf_counter()
    done = subprocess.run(
        [DATELINE, *words], env={**os.environ, "DATELINE_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, done.stdout


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home, corpus = Path(folder, "home"), Path(folder, "corpus")
        corpus.mkdir()
        write_corpus(corpus)
        first, report = run(home, "reindex", str(corpus), "--json")
        passages = json.loads(report)["passages_embedded"]
        again = statistics.median(run(home, "reindex", "--json")[0] for _ in range(REPEATS))
        cold = statistics.median(run(home, "ask", QUESTION)[0] for _ in range(REPEATS))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"first reindex       {first:7.1f} s  {passages} passages, {passages / first:.0f} a second, start-up included"
    )
    print(f"unchanged reindex   {again:7.1f} s")
    print(f"cold ask            {cold:7.1f} s")
    print(f"peak memory         {peak:7.0f} MB")


if __name__ == "__main__":
    main()
