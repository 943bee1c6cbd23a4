"""Sources that are for some people only, and others that carry the same articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.records import ParsedArticle, Source, SourceKind, State
from ingest.webstate import WebState
from tests.ingest.test_web import DAY, HOUR, Desk, desk, outlet, publish, told  # noqa: F401 - fixtures
from tests.newssite import Outlet


def follow_privately(desk: Desk, outlet: Outlet) -> Source:  # noqa: F811
    return desk.follow(f"{outlet.base}/atom.xml", outlet="ours", private=True)


def test_articles_of_a_private_source_are_of_its_outlet(desk: Desk, outlet: Outlet) -> None:  # noqa: F811
    url = publish(outlet, 0)
    follow_privately(desk, outlet)
    assert told(desk.look()) == {"new": 1}
    assert desk.article(url).outlet == "ours"


@pytest.mark.parametrize("private_first", [True, False])
def test_an_article_that_a_public_source_brings_too_is_public(
    desk: Desk,  # noqa: F811
    outlet: Outlet,  # noqa: F811
    private_first: bool,
) -> None:
    url = publish(outlet, 0)
    sources = [Source(SourceKind.FEED, f"{outlet.base}/atom.xml", outlet="ours", private=True)]
    sources.append(Source(SourceKind.FEED, f"{outlet.base}/rss.xml"))
    desk.sources.extend(sources if private_first else reversed(sources))
    desk.look()
    desk.look(timedelta(minutes=1))
    assert desk.article(url).outlet == "Harbour Courier"


def test_a_private_source_never_takes_an_article_that_is_there(desk: Desk, outlet: Outlet) -> None:  # noqa: F811
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    follow_privately(desk, outlet)
    assert "updated" not in told(desk.look(2 * HOUR))
    assert desk.article(url).outlet == "Harbour Courier"


def test_a_public_source_that_comes_later_makes_an_article_public(desk: Desk, outlet: Outlet) -> None:  # noqa: F811
    url = publish(outlet, 0)
    follow_privately(desk, outlet)
    desk.look()
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look(2 * HOUR)
    desk.look(4 * HOUR)
    assert desk.article(url).outlet == "Harbour Courier"


def test_what_was_given_up_is_taken_in_again_for_whoever_adds_its_source_next(desk: Desk, outlet: Outlet) -> None:  # noqa: F811
    url = publish(outlet, 0)
    first = follow_privately(desk, outlet)
    desk.look()
    desk.archive.mark_gone([url])
    WebState(desk.archive.database).forget(first.location)
    desk.feeds.forget(first.location)
    desk.sources.remove(first.location)
    desk.follow(first.location, outlet="theirs", private=True)
    desk.look(2 * HOUR)
    assert (desk.article(url).outlet, desk.article(url).state) == ("theirs", State.LIVE)


def test_entries_of_a_feed_that_have_no_page_are_articles_of_it(desk: Desk) -> None:  # noqa: F811
    feed = desk.follow("https://post.example/feed_1")
    parsed = ParsedArticle(id="note", title="Note", text="It rained for three days.")
    desk.archive.put(parsed, f"{feed.location}#entry", DAY)
    desk.archive.put(replace(parsed, id="other"), "https://post.example/feedX1#entry", DAY)
    assert WebState(desk.archive.database).articles_of(feed.location) == ["note"]
