"""An outlet on loopback whose feed has one article, for sources that are added while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from tests.newssite import NewsSite, Outlet, story

FERRIES = "The harbour ferries carried 4,812 passengers on Monday."


def allow_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let settings that are read from now on, and child processes, fetch from this machine, without pauses."""
    monkeypatch.setenv("DATELINE_ALLOW_PRIVATE_HOSTS", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_HOST_PAUSE", "0")


@contextmanager
def harbour() -> Iterator[Outlet]:
    """The outlet, until the block ends."""
    stamina.set_testing(True, attempts=1)
    with NewsSite() as site:
        opened = site.outlet("Harbour Courier")
        published = datetime.now(UTC) - timedelta(hours=1)
        opened.publish("ferries", "Ferries are full", [FERRIES, *story(1)[1]], published=published)
        yield opened
    stamina.set_testing(False)
