"""What a source on the web points to: pages that may be articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from ingest import sitemaps
from ingest.errors import ItemError
from ingest.extract import Fields, clean
from ingest.feeds import FeedEntry, FeedStore
from ingest.furniture import strip_furniture
from ingest.markup import Page
from ingest.records import Source, SourceKind
from ingest.responses import MOST_BYTES, Fetcher, FetchError, Response, inflate
from ingest.sitemaps import SitemapEntry
from ingest.urls import canonical, same_site
from ingest.webpage import decode_page, doubt_dates
from ingest.webstate import PageState

FEED_START = re.compile(rb"<(?:rss|feed|rdf:RDF)\b|\"version\"\s*:\s*\"https://jsonfeed\.org", re.I)
GZIP = b"\x1f\x8b"
SITEMAP_START = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.I)
LIKELY_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
SITEMAPS_OF_AN_INDEX = 3  # the newest; news sites keep one for each month of their history
THIN_WORDS = 40  # of a page's text; what the feed has may be better
SUMMARY_WORDS = 5  # a feed's text with fewer words says nothing


@dataclass(frozen=True, slots=True)
class Lead:
    """A page that may be an article. url: canonical, empty when a feed's entry has no page.

    changed: when its sitemap says that it was published or changed. feed, entry: where it was found in a feed.
    """

    url: str
    source: Source
    title: str = ""
    changed: datetime | None = None
    feed: str = ""
    entry: FeedEntry | None = None

    @property
    def place(self) -> str:
        """Where it stands in its feed."""
        return f"{self.feed}#{self.entry.id if self.entry else ''}"

    @property
    def key(self) -> str:
        """What tells it from others: its page, else its place."""
        return self.url or self.place


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source found. moved_to: where the source has moved to for good. error: why nothing was.

    sitemaps: as they were found, to be remembered once their leads are taken in.
    """

    source: Source
    leads: Sequence[Lead] = ()
    moved_to: str = ""
    error: ItemError | None = None
    sitemaps: Sequence[Response] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an address is. title: what it calls itself. feeds, sitemaps: what a site offers, best first."""

    kind: SourceKind
    title: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def look(source: Source, fetcher: Fetcher, feeds: FeedStore, known: Mapping[str, PageState]) -> Look:
    """The leads of a source, the newest first. known: its sitemaps as they were the last time, by address.

    Nothing is raised that concerns this source alone.
    """
    try:
        match source.kind:
            case SourceKind.FEED:
                return _look_at_feed(source, source.location, feeds)
            case SourceKind.SITE:
                return _look_at_site(source, fetcher, feeds, known)
            case SourceKind.SITEMAP:
                return _look_at_sitemap(source, source.location, fetcher, known)
            case _:
                return Look(source, [Lead(canonical(source.location), source)])
    except ItemError as error:
        return Look(source, error=error)


def discover(url: str, fetcher: Fetcher) -> Discovery:
    """Fetch an address and say what it is.

    Raises:
        ItemError: it cannot be had.
    """
    response = _ask(url, fetcher)
    if FEED_START.search(response.body[:2048]):
        return Discovery(SourceKind.FEED)
    if SITEMAP_START.search(response.body[:2048]):
        return Discovery(SourceKind.SITEMAP)
    page = Page(decode_page(response.body, response.headers.get("content-type", "")))
    if re.fullmatch(r"https?://[^/?#]+/?", response.url):
        found = tuple(page.feeds(response.url))
        maps = () if found else tuple(_sitemaps_of(response.url, fetcher))
        if found or maps:
            return Discovery(SourceKind.SITE, page.title, found, maps)
    return Discovery(SourceKind.PAGE, page.title)


def as_source(url: str, found: Discovery) -> Source:
    """How to follow what was found: a site by its first feed, else by its sitemap."""
    if found.kind is not SourceKind.SITE:
        return Source(found.kind, url)
    if found.feeds:
        return Source(SourceKind.FEED, found.feeds[0])
    return Source(SourceKind.SITEMAP, found.sitemaps[0])


def describe(found: Discovery) -> str:
    """What was found, in words."""
    name = f" called “{found.title}”" if found.title else ""
    match found.kind:
        case SourceKind.SITE if found.feeds:
            others = f"; the others: {', '.join(found.feeds[1:])}" if found.feeds[1:] else ""
            return f"a site{name}, followed by its feed {found.feeds[0]}{others}"
        case SourceKind.SITE:
            return f"a site{name} without feed, followed by its sitemap {found.sitemaps[0]}"
        case SourceKind.PAGE:
            return f"a page{name}, taken in alone"
        case _:
            return f"a {found.kind}"


def from_entry(entry: FeedEntry, feed: str, url: str, now: datetime) -> Fields | None:
    """An article of what the feed itself has of it, flagged; None when that is nothing.

    It has the address of its page only when that is of the feed's own site: no feed speaks for another publisher.
    """
    text = _text_of(entry)
    if len(text.split()) < SUMMARY_WORDS:
        return None
    fields = Fields(
        text=text,
        title=clean(entry.title),
        authors=tuple(clean(author) for author in entry.authors),
        url=url if same_site(feed, url) else "",
        published=entry.published,
        updated=entry.updated,
        flags=("feed text only",),
    )
    return doubt_dates(fields, now)


def fuller(fields: Fields, entry: FeedEntry | None, feed: str, now: datetime) -> Fields:
    """The page's fields, with the feed's date where the page has none, or with its text where that is fuller.

    Only a feed of the page's own site has a say.
    """
    if entry is None or not same_site(feed, fields.url):
        return fields
    if fields.published is None and not fields.flags:
        fields = doubt_dates(replace(fields, published=entry.published), now)
    text = _text_of(entry)
    if len(fields.text.split()) < THIN_WORDS and len(text.split()) > len(fields.text.split()):
        return replace(fields, text=text, flags=(*fields.flags, "feed text only"))
    return fields


def _look_at_feed(source: Source, url: str, feeds: FeedStore) -> Look:
    moved_to = feeds.update(url)
    at = moved_to or url
    leads = [Lead(canonical(entry.url), source, entry.title, feed=at, entry=entry) for entry in feeds.waiting(at)]
    return Look(source, leads, moved_to)


def _look_at_site(source: Source, fetcher: Fetcher, feeds: FeedStore, known: Mapping[str, PageState]) -> Look:
    found = discover(source.location, fetcher)
    if found.feeds:
        return replace(_look_at_feed(source, found.feeds[0], feeds), moved_to="")
    if found.sitemaps:
        return _look_at_sitemap(source, found.sitemaps[0], fetcher, known)
    raise ItemError("no feed and no news sitemap was found on it", hint="name its feed or sitemap instead")


def _look_at_sitemap(source: Source, url: str, fetcher: Fetcher, known: Mapping[str, PageState]) -> Look:
    """The pages of a sitemap and of the newest that it refers to; what is unchanged lists nothing new."""
    entries: list[SitemapEntry] = []
    responses: list[Response] = []
    addresses = [url]
    for address in addresses:
        before = known.get(address)
        response = _ask(address, fetcher, before)
        if response.status == 304:
            # An index may stay as it is while the sitemaps that it refers to change.
            if address == url:
                addresses += [other for other in known if other != url][:SITEMAPS_OF_AN_INDEX]
            continue
        responses.append(replace(response, url=address))
        packed = response.body.startswith(GZIP)  # a .gz file; what is packed for the way only was unpacked before
        sitemap = sitemaps.parse(inflate([response.body], "gzip", MOST_BYTES) if packed else response.body)
        entries += sitemap.entries
        if address == url:
            addresses += [inner.url for inner in sitemap.sitemaps[:SITEMAPS_OF_AN_INDEX]]
    pages = ((canonical(entry.url), entry) for entry in entries)
    leads = [Lead(address, source, entry.title, entry.changed) for address, entry in pages if address]
    return Look(source, leads, sitemaps=responses)


def _sitemaps_of(url: str, fetcher: Fetcher) -> Iterator[str]:
    """The sitemaps that are at the usual places."""
    for path in LIKELY_SITEMAPS:
        address = urljoin(url, path)
        try:
            if SITEMAP_START.search(_ask(address, fetcher).body[:2048]):
                yield address
                return
        except ItemError:
            continue


def _ask(url: str, fetcher: Fetcher, before: PageState | None = None) -> Response:
    """What is at an address; 304 only when it was known before."""
    validators = {"etag": before.etag, "last_modified": before.last_modified} if before else {}
    response = fetcher.get(url, **validators)
    if not response.is_new and not (before and response.status == 304):
        raise FetchError(f"the server answered {response.status}", hint="is it the right address?")
    return response


def _text_of(entry: FeedEntry) -> str:
    return "\n".join(strip_furniture(clean(entry.text).split("\n")))
