"""Questions that stand in a channel: asked again, and answered there when the answer is another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine, delete, insert, select, update

from bot.community_schema import Watch, watches
from bot.records import Answer
from ingest.database import storage_errors
from ingest.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from bot.guilds import Asker

WATCHES_PER_GUILD = 10
EVERY = timedelta(hours=1)


def due(watches: Iterable[Watch], now: datetime, every: timedelta = EVERY) -> list[Watch]:
    """Those that something may be posted to, the longest waiting first."""
    waiting = [one for one in watches if one.posted is None or now - one.posted >= every]
    return sorted(waiting, key=lambda one: one.posted or one.created)


def fingerprint(answer: Answer) -> str:
    """The same for answers that quote the same words of the same articles, empty for one that quotes none.

    Offsets are no part of it: a correction elsewhere in an article moves them.
    """
    quotes = sorted({(citation.article, citation.quote) for citation in answer.citations})
    return hashlib.sha256(json.dumps(quotes).encode()).hexdigest() if quotes else ""


class Watches:
    """The standing questions of all guilds, in the journal's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, asker: Asker, channel: int, question: str, seen: str, created: datetime) -> Watch:
        """Let a question stand in a channel or a thread. seen: the fingerprint of its answer now.

        Raises:
            UsageError: it stands there already, the guild has as many as it may, or it is a direct message.
        """
        if asker.guild is None:
            raise UsageError("questions can stand in a server only")
        watch = Watch(
            id=0,
            guild=asker.guild,
            channel=channel,
            parent=asker.channel,
            thread=asker.thread,
            user=asker.user,
            question=question,
            seen=seen,
            posted=None,
            created=created,
        )
        row = {name: value for name, value in asdict(watch).items() if name != "id"}
        with storage_errors(), self._engine.begin() as connection:
            # Written first, and undone by an error: who writes next waits, and so counts this one.
            number = connection.execute(insert(watches).values(row).returning(watches.c.id)).scalar_one()
            here = (watches.c.guild == watch.guild) & (watches.c.id != number)
            others = connection.execute(select(watches).where(here)).all()
            if any((one.channel, _same(one.question)) == (channel, _same(question)) for one in others):
                raise UsageError("this question stands here already", hint="its answer is posted when it changes")
            if len(others) >= WATCHES_PER_GUILD:
                raise UsageError(f"there are {WATCHES_PER_GUILD} standing questions already", hint="remove one first")
        return replace(watch, id=number)

    def of(self, guild: int | None = None) -> list[Watch]:
        """The standing questions, the oldest first: all, or those of a guild."""
        query = select(watches).order_by(watches.c.id)
        query = query if guild is None else query.where(watches.c.guild == guild)
        with storage_errors(), self._engine.connect() as connection:
            return [Watch(**row._mapping) for row in connection.execute(query)]

    def remove(self, guild: int, watch_id: int, user: int | None = None) -> None:
        """Ask a standing question no more. user: whose it has to be, None for anybody's.

        Raises:
            NotFoundError: the guild, or this user in it, has none of that id.
        """
        which = (watches.c.id == watch_id) & (watches.c.guild == guild)
        which = which if user is None else which & (watches.c.user == user)
        with storage_errors(), self._engine.begin() as connection:
            found = connection.execute(delete(watches).where(which)).rowcount
        if not found:
            whose = "" if user is None else "of yours "
            raise NotFoundError(f"no standing question {whose}here has the id {watch_id}")

    def saw(self, watch_id: int, seen: str) -> None:
        """Note the fingerprint of an answer that was found and is not posted."""
        with storage_errors(), self._engine.begin() as connection:
            connection.execute(update(watches).where(watches.c.id == watch_id).values(seen=seen))

    def posted(self, watch_id: int, seen: str, at: datetime) -> None:
        """Note that an answer was posted, and its fingerprint."""
        with storage_errors(), self._engine.begin() as connection:
            connection.execute(update(watches).where(watches.c.id == watch_id).values(seen=seen, posted=at))


def _same(question: str) -> str:
    """Equal for questions that differ in case, spaces and the mark at the end only."""
    return " ".join(question.casefold().split()).rstrip("?!. ")
