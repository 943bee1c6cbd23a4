"""Sources that guilds add on Discord, each private to the guilds that added it. For an event loop, without discord.

Nothing is written here: our own command line does that, in a child process. What a guild is told of a source never
depends on whether another guild has it too.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from bot.guilds import Guilds
from bot.reindexing import Pass, Progress, Reindexing
from ingest.errors import DatelineError, NotFoundError, UsageError
from ingest.records import Source
from ingest.sources import is_web_address

if TYPE_CHECKING:
    from bot.app import App

MOST_SOURCES = 20  # of a guild
NAMED = 80  # characters of a location in an outlet's name
HASH = 8

Tell = Callable[[Progress], object]

log = logging.getLogger(__name__)


def outlet_name(location: str) -> str:
    """The outlet that a guild's source is of: host and path, and a hash where these alone do not tell the location.

    Answers name the outlet, so what may hold a secret is no part of it: a query, or a user and password.
    """
    parts = urlsplit(location)
    place = parts.netloc.rpartition("@")[2] + parts.path
    name = place.removeprefix("www.").rstrip("/")[:NAMED]
    if location == f"https://{name}":
        return name
    return f"{name} #{hashlib.sha256(location.encode()).hexdigest()[:HASH]}"


@dataclass(frozen=True, slots=True)
class OwnSource:
    """A source of a guild. articles: live ones. looked: when last, None for never. error: what went wrong then."""

    outlet: str
    articles: int = 0
    looked: datetime | None = None
    error: str = ""


class Reading(NamedTuple):
    """What is read, as far as a guild may know. newest: when published. looked: when the sources were, last."""

    articles: int
    outlets: int
    newest: datetime | None
    looked: datetime | None


class GuildSources:
    """Adds and removes guilds' sources, and re-indexes.

    What is wrong with our own files is no guild's business: that is a RuntimeError, for the log.
    """

    def __init__(self, app: App, guilds: Guilds) -> None:
        self._app = app
        self._guilds = guilds
        self._reindexing: Reindexing = app.reindexing
        self._changing = asyncio.Lock()
        self._is_open = True

    @property
    def is_reindexing(self) -> bool:
        """Whether a re-index is at work."""
        return self._reindexing.is_running

    async def reindex(self, tell: Tell) -> Pass:
        """Take in what is new and changed, of all sources.

        Raises:
            DatelineError: a re-index is running already, or this one was stopped.
        """
        return await self._reindex([], tell)

    async def stop(self) -> None:
        """End the re-index that is at work, and begin no other."""
        self._is_open = False
        await self._reindexing.stop()

    async def own(self, guild: int) -> list[OwnSource]:
        """The sources of a guild."""
        return await asyncio.to_thread(self._own, guild)

    async def reading(self, guild: int | None) -> Reading:
        """What a guild may see, or with None anybody in a direct message."""
        return await asyncio.to_thread(self._reading, guild)

    async def add(self, guild: int, url: str, tell: Tell) -> OwnSource:
        """Add a source for a guild alone, and read it; one that cannot be read now is read later.

        Raises:
            DatelineError: it is no web address, cannot be had, is read for everyone, or the guild has its share.
        """
        _check_address(url.strip())
        async with self._changing:
            location, outlet = await asyncio.to_thread(self._place, guild, url.strip())
            await self._list(guild, location, outlet)
        try:
            await self._reindexing.idle()
            await self._reindex([location], tell)
        except (DatelineError, RuntimeError):
            log.warning("a new source could not be read yet", exc_info=True, extra={"guild": guild})
        await asyncio.to_thread(self._guilds.refresh)
        return next((one for one in await self.own(guild) if one.outlet == outlet), OwnSource(outlet))

    async def remove(self, guild: int, named: str) -> str:
        """Let a guild no longer see a source of its own, named by outlet or address; its outlet.

        Raises:
            NotFoundError: the guild has no such source.
        """
        outlet = await asyncio.to_thread(self._outlet_called, guild, named.strip())
        await self._give_up(guild, outlet)
        await asyncio.to_thread(self._guilds.refresh)
        return outlet

    async def leave(self, guild: int) -> None:
        """Keep nothing of a guild. What cannot be taken out of the indexes now stays hidden from everybody."""
        await asyncio.to_thread(self._app.community.purge_guild, guild)
        for outlet in await asyncio.to_thread(self._app.community.outlets_of, guild):
            try:
                await self._give_up(guild, outlet)
            except (DatelineError, RuntimeError):
                log.warning("a source of a guild that is left stays hidden: %s", outlet, exc_info=True)
        await asyncio.to_thread(self._guilds.refresh)

    async def _list(self, guild: int, location: str, outlet: str) -> None:
        """Put a source on the list. Its outlet is private before that, and as long as it may be on it."""
        community = self._app.community
        is_new = outlet not in await asyncio.to_thread(community.outlets_of, guild)
        await asyncio.to_thread(community.claim_outlet, outlet, guild)
        try:
            with _discreetly():
                await self._reindexing.command("sources", "add", "--private", "--outlet", outlet, "--", location)
        finally:
            if is_new and not await asyncio.to_thread(self._listed, {outlet}):
                await asyncio.to_thread(community.release_outlet, outlet, guild)

    async def _give_up(self, guild: int, outlet: str) -> None:
        """Release an outlet; when no other guild sees it, only once nothing of it answers any more."""
        async with self._changing:
            seeing = (await asyncio.to_thread(self._app.community.private_outlets)).get(outlet, frozenset())
            if seeing == {guild}:
                for source in await asyncio.to_thread(self._listed, {outlet}):
                    with _discreetly():
                        await self._reindexing.command("sources", "remove", "--articles", "--", source.location)
                if outlet in await asyncio.to_thread(self._app.archive.outlets):
                    raise RuntimeError("the index has more of an outlet than its source had")
            await asyncio.to_thread(self._app.community.release_outlet, outlet, guild)

    async def _reindex(self, places: list[str], tell: Tell) -> Pass:
        if not self._is_open:
            raise DatelineError("I am restarting", hint="try again in a minute", retryable=True)
        try:
            with _discreetly():
                return await self._reindexing.run(places, tell)
        finally:
            await asyncio.to_thread(self._guilds.refresh)

    # Looking things up: each call is blocking work.

    def _own(self, guild: int) -> list[OwnSource]:
        outlets = self._app.community.outlets_of(guild)
        counts, runs = self._app.archive.outlets(), self._app.web_state.last_runs()
        found = {outlet: OwnSource(outlet, counts.get(outlet, 0)) for outlet in sorted(outlets)}
        for source in self._listed(outlets):
            if run := runs.get(source.location):
                found[source.outlet] = OwnSource(source.outlet, counts.get(source.outlet, 0), run.started, run.error)
        return list(found.values())

    def _listed(self, outlets: Collection[str]) -> list[Source]:
        """The private sources on the list that are of these outlets."""
        return [source for source in self._sources() if source.private and source.outlet in outlets]

    def _sources(self) -> list[Source]:
        with _discreetly():
            return self._app.sources.load()

    def _reading(self, guild: int | None) -> Reading:
        hidden = self._app.community.outlets_hidden_from(guild)
        counts = [count for outlet, count in self._app.archive.outlets().items() if outlet not in hidden]
        newest = self._app.archive.newest(1, hidden=hidden)
        runs = self._app.web_state.last_runs()
        visible = [runs.get(one.location) for one in self._sources() if one.outlet not in hidden]
        looked = max((run.started for run in visible if run), default=None)
        return Reading(sum(counts), len(counts), newest[0].published if newest else None, looked)

    def _place(self, guild: int, url: str) -> tuple[str, str]:
        """Where a source is followed, such as the feed of a site, and its outlet.

        Raises:
            DatelineError: it cannot be had, is read for everyone, or the guild has its share.
        """
        listed, private = self._sources(), self._app.community.private_outlets()
        location = url if any(one.location == url for one in listed) else self._look_at(url)
        outlet = outlet_name(location)
        known = [one for one in listed if one.location == location]
        known = known or [one for one in listed if one.outlet == outlet]  # it has moved since
        if known:
            location, outlet = known[0].location, known[0].outlet
        if outlet not in private and (known or outlet in self._app.archive.outlets()):
            raise UsageError("that is read already, for everyone", hint="there is nothing to add: just ask")
        own = self._app.community.outlets_of(guild)
        if len(own | {outlet}) > MOST_SOURCES:
            raise UsageError(f"this server has its {MOST_SOURCES} sources", hint="remove one first: `/sources remove`")
        return location, outlet

    def _look_at(self, url: str) -> str:
        """Where a web address is followed.

        Raises:
            ItemError: it cannot be had.
        """
        from ingest.fetch import PoliteFetcher
        from ingest.guard import Exceptions, ForbiddenError
        from ingest.leads import as_source, discover

        settings = self._app.settings
        exceptions = Exceptions.parse(settings.dateline_allow_private_hosts)
        robots = dict(self._app.web_state.robots(datetime.now(UTC)))
        pause, contact = settings.dateline_host_pause, settings.dateline_contact
        with closing(PoliteFetcher(exceptions, robots, pause=pause, contact=contact)) as fetcher:
            try:
                location = as_source(url, discover(url, fetcher)).location
            except ForbiddenError as error:  # its words tell of our own network
                raise UsageError("that is no public web address", hint="give one that anybody can open") from error
        _check_address(location)  # a page may name anything as its feed
        return location

    def _outlet_called(self, guild: int, named: str) -> str:
        own = self._app.community.outlets_of(guild)
        places = {source.location: source.outlet for source in self._listed(own)}
        for outlet in (named, places.get(named, "")):
            if outlet in own:
                return outlet
        raise NotFoundError("this server has no such source", hint="`/sources list` shows those that it has")


def _check_address(url: str) -> None:
    """Raise unless it is a web address: a path or another scheme would read what is the server's own."""
    try:
        host = urlsplit(url).hostname if is_web_address(url) else None
    except ValueError:
        host = None
    if not host or not url.isprintable() or " " in url:
        raise UsageError("that is no web address", hint="give one that begins with https://")


@contextmanager
def _discreetly() -> Iterator[None]:
    """Our own files and child processes fail with paths and sources of others in the words, which are for the log.

    Raises:
        RuntimeError: they failed.
        DatelineError: it may be tried again; those words are ours.
    """
    try:
        yield
    except DatelineError as error:
        if error.retryable:
            raise
        raise RuntimeError("this may be told to whoever runs Dateline only") from error
