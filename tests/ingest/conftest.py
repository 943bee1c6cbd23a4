"""A news site on loopback, and a fetcher that may reach it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from ingest.fetch import PoliteFetcher
from ingest.guard import Exceptions
from tests.newssite import NewsSite

LOOPBACK = Exceptions.parse("127.0.0.0/8")


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with NewsSite() as opened:
        yield opened


@pytest.fixture
def fetcher() -> Iterator[PoliteFetcher]:
    """Pauses for a hundredth of a second, and does not wait between attempts."""
    stamina.set_testing(True, attempts=3)
    opened = PoliteFetcher(LOOPBACK, {}, pause=0.01)
    yield opened
    opened.close()
    stamina.set_testing(False)
