"""Whatever bytes the web sends, the worst that happens is one clear failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import sitemaps
from ingest.errors import ItemError
from ingest.feeds import FeedStore
from ingest.markup import Page
from ingest.responses import Response
from ingest.webpage import read_page
from tests.newssite import NewsSite, fill

T = TypeVar("T")
NOW = datetime(2024, 11, 12, tzinfo=UTC)
FEEDS = ("/rss.xml", "/rss091.xml", "/rss10.xml", "/atom.xml", "/feed.json")
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def whole() -> dict[str, bytes]:
    """Real documents, by path."""
    paths = (*FEEDS, "/news-sitemap.xml", "/news/story-0", "/")
    with NewsSite() as site:
        outlet = site.outlet()
        fill(outlet, number=2)
        return {path: httpx.get(outlet.base + path).content for path in paths}


def attempt(call: Callable[[], T]) -> T | str:
    """What the call gives, or its one clear failure."""
    try:
        return call()
    except ItemError as error:
        message = error.message
    assert message
    assert "\n" not in message
    return message


@st.composite
def damaged(draw: st.DrawFn, *paths: str) -> bytes:
    """A real document with a stretch of it replaced, repeated or cut off; or any bytes at all."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=400))
    document = whole()[draw(st.sampled_from(paths))]
    start = draw(st.integers(0, len(document)))
    end = draw(st.integers(start, min(len(document), start + 400)))
    put = draw(
        st.one_of(st.binary(max_size=60), st.just(document[start:end] * 2), st.just(b"<![CDATA["), st.just(b"&x;"))
    )
    return document[:start] + put + (document[end:] if draw(st.booleans()) else b"")


@SOME
@given(
    damaged("/news/story-0", "/"),
    st.sampled_from(["text/html", "text/html; charset=x", "", "text/html; charset=utf-16"]),
)
def test_any_page_is_an_article_or_one_clear_failure(body: bytes, kind: str) -> None:
    found = attempt(lambda: read_page(body, kind, "https://news.example/a", NOW))
    assert isinstance(found, str) or found.text.strip()


@SOME
@given(damaged("/news-sitemap.xml", "/rss.xml"))
def test_any_sitemap_is_a_list_or_one_clear_failure(body: bytes) -> None:
    found = attempt(lambda: sitemaps.parse(body))
    assert isinstance(found, str) or all(entry.url for entry in found.entries)


@SOME
@given(
    st.one_of(st.text(max_size=300), damaged("/", "/news/story-0").map(lambda body: body.decode("utf-8", "replace")))
)
def test_any_html_has_links_and_data_or_none(html: str) -> None:
    page = Page(html)
    assert all(isinstance(node, dict) for node in page.linked_data())
    assert all(isinstance(link, str) for link in [*page.feeds("https://news.example/"), page.title, page.text])


class Canned:
    """Answers every request with the same bytes."""

    def __init__(self) -> None:
        self.body, self.kind = b"", ""

    def get(self, url: str, **_: str) -> Response:
        return Response(url, 200, {"content-type": self.kind}, self.body)


@pytest.fixture(scope="module")
def canned() -> Canned:
    return Canned()


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory, canned: Canned) -> FeedStore:
    return FeedStore(tmp_path_factory.mktemp("feeds") / "feeds.db", canned)


@SOME
@given(
    damaged(*FEEDS),
    st.sampled_from(["application/rss+xml", "application/feed+json", "text/html", "", "text/xml; charset=nonsense"]),
)
def test_any_feed_is_read_or_one_clear_failure(feeds: FeedStore, canned: Canned, body: bytes, kind: str) -> None:
    canned.body, canned.kind = body, kind
    attempt(lambda: feeds.update("https://news.example/feed"))
    for entry in feeds.waiting("https://news.example/feed"):
        assert isinstance(entry.text, str)


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">%s]><rss version="2.0"><channel>
<title>&z9;</title></channel></rss>""" % b"".join(
    b'<!ENTITY z%d "%s">' % (n, (b"&z%d;" % (n - 1) if n else b"&a;") * 10) for n in range(10)
)


def test_an_entity_bomb_is_one_clear_failure(tmp_path: Path, canned: Canned) -> None:
    canned.body, canned.kind = BILLION_LAUGHS, "application/rss+xml"
    store = FeedStore(tmp_path / "feeds.db", canned)
    with pytest.raises(ItemError, match="no feed"):
        store.update("https://news.example/bomb")
    with pytest.raises(ItemError, match="no sitemap"):
        sitemaps.parse(BILLION_LAUGHS.replace(b"rss", b"urlset"))
    store.close()
