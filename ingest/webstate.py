"""What is remembered of the web between runs: when to ask for a page again, robots.txt, and how each run went."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from ingest.database import Database, in_groups
from ingest.records import State
from ingest.schema import article, document, page, robots, run

ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309, section 2.4


@dataclass(frozen=True, slots=True)
class PageState:
    """One page. due: when to ask for it again, None for never. missing: since when it is not there any more.

    article: the id of what was taken in from it, None when nothing was. error: why nothing could be had the last
    time, empty when all was well.
    """

    url: str
    source: str
    checked: datetime
    article: str | None = None
    etag: str = ""
    last_modified: str = ""
    due: datetime | None = None
    missing: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """How one pass over one source went. seconds: wall time. error: the first failure, empty when there was none."""

    source: str
    started: datetime
    seconds: float
    new: int
    updated: int
    unchanged: int
    gone: int
    failed: int
    error: str


class WebState:
    """Pages, robots.txt and runs, in the archive's database and its transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, state: PageState) -> None:
        """Remember a page as it is now."""
        with self._database.write() as connection:
            connection.execute(delete(page).where(page.c.url == state.url))
            connection.execute(insert(page).values(asdict(state)))

    def pages(self, urls: Collection[str]) -> dict[str, PageState]:
        """Those of the pages that are known, by URL."""
        query = select(page)
        rows = [row for some in in_groups(list(urls)) for row in self._database.rows(query.where(page.c.url.in_(some)))]
        return {row.url: PageState(**row._mapping) for row in rows}

    def due(self, source: str, now: datetime) -> list[PageState]:
        """The pages of a source that are to be asked for again, those that wait longest first."""
        query = select(page).where(page.c.source == source, page.c.due <= now).order_by(page.c.due, page.c.url)
        return [PageState(**row._mapping) for row in self._database.rows(query)]

    def documents(self, source: str) -> dict[str, PageState]:
        """What was read of a source that is no article, such as its sitemaps, by URL, the latest first."""
        documents = select(page).where(page.c.source == source, page.c.article.is_(None), page.c.error == "")
        query = documents.order_by(page.c.checked.desc(), page.c.url)
        return {row.url: PageState(**row._mapping) for row in self._database.rows(query)}

    def move(self, old: str, new: str) -> None:
        """A source has another location now."""
        with self._database.write() as connection:
            for table in (page, run):
                connection.execute(update(table).where(table.c.source == old).values(source=new))

    def forget(self, source: str) -> None:
        """Know nothing of a source's pages any more, so that all are new when it is added again."""
        with self._database.write() as connection:
            connection.execute(delete(page).where(page.c.source == source))

    def robots(self, now: datetime) -> dict[str, str]:
        """The robots.txt that may still be used, by origin."""
        query = select(robots).where(robots.c.fetched > now - ROBOTS_KEPT)
        return {row.origin: row.body for row in self._database.rows(query)}

    def keep_robots(self, bodies: Mapping[str, str], now: datetime) -> None:
        """Remember what was read just now."""
        with self._database.write() as connection:
            for origin, body in bodies.items():
                connection.execute(delete(robots).where(robots.c.origin == origin))
                connection.execute(insert(robots).values(origin=origin, fetched=now, body=body))

    def record(self, one: Run) -> None:
        """Write down how a pass went."""
        with self._database.write() as connection:
            connection.execute(insert(run).values(asdict(one)))

    def last_runs(self) -> dict[str, Run]:
        """The latest pass over each source, by source."""
        latest = select(func.max(run.c.id)).group_by(run.c.source)
        columns = [column for column in run.c if column is not run.c.id]
        rows = self._database.rows(select(*columns).where(run.c.id.in_(latest)))
        return {row.source: Run(**row._mapping) for row in rows}

    def articles_of(self, source: str) -> list[str]:
        """Ids of the live articles that were taken in from a source."""
        from_pages = article.c.id.in_(select(page.c.article).where(page.c.source == source))
        from_files = article.c.origin.in_(select(document.c.origin).where(document.c.source == source))
        from_entries = article.c.origin.startswith(f"{source}#", autoescape=True)  # of a feed, without a page
        is_from_it = from_pages | from_files | from_entries
        query = select(article.c.id).where(article.c.state == State.LIVE, is_from_it)
        return [row.id for row in self._database.rows(query)]
