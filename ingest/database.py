"""What every table shares: opening an engine, numbered migrations, times in UTC, and errors in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from ingest.errors import StorageError, UsageError

BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 65_536  # at most; the index of the bands is written all over
ROWS_PER_QUERY = 500  # SQLite takes a limited number of variables in one statement

T = TypeVar("T")

Migration = Callable[[Connection], None]

_metadata = MetaData()
_schema_version = Table(
    "schema_version",
    _metadata,
    Column("component", String, primary_key=True),
    Column("version", Integer, nullable=False),
)


class Database:
    """What archives, page states and runs are kept in; they share its transactions.

    One thread at a time writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open_transaction: Connection | None = None

    def for_another_thread(self) -> Database:
        """The same database, with transactions of its own."""
        return Database(self._engine)

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """Everything written inside is kept together, or not at all. One inside another belongs to it.

        keep: False for a trial, whose writes are seen inside and then undone.
        """
        if self._open_transaction is not None:
            yield
            return
        with storage_errors(), self._engine.begin() as connection:
            self._open_transaction = connection
            try:
                yield
            finally:
                self._open_transaction = None
            if not keep:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The open transaction, or one of its own."""
        if self._open_transaction is not None:
            yield self._open_transaction
        else:
            with storage_errors(), self._engine.begin() as connection:
                yield connection

    def rows(self, query: Any, **values: object) -> Sequence[Row[Any]]:
        """All rows of a query. values: of its bound parameters."""
        if self._open_transaction is not None:
            return self._open_transaction.execute(query, values).all()
        with storage_errors(), self._engine.connect() as connection:
            return connection.execute(query, values).all()

    def value(self, query: Any) -> Any:
        """The first column of the first row."""
        return self.rows(query)[0][0]


def in_groups(values: Sequence[T], size: int = ROWS_PER_QUERY) -> Iterator[list[T]]:
    """Runs short enough for one statement, or of another size."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite forgets time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware to naive UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Naive UTC to aware."""
        return value.replace(tzinfo=UTC) if value else None


def open_engine(url: str) -> Engine:
    """An engine for a SQLAlchemy URL. A SQLite file's folder is made, and it runs in WAL mode.

    Raises:
        StorageError: the folder cannot be made.
        UsageError: the URL is none, or its driver is not installed.
    """
    try:
        address = make_url(url)
        engine = create_engine(address)
    except ArgumentError as error:
        hint = "write it as postgresql+psycopg://user@host/name"
        raise UsageError(f"DATELINE_DATABASE_URL cannot be used: {error}".splitlines()[0], hint=hint) from error
    except ModuleNotFoundError as error:
        hint = "pip install 'dateline[postgres]'" if error.name == "psycopg" else f"pip install {error.name}"
        raise UsageError(f"the database driver {error.name} is not installed", hint=hint) from error
    if address.get_backend_name() == "sqlite":
        if address.database:
            make_folder(Path(address.database).parent)
        event.listen(engine, "connect", _configure_sqlite)
    return engine


def make_folder(folder: Path) -> None:
    """Make a folder and its parents.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder {folder} cannot be made: {error.strerror}",
            hint="set DATELINE_HOME to a folder you can write to",
        ) from error


def migrate(engine: Engine, component: str, migrations: Sequence[Migration]) -> None:
    """Run the migrations that this component has not had; the n-th brings it to version n. One transaction each.

    Raises:
        StorageError: the database was made by a newer Dateline, or cannot be read or written.
    """
    with storage_errors():
        with engine.connect() as connection:
            version = _version(connection, component)
        if version > len(migrations):
            raise StorageError(
                f"the {component} has schema {version}, this Dateline knows {len(migrations)}",
                hint="it was made by a newer Dateline: upgrade this one",
            )
        for number, migration in enumerate(migrations[version:], version + 1):
            with engine.begin() as connection:
                if engine.dialect.name == "sqlite":  # its driver would begin only after the schema was changed
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                if _version(connection, component) >= number:
                    continue  # another process was faster
                _metadata.create_all(connection)
                migration(connection)
                connection.execute(delete(_schema_version).where(_schema_version.c.component == component))
                connection.execute(insert(_schema_version).values(component=component, version=number))


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn a database failure into one clear line.

    Raises:
        StorageError: whatever SQLAlchemy raised.
    """
    try:
        yield
    except SQLAlchemyError as error:
        detail = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StorageError(
            f"the archive cannot be read or written: {detail}",
            hint=_hint(detail),
            retryable="locked" in detail,
        ) from error


def _hint(detail: str) -> str:
    if "locked" in detail:
        return "another process is writing: try again in a moment"
    if "full" in detail:
        return "make room on the disk and run it again: nothing was lost"
    if "readonly" in detail or "unable to open" in detail:
        return "check the permissions of DATELINE_HOME"
    return "check DATELINE_HOME or DATELINE_DATABASE_URL"


def _version(connection: Connection, component: str) -> int:
    if not inspect(connection).has_table(_schema_version.name):
        return 0
    query = select(_schema_version.c.version).where(_schema_version.c.component == component)
    return connection.execute(query).scalar() or 0


def _configure_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
