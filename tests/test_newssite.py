"""The test news site itself: what it serves, and what it logs."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from ingest.extract import from_html
from tests.newssite import Charset, Kind, LiveUpdate, NewsSite, Outlet, fill, story

PUBLISHED = datetime(2024, 11, 12, 18, 30, tzinfo=timezone(timedelta(hours=2)))
TITLE, PARAGRAPHS = story(7)


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with NewsSite() as opened:
        yield opened


@pytest.fixture
def outlet(site: NewsSite) -> Outlet:
    made = site.outlet()
    made.publish("bridge", TITLE, PARAGRAPHS, published=PUBLISHED, author="Omar Haddad")
    return made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5) as opened:
        yield opened


def get(client: httpx.Client, outlet: Outlet, path: str, **headers: str) -> httpx.Response:
    return client.get(outlet.base + path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/news/bridge", "/", "/rss.xml", "/atom.xml", "/feed.json", "/news-sitemap.xml"])
def test_what_the_client_has_is_not_sent_again(outlet: Outlet, client: httpx.Client, path: str) -> None:
    first = get(client, outlet, path)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    earlier = "Mon, 11 Nov 2024 00:00:00 GMT"
    answers = [
        get(client, outlet, path, If_None_Match=etag),
        get(client, outlet, path, If_None_Match=f'"other", W/{etag}'),
        get(client, outlet, path, If_Modified_Since=changed),
        get(client, outlet, path, If_Modified_Since=earlier),
        get(client, outlet, path, If_None_Match='"other"', If_Modified_Since=changed),
        get(client, outlet, path, If_Modified_Since="yesterday"),
    ]
    assert [answer.status_code for answer in answers] == [304, 304, 304, 200, 200, 200]
    assert not answers[0].content
    assert answers[0].headers["ETag"] == etag


def test_a_correction_changes_the_article_and_furniture_changes_only_its_page(
    outlet: Outlet, client: httpx.Client
) -> None:
    def seen() -> tuple[str, datetime, str]:
        page = get(client, outlet, "/news/bridge")
        moment = parsedate_to_datetime(page.headers["Last-Modified"])
        return page.headers["ETag"], moment, from_html(page.text, outlet.url("bridge")).text

    feed = get(client, outlet, "/rss.xml")
    first = seen()
    outlet.furniture("Lost cat found\nTram line closes")
    second = seen()
    assert get(client, outlet, "/rss.xml").headers == feed.headers
    assert second[0] != first[0]
    assert second[1] > first[1]
    assert second[2] == first[2]
    outlet.correct("bridge", [*PARAGRAPHS, "Correction: it was Tuesday."], updated=PUBLISHED + timedelta(hours=1))
    third = seen()
    assert third[0] != second[0]
    assert third[1] > second[1]
    assert third[2].endswith("Correction: it was Tuesday.")


@pytest.mark.parametrize("path", ["/news/bridge", "/news/bridge?utm_source=rss", "/amp/bridge", "/m/bridge"])
def test_every_variant_of_a_page_gives_its_article(outlet: Outlet, client: httpx.Client, path: str) -> None:
    fields = from_html(get(client, outlet, path).text, outlet.base + path)
    assert fields.text == "\n".join(PARAGRAPHS)
    assert (fields.title, fields.authors, fields.outlet) == (TITLE, ("Omar Haddad",), "Harbour Courier")
    assert (fields.published, fields.url) == (PUBLISHED, outlet.url("bridge"))


def test_every_synthetic_story_is_distinct_and_extracted_whole(site: NewsSite, client: httpx.Client) -> None:
    outlet = site.outlet()
    urls = fill(outlet, 50)
    texts = [from_html(client.get(url).text, url).text for url in urls]
    assert texts == ["\n".join(story(n)[1]) for n in range(50)]
    assert len({story(n)[0] for n in range(2000)}) == 2000
    assert all(150 <= len(text.split()) <= 400 for text in texts)


@pytest.mark.parametrize("charset", Charset)
def test_a_page_is_in_its_real_encoding_and_says_what_it_says(
    outlet: Outlet, client: httpx.Client, charset: Charset
) -> None:
    outlet.publish("cafe", "Café “Zoë” reopens", ["Crème brûlée is back."] * 5, published=PUBLISHED, charset=charset)
    page = get(client, outlet, "/news/cafe")
    real, header, meta = charset.value
    assert "Café “Zoë” reopens" in page.content.decode(real)
    assert page.headers["Content-Type"] == (f"text/html; charset={header}" if header else "text/html")
    assert (b"<meta charset=" in page.content) == (meta is not None)


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC), None])
def test_a_date_may_be_odd_or_missing(outlet: Outlet, client: httpx.Client, moment: datetime | None) -> None:
    outlet.publish("odd", TITLE, PARAGRAPHS, published=moment)
    html = get(client, outlet, "/news/odd").text
    assert ("datePublished" in html) == ("published_time" in html) == ("<time" in html) == (moment is not None)
    assert not feedparser.parse(get(client, outlet, "/atom.xml").content).bozo
    if moment:
        assert from_html(html, outlet.url("odd")).published == moment


def test_an_address_can_show_something_that_is_no_article(outlet: Outlet, client: httpx.Client) -> None:
    pages = {}
    for kind in (Kind.PAYWALL, Kind.CONSENT, Kind.SOFT_404, Kind.THIN):
        outlet.show_as("bridge", kind)
        page = get(client, outlet, "/news/bridge")
        assert page.status_code == 200
        assert PARAGRAPHS[-1] not in page.text
        pages[kind] = page.text
    assert '"isAccessibleForFree": false' in pages[Kind.PAYWALL]
    assert "Subscribe to continue reading" in pages[Kind.PAYWALL]
    assert "We value your privacy" in pages[Kind.CONSENT]
    assert "<title>Page not found" in pages[Kind.SOFT_404]
    assert "Page not found" not in pages[Kind.THIN]


def test_a_live_blog_has_the_same_entries_in_its_data_and_on_its_page(outlet: Outlet, client: httpx.Client) -> None:
    moments = [PUBLISHED + timedelta(minutes=n) for n in range(3)]
    entries = [LiveUpdate(moment, f"Entry {n}", f"What happened {n}.") for n, moment in enumerate(moments)]
    outlet.publish("live", "Vote", ["Follow it."], published=PUBLISHED, kind=Kind.LIVE, updates=(entries[0],))
    for entry in entries[1:]:
        outlet.add_update("live", entry)
    html = get(client, outlet, "/news/live").text
    data = json.loads(html.partition('ld+json">')[2].partition("</script>")[0])
    assert data["@type"] == "LiveBlogPosting"
    assert [entry["articleBody"] for entry in data["liveBlogUpdate"]] == [f"What happened {n}." for n in (2, 1, 0)]
    assert [entry["datePublished"] for entry in data["liveBlogUpdate"]] == [
        moment.isoformat() for moment in moments[::-1]
    ]
    assert all(f'<time datetime="{moment.isoformat()}">' in html for moment in moments)
    assert html.count('<article class="live-update"') == 3


@pytest.mark.parametrize("path", ["/rss.xml", "/rss091.xml", "/rss10.xml", "/atom.xml"])
def test_every_xml_feed_parses_and_has_the_article(outlet: Outlet, client: httpx.Client, path: str) -> None:
    outlet.settings.link_query = "utm_source=rss&utm_medium=feed"
    feed = feedparser.parse(get(client, outlet, path).content)
    (entry,) = feed.entries
    assert not feed.bozo
    assert feed.feed.title == "Harbour Courier"
    assert (entry.title, entry.link) == (TITLE, outlet.url("bridge") + "?utm_source=rss&utm_medium=feed")
    if path != "/rss091.xml":
        assert calendar.timegm(entry.get("published_parsed") or entry.updated_parsed) == PUBLISHED.timestamp()
        assert PARAGRAPHS[-1] in entry.content[0].value


def test_the_json_feed_parses_and_has_the_article(outlet: Outlet, client: httpx.Client) -> None:
    feed = get(client, outlet, "/feed.json").json()
    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (item["title"], item["url"]) == (TITLE, outlet.url("bridge"))
    assert datetime.fromisoformat(item["date_published"]) == PUBLISHED


def test_the_sitemap_index_leads_to_titles_and_dates(outlet: Outlet, client: httpx.Client) -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
    index = ElementTree.fromstring(get(client, outlet, "/sitemap.xml").content)  # noqa: S314 - our own
    place = index.findtext("s:sitemap/s:loc", "", names)
    sitemap = ElementTree.fromstring(client.get(place).content)  # noqa: S314 - our own
    assert sitemap.findtext("s:url/s:loc", "", names) == outlet.url("bridge")
    assert sitemap.findtext("s:url/n:news/n:title", "", names) == TITLE
    assert sitemap.findtext("s:url/n:news/n:publication_date", "", names) == PUBLISHED.isoformat()


def test_articles_leave_the_feeds_the_sitemap_and_the_site(outlet: Outlet, client: httpx.Client) -> None:
    def where() -> list[bool]:
        listings = ["/", "/rss.xml", "/feed.json", "/news-sitemap.xml"]
        return [outlet.url("bridge").removeprefix(outlet.base) in get(client, outlet, path).text for path in listings]

    assert where() == [True, True, True, True]
    outlet.drop_from_feed("bridge")
    assert where() == [False, False, False, True]
    assert get(client, outlet, "/news/bridge").status_code == 200
    outlet.withdraw("bridge")
    assert where() == [False, False, False, False]
    assert [get(client, outlet, f"/{kind}/bridge").status_code for kind in ("news", "amp", "m")] == [410] * 3
    outlet.withdraw("bridge", 404)
    assert get(client, outlet, "/news/bridge").status_code == 404


def test_an_outlet_can_be_switched(outlet: Outlet, client: httpx.Client) -> None:
    assert get(client, outlet, "/robots.txt").status_code == 404
    assert 'type="application/rss+xml"' in get(client, outlet, "/").text
    outlet.settings.robots = "User-agent: *\nCrawl-delay: 2\nDisallow: /private\n"
    outlet.settings.advertise_feeds = False
    outlet.settings.compress = True
    outlet.settings.etag = False
    outlet.settings.cache_control = "max-age=60"
    assert "Crawl-delay: 2" in get(client, outlet, "/robots.txt").text
    home = get(client, outlet, "/")
    assert "application/rss+xml" not in home.text
    assert (home.headers["Content-Encoding"], home.headers["Cache-Control"]) == ("gzip", "max-age=60")
    assert "ETag" not in home.headers


def test_the_log_has_every_request_of_each_host(site: NewsSite, outlet: Outlet, client: httpx.Client) -> None:
    other = site.outlet("Valley Post")
    get(client, other, "/")
    get(client, outlet, "/news/bridge?a=1", User_Agent="dateline")
    client.head(outlet.url("bridge"))
    get(client, outlet, "/nothing")
    assert other.base.startswith("http://127.0.0.2:")
    assert [request.path for request in other.log] == ["/"]
    assert [(one.method, one.path, one.status) for one in outlet.log] == [
        ("GET", "/news/bridge?a=1", 200),
        ("HEAD", "/news/bridge", 200),
        ("GET", "/nothing", 404),
    ]
    assert outlet.log[0].headers["user-agent"] == "dateline"
    assert outlet.log[0].time < outlet.log[1].time < outlet.log[2].time
    assert len(outlet.requests("/news/bridge")) == 2
