"""The archive's tables, and the numbered migrations that make them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Connection, ForeignKey, Index, Integer, MetaData, String, Table, Text

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
    Index("article_origin", "origin"),
    Index("article_published", "published"),
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


def _create(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS = (_create,)
