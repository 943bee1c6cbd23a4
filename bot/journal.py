"""Answers, kept so that they can be verified later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Connection, Engine, MetaData, String, Table, func, insert, inspect, select, text

from bot.records import Answer, Citation, Dropped
from ingest.database import UtcDateTime, migrate, open_engine, storage_errors
from ingest.errors import NotFoundError

metadata = MetaData()
answers = Table(
    "answer",
    metadata,
    Column("id", String, primary_key=True),
    Column("asked", UtcDateTime, nullable=False),
    Column("question", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("configuration", String, nullable=False),
    Column("dropped", JSON, nullable=False),
    Column("usage", JSON),
)


def _create(connection: Connection) -> None:
    metadata.create_all(connection)


def _add_language_models(connection: Connection) -> None:
    if "dropped" not in {column["name"] for column in inspect(connection).get_columns("answer")}:
        connection.execute(text("ALTER TABLE answer ADD COLUMN dropped JSON NOT NULL DEFAULT '[]'"))
        connection.execute(text("ALTER TABLE answer ADD COLUMN usage JSON"))


MIGRATIONS = (_create, _add_language_models)


class Kept(NamedTuple):
    """What is kept of an answer. configuration: what made it (models, prompts, thresholds), as one line."""

    question: str
    citations: list[Citation]
    configuration: str


class Journal:
    """The answers given, by id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Journal:
        """Open the database and bring its schema up to date."""
        engine = open_engine(url)
        migrate(engine, "journal", MIGRATIONS)
        return cls(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def keep(self, answer: Answer, configuration: str) -> None:
        """Write an answer down. configuration: as in `Kept`."""
        row = {
            "id": answer.id,
            "asked": answer.question.asked,
            "question": answer.question.words,
            "mode": answer.mode,
            "claims": [[claim.text, list(claim.citations)] for claim in answer.claims],
            "citations": [_to_json(citation) for citation in answer.citations],
            "configuration": configuration,
            "dropped": [[one.text, list(one.quotes), one.reason] for one in answer.dropped],
            "usage": asdict(answer.usage) if answer.usage else None,
        }
        with storage_errors(), self._engine.begin() as connection:
            connection.execute(insert(answers).values(row))

    def find(self, answer_id: str) -> Kept:
        """A kept answer.

        Raises:
            NotFoundError: no answer has that id.
        """
        with storage_errors(), self._engine.connect() as connection:
            row = connection.execute(select(answers).where(answers.c.id == answer_id)).one_or_none()
        if row is None:
            raise NotFoundError(
                f"no kept answer has the id {answer_id!r}", hint="`dateline ask` prints the id below each answer"
            )
        return Kept(row.question, [_from_json(citation) for citation in row.citations], row.configuration)

    def count(self) -> int:
        """How many answers are kept."""
        with storage_errors(), self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(answers)).scalar_one()

    def dropped(self) -> list[Dropped]:
        """All that language models claimed without proof, newest first; none of it was shown."""
        query = select(answers.c.dropped).order_by(answers.c.asked.desc())
        with storage_errors(), self._engine.connect() as connection:
            kept = connection.execute(query).scalars().all()
        return [Dropped(text, tuple(quotes), reason) for claims in kept for text, quotes, reason in claims]


def _to_json(citation: Citation) -> dict[str, Any]:
    fields = {name: getattr(citation, name) for name in Citation.__slots__}
    return fields | {"published": citation.published.isoformat() if citation.published else None}


def _from_json(fields: Mapping[str, Any]) -> Citation:
    published = fields["published"]
    restored = {
        "published": datetime.fromisoformat(published) if published else None,
        "also": tuple(fields.get("also", ())),  # older answers do not name the other outlets
        "answer": tuple(fields["answer"]) if fields.get("answer") else None,  # nor single words
    }
    return Citation(**{**fields, **restored})
