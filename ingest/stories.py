"""Which story each article belongs to, kept up to date in the archive's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from ingest.duplicates import are_copies, bands, stories, story_of, wording
from ingest.schema import article, band, revision

# Of the articles that share a band, those that share most are compared: one more copy of a text that a thousand
# articles have costs no more than the second one, and joins them all the same.
MOST_COMPARED = 20


def assign(connection: Connection, article_id: str, text: str) -> None:
    """Give an article that is in no story the one of its copies, or none. Its row is there already."""
    its = wording(text)
    rows = [{"article": article_id, "number": number, "hash": value} for number, value in bands(its)]
    if not rows:
        return
    connection.execute(insert(band), rows)
    copies = [row for row in _sharing(connection, article_id) if are_copies(its, wording(row.text))]
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


def _sharing(connection: Connection, article_id: str) -> Sequence[Row[Any]]:
    """Id, story and text of the articles that share most bands with this one."""
    return connection.execute(SHARING, {"article": article_id}).all()


def _texts() -> Any:
    """Id, story and current text of articles."""
    current = (revision.c.article == article.c.id) & (revision.c.number == article.c.revision)
    return select(article.c.id, article.c.story, revision.c.text).join(revision, current)


def _texts_that_share_most() -> Any:
    mine, other = band.alias(), band.alias()
    same = (other.c.number == mine.c.number) & (other.c.hash == mine.c.hash) & (other.c.article != mine.c.article)
    shared = select(other.c.article).join(mine, same).where(mine.c.article == bindparam("article"))
    most = shared.group_by(other.c.article).order_by(func.count().desc(), other.c.article).limit(MOST_COMPARED)
    return _texts().where(article.c.id.in_(most))


SHARING = _texts_that_share_most()  # once: it is asked for each article
