"""How fast news comes in from a site on loopback, and what a second look costs: `python -m benchmarks.web`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.newssite import NewsSite, fill

DATELINE = Path(sys.executable).with_name("dateline")
ARTICLES = 2000


def run(home: Path, *words: str) -> tuple[float, float, str]:
    """Wall seconds, peak memory in MB and standard output of one command."""
    environment = {
        **os.environ,
        "DATELINE_HOME": str(home),
        "DATELINE_ALLOW_PRIVATE_HOSTS": "127.0.0.0/8",
        "DATELINE_HOST_PAUSE": "0",
        "DATELINE_PAGES_PER_SOURCE": str(ARTICLES),
    }
    started = time.perf_counter()
    process = subprocess.Popen([DATELINE, *words], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 - it was asked for just above
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_maxrss / 1024, output


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, NewsSite() as site:
        home, outlet = Path(folder), site.outlet()
        fill(outlet, number=ARTICLES)
        feed = f"{outlet.base}/rss.xml"
        ingest, ingest_memory, _ = run(home, "reindex", feed, "--dry-run")
        everything, memory, report = run(home, "reindex", feed, "--json")
        passages = json.loads(report)["passages_embedded"]
        again, again_memory, report = run(home, "reindex", "--json")
        asked = len(outlet.log)
        (source,) = json.loads(report)["sources"]
    print(
        f"ingest of {ARTICLES} pages    {ingest:7.1f} s  {ARTICLES / ingest:5.0f} articles a second, {ingest_memory:.0f} MB"
    )
    print(f"the same, indexed       {everything:7.1f} s  {passages} passages, {memory:.0f} MB")
    print(
        f"no-change re-run        {again:7.1f} s  {again_memory:.0f} MB, {source['failed']} failed, {asked} requests in all"
    )


if __name__ == "__main__":
    main()
