"""Taking in: the sources on disk and on the web, one pass over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingest.sources import SourceList

if TYPE_CHECKING:
    from bot.config import Settings
    from ingest.archive import Archive
    from ingest.fetch import PoliteFetcher
    from ingest.records import Outcome, Source
    from ingest.web import Tell
    from ingest.webstate import WebState


def _silently(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class Intake:
    """Finds sources, and takes in what they hold. Nothing is imported or opened before it is needed."""

    def __init__(self, settings: Settings, archive: Archive, sources: SourceList, web_state: WebState) -> None:
        self._settings = settings
        self._archive = archive
        self._sources = sources
        self._web_state = web_state

    def find_source(self, place: str) -> tuple[Source, str]:
        """The source that a person means, and in words what was found: a web address that is new is looked at.

        Raises:
            UsageError: there is nothing at the path.
            ItemError: the address cannot be had.
        """
        from ingest.sources import is_web_address, recognise

        if not is_web_address(place):
            return recognise(place), ""
        listed = [source for source in self._sources.load() if source.location == place]
        if listed:
            return listed[0], ""
        from ingest.leads import as_source, describe, discover

        with self._fetching() as fetcher:
            found = discover(place, fetcher)
        return as_source(place, found), describe(found)

    def withdraw(self, source: Source) -> int:
        """Let a source's articles answer no more, until it is added again; how many they are.

        Call `sync` afterwards. Needs the writer's lock.
        """
        articles = self._archive.articles(self._web_state.articles_of(source.location))
        own = [one.id for one in articles.values() if not source.private or one.outlet == source.outlet]
        with self._archive.transaction():
            self._archive.mark_gone(own)
            self._web_state.forget(source.location)
            for origin in self._archive.stamps(source.location):
                self._archive.forget(origin)
        if source.kind.is_web:
            from ingest.feeds import FeedStore

            with (
                self._fetching() as fetcher,
                closing(FeedStore(self._settings.dateline_home / "feeds.db", fetcher)) as feeds,
            ):
                feeds.forget(source.location)
        return len(own)

    def reindex(
        self, sources: Sequence[Source], *, full: bool, trial: bool = False, tell: Tell = _silently
    ) -> Iterator[Outcome]:
        """Take in what is new and changed; call `sync` afterwards. Needs the writer's lock.

        trial: nothing but the archive is written, whose transaction the caller undoes. tell: what is being done,
        how many are done, of how many.
        """
        from ingest.pipeline import recorded, reindex

        now = datetime.now(UTC)
        on_disk = [source for source in sources if not source.kind.is_web]
        on_web = [source for source in sources if source.kind.is_web and not source.ended]
        outcomes = chain(reindex(self._archive, on_disk, now, full=full), self._web(on_web, now, full, trial, tell))
        return recorded(outcomes, [*on_disk, *on_web], self._web_state, now)

    def _web(self, sources: Sequence[Source], now: datetime, full: bool, trial: bool, tell: Tell) -> Iterator[Outcome]:
        """A pass over the sources on the web. A trial reads and marks copies of the feeds and of the list."""
        if not sources:
            return
        from ingest.feeds import FeedStore
        from ingest.web import Limits, WebPass

        settings = self._settings
        limits = Limits(
            settings.dateline_pages_per_run,
            settings.dateline_pages_per_source,
            timedelta(hours=settings.dateline_recheck_hours),
        )
        with TemporaryDirectory() as scratch, self._fetching() as fetcher:
            home = Path(scratch) if trial else settings.dateline_home
            for name in ("feeds.db", "sources.toml") if trial else ():
                if (settings.dateline_home / name).exists():
                    copy(settings.dateline_home / name, home)
            with closing(FeedStore(home / "feeds.db", fetcher)) as feeds:
                listed = SourceList(home / "sources.toml")
                yield from WebPass(self._archive, feeds, fetcher, listed, now, limits, tell, full=full).run(sources)

    @contextmanager
    def _fetching(self) -> Iterator[PoliteFetcher]:
        """A fetcher that knows the robots.txt of the last day, and what it read anew is kept."""
        from ingest.fetch import PoliteFetcher
        from ingest.guard import Exceptions

        settings = self._settings
        known = self._web_state.robots(datetime.now(UTC))
        with closing(
            PoliteFetcher(
                Exceptions.parse(settings.dateline_allow_private_hosts),
                dict(known),
                pause=settings.dateline_host_pause,
                contact=settings.dateline_contact,
            )
        ) as fetcher:
            yield fetcher
            read = {origin: body for origin, body in fetcher.robots.items() if origin not in known}
            self._web_state.keep_robots(read, datetime.now(UTC))
