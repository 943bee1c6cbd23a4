"""A news site, followed from day to day: what is taken in, what is asked for, and what becomes of it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.errors import StorageError
from ingest.feeds import FeedStore
from ingest.fetch import PoliteFetcher
from ingest.records import Article, Outcome, Source, SourceKind, State, Status
from ingest.sources import SourceList
from ingest.web import Limits, WebPass
from ingest.webstate import PageState, WebState
from tests.newssite import Charset, Kind, LiveUpdate, NewsSite, Outlet, Redirect, Replaced, Slow, external_entity, story
from tests.newssite import Status as Answers

DAY = datetime(2024, 11, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Desk:
    """An archive with one list of sources, read at chosen moments."""

    def __init__(self, folder: Path, fetcher: PoliteFetcher) -> None:
        self.archive = Archive.open(f"sqlite:///{folder / 'archive.db'}")
        self.sources = SourceList(folder / "sources.toml")
        self.feeds = FeedStore(folder / "feeds.db", fetcher)
        self.fetcher = fetcher

    def follow(self, location: str, kind: SourceKind = SourceKind.FEED, **fields: object) -> Source:
        source = Source(kind, location, **fields)  # type: ignore[arg-type]
        self.sources.add(source)
        return source

    def look(self, after: timedelta = timedelta(), limits: Limits | None = None) -> list[Outcome]:
        """One pass over the sources; what became of each page."""
        passing = WebPass(
            self.archive, self.feeds, self.fetcher, self.sources, DAY + after, limits or Limits(), lambda *_: None
        )
        return list(passing.run([source for source in self.sources.load() if not source.ended]))

    def article(self, url: str) -> Article:
        found = self.archive.article(url)
        assert found is not None
        return found

    def state(self, url: str) -> PageState:
        return WebState(self.archive.database).pages([url])[url]

    def text(self, url: str) -> str:
        revision = self.archive.revision(url, self.article(url).revision)
        assert revision is not None
        return revision.text


@pytest.fixture
def desk(tmp_path: Path, fetcher: PoliteFetcher) -> Iterator[Desk]:
    opened = Desk(tmp_path, fetcher)
    yield opened
    opened.feeds.close()
    opened.archive.close()


@pytest.fixture
def outlet(site: NewsSite) -> Outlet:
    return site.outlet("Harbour Courier")


def publish(outlet: Outlet, number: int, **fields: object) -> str:
    title, paragraphs = story(number)
    return outlet.publish(f"story-{number}", title, paragraphs, published=DAY - HOUR, **fields)  # type: ignore[arg-type]


def told(outcomes: Sequence[Outcome]) -> dict[str, int]:
    names = [str(one.status) for one in outcomes]
    return {name: names.count(name) for name in names}


@pytest.mark.parametrize("feed", ["rss.xml", "rss091.xml", "rss10.xml", "atom.xml", "feed.json"])
def test_every_kind_of_feed_brings_the_articles_of_its_pages(desk: Desk, outlet: Outlet, feed: str) -> None:
    urls = [publish(outlet, number) for number in range(3)]
    desk.follow(f"{outlet.base}/{feed}")
    assert told(desk.look()) == {"new": 3}
    title, paragraphs = story(0)
    article = desk.article(urls[0])
    assert (article.title, article.outlet, article.flags) == (title, "Harbour Courier", ())
    assert article.published == DAY - HOUR
    assert all(paragraph in desk.text(urls[0]) for paragraph in paragraphs)


def test_a_second_look_is_conditional_and_takes_in_nothing(desk: Desk, outlet: Outlet) -> None:
    for number in range(3):
        publish(outlet, number)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    asked, seq = len(outlet.log), desk.archive.seq
    assert told(desk.look(2 * HOUR)) == {"unchanged": 3}
    later = outlet.log[asked:]
    assert [request.status for request in later] == [304] * 4
    assert all("if-none-match" in request.headers for request in later)
    assert desk.archive.seq == seq


def test_a_look_right_after_asks_for_the_feed_alone(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    asked = len(outlet.log)
    assert desk.look(timedelta(minutes=1)) == []
    assert [request.path for request in outlet.log[asked:]] == ["/rss.xml"]


def test_a_corrected_page_becomes_a_revision(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.correct("story-0", [*story(0)[1][:-1], "The mayor resigned on Tuesday evening, the town hall confirmed."])
    assert told(desk.look(2 * HOUR)) == {"updated": 1}
    assert desk.article(url).revision == 2
    assert "The mayor resigned" in desk.text(url)


def test_changed_furniture_is_no_revision(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.furniture("Ten walks for a wet weekend\nWhere to eat by the harbour\n1,204 readers now")
    assert told(desk.look(2 * HOUR)) == {"unchanged": 1}
    assert desk.article(url).revision == 1


def test_an_old_article_is_not_asked_for_again(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    assert told(desk.look(80 * HOUR)) == {"unchanged": 1}
    asked = len(outlet.log)
    desk.look(90 * HOUR)
    assert [request.path for request in outlet.log[asked:]] == ["/rss.xml"]


def test_an_old_article_is_asked_for_again_when_its_feed_says_that_it_changed(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    desk.look(80 * HOUR)
    outlet.correct("story-0", [*story(0)[1], "The mayor resigned on Tuesday evening, the town hall confirmed."])
    assert told(desk.look(90 * HOUR)) == {"updated": 1}
    assert desk.article(url).revision == 2


def test_leaving_the_feed_changes_nothing(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    publish(outlet, 1)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.drop_from_feed("story-0")
    desk.look(2 * HOUR)
    assert desk.article(url).state is State.LIVE


def test_a_page_that_is_missing_twice_a_day_apart_is_gone(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.fault("/news/story-0", Answers(404))
    assert told(desk.look(2 * HOUR)) == {"unchanged": 1}
    assert desk.look(10 * HOUR) == []
    assert desk.article(url).state is State.LIVE
    assert told(desk.look(27 * HOUR)) == {"gone": 1}
    assert desk.article(url).state is State.GONE
    assert desk.text(url)


def test_a_page_that_comes_back_was_never_gone(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.fault("/news/story-0", Answers(410), times=1)
    desk.look(2 * HOUR)
    assert told(desk.look(27 * HOUR)) == {"unchanged": 1}
    assert desk.article(url).state is State.LIVE


def test_a_removed_article_never_returns_by_feed(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    desk.archive.remove(url)
    outlet.correct("story-0", ["It is back, with a new text that nobody asked for, and many words to go with it."])
    desk.look(2 * HOUR)
    assert desk.article(url).state is State.REMOVED
    assert desk.text(url) == ""


@pytest.mark.parametrize("asks", ["Cache-Control", "Retry-After"])
def test_a_feed_is_not_asked_while_its_server_wants_to_be_left_alone(desk: Desk, outlet: Outlet, asks: str) -> None:
    if asks == "Cache-Control":
        outlet.settings.cache_control = "public, max-age=600"
    else:
        outlet.fault("/rss.xml", Answers(429, retry_after=600), times=1)
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    desk.fetcher._hosts.clear()  # as in the next run
    desk.look(2 * HOUR)
    assert len(outlet.requests("/rss.xml")) == 1


@pytest.mark.parametrize("charset", list(Charset))
def test_a_page_reads_right_whatever_its_server_says_of_its_letters(
    desk: Desk, outlet: Outlet, charset: Charset
) -> None:
    text = "Café owners in Zürich paid €3 — “too much”, said señor Núñez on Tuesday evening."
    url = outlet.publish("cafe", "Café prices", [text, *story(0)[1]], published=DAY - HOUR, charset=charset)
    desk.follow(url, SourceKind.PAGE)
    assert told(desk.look()) == {"new": 1}
    assert text in desk.text(url)


def test_a_page_that_fails_for_now_stays_on_the_queue(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    outlet.fault("/news/story-0", Answers(503), times=3)
    (failed,) = desk.look()
    assert (failed.status, failed.error and failed.error.message) == (Status.FAILED, "the server answered 503")
    assert told(desk.look(HOUR)) == {"new": 1}


def test_the_other_pages_of_a_host_that_asks_to_wait_stay_on_the_queue(desk: Desk, outlet: Outlet) -> None:
    for number in range(4):
        publish(outlet, number)
    desk.follow(f"{outlet.base}/rss.xml")
    until = datetime.now(UTC) + timedelta(days=2)
    outlet.fault("/news/story-0", Answers(429, retry_after=until), times=1)
    first = told(desk.look())
    assert first["failed"] >= 2
    assert len(outlet.requests("/news/story-0")) == 1
    desk.fetcher._hosts.clear()  # as in the next run
    later = told(desk.look(until - DAY + HOUR))
    assert later["new"] == first["failed"]
    assert [desk.article(outlet.url(f"story-{number}")).flags for number in range(4)] == [()] * 4


def test_pages_of_a_host_that_is_down_stay_on_the_queue(desk: Desk, outlet: Outlet) -> None:
    for number in range(6):
        publish(outlet, number)
    desk.follow(f"{outlet.base}/rss.xml")
    for number in range(6):
        outlet.fault(f"/news/story-{number}", Answers(503))
    assert told(desk.look()) == {"failed": 6}
    for number in range(6):
        outlet.mend(f"/news/story-{number}")
    desk.fetcher._hosts.clear()
    assert told(desk.look(HOUR)) == {"new": 6}


def test_an_unchanged_page_keeps_its_sources_interval_and_its_validators(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml", interval=600)
    desk.look()
    assert told(desk.look(11 * HOUR)) == {"unchanged": 1}
    assert desk.look(13 * HOUR) == []
    before = desk.state(url)
    outlet.fault("/news/story-0", Answers(304))  # bare, as some servers send it
    assert told(desk.look(22 * HOUR)) == {"unchanged": 1}
    assert (desk.state(url).etag, desk.state(url).last_modified) == (before.etag, before.last_modified)


def test_a_page_that_asks_to_wait_is_not_asked_before(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    until = datetime.now(UTC) + timedelta(days=2)
    outlet.fault("/news/story-0", Answers(429, retry_after=until), times=1)
    assert told(desk.look()) == {"failed": 1}
    before = len(outlet.requests("/news/story-0"))
    early = until - DAY - HOUR
    desk.fetcher._hosts.clear()  # as in the next run
    desk.look(early)
    assert len(outlet.requests("/news/story-0")) == before
    assert told(desk.look(early + 2 * HOUR)) == {"new": 1}


@pytest.mark.parametrize("kind", [Kind.PAYWALL, Kind.CONSENT, Kind.SOFT_404, Kind.THIN])
def test_where_the_page_gives_no_article_the_feeds_own_text_is_used_and_marked(
    desk: Desk, outlet: Outlet, kind: Kind
) -> None:
    url = publish(outlet, 0, kind=kind)
    desk.follow(f"{outlet.base}/rss.xml")
    assert told(desk.look()) == {"new": 1}
    assert desk.article(url).flags == ("feed text only",)
    assert story(0)[1][1] in desk.text(url)


def test_a_syndicated_copy_under_another_headline_is_the_same_story(desk: Desk, site: NewsSite) -> None:
    first, second = site.outlet("One"), site.outlet("Two")
    title, paragraphs = story(0)
    urls = [publish(first, 0), second.publish("copy", f"Exclusive: {title}", paragraphs, published=DAY - HOUR)]
    other = publish(second, 1)
    for outlet in (first, second):
        desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    assert {desk.article(url).story for url in urls} == {min(urls)}
    assert desk.article(other).story == ""


def test_a_feed_does_not_speak_for_another_publisher(desk: Desk, site: NewsSite) -> None:
    paper, impostor = site.outlet("Harbour Courier"), site.outlet("Impostor")
    paper.settings.robots = "User-agent: *\nDisallow: /news/"
    theirs = publish(paper, 0)
    feed = f"""<rss version="2.0"><channel><title>Impostor</title><item><guid>1</guid><link>{theirs}</link>
        <title>Mayor resigns</title><description>The mayor resigned, says this feed and nobody else, over a bribe.
        </description></item></channel></rss>"""
    impostor.fault("/rss.xml", Replaced(feed.encode(), "application/rss+xml"))
    desk.follow(f"{impostor.base}/rss.xml")
    (outcome,) = desk.look()
    assert outcome.article == f"{impostor.base}/rss.xml#1"
    assert desk.article(f"{impostor.base}/rss.xml#1").url == ""
    assert desk.archive.article(theirs) is None


def test_a_thin_page_takes_no_text_from_another_publishers_feed(desk: Desk, site: NewsSite) -> None:
    paper, impostor = site.outlet("Harbour Courier"), site.outlet("Impostor")
    theirs = publish(paper, 0, kind=Kind.THIN)
    words = "The mayor resigned, says this feed and nobody else, over a bribe. " * 8
    feed = f"""<rss version="2.0"><channel><title>Impostor</title><item><guid>1</guid><link>{theirs}</link>
        <title>Mayor resigns</title><description>{words}</description></item></channel></rss>"""
    impostor.fault("/rss.xml", Replaced(feed.encode(), "application/rss+xml"))
    desk.follow(f"{impostor.base}/rss.xml")
    desk.look()
    assert "bribe" not in desk.text(theirs)
    assert desk.article(theirs).flags == ()


@pytest.mark.parametrize("kind", [Kind.PAYWALL, Kind.CONSENT, Kind.SOFT_404])
def test_a_page_that_closes_later_takes_nothing_away(desk: Desk, outlet: Outlet, kind: Kind) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    outlet.show_as("story-0", kind)
    assert told(desk.look(2 * HOUR)) == {"unchanged": 1}
    assert desk.article(url).revision == 1


def test_a_page_without_article_and_without_feed_text_fails_once(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0, kind=Kind.PAYWALL)
    desk.follow(f"{outlet.base}/news-sitemap.xml", SourceKind.SITEMAP)
    (failed,) = desk.look()
    assert failed.error is not None
    assert failed.error.message == "it is behind a paywall"
    assert desk.look(HOUR) == []


def test_headline_and_summary_only_asks_for_no_page(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml", summary_only=True)
    assert told(desk.look()) == {"new": 1}
    assert desk.article(url).flags == ("feed text only",)
    assert outlet.requests("/news/story-0") == []


def test_a_sources_own_outlet_and_language_are_used(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    desk.follow(f"{outlet.base}/rss.xml", outlet="The Courier", language="de")
    desk.look()
    assert (desk.article(url).outlet, desk.article(url).language) == ("The Courier", "de")


def test_patterns_choose_by_address_and_title(desk: Desk, outlet: Outlet) -> None:
    for number in range(4):
        publish(outlet, number)
    desk.follow(f"{outlet.base}/rss.xml", include=("*/news/*",), exclude=("*/story-0", story(1)[0].upper()))
    assert sorted(Path(one.item).name for one in desk.look()) == ["story-2", "story-3"]
    assert desk.look(timedelta(minutes=1)) == []


def test_tracking_parameters_amp_and_mobile_pages_are_one_article(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    outlet.settings.link_query = "utm_source=rss&utm_medium=feed"
    desk.follow(f"{outlet.base}/rss.xml")
    for variant in (f"{outlet.base}/amp/story-0", f"{outlet.base}/m/story-0?fbclid=1", f"{url}#comments"):
        desk.follow(variant, SourceKind.PAGE)
    desk.look()
    assert {change.article for change in desk.archive.changes(0, 10)} == {url}
    assert desk.article(url).revision == 1


def test_a_site_is_followed_by_its_feed_else_by_its_sitemap(desk: Desk, site: NewsSite) -> None:
    with_feed, without = site.outlet("One"), site.outlet("Two")
    without.settings.advertise_feeds = False
    for number, outlet in enumerate((with_feed, without)):
        publish(outlet, number)
        desk.follow(outlet.base, SourceKind.SITE)
    assert told(desk.look()) == {"new": 2}
    assert with_feed.requests("/rss.xml")
    assert not without.requests("/rss.xml")


def test_a_sitemap_is_asked_conditionally_and_lists_only_what_is_new(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/sitemap.xml", SourceKind.SITEMAP)
    assert told(desk.look()) == {"new": 1}
    publish(outlet, 1)
    assert told(desk.look(timedelta(minutes=5))) == {"new": 1}
    assert len(outlet.requests("/news/story-0")) == 1
    desk.look(timedelta(minutes=10))
    assert [request.status for request in outlet.requests("/news-sitemap.xml")] == [200, 200, 304]


def test_a_packed_sitemap_is_unpacked(desk: Desk, outlet: Outlet) -> None:
    url = publish(outlet, 0)
    listed = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}</loc></url></urlset>'
    outlet.fault("/sitemap.xml.gz", Replaced(gzip.compress(listed.encode()), "application/gzip"))
    desk.follow(f"{outlet.base}/sitemap.xml.gz", SourceKind.SITEMAP)
    assert told(desk.look()) == {"new": 1}


def test_a_queue_that_cannot_be_written_is_one_clear_error(tmp_path: Path, fetcher: PoliteFetcher) -> None:
    (tmp_path / "feeds.db").write_text("not a database, " * 100)
    with pytest.raises(StorageError, match="entries cannot be read or written"):
        FeedStore(tmp_path / "feeds.db", fetcher)


def test_a_moved_feed_moves_the_source_and_keeps_its_queue(desk: Desk, outlet: Outlet) -> None:
    publish(outlet, 0)
    desk.follow(f"{outlet.base}/old.xml", tags=("local",))
    outlet.fault("/old.xml", Redirect("/rss.xml", status=301))
    assert told(desk.look()) == {"new": 1}
    assert desk.sources.load() == [Source(SourceKind.FEED, f"{outlet.base}/rss.xml", tags=("local",))]
    publish(outlet, 1)
    assert told(desk.look(timedelta(minutes=5))) == {"new": 1}


def test_a_feed_that_is_gone_ends_and_is_not_asked_again(desk: Desk, outlet: Outlet) -> None:
    desk.follow(f"{outlet.base}/rss.xml")
    outlet.fault("/rss.xml", Answers(410))
    (failed,) = desk.look()
    assert failed.error is not None
    assert "gone for good" in failed.error.message
    assert desk.sources.load()[0].ended
    asked = len(outlet.log)
    assert desk.look(HOUR) == []
    assert len(outlet.log) == asked


def test_a_feed_that_refers_to_a_file_reads_no_file(desk: Desk, outlet: Outlet, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the launch code is 4711 and nobody may know it")
    outlet.fault("/rss.xml", external_entity((tmp_path / "secret.txt").as_uri()))
    desk.follow(f"{outlet.base}/rss.xml")
    desk.look()
    kept = [desk.text(change.article) for change in desk.archive.changes(0, 10)]
    assert "4711" not in repr((kept, desk.feeds.title(f"{outlet.base}/rss.xml")))


def test_a_broken_source_does_not_keep_the_others_out(desk: Desk, site: NewsSite) -> None:
    broken, fine = site.outlet("One"), site.outlet("Two")
    publish(fine, 0)
    broken.fault("/rss.xml", Replaced(b"<html><body>Sorry</body></html>", "text/html"))
    desk.follow(f"{broken.base}/rss.xml")
    desk.follow(f"{fine.base}/rss.xml")
    assert told(desk.look()) == {"failed": 1, "new": 1}


def test_limits_hold_and_the_rest_comes_with_the_next_run(desk: Desk, outlet: Outlet) -> None:
    for number in range(5):
        publish(outlet, number)
    desk.follow(f"{outlet.base}/rss.xml")
    assert told(desk.look(limits=Limits(pages_a_source=2))) == {"new": 2}
    assert told(desk.look(limits=Limits(pages=2))) == {"new": 2}
    assert told(desk.look()) == {"new": 1}


def test_hosts_are_asked_side_by_side_and_each_one_page_at_a_time(desk: Desk, site: NewsSite) -> None:
    outlets = [site.outlet(f"Outlet {n}") for n in range(4)]
    for outlet in outlets:
        outlet.fault("*", Slow(0.1))
        for number in range(3):
            publish(outlet, number)
        desk.follow(f"{outlet.base}/rss.xml")
    started = time.monotonic()
    assert told(desk.look()) == {"new": 12}
    assert time.monotonic() - started < 4 * 3 * 0.1 + 1.5
    for outlet in outlets:
        times = [request.time for request in outlet.log]
        assert min(later - earlier for earlier, later in pairwise(times)) >= 0.1


def test_a_live_blog_keeps_the_date_of_each_update(desk: Desk, outlet: Outlet) -> None:
    updates = tuple(
        LiveUpdate(DAY - n * HOUR, f"Update number {n}", f"The river stood at {n + 3} metres and rose further.")
        for n in range(1, 3)
    )
    url = publish(outlet, 0, kind=Kind.LIVE, updates=updates)
    desk.follow(url, SourceKind.PAGE)
    desk.look()
    lines = desk.text(url).split("\n")
    assert lines[lines.index("12 November 2024, 11:00 UTC") + 1] == "Update number 1"
    assert "12 November 2024, 10:00 UTC" in lines


@pytest.mark.parametrize("year", [1970, 2199])
def test_a_date_that_cannot_be_is_doubted_and_flagged(desk: Desk, outlet: Outlet, year: int) -> None:
    title, paragraphs = story(0)
    url = outlet.publish("odd", title, paragraphs, published=datetime(year, 1, 2, tzinfo=UTC))
    desk.follow(url, SourceKind.PAGE)
    desk.look()
    assert desk.article(url).published is None
    assert desk.article(url).flags[0] == f"published date doubted: {year}-01-02"


def test_a_page_without_date_has_none(desk: Desk, outlet: Outlet) -> None:
    title, paragraphs = story(0)
    url = outlet.publish("undated", title, paragraphs, published=None)
    desk.follow(url, SourceKind.PAGE)
    desk.look()
    assert desk.article(url).published is None
