"""The archive's tables, and the numbered migrations that make them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
)

from ingest.database import UtcDateTime

metadata = MetaData()

article = Table(
    "article",
    metadata,
    Column("id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("outlet", String, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("published", UtcDateTime),
    Column("updated", UtcDateTime),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("story", String, nullable=False, server_default=""),
    Column("flags", JSON, nullable=False, server_default="[]"),
    Index("article_origin", "origin"),
    Index("article_published", "published"),
    Index("article_story", "story"),
)

revision = Table(
    "revision",
    metadata,
    Column("article", String, ForeignKey("article.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("fetched", UtcDateTime, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("article", String, ForeignKey("article.id"), nullable=False),
    Index("change_article", "article"),
    sqlite_autoincrement=True,  # a sequence number is never used twice
)

# One row a file that was read: an unchanged file is not parsed again.
document = Table(
    "document",
    metadata,
    Column("origin", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("document_source", "source"),
)


# What is known of a page on the web, so that it is asked for again politely. due: when to ask next, NULL for never.
# missing: when it was first found to be not there any more, NULL when it was there the last time.
page = Table(
    "page",
    metadata,
    Column("url", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("article", String),
    Column("etag", String, nullable=False, server_default=""),
    Column("last_modified", String, nullable=False, server_default=""),
    Column("checked", UtcDateTime, nullable=False),
    Column("due", UtcDateTime),
    Column("missing", UtcDateTime),
    Column("error", Text, nullable=False, server_default=""),
    Index("page_source_due", "source", "due"),
)

# robots.txt by origin, such as `https://news.example`.
robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True),
    Column("fetched", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
)

# One row for each source in each run.
run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", String, nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("new", "updated", "unchanged", "gone", "failed")),
    Column("error", Text, nullable=False),
    Index("run_source", "source", "id"),
)

# Bands of MinHash signatures: articles that share one may be copies of each other.
band = Table(
    "band",
    metadata,
    Column("article", String, ForeignKey("article.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("hash", String, nullable=False),
    Index("band_hash", "number", "hash"),
)


def _create(connection: Connection) -> None:
    metadata.create_all(connection, tables=[article, revision, change, document])


def _add_the_web(connection: Connection) -> None:
    metadata.create_all(connection, tables=[page, robots, run, band])
    # A database that the first migration made just now has the column already.
    if "flags" not in {column["name"] for column in inspect(connection).get_columns(article.name)}:
        connection.execute(text("ALTER TABLE article ADD COLUMN flags JSON NOT NULL DEFAULT '[]'"))


def _find_stories(connection: Connection) -> None:
    for index in article.indexes:
        index.create(connection, checkfirst=True)


MIGRATIONS = (_create, _add_the_web, _find_stories)
