"""How fast news comes in from a site on loopback, and what a second look costs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.command import Measured, dateline
from benchmarks.figures import PER_SECOND, Figure, Options
from tests.newssite import NewsSite, fill


def measure(options: Options) -> Iterator[Figure]:
    """One outlet's feed and pages; once, as a first look cannot be repeated."""
    with tempfile.TemporaryDirectory() as folder, NewsSite() as site:
        outlet = site.outlet()
        fill(outlet, number=options.pages)

        def run(*words: str) -> Measured:
            return dateline(
                Path(folder),
                *words,
                DATELINE_ALLOW_PRIVATE_HOSTS="127.0.0.0/8",
                DATELINE_HOST_PAUSE="0",
                DATELINE_PAGES_PER_SOURCE=str(options.pages),
            )

        feed = f"{outlet.base}/rss.xml"
        ingest = run("reindex", feed, "--dry-run")
        first = run("reindex", feed, "--json")
        asked = len(outlet.log)
        again = run("reindex", "--json")
        asked = len(outlet.log) - asked
    passages = json.loads(first.output)["passages_embedded"]
    pages = f"{options.pages:,} pages of a site"
    yield Figure("web", f"{pages}, taken in", f"articles {PER_SECOND}", options.pages / ingest.seconds)
    yield Figure("web", f"{pages}, taken in, peak memory", "MB", ingest.megabytes)
    yield Figure("web", f"{pages}, indexed: {passages:,} passages", "s", first.seconds)
    yield Figure("web", f"{pages}, indexed, peak memory", "MB", first.megabytes)
    yield Figure("web", f"{pages}, looked at again: {asked} requests", "s", again.seconds)
