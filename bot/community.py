"""What is kept of the guilds and people who ask on Discord: settings, askers, votes, threads and standing questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, UpdateBase, delete, func, insert, select, update

from bot import journal
from bot.chat import TURNS_KEPT
from bot.community_schema import (
    MIGRATIONS,
    Asked,
    Feedback,
    GuildSettings,
    asked,
    asked_on,
    guild_settings,
    private_outlet,
    turns,
    upsert,
    votes,
    watches,
)
from bot.conversation import Turn
from bot.watches import Watches
from ingest.database import migrate, open_engine, storage_errors
from ingest.errors import NotFoundError

NOTE = (
    "someone called a citation of its answer wrong, and nobody has looked yet: write down what is right and make it "
    "answerable, or leave it as a question that is not to be answered"
)


class Community:
    """What is kept of guilds and people. Any thread may call it; each call is one short transaction.

    standing: the questions that stand in channels.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.standing = Watches(engine)

    @classmethod
    def open(cls, url: str) -> Community:
        """Open the journal's database and bring its schema up to date, the journal's own too."""
        engine = open_engine(url)
        migrate(engine, "journal", journal.MIGRATIONS)
        migrate(engine, "community", MIGRATIONS)
        return cls(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def settings(self, guild: int) -> GuildSettings:
        """What a guild has set, else the defaults."""
        for row in self._rows(select(guild_settings).where(guild_settings.c.guild == guild)):
            return GuildSettings(row.guild, tuple(row.channels), row.language, tuple(row.outlets), row.daily_quota)
        return GuildSettings(guild)

    def set_settings(self, settings: GuildSettings) -> None:
        """Keep what a guild wants, instead of what it wanted."""
        with storage_errors(), self._engine.begin() as connection:
            upsert(connection, guild_settings, asdict(settings))

    def languages(self) -> dict[int, str]:
        """The language of each guild that has chosen one."""
        chosen = select(guild_settings.c.guild, guild_settings.c.language).where(guild_settings.c.language != "")
        return {row.guild: row.language for row in self._rows(chosen)}

    def claim_outlet(self, outlet: str, guild: int) -> None:
        """Make an outlet private, if it is not yet, and let this guild see it."""
        row = {"outlet": outlet, "guild": guild}
        with storage_errors(), self._engine.begin() as connection:
            upsert(connection, private_outlet, row)

    def release_outlet(self, outlet: str, guild: int) -> None:
        """Give a guild's outlet up. When it was the last, everyone sees what the index still has of it.

        Raises:
            NotFoundError: the guild has no such outlet.
        """
        mine = (private_outlet.c.outlet == outlet) & (private_outlet.c.guild == guild)
        if not self._write(delete(private_outlet).where(mine)):
            raise NotFoundError(f"no outlet {outlet!r} is private here")

    def private_outlets(self) -> dict[str, frozenset[int]]:
        """The guilds that see each private outlet."""
        rows = self._rows(select(private_outlet))
        return {row.outlet: frozenset(one.guild for one in rows if one.outlet == row.outlet) for row in rows}

    def outlets_hidden_from(self, guild: int | None) -> frozenset[str]:
        """The private outlets of others only; for a direct message, which is None, all private ones."""
        kept = {(row.outlet, row.guild) for row in self._rows(select(private_outlet))}
        return frozenset(outlet for outlet, _ in kept if (outlet, guild) not in kept)

    def outlets_of(self, guild: int) -> frozenset[str]:
        """The outlets that are private to a guild."""
        mine = private_outlet.c.guild == guild
        return frozenset(row.outlet for row in self._rows(select(private_outlet.c.outlet).where(mine)))

    def note_asked(self, answer_id: str, asking: Asked, at: datetime | None = None) -> None:
        """Note who asked for an answer. at: when, to count it for the guild; None if nobody asked just now."""
        with storage_errors(), self._engine.begin() as connection:
            connection.execute(insert(asked).values(answer=answer_id, **asking._asdict()))
            if asking.guild is not None and at is not None:
                first = {"guild": asking.guild, "day": _day(at), "questions": 1}
                upsert(connection, asked_on, first, {"questions": asked_on.c.questions + 1})

    def asked(self, answer_id: str) -> Asked | None:
        """Who asked for an answer, and where; None when it was not on Discord."""
        return self._asked(asked.c.answer == answer_id)

    def asked_in(self, message: int) -> Asked | None:
        """Who asked for the answer that a message shows; None when it shows none."""
        return self._asked(asked.c.message == message)

    def set_message(self, answer_id: str, message: int) -> None:
        """Note the message that shows an answer."""
        self._write(update(asked).where(asked.c.answer == answer_id).values(message=message))

    def publish(self, answer_id: str) -> None:
        """Let all see an answer who may see what is asked where it was asked."""
        self._write(update(asked).where(asked.c.answer == answer_id).values(private=False))

    def asked_today(self, guild: int, now: datetime) -> int:
        """How many questions a guild has asked since midnight in UTC, those that were forgotten too."""
        today = (asked_on.c.guild == guild) & (asked_on.c.day == _day(now))
        return sum(row.questions for row in self._rows(select(asked_on.c.questions).where(today)))

    def may_see(self, answer_id: str, guild: int | None, user: int) -> bool:
        """Whether a user may be shown an answer here. guild: None in a direct message."""
        known = self.asked(answer_id)
        if known is None or (known.guild is not None and known.guild != guild):
            return False
        return known.user == user or not (known.private or known.guild is None)

    def vote(self, answer_id: str, user: int, good: bool, wrong_citation: bool = False, *, at: datetime) -> None:
        """Keep what a user thinks of an answer, instead of what they thought.

        Raises:
            NotFoundError: nobody on Discord asked for it, or it was forgotten.
        """
        row = {"answer": answer_id, "user": user, "good": good, "wrong_citation": wrong_citation, "at": at}
        with storage_errors(), self._engine.begin() as connection:
            upsert(connection, votes, row)
            if not connection.execute(select(asked.c.answer).where(asked.c.answer == answer_id)).all():
                raise NotFoundError("this answer is no longer kept", hint="ask again")

    def feedback(self, answer_id: str) -> Feedback:
        """What users think of an answer."""
        given = self._rows(select(votes).where(votes.c.answer == answer_id))
        up = sum(one.good for one in given)
        return Feedback(up, len(given) - up, sum(one.wrong_citation for one in given))

    def disputed(self) -> list[dict[str, Any]]:
        """Answers with a citation that someone called wrong, the latest first, as lines that `dateline eval` reads.

        What would be right is not known, so each stands as a question not to be answered, and its note says so. They
        are of all guilds: for whoever runs Dateline, and not to be shown on Discord.
        """
        kept = journal.answers.c
        query = (
            select(kept.id, kept.question, kept.asked, kept.citations)
            .join(votes, votes.c.answer == kept.id)
            .where(votes.c.wrong_citation)
            .group_by(kept.id)
            .order_by(func.max(votes.c.at).desc())
        )
        return [_to_line(row) for row in self._rows(query)]

    def conversation(self, thread: int) -> list[Turn]:
        """The last turns of a thread, in order."""
        newest = select(turns.c.turn).where(turns.c.thread == thread).order_by(turns.c.id.desc()).limit(TURNS_KEPT)
        return [row.turn for row in reversed(self._rows(newest))]

    def keep_turn(self, thread: int, guild: int | None, user: int, turn: Turn, at: datetime) -> None:
        """Add a user's turn to a thread; only its last turns are kept."""
        row = {"thread": thread, "guild": guild, "user": user, "at": at, "turn": turn}
        here = turns.c.thread == thread
        newest = select(turns.c.id).where(here).order_by(turns.c.id.desc()).limit(TURNS_KEPT)
        self._write(insert(turns).values(row), delete(turns).where(here, turns.c.id.not_in(newest)))

    def forget_threads(self, before: datetime) -> None:
        """Delete the turns of threads in which nothing was asked since."""
        quiet = select(turns.c.thread).group_by(turns.c.thread).having(func.max(turns.c.at) < before)
        self._write(delete(turns).where(turns.c.thread.in_(quiet)))

    def forget(self, user: int) -> int:
        """Delete all that is kept of a user, the answers that they asked for too; how many entries it was."""
        with storage_errors(), self._engine.begin() as connection:
            own = [delete(table).where(table.c.user == user) for table in (votes, turns, watches)]
            entries = sum(connection.execute(statement).rowcount for statement in own)
            return entries + _delete_answers(connection, asked.c.user == user)

    def purge_guild(self, guild: int) -> None:
        """Delete all that is kept of a guild, but not that its outlets are private: release each once it is removed."""
        with storage_errors(), self._engine.begin() as connection:
            _delete_answers(connection, asked.c.guild == guild)
            for table in (turns, watches, asked_on, guild_settings):
                connection.execute(delete(table).where(table.c.guild == guild))

    def _asked(self, which: ColumnElement[bool]) -> Asked | None:
        columns = [column for column in asked.c if column is not asked.c.answer]
        for row in self._rows(select(*columns).where(which)):
            return Asked(**row._mapping)
        return None

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with storage_errors(), self._engine.connect() as connection:
            return connection.execute(query).all()

    def _write(self, *statements: UpdateBase) -> int:
        """Execute them in one transaction; how many rows the last of them found."""
        with storage_errors(), self._engine.begin() as connection:
            return [connection.execute(statement).rowcount for statement in statements][-1]


def _delete_answers(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete the answers asked for by whom or where it says, with who asked and all votes; how many."""
    ids = select(asked.c.answer).where(which)
    connection.execute(delete(journal.answers).where(journal.answers.c.id.in_(ids)))
    connection.execute(delete(votes).where(votes.c.answer.in_(ids)))
    return connection.execute(delete(asked).where(which)).rowcount


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _to_line(row: Row[Any]) -> dict[str, Any]:
    places = ("n", "article", "revision", "start", "end", "quote")
    return {
        "question": row.question,
        "kind": "disputed",
        "answers": [],
        "answerable": False,
        "asked": row.asked.isoformat(),
        "note": NOTE,
        "answer": row.id,
        "citations": [{name: citation[name] for name in places} for citation in row.citations],
    }
