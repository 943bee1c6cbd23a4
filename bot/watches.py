"""Questions that stand in a channel: asked again, and answered there when the answer is another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from bot.community_schema import Watch, watches
from bot.records import Answer
from ingest.database import storage_errors
from ingest.errors import NotFoundError, UsageError

WATCHES_PER_GUILD = 10
EVERY = timedelta(hours=1)


def due(watches: Iterable[Watch], now: datetime, every: timedelta = EVERY) -> list[Watch]:
    """Those to be asked again, the longest waiting first."""
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

    def add(self, guild: int, channel: int, user: int, question: str, created: datetime) -> Watch:
        """Let a question stand in a channel.

        Raises:
            UsageError: it stands there already, or the guild has as many as it may.
        """
        row = {"guild": guild, "channel": channel, "user": user, "question": question, "seen": "", "created": created}
        with storage_errors(), self._engine.begin() as connection:
            # Written first, and undone by an error: who writes next waits, and so counts this one.
            number = connection.execute(insert(watches).values(row).returning(watches.c.id)).scalar_one()
            others = connection.execute(select(watches).where(watches.c.guild == guild, watches.c.id != number)).all()
            if any((one.channel, _same(one.question)) == (channel, _same(question)) for one in others):
                raise UsageError("this question stands here already", hint="its answer is posted when it changes")
            if len(others) >= WATCHES_PER_GUILD:
                raise UsageError(f"there are {WATCHES_PER_GUILD} standing questions already", hint="remove one first")
        return Watch(number, guild, channel, user, question, seen="", posted=None, created=created)

    def of(self, guild: int | None = None, channel: int | None = None) -> list[Watch]:
        """The standing questions, the oldest first: all, or those of a guild or a channel."""
        query = select(watches).order_by(watches.c.id)
        query = query if guild is None else query.where(watches.c.guild == guild)
        query = query if channel is None else query.where(watches.c.channel == channel)
        with storage_errors(), self._engine.connect() as connection:
            return [Watch(**row._mapping) for row in connection.execute(query)]

    def remove(self, guild: int, watch_id: int) -> None:
        """Ask a standing question no more.

        Raises:
            NotFoundError: the guild has none of that id.
        """
        here = (watches.c.id == watch_id) & (watches.c.guild == guild)
        with storage_errors(), self._engine.begin() as connection:
            found = connection.execute(delete(watches).where(here)).rowcount
        if not found:
            raise NotFoundError(f"no standing question here has the id {watch_id}")

    def posted(self, watch_id: int, seen: str, at: datetime) -> None:
        """Note that a standing question was asked again, and the fingerprint of what was last said to it."""
        with storage_errors(), self._engine.begin() as connection:
            connection.execute(update(watches).where(watches.c.id == watch_id).values(seen=seen, posted=at))


def _same(question: str) -> str:
    """Equal for questions that differ in case, spaces and the mark at the end only."""
    return " ".join(question.casefold().split()).rstrip("?!. ")
