"""Which story each article belongs to, kept up to date in the archive's own transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, union_all, update

from ingest.duplicates import BANDS, are_copies, bands, stories, story_of, wording
from ingest.schema import article, band, revision

# Of the articles that share a band, those that share most are compared: one more copy of a text that a thousand
# articles have costs no more than the second one, and joins them all the same.
MOST_COMPARED = 20
# A band that more articles have is a text of many copies, or what an outlet puts below each of its articles. Of these
# some are looked at, whichever they are, and so that they do not crowd out a copy, half of those compared are others.
CROWD = 20


def assign(connection: Connection, article_id: str, text: str) -> None:
    """Give an article that is in no story the one of its copies, or none. Its row is there already."""
    its = wording(text)
    its_bands = bands(its)
    if not its_bands:
        return
    copies = [row for row in _sharing(connection, its_bands) if are_copies(its, wording(row.text))]
    connection.execute(
        insert(band), [{"article": article_id, "number": number, "hash": value} for number, value in its_bands]
    )
    if not copies:
        return
    joined = {row.story for row in copies} - {""}
    members = {article_id, *(row.id for row in copies)}
    together = or_(article.c.id.in_(members), article.c.story.in_(joined))
    # The name of each story that is joined is the id of its first article.
    connection.execute(update(article).where(together).values(story=story_of(members | joined)))


def leave(connection: Connection, article_id: str) -> None:
    """Take an article out of its story. The others stay together as far as they are copies of each other."""
    connection.execute(delete(band).where(band.c.article == article_id))
    story = connection.execute(select(article.c.story).where(article.c.id == article_id)).scalar_one()
    if not story:
        return
    connection.execute(update(article).where(article.c.id == article_id).values(story=""))
    others = connection.execute(_texts().where(article.c.story == story)).all()
    found = stories({row.id: wording(row.text) for row in others})
    for row in others:
        if found[row.id] != row.story:
            connection.execute(update(article).where(article.c.id == row.id).values(story=found[row.id]))


def _sharing(connection: Connection, its_bands: Sequence[tuple[int, str]]) -> Sequence[Row[Any]]:
    """Id, story and text of the articles that share most of these bands."""
    values = {f"hash{number}": value for number, value in its_bands}
    rare, crowded = Counter[str](), Counter[str]()
    by_band: defaultdict[int, list[str]] = defaultdict(list)
    for row in connection.execute(SHARING, values):
        by_band[row.number].append(row.article)
    for sharing in by_band.values():
        (rare if len(sharing) <= CROWD else crowded).update(sharing)
    most = {one for counts in (rare, crowded) for one in _most(counts, MOST_COMPARED // 2)}
    return connection.execute(_texts().where(article.c.id.in_(most))).all() if most else []


def _most(counts: Counter[str], limit: int) -> list[str]:
    return sorted(counts, key=lambda one: (-counts[one], one))[:limit]


def _texts() -> Any:
    """Id, story and current text of articles."""
    current = (revision.c.article == article.c.id) & (revision.c.number == article.c.revision)
    return select(article.c.id, article.c.story, revision.c.text).join(revision, current)


def _sharing_each_band() -> Any:
    """Of each band so many articles that have it, that a crowd can be told."""
    parts = (
        select(band.c.number, band.c.article)
        .where(band.c.number == number, band.c.hash == bindparam(f"hash{number}"))
        .limit(CROWD + 1)
        for number in range(BANDS)
    )
    return union_all(*(select(part.subquery()) for part in parts))


SHARING = _sharing_each_band()  # once: it is asked for each article
