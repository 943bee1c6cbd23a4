"""The composition root: settings to objects, made when first needed, and closed together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import NothingIndexedError
from ingest.lock import writer_lock
from ingest.sources import SourceList

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.config import Settings
    from bot.journal import Journal
    from bot.reader import Reader
    from index.embed import Embedder
    from index.keywords import KeywordIndex
    from index.rerank import Reranker
    from index.retrieve import Retriever
    from index.sync import Chunker
    from index.vectors import VectorIndex
    from ingest.archive import Archive
    from ingest.fetch import PoliteFetcher
    from ingest.records import Outcome, Source
    from ingest.web import Tell
    from ingest.webstate import WebState


def _silently(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody."""


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
        from bot.assistant import Assistant, Parts
        from bot.calibration import Calibration

        if self.keywords.position == 0:
            raise NothingIndexedError("nothing is indexed yet", hint="take something in first: dateline reindex PATH")
        calibration = Calibration.load(self.calibration_file)
        made_by = ("quote-2", self.reader.fingerprint, self.embedder.fingerprint, self.settings.reranker_model)
        return Assistant(
            Parts(
                archive=self.archive,
                retriever=self.retriever,
                keywords=self.keywords,
                embedder=self.embedder,
                reader=self.reader,
                reranker=self.reranker,
                calibration=calibration,
                journal=self.journal,
                fingerprint=" ".join(filter(None, (*made_by, str(calibration)))),
            )
        )

    @cached_property
    def reader(self) -> Reader:
        """What finds the words that answer; its model loads when it first reads."""
        from bot.reader import Reader

        return Reader()

    @cached_property
    def reranker(self) -> Reranker | None:
        """What orders passages anew, when one is set."""
        if not self.settings.reranker_model:
            return None
        from index.rerank import CrossEncoderReranker

        return CrossEncoderReranker(self.settings.reranker_model)

    @property
    def calibration_file(self) -> Path:
        """Where the constants stand that `eval --calibrate` fitted for this index."""
        return self.settings.dateline_home / "calibration.json"

    @cached_property
    def chunker(self) -> Chunker:
        """How articles are cut, measured with the embedding model's tokenizer."""
        from index.sync import make_chunker

        return make_chunker(self.embedder.count, self.embedder.window)

    def writing(self, command: str) -> AbstractContextManager[None]:
        """The writer's lock. command: what to call this writer to others."""
        return writer_lock(self.settings.dateline_home, command, self.settings.dateline_lock_wait)

    @cached_property
    def web_state(self) -> WebState:
        """What is remembered of the web between runs."""
        from ingest.webstate import WebState

        return WebState(self.archive.database)

    def find_source(self, place: str) -> tuple[Source, str]:
        """The source that a person means, and in words what was found: a web address that is new is looked at.

        Raises:
            UsageError: there is nothing at the path.
            ItemError: the address cannot be had.
        """
        from ingest.sources import is_web_address, recognise

        if not is_web_address(place):
            return recognise(place), ""
        listed = [source for source in self.sources.load() if source.location == place]
        if listed:
            return listed[0], ""
        from ingest.leads import as_source, describe, discover

        with self._fetching() as fetcher:
            found = discover(place, fetcher)
        return as_source(place, found), describe(found)

    def reindex(
        self, sources: Sequence[Source], *, full: bool, trial: bool = False, tell: Tell = _silently
    ) -> Iterator[Outcome]:
        """Take in what is new and changed; call `sync` afterwards. Needs the writer's lock.

        trial: nothing but the archive is written, whose transaction the caller undoes. tell: what is being done,
        how many are done, of how many.
        """
        from ingest.pipeline import recorded, reindex

        now = datetime.now(UTC)
        on_disk = [source for source in sources if not source.kind.is_web]
        on_web = [source for source in sources if source.kind.is_web and not source.ended]
        outcomes = chain(reindex(self.archive, on_disk, now, full=full), self._web(on_web, now, full, trial, tell))
        return recorded(outcomes, [*on_disk, *on_web], self.web_state, now)

    def _web(self, sources: Sequence[Source], now: datetime, full: bool, trial: bool, tell: Tell) -> Iterator[Outcome]:
        """A pass over the sources on the web. A trial reads and marks copies of the feeds and of the list."""
        if not sources:
            return
        from ingest.feeds import FeedStore
        from ingest.web import Limits, WebPass

        settings = self.settings
        limits = Limits(
            settings.dateline_pages_per_run,
            settings.dateline_pages_per_source,
            timedelta(hours=settings.dateline_recheck_hours),
        )
        with TemporaryDirectory() as scratch, self._fetching() as fetcher:
            home = Path(scratch) if trial else settings.dateline_home
            for name in ("feeds.db", "sources.toml") if trial else ():
                if (settings.dateline_home / name).exists():
                    copy(settings.dateline_home / name, home)
            with closing(FeedStore(home / "feeds.db", fetcher)) as feeds:
                listed = SourceList(home / "sources.toml")
                yield from WebPass(self.archive, feeds, fetcher, listed, now, limits, tell, full=full).run(sources)

    @contextmanager
    def _fetching(self) -> Iterator[PoliteFetcher]:
        """A fetcher that knows the robots.txt of the last day, and what it read anew is kept."""
        from ingest.fetch import PoliteFetcher
        from ingest.guard import Exceptions

        settings = self.settings
        known = self.web_state.robots(datetime.now(UTC))
        with closing(
            PoliteFetcher(
                Exceptions.parse(settings.dateline_allow_private_hosts),
                dict(known),
                pause=settings.dateline_host_pause,
                contact=settings.dateline_contact,
            )
        ) as fetcher:
            yield fetcher
            read = {origin: body for origin, body in fetcher.robots.items() if origin not in known}
            self.web_state.keep_robots(read, datetime.now(UTC))

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
