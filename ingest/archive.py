"""The archive: every article, every revision of it, and a log of changes that the indexes follow."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, delete, func, insert, select, update

from ingest import stories
from ingest.database import ROWS_PER_QUERY, Database, in_groups, migrate, open_engine
from ingest.errors import NotFoundError
from ingest.records import Article, Change, ParsedArticle, Revision, State, Status
from ingest.schema import MIGRATIONS, article, change, document, revision

# Each quotation is checked with these, so they are made once.
ARTICLE = select(article).where(article.c.id == bindparam("id"))
REVISION = select(revision).where(revision.c.article == bindparam("article"), revision.c.number == bindparam("number"))


# For each article that is taken in.
SEEN = update(article).where(article.c.id == bindparam("seen")).values(last_seen=bindparam("now"))
STAMPED = delete(document).where(document.c.origin == bindparam("stamped"))
LIVE_OF = select(article.c.id).where(article.c.origin == bindparam("origin"), article.c.state == State.LIVE)
# Of each article the last change. Ordered by the key it looks as far as it gives, however long the log is.
_later = change.alias("later")
_superseded = select(_later.c.seq).where(_later.c.article == change.c.article, _later.c.seq > change.c.seq).exists()
LATEST_CHANGES = (
    select(change.c.seq, change.c.article)
    .where(change.c.seq > bindparam("after"), ~_superseded)
    .order_by(change.c.seq)
    .limit(bindparam("limit", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the archive holds. newest: publication date; last_seen: when anything was last looked at."""

    live: int
    gone: int
    removed: int
    revisions: int
    newest: datetime | None
    last_seen: datetime | None
    outlets: dict[str, int]


class Archive:
    """Articles by id. Whatever the indexes must follow is written in one transaction with its change."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, url: str) -> Archive:
        """Open the database and bring its schema up to date.

        Raises:
            StorageError: it cannot be opened, or a newer Dateline made it.
        """
        engine = open_engine(url)
        migrate(engine, "archive", MIGRATIONS)
        return cls(Database(engine))

    def for_another_thread(self) -> Archive:
        """The same articles, with transactions of its own: it sees what is kept. Closed with this one."""
        return Archive(self.database.for_another_thread())

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def transaction(self, *, keep: bool = True) -> AbstractContextManager[None]:
        """Everything written inside is kept together, or not at all; `keep=False` is a trial, undone at its end."""
        return self.database.transaction(keep=keep)

    # Writing

    def put(self, parsed: ParsedArticle, origin: str, now: datetime) -> Status:
        """Keep what was read: a new article, a new revision, new metadata, or nothing new.

        A gone article that is seen again lives again; a removed one stays removed.
        """
        digest = hashlib.sha256(parsed.text.encode()).hexdigest()
        with self.database.write() as connection:
            known = connection.execute(ARTICLE, {"id": parsed.id}).one_or_none()
            if known is None:
                values = _fields(parsed, origin) | {"first_seen": now, "last_seen": now}
                connection.execute(insert(article), values | {"id": parsed.id, "revision": 1, "state": State.LIVE})
                _add_revision(connection, parsed, 1, digest, now)
                _log(connection, [parsed.id])
                return Status.NEW
            connection.execute(SEEN, {"seen": parsed.id, "now": now})
            if known.state == State.REMOVED:
                return Status.UNCHANGED
            return self._revise(connection, known, parsed, origin, digest, now)

    def mark_gone(self, ids: Collection[str]) -> None:
        """The source no longer has these articles: they stop answering and stay citable."""
        with self.database.write() as connection:
            for some in in_groups(sorted(ids)):
                connection.execute(update(article).where(article.c.id.in_(some)).values(state=State.GONE))
                _log(connection, some)

    def remove(self, article_id: str) -> None:
        """Take an article down for good: its texts are blanked, and a tombstone keeps it from coming back."""
        with self.database.write() as connection:
            connection.execute(update(article).where(article.c.id == article_id).values(state=State.REMOVED))
            connection.execute(update(revision).where(revision.c.article == article_id).values(text=""))
            stories.leave(connection, article_id)
            _log(connection, [article_id])

    def stamp(self, origin: str, source: str, sha256: str) -> None:
        """Remember the bytes of a file that was read without failure."""
        with self.database.write() as connection:
            connection.execute(STAMPED, {"stamped": origin})
            connection.execute(insert(document), {"origin": origin, "source": source, "sha256": sha256})

    def forget(self, origin: str) -> None:
        """Forget a file's bytes, so that it is parsed the next time it is seen."""
        with self.database.write() as connection:
            connection.execute(STAMPED, {"stamped": origin})

    # Reading

    def article(self, article_id: str) -> Article | None:
        """The article with this id, whatever its state."""
        rows = self.database.rows(ARTICLE, id=article_id)
        return _article(rows[0]) if rows else None

    def articles(self, ids: Collection[str]) -> dict[str, Article]:
        """Those of the articles that exist, by id."""
        query = select(article)
        rows = [row for some in in_groups(list(ids)) for row in self.database.rows(query.where(article.c.id.in_(some)))]
        return {row.id: _article(row) for row in rows}

    def told(self, names: Collection[str]) -> dict[str, list[Article]]:
        """The live articles of each of these stories, in the order of their ids."""
        query = select(article).where(article.c.state == State.LIVE).order_by(article.c.id)
        found: defaultdict[str, list[Article]] = defaultdict(list)
        for some in in_groups(sorted(names)):
            for row in self.database.rows(query.where(article.c.story.in_(some))):
                found[row.story].append(_article(row))
        return found

    def find(self, words: str) -> Article:
        """The article with this id, or the only one whose id ends with or contains these characters.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        exact = self.article(words)
        if exact:
            return exact
        like = article.c.id.contains(words, autoescape=True)
        rows = self.database.rows(select(article).where(like).limit(ROWS_PER_QUERY)) if words else []
        ending = [row for row in rows if row.id.endswith(words)]
        matches = ending or rows
        if len(matches) == 1:
            return _article(matches[0])
        if not matches:
            raise NotFoundError(
                f"no article has the id {words!r}",
                hint="`dateline search` and `ask --json` print article ids",
            )
        some = ", ".join(row.id for row in matches[:3])
        raise NotFoundError(f"{words!r} could be {len(matches)} articles: {some}", hint="give more of the id")

    def revision(self, article_id: str, number: int) -> Revision | None:
        """One version of an article's text."""
        rows = self.database.rows(REVISION, article=article_id, number=number)
        return Revision(**rows[0]._mapping) if rows else None

    def revisions(self, article_id: str) -> list[Revision]:
        """Every version of an article's text, the first one first."""
        query = select(revision).where(revision.c.article == article_id).order_by(revision.c.number)
        return [Revision(**row._mapping) for row in self.database.rows(query)]

    def texts(self, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Texts by (article, revision)."""
        wanted = set(places)
        ids = sorted({article_id for article_id, _ in wanted})
        columns = select(revision.c.article, revision.c.number, revision.c.text)
        rows = [
            row for some in in_groups(ids) for row in self.database.rows(columns.where(revision.c.article.in_(some)))
        ]
        return {(row.article, row.number): row.text for row in rows if (row.article, row.number) in wanted}

    def changes(self, after: int, limit: int) -> list[Change]:
        """The articles changed after a sequence number, each once with its latest, in order."""
        return [Change(row.seq, row.article) for row in self.database.rows(LATEST_CHANGES, after=after, limit=limit)]

    def pending(self, after: int) -> int:
        """How many articles changed after a sequence number."""
        query = select(func.count(func.distinct(change.c.article))).where(change.c.seq > after)
        return int(self.database.value(query))

    @property
    def seq(self) -> int:
        """Sequence number of the last change, 0 when there is none."""
        return int(self.database.value(select(func.max(change.c.seq))) or 0)

    def stamps(self, source: str) -> dict[str, str]:
        """The sha256 of each file of a source that was read without failure, by origin."""
        return {
            row.origin: row.sha256 for row in self.database.rows(select(document).where(document.c.source == source))
        }

    def live_ids(self, origin: str) -> set[str]:
        """Ids of the live articles read from one file or URL."""
        return {row.id for row in self.database.rows(LIVE_OF, origin=origin)}

    def live_by_origin(self, source: str) -> dict[str, list[str]]:
        """Ids of the live articles of each file of a source that was read, by origin."""
        query = select(article.c.origin, article.c.id).join(document, document.c.origin == article.c.origin)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.database.rows(query.where(document.c.source == source, article.c.state == State.LIVE)):
            found[row.origin].append(row.id)
        return found

    def outlets(self) -> dict[str, int]:
        """Live articles by outlet, most first."""
        count = func.count().label("articles")
        query = select(article.c.outlet, count).where(article.c.state == State.LIVE)
        return {
            row.outlet: row.articles
            for row in self.database.rows(query.group_by(article.c.outlet).order_by(count.desc()))
        }

    def newest(self, limit: int, outlets: Collection[str] = (), hidden: Collection[str] = ()) -> list[Article]:
        """The live articles published last, the newest first: of all outlets or these, but of no hidden one."""
        query = select(article).where(article.c.state == State.LIVE, article.c.published.is_not(None))
        query = query.where(article.c.outlet.in_(outlets)) if outlets else query
        query = query.where(article.c.outlet.not_in(hidden)) if hidden else query
        return [_article(row) for row in self.database.rows(query.order_by(article.c.published.desc()).limit(limit))]

    def statistics(self) -> Statistics:
        """Counts and newest dates, for `status`."""
        states = {
            row.state: row.n
            for row in self.database.rows(select(article.c.state, func.count().label("n")).group_by(article.c.state))
        }
        (newest,) = self.database.rows(
            select(func.max(article.c.published).label("published"), func.max(article.c.last_seen).label("seen"))
        )
        return Statistics(
            live=states.get(State.LIVE, 0),
            gone=states.get(State.GONE, 0),
            removed=states.get(State.REMOVED, 0),
            revisions=self.database.value(select(func.count()).select_from(revision)),
            newest=newest.published,
            last_seen=newest.seen,
            outlets=self.outlets(),
        )

    def _revise(
        self,
        connection: Connection,
        known: Row[Any],
        parsed: ParsedArticle,
        origin: str,
        digest: str,
        now: datetime,
    ) -> Status:
        """Bring a known article up to what was read, if anything differs."""
        fields = _fields(parsed, origin) | {"state": State.LIVE, "revision": known.revision}
        current = select(revision.c.sha256).where(revision.c.article == parsed.id, revision.c.number == known.revision)
        if connection.execute(current).scalar_one() != digest:
            fields["revision"] += 1
            _add_revision(connection, parsed, fields["revision"], digest, now)
        if all(getattr(known, name) == value for name, value in fields.items()):
            return Status.UNCHANGED
        connection.execute(update(article).where(article.c.id == parsed.id).values(fields))
        _log(connection, [parsed.id])
        return Status.UPDATED


def _fields(parsed: ParsedArticle, origin: str) -> dict[str, Any]:
    return {
        "origin": origin,
        "title": parsed.title,
        "outlet": parsed.outlet,
        "authors": list(parsed.authors),
        "url": parsed.url,
        "language": parsed.language,
        "published": parsed.published,
        "updated": parsed.updated,
        "flags": list(parsed.flags),
    }


def _article(row: Row[Any]) -> Article:
    fields = dict(row._mapping)
    lists = {name: tuple(fields[name]) for name in ("authors", "flags")}
    return Article(**fields | lists | {"state": State(row.state)})


def _add_revision(connection: Connection, parsed: ParsedArticle, number: int, digest: str, now: datetime) -> None:
    values = {"article": parsed.id, "number": number, "sha256": digest, "text": parsed.text, "fetched": now}
    connection.execute(insert(revision), values)
    if number > 1:
        stories.leave(connection, parsed.id)
    stories.assign(connection, parsed.id, parsed.text)


def _log(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(insert(change), [{"article": article_id} for article_id in ids])
