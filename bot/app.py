"""The composition root: settings to objects, made when first needed, and closed together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import NothingIndexedError
from ingest.lock import writer_lock
from ingest.sources import SourceList

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.config import Settings
    from bot.journal import Journal
    from index.embed import Embedder
    from index.keywords import KeywordIndex
    from index.retrieve import Retriever
    from index.sync import Chunker
    from index.vectors import VectorIndex
    from ingest.archive import Archive
    from ingest.records import Outcome, Source


class App:
    """Everything one process needs. Use it as a context manager."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self._embedder = embedder

    def __enter__(self) -> App:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in ("archive", "journal", "vectors"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @cached_property
    def archive(self) -> Archive:
        """The articles."""
        from ingest.archive import Archive

        return Archive.open(self.settings.archive_url)

    @cached_property
    def journal(self) -> Journal:
        """The answers given."""
        from bot.journal import Journal

        return Journal.open(self.settings.journal_url)

    @cached_property
    def sources(self) -> SourceList:
        """Where articles come from."""
        return SourceList(self.settings.dateline_home / "sources.toml")

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model; it loads when it first embeds."""
        from index.embed import SentenceTransformerEmbedder

        return self._embedder or SentenceTransformerEmbedder(self.settings.embedding_model)

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        from index.vectors import VectorIndex

        return VectorIndex(self.settings.chroma_url or self.settings.dateline_home / "vectors", self.embedder)

    @cached_property
    def keywords(self) -> KeywordIndex:
        """The keyword index."""
        from index.keywords import KeywordIndex

        return KeywordIndex(self.settings.dateline_home / "keywords")

    @cached_property
    def retriever(self) -> Retriever:
        """Hybrid search, over vectors made with the model that is set.

        Raises:
            ModelError: they were made with another.
        """
        from index.retrieve import Retriever

        self.vectors.check_model()
        return Retriever(self.archive, self.vectors, self.keywords)

    @cached_property
    def assistant(self) -> Assistant:
        """What answers.

        Raises:
            NothingIndexedError: there is nothing to answer from.
        """
        from bot.assistant import Assistant

        if self.keywords.position == 0:
            raise NothingIndexedError("nothing is indexed yet", hint="take something in first: dateline reindex PATH")
        return Assistant(self.archive, self.retriever, self.keywords, self.embedder, self.journal)

    @cached_property
    def chunker(self) -> Chunker:
        """How articles are cut, measured with the embedding model's tokenizer."""
        from index.sync import make_chunker

        return make_chunker(self.embedder.count, self.embedder.window)

    def writing(self, command: str) -> AbstractContextManager[None]:
        """The writer's lock. command: what to call this writer to others."""
        return writer_lock(self.settings.dateline_home, command, self.settings.dateline_lock_wait)

    def reindex(self, sources: Sequence[Source], *, full: bool) -> Iterator[Outcome]:
        """Take in what is new and changed; call `sync` afterwards. Needs the writer's lock."""
        from ingest.pipeline import reindex

        return reindex(self.archive, sources, datetime.now(UTC), full=full)

    def sync(self, *, full: bool = False, progress: Callable[[int, int], None] | None = None) -> int:
        """Bring both indexes up to the archive; how many passages were embedded. Needs the writer's lock.

        full: from nothing, with the model that is set now.

        Raises:
            ModelError: the vectors were made with another model, and this is not a full pass.
        """
        from index.sync import sync

        if full:
            self.vectors.clear()
            self.keywords.clear()
        self.vectors.check_model()
        sync(self.archive, [self.vectors, self.keywords], self.chunker, progress)
        return self.vectors.embedded

    def disagreements(self) -> dict[str, tuple[int, int]]:
        """By index that disagrees with the archive: how many passages it lacks, and how many it should not have."""
        from index.sync import expected

        wanted = expected(self.archive, self.chunker)
        found = {"vectors": self.vectors.ids(), "keywords": self.keywords.ids()}
        return {name: (len(wanted - ids), len(ids - wanted)) for name, ids in found.items() if ids != wanted}

    def rebuild(self, names: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make the named indexes anew from the archive. Needs the writer's lock."""
        if "vectors" in names:
            self.vectors.clear()
        if "keywords" in names:
            self.keywords.clear()
        self.sync(progress=progress)
