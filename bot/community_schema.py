"""What is kept of a community on Discord: its records, their tables, and the numbered migrations that make them.

They stand in the journal's database. Ids of guilds, channels, threads, messages and users are Discord's, of 64 bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.conversation import Turn
from bot.records import Window
from ingest.database import UtcDateTime


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a guild wants. channels: where it may be asked, empty for all. language: empty for the asker's own.

    outlets: those of the index that answer, empty for all. daily_quota: questions in a day.
    """

    guild: int
    channels: tuple[int, ...] = ()
    language: str = ""
    outlets: tuple[str, ...] = ()
    daily_quota: int = 200


class Asked(NamedTuple):
    """Where and by whom an answer was asked for.

    guild: None for a direct message. thread: of which conversation it is. private: whether only the asker may see it.
    pages: what was shown, each as text and footer. message: the bot's, once sent.
    """

    guild: int | None
    channel: int
    user: int
    thread: int
    private: bool
    pages: Sequence[tuple[str, str]]
    message: int | None = None


class Feedback(NamedTuple):
    """How many found an answer good, how many bad, and how many of both called a citation wrong."""

    up: int
    down: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that stands.

    channel: where it is answered; a thread, perhaps, and then parent is the channel that this is in. thread: the
    conversation of its answers. seen: fingerprint of the last answer that was found. posted: when one was last posted.
    """

    id: int
    guild: int
    channel: int
    parent: int
    thread: int
    user: int
    question: str
    seen: str
    posted: datetime | None
    created: datetime


class TurnJson(TypeDecorator[Turn]):
    """A turn of a conversation, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Turn | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        """Its fields, with times in ISO 8601."""
        if value is None:
            return None
        return asdict(value) | {"window": value.window and _window_to_json(value.window)}

    def process_result_value(self, value: Mapping[str, Any] | None, dialect: Dialect) -> Turn | None:  # noqa: ARG002
        """The turn that these are the fields of."""
        if value is None:
            return None
        window = value["window"] and _window_from_json(value["window"])
        return Turn(**{**value, "window": window, "names": tuple(value["names"])})


def _window_to_json(window: Window) -> dict[str, Any]:
    return asdict(window) | {
        "since": window.since and window.since.isoformat(),
        "until": window.until and window.until.isoformat(),
    }


def _window_from_json(fields: Mapping[str, Any]) -> Window:
    since, until = (bound and datetime.fromisoformat(bound) for bound in (fields["since"], fields["until"]))
    return Window(fields["words"], since, until)


metadata = MetaData()

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("channels", JSON, nullable=False),
    Column("language", String, nullable=False),
    Column("outlets", JSON, nullable=False),
    Column("daily_quota", Integer, nullable=False),
)

# Which guilds may see an outlet; one that stands here is hidden from all others.
private_outlet = Table(
    "private_outlet",
    metadata,
    Column("outlet", String, primary_key=True),
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Index("private_outlet_guild", "guild"),
)

# Who asked for an answer of the journal, and where. guild: NULL for a direct message.
asked = Table(
    "asked",
    metadata,
    Column("answer", String, primary_key=True),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    Column("user", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("pages", JSON, nullable=False),
    Column("message", BigInteger),
    Index("asked_message", "message"),
    Index("asked_guild", "guild"),
    Index("asked_user", "user"),
)

# How many questions a guild asked in a day, by UTC: a quota holds though a user had their questions forgotten.
asked_on = Table(
    "asked_on",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("questions", Integer, nullable=False),
)

votes = Table(
    "vote",
    metadata,
    Column("answer", String, primary_key=True),
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("good", Boolean, nullable=False),
    Column("wrong_citation", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("vote_user", "user"),
)

# One row a turn, so that two who ask at once in a thread both are kept, and one of them can be forgotten.
turns = Table(
    "turn",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thread", BigInteger, nullable=False),
    Column("guild", BigInteger),
    Column("user", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("turn", TurnJson, nullable=False),
    Index("turn_thread", "thread", "id"),
    Index("turn_user", "user"),
)

watches = Table(
    "watch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild", BigInteger, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("parent", BigInteger, nullable=False),
    Column("thread", BigInteger, nullable=False),
    Column("user", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("seen", String, nullable=False),
    Column("posted", UtcDateTime),
    Column("created", UtcDateTime, nullable=False),
    Index("watch_guild", "guild"),
    sqlite_autoincrement=True,  # an id that someone noted down never comes to mean another watch
)


def _create(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS = (_create,)


def upsert(
    connection: Connection, table: Table, row: Mapping[str, Any], changes: Mapping[str, Any] | None = None
) -> None:
    """Write a row. The one that has its key already is changed to it, or by `changes`."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=table.primary_key, set_=changes or row))
