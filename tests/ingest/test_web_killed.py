"""A pass over the web that is killed loses nothing: what the archive does not have is still on the queue."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.fetch import PoliteFetcher
from tests.ingest.test_web import Desk, publish
from tests.newssite import NewsSite

ROOT = Path(__file__).parents[2]
KILLED = """
import sys
from pathlib import Path
from ingest.fetch import PoliteFetcher
from tests.ingest.conftest import LOOPBACK
from tests.ingest.test_web import Desk
from tests.support import die_at
die_at(sys.argv[2], int(sys.argv[3]))
Desk(Path(sys.argv[1]), PoliteFetcher(LOOPBACK, {}, pause=0)).look()
"""


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("ingest.feeds.FeedStore.waiting", 1),
        ("ingest.archive.Archive.put", 3),
        ("ingest.webstate.WebState.keep", 3),
        ("ingest.feeds.FeedStore.done", 3),
    ],
)
def test_a_killed_pass_run_again_has_every_article_once(
    tmp_path: Path, site: NewsSite, fetcher: PoliteFetcher, method: str, call: int
) -> None:
    outlet = site.outlet()
    urls = {publish(outlet, number) for number in range(6)}
    desk = Desk(tmp_path, fetcher)
    desk.follow(f"{outlet.base}/rss.xml")
    command = [sys.executable, "-c", KILLED, str(tmp_path), method, str(call)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert len(desk.archive.changes(0, 100)) < 6
    desk.look()
    assert {change.article for change in desk.archive.changes(0, 100)} == urls
    assert desk.archive.statistics().revisions == 6
    assert desk.feeds.waiting(f"{outlet.base}/rss.xml") == []
