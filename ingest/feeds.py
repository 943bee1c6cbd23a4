"""RSS, Atom and JSON feeds, kept by the `reader` library. An entry is unread until the archive has its article."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import DatelineError, ItemError, StorageError
from ingest.markup import plain
from ingest.responses import Fetcher, FetchError

if TYPE_CHECKING:
    from reader import Entry, Feed, Reader

MOST_ENTRIES = 5000  # looked at in one run; the rest stays on the queue
LONGEST_WAIT = timedelta(days=1)  # a feed that is "fresh" for a year is not


class EndedError(ItemError):
    """The feed is gone for good: the server answered 410."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry that was not taken in yet. url: its page, empty when it has none. text: what the feed has of it."""

    id: str
    url: str
    title: str
    text: str
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None


class FeedStore:
    """The feeds' entries and validators, in a SQLite file of their own; fetched by our own fetcher."""

    def __init__(self, path: Path, fetcher: Fetcher) -> None:
        from reader import make_reader

        logging.getLogger("reader").addHandler(logging.NullHandler())
        logging.getLogger("reader").propagate = False
        with _storage():
            self._reader: Reader = make_reader(str(path), plugins=[], search_enabled=None)
        self._retriever = _Retriever(fetcher)
        # The place that reader's documentation names for retrievers of one's own.
        parser = self._reader._parser
        parser.do_lazy_init()
        for scheme in ("http://", "https://"):
            parser.mount_retriever(scheme, self._retriever)
        # The shortest interval there is, so that a longer one is the server's wish. Ours are the sources' own.
        self._reader.set_tag((), ".reader.update", {"interval": 1})
        self._reader.after_entry_update_hooks.append(_unread_when_changed)

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()

    def update(self, url: str) -> str:
        """Ask for a feed, conditionally; the address it has moved to for good, empty when it has not.

        It is not asked while its server wants to be left alone or vouches for what it sent (Retry-After,
        Cache-Control), for a day at most.

        Raises:
            EndedError: it is gone for good.
            ItemError: it cannot be had, or is no feed.
        """
        from reader import ParseError

        with _storage():
            try:
                self._reader.add_feed(url, exist_ok=True)
                if _must_wait(self._reader.get_feed(url), datetime.now(UTC)):
                    return ""
                self._reader.update_feed(url)
            except ParseError as error:
                cause = error.__cause__
                if isinstance(cause, DatelineError):
                    raise cause from error
                reason = f"it is no feed: {cause or error}".splitlines()[0]
                raise ItemError(reason, hint="is it the right address?") from error
            moved_to = self._retriever.moved.pop(url, "")
            if moved_to and self._reader.get_feed(moved_to, None) is None:
                self._reader.change_feed_url(url, moved_to)
            return moved_to

    def title(self, url: str) -> str:
        """What the feed calls itself."""
        feed = self._reader.get_feed(url, None)
        return (feed.title or "") if feed else ""

    def waiting(self, url: str) -> list[FeedEntry]:
        """The entries of a feed that were not taken in yet, newest first; when there are very many, the first of them."""
        with _storage():
            return [_entry(entry) for entry in self._reader.get_entries(feed=url, read=False, limit=MOST_ENTRIES)]

    def forget(self, url: str) -> None:
        """Know nothing of a feed any more."""
        with _storage():
            self._reader.delete_feed(url, missing_ok=True)

    def done(self, url: str, entry_id: str) -> None:
        """Take an entry off the queue."""
        with _storage():
            self._reader.mark_entry_as_read((url, entry_id))


class _Retriever:
    """Fetches for `reader`. moved: where feeds have moved to for good, by their old address."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.moved: dict[str, str] = {}

    @contextmanager
    def __call__(self, url: str, caching_info: Any = None, accept: str | None = None) -> Iterator[Any]:
        """The feed's bytes, or `NotModified`."""
        from reader._parser import HTTPInfo, NotModified, RetrievedFeed, RetrieveError
        from werkzeug.http import http_date, parse_options_header

        known = caching_info or {}
        try:
            response = self._fetcher.get(
                url, etag=known.get("etag", ""), last_modified=known.get("last-modified", ""), accept=accept or ""
            )
        except FetchError as error:
            wait = {"retry-after": http_date(error.not_before)} if error.not_before else {}
            raise RetrieveError(url, error.message, HTTPInfo(503, wait)) from error
        if response.moved_to:
            self.moved[url] = response.moved_to
        if response.status == 410:
            raise EndedError("it is gone for good (410)", hint="it is not asked for again")
        info = HTTPInfo(response.status, response.headers)
        if response.status == 304:
            raise NotModified(url, http_info=info)
        if not response.is_new:
            raise FetchError(f"the server answered {response.status}", hint="is it the right address?")
        validators = {"etag": response.etag, "last-modified": response.last_modified}
        kind, _ = parse_options_header(response.headers.get("content-type", ""))
        yield RetrievedFeed(
            BytesIO(response.body), kind or None, {k: v for k, v in validators.items() if v} or None, info
        )

    def validate_url(self, url: str) -> None:
        """Every address is judged when it is fetched."""


@contextmanager
def _storage() -> Iterator[None]:
    """Say in one line what `reader` could not do.

    Raises:
        StorageError: whatever it raised.
    """
    from reader import ReaderError

    try:
        yield
    except ReaderError as error:
        reason = str(error).splitlines()[0]
        raise StorageError(
            f"the feeds' entries cannot be read or written: {reason}",
            hint="check disk space and the permissions of DATELINE_HOME",
        ) from error


def _must_wait(feed: Feed, now: datetime) -> bool:
    """Whether the server has asked for a pause that is not over."""
    if feed.last_retrieved is None or feed.update_after is None:
        return False
    is_its_wish = feed.update_after - feed.last_retrieved > timedelta(minutes=1)
    return is_its_wish and now < min(feed.update_after, feed.last_retrieved + LONGEST_WAIT)


def _unread_when_changed(reader: Reader, entry: Any, status: Any) -> None:
    """An entry that the feed changed is looked at again."""
    if str(status.value) == "modified":
        reader.mark_entry_as_unread(entry)


def _entry(entry: Entry) -> FeedEntry:
    content = entry.get_content(prefer_summary=False)
    return FeedEntry(
        id=entry.id,
        url=entry.link or "",
        title=plain(entry.title or "").strip(),
        text=plain((content.value if content else "") or entry.summary or ""),
        authors=tuple(author.name for author in entry.authors if author.name),
        published=entry.published,
        updated=entry.updated,
    )
