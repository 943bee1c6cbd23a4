"""How fast news comes in from a site on loopback, and what a second look costs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.command import Measured, dateline
from tests.newssite import NewsSite, fill

ARTICLES = 2000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, NewsSite() as site:
        outlet = site.outlet()
        fill(outlet, number=ARTICLES)

        def run(*words: str) -> Measured:
            return dateline(
                Path(folder),
                *words,
                DATELINE_ALLOW_PRIVATE_HOSTS="127.0.0.0/8",
                DATELINE_HOST_PAUSE="0",
                DATELINE_PAGES_PER_SOURCE=str(ARTICLES),
            )

        feed = f"{outlet.base}/rss.xml"
        ingest = run("reindex", feed, "--dry-run")
        first = run("reindex", feed, "--json")
        asked = len(outlet.log)
        again = run("reindex", "--json")
        asked = len(outlet.log) - asked
    passages = json.loads(first.output)["passages_embedded"]
    rate = ARTICLES / ingest.seconds
    print(
        f"{ARTICLES} pages, ingest   {ingest.seconds:7.1f} s  {rate:.0f} articles a second, {ingest.megabytes:.0f} MB"
    )
    print(f"the same, indexed   {first.seconds:7.1f} s  {passages} passages, {first.megabytes:.0f} MB")
    print(f"no-change re-run    {again.seconds:7.1f} s  {asked} requests, {again.megabytes:.0f} MB")


if __name__ == "__main__":
    main()
