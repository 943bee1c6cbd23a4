"""The outlets of a news site, each a host of its own."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

from tests.newssite import feeds, pages
from tests.newssite.faults import Fault
from tests.newssite.records import Article, Kind, LiveUpdate, Masthead
from tests.newssite.server import HTML, Host, Request, Response, Wire, not_modified

LISTINGS: dict[str, tuple[str, Callable[[Masthead, Sequence[Article], datetime], str]]] = {
    "/rss.xml": ("application/rss+xml; charset=utf-8", feeds.rss),
    "/rss091.xml": ("application/rss+xml; charset=utf-8", feeds.rss091),
    "/rss10.xml": ("application/rdf+xml; charset=utf-8", feeds.rss10),
    "/atom.xml": ("application/atom+xml; charset=utf-8", feeds.atom),
    "/feed.json": ("application/feed+json; charset=utf-8", feeds.json_feed),
    "/sitemap.xml": ("application/xml; charset=utf-8", feeds.sitemap_index),
    "/news-sitemap.xml": ("application/xml; charset=utf-8", feeds.news_sitemap),
}
VARIANTS = {"news": pages.article_page, "amp": pages.amp_page, "m": pages.mobile_page}
EVERYWHERE = "*"
# The site's clock starts here and ticks one second a change, so that every change shows in Last-Modified.
START = datetime(2024, 11, 12, tzinfo=UTC)


@dataclass
class Settings:
    """What an outlet can be switched to. robots: the text of robots.txt; None answers 404.

    feed_size: so many of the newest articles are in the feeds; None is all. link_query: tracking parameters on the
    links in feeds and front pages. full_text: whether feeds carry whole articles. compress: answer in gzip.
    """

    robots: str | None = None
    advertise_feeds: bool = True
    feed_size: int | None = None
    link_query: str = ""
    full_text: bool = True
    etag: bool = True
    last_modified: bool = True
    cache_control: str = ""
    compress: bool = False


class Outlet:
    """One host. base: its address without a path. log: every request, in order of arrival."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.log: list[Request] = []
        self.settings = Settings()
        self._articles: dict[str, Article] = {}
        self._faults: dict[str, tuple[Fault, int | None]] = {}
        self._furniture = "Ferry fares to rise\nTen soups for winter"
        self._clock = self._listed = self._furnished = START
        self._rendered: dict[tuple[object, ...], Response] = {}
        self._lock = threading.RLock()
        self._host = Host(address, self._answer)
        self.base = f"http://{address}:{self._host.server_port}"

    def publish(
        self, slug: str, title: str, paragraphs: Iterable[str], *, published: datetime | None, **fields: Any
    ) -> str:
        """Publish an article; its URL. fields: the others of `Article`: updated, author, canonical, kind, …"""
        with self._lock:
            changed = self._listed = self._tick()
            self._articles[slug] = Article(slug, title, tuple(paragraphs), published, changed, **fields)
        return self.url(slug)

    def url(self, slug: str) -> str:
        """The address of an article."""
        return f"{self.base}/news/{slug}"

    def correct(self, slug: str, paragraphs: Iterable[str], *, updated: datetime | None = None, **fields: Any) -> None:
        """Change an article's text: its ETag and Last-Modified change too."""
        self._change(slug, paragraphs=tuple(paragraphs), updated=updated, **fields)

    def add_update(self, slug: str, update: LiveUpdate) -> None:
        """Add the newest entry, on top, to a live blog."""
        article = self._articles[slug]
        self._change(slug, updates=(update, *article.updates), updated=update.time)

    def show_as(self, slug: str, kind: Kind) -> None:
        """From now on show something else at the article's address, such as a consent wall."""
        self._change(slug, kind=kind)

    def withdraw(self, slug: str, status: int = 410) -> None:
        """Take an article down: its pages answer so, and the feeds and the sitemap no longer have it."""
        self._change(slug, status=status, listed=False)

    def drop_from_feed(self, slug: str) -> None:
        """Let an article scroll off the feeds and the front page; its page and its place in the sitemap stay."""
        self._change(slug, listed=False)

    def furniture(self, text: str) -> None:
        """Change the "Most read" list, a headline a line, and with it every page's ETag, but no article."""
        with self._lock:
            self._furnished = self._tick()
            self._furniture = text

    def fault(self, path: str, fault: Fault, times: int | None = None) -> None:
        """Answer a path with a fault, the first so many times or until `mend`.

        path: with a query, it means that query; without, any. "*" is every path that has no fault of its own.
        """
        with self._lock:
            self._faults[path] = (fault, times)

    def mend(self, path: str) -> None:
        """Take a fault away."""
        with self._lock:
            self._faults.pop(path, None)

    def requests(self, path: str) -> list[Request]:
        """The logged requests for a path, whatever their query."""
        return [request for request in self.log if request.path.partition("?")[0] == path]

    def close(self) -> None:
        """Stop listening, at once: new connections are refused, open ones end."""
        self._host.stop()

    def _answer(self, request: Request, wire: Wire) -> None:
        """Route, let the fault change the response, then answer 304 if the client still has that one."""
        with self._lock:
            fault = self._fault_at(request.path)
            response = fault.change(request, self._response(request))
        if not_modified(request, response):
            response = replace(response, status=304, body=b"")
        request.status = 0 if fault.silent else response.status
        self.log.append(request)
        fault.send(response, wire)

    def _fault_at(self, path: str) -> Fault:
        for place in (path, path.partition("?")[0], EVERYWHERE):
            if place in self._faults:
                fault, left = self._faults[place]
                if left == 1:
                    del self._faults[place]
                elif left is not None:
                    self._faults[place] = (fault, left - 1)
                return fault
        return Fault()

    def _response(self, request: Request) -> Response:
        """The sound response for a request, rendered once between two changes."""
        path = request.path.partition("?")[0]
        compress = self.settings.compress and "gzip" in request.headers.get("accept-encoding", "")
        key = (path, compress, *vars(self.settings).values())
        if key not in self._rendered:
            response = self._render(path)
            if compress and response.status == 200:
                headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
                response = replace(response, body=gzip.compress(response.body, mtime=0), headers=headers)
            self._rendered[key] = response
        return self._rendered[key]

    def _render(self, path: str) -> Response:
        masthead = self._masthead()
        if path in LISTINGS:
            kind, render = LISTINGS[path]
            articles = self._in_sitemap() if "sitemap" in path else self._in_feeds()
            return self._sound(render(masthead, articles, self._listed).encode(), kind, self._listed)
        match path.split("/")[1:]:
            case [("news" | "amp" | "m") as variant, slug] if slug in self._articles:
                return self._article(VARIANTS[variant], masthead, self._articles[slug])
            case [""]:
                articles = self._in_feeds()
            case ["section", section] if section in pages.SECTIONS:
                articles = [article for article in self._in_feeds() if article.section == section]
            case ["robots.txt"] if self.settings.robots is not None:
                return Response(self.settings.robots.encode(), type="text/plain; charset=utf-8")
            case _:
                return Response(pages.NOT_FOUND.encode(), 404)
        changed = max(self._listed, self._furnished)
        return self._sound(pages.front_page(masthead, articles).encode(), HTML, changed)

    def _article(self, render: Callable[[Masthead, Article], str], masthead: Masthead, article: Article) -> Response:
        if article.status != 200:
            return Response(pages.NOT_FOUND.encode(), article.status)
        encoding, declared, _ = article.charset.value
        kind = f"text/html; charset={declared}" if declared else "text/html"
        body = render(masthead, article).encode(encoding, "xmlcharrefreplace")
        return self._sound(body, kind, max(article.changed, self._furnished))

    def _sound(self, body: bytes, kind: str, changed: datetime) -> Response:
        """A response of status 200 with the validators that are switched on."""
        settings = self.settings
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"' if settings.etag else "",
            "Last-Modified": format_datetime(changed, usegmt=True) if settings.last_modified else "",
            "Cache-Control": settings.cache_control,
        }
        return Response(body, 200, kind, {name: value for name, value in headers.items() if value})

    def _in_sitemap(self) -> list[Article]:
        return _newest_first(article for article in self._articles.values() if article.status == 200)

    def _in_feeds(self) -> list[Article]:
        listed = _newest_first(article for article in self._articles.values() if article.listed)
        return listed[: self.settings.feed_size]

    def _masthead(self) -> Masthead:
        settings = self.settings
        return Masthead(
            self.name, self.base, self._furniture, settings.advertise_feeds, settings.link_query, settings.full_text
        )

    def _change(self, slug: str, **fields: Any) -> None:
        with self._lock:
            changed = self._listed = self._tick()
            self._articles[slug] = replace(self._articles[slug], changed=changed, **fields)

    def _tick(self) -> datetime:
        self._clock += timedelta(seconds=1)
        self._rendered.clear()
        return self._clock


class NewsSite:
    """Outlets on 127.0.0.1, 127.0.0.2, …, made on first mention, that stop with the block."""

    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}

    def outlet(self, name: str = "Harbour Courier") -> Outlet:
        """The outlet of this name."""
        if name not in self._outlets:
            self._outlets[name] = Outlet(name, f"127.0.0.{len(self._outlets) + 1}")
        return self._outlets[name]

    def close(self) -> None:
        """Stop every outlet."""
        for outlet in self._outlets.values():
            outlet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _newest_first(articles: Iterable[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: (article.published or START).timestamp(), reverse=True)
