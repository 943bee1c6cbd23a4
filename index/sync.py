"""Bring the derived indexes up to the archive: read its change log, cut passages, apply them in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.archive import Archive
from ingest.chunk import header, passages
from ingest.records import Article, Change, Passage, State

ARTICLES_PER_BATCH = 64

Chunker = Callable[[Article, str], list[Passage]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What some articles now amount to. passages: all of the live ones'; none for those gone or removed."""

    seq: int
    articles: Mapping[str, Article]
    passages: Sequence[Passage]


class Follower(Protocol):
    """An index derived from the archive. It commits a batch before its position moves."""

    @property
    def position(self) -> int:
        """Sequence number of the last change taken in."""
        ...

    def apply(self, batch: Batch) -> None:
        """Replace the passages of the batch's articles."""
        ...


def sync(
    archive: Archive,
    followers: Sequence[Follower],
    chunker: Chunker,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Apply every change that some follower has not taken in. progress: (articles done, of how many).

    Killed at any moment it loses nothing: a batch that was not recorded is applied again, to the same end.
    """
    position = min(follower.position for follower in followers)
    total, done = archive.pending(position), 0
    while changes := archive.changes(position, ARTICLES_PER_BATCH):
        batch = _batch(archive, changes, chunker)
        for follower in followers:
            if follower.position < batch.seq:
                follower.apply(batch)
        position = batch.seq
        done += len(changes)
        if progress:
            progress(done, total)


def expected(archive: Archive, chunker: Chunker) -> set[str]:
    """Ids of the passages that each index should hold: what `doctor` compares against."""
    ids: set[str] = set()
    position = 0
    while changes := archive.changes(position, ARTICLES_PER_BATCH):
        batch = _batch(archive, changes, chunker)
        ids.update(passage.id for passage in batch.passages)
        position = batch.seq
    return ids


def make_chunker(count: Callable[[Sequence[str]], list[int]], window: int) -> Chunker:
    """A chunker that measures with the embedding model's tokenizer. window: word pieces the model reads."""

    def chunk(article: Article, text: str) -> list[Passage]:
        heading = header(article.title, article.outlet, article.published)
        return passages(article.id, article.revision, text, heading, count, language=article.language, window=window)

    return chunk


def _batch(archive: Archive, changes: Sequence[Change], chunker: Chunker) -> Batch:
    articles = archive.articles([change.article for change in changes])
    live = [article for article in articles.values() if article.state is State.LIVE]
    texts = archive.texts([(article.id, article.revision) for article in live])
    cut = [passage for article in live for passage in chunker(article, texts[article.id, article.revision])]
    return Batch(seq=changes[-1].seq, articles=articles, passages=cut)
