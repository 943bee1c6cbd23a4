"""Bring the derived indexes up to the archive: read its change log, cut passages, embed and write them in batches.

Each of the three has a thread of its own, so that none waits for another but where its batches pile up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeVar

from index.embed import Embedder
from ingest.archive import Archive
from ingest.chunk import header, passages
from ingest.records import Article, Change, Passage, State

ARTICLES_PER_BATCH = 128  # a commit costs about as much as writing so many
BATCHES_AHEAD = 2  # between one step and the next: they are held in memory

T = TypeVar("T")

Chunker = Callable[[Article, str], list[Passage]]
Write = Callable[[], None]


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

    def prepare(self, batch: Batch) -> Write:
        """Do what takes long and writes nothing, while the batch before may not be written yet.

        What it returns replaces the passages of the batch's articles. It is called once, batch after batch.
        """
        ...


def no_more() -> bool:
    """Nobody writes to the archive meanwhile."""
    return False


def sync(
    archive: Archive,
    followers: Sequence[Follower],
    chunker: Chunker,
    progress: Callable[[int, int], None] | None = None,
    more: Callable[[], bool] = no_more,
) -> None:
    """Apply every change that some follower has not taken in. progress: (changes done, of how many).

    archive: one that no thread writes with, as several read. more: waits a moment for whoever writes to the archive, and
    says whether more may come; it is called in another thread, and what it raises is raised here.

    Killed at any moment it loses nothing: a batch that was not recorded is applied again, to the same end.
    """
    positions = [follower.position for follower in followers]
    start = min(positions)

    def prepared(batches: Generator[Batch]) -> Generator[tuple[Batch, list[Write]]]:
        for batch in batches:
            behind = (one for one, position in zip(followers, positions, strict=True) if position < batch.seq)
            yield batch, [follower.prepare(batch) for follower in behind]

    with (
        closing(ahead(_batches(archive, start, chunker, more))) as batches,
        closing(ahead(prepared(batches))) as ready,
    ):
        for batch, writes in ready:
            for write in writes:
                write()
            if progress:
                progress(batch.seq - start, archive.seq - start)


def ahead(items: Generator[T], most: int = BATCHES_AHEAD) -> Generator[T]:
    """The same items, made in a thread of their own, which has so many ready at most.

    An error is raised where its item would have come. Closed, it makes no more, and returns when the thread has ended.
    """
    none = object()
    pool = ThreadPoolExecutor(1)
    try:
        making = deque(pool.submit(next, items, none) for _ in range(most))
        while (item := making.popleft().result()) is not none:
            making.append(pool.submit(next, items, none))
            yield item  # type: ignore[misc]
    finally:
        pool.shutdown(cancel_futures=True)
        items.close()


def expected(archive: Archive, chunker: Chunker) -> set[str]:
    """Ids of the passages that each index should hold: what `doctor` compares against."""
    ids: set[str] = set()
    position = 0
    while changes := archive.changes(position, ARTICLES_PER_BATCH):
        batch = _batch(archive, changes, chunker)
        ids.update(passage.id for passage in batch.passages)
        position = batch.seq
    return ids


def make_chunker(embedder: Embedder) -> Chunker:
    """A chunker that measures with the embedding model's tokenizer. Nothing is loaded before the first article."""

    def chunk(article: Article, text: str) -> list[Passage]:
        heading = header(article.title, article.outlet, article.published)
        count, window = embedder.count, embedder.window
        return passages(article.id, article.revision, text, heading, count, language=article.language, window=window)

    return chunk


def _batches(archive: Archive, position: int, chunker: Chunker, more: Callable[[], bool]) -> Generator[Batch]:
    """What changed after a position, as long as more may come."""
    goes_on = True
    while goes_on:
        goes_on = more()  # asked first: what came until then is read below
        changes = archive.changes(position, ARTICLES_PER_BATCH)
        while changes:
            yield _batch(archive, changes, chunker)
            position, is_full = changes[-1].seq, len(changes) == ARTICLES_PER_BATCH
            changes = archive.changes(position, ARTICLES_PER_BATCH) if is_full else []


def _batch(archive: Archive, changes: Sequence[Change], chunker: Chunker) -> Batch:
    articles = archive.articles([change.article for change in changes])
    live = [article for article in articles.values() if article.state is State.LIVE]
    texts = archive.texts([(article.id, article.revision) for article in live])
    cut = [passage for article in live for passage in chunker(article, texts[article.id, article.revision])]
    return Batch(seq=changes[-1].seq, articles=articles, passages=cut)
