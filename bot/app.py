"""The composition root: settings to objects, made when first needed, and closed together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import NothingIndexedError
from ingest.lock import writer_lock
from ingest.sources import SourceList

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.assistant import Assistant
    from bot.chat import Conversation
    from bot.community import Community
    from bot.config import Settings
    from bot.conversation import Turn
    from bot.embedding import EmbeddingModel
    from bot.factcheck import FactChecker
    from bot.generate import Writer
    from bot.intake import Intake
    from bot.journal import Journal
    from bot.language_model import LanguageModel
    from bot.lookup import Lookup
    from bot.reader import Reader
    from bot.reindexing import Reindexing
    from bot.tokens import TokenCounter
    from index.embed import Embedder
    from index.keywords import KeywordIndex
    from index.rerank import Reranker
    from index.retrieve import Retriever
    from index.sync import Chunker
    from index.vectors import VectorIndex
    from ingest.archive import Archive
    from ingest.webstate import WebState


class App:
    """Everything one process needs. Use it as a context manager."""

    def __init__(
        self, settings: Settings, embedder: Embedder | None = None, chat_model: BaseChatModel | None = None
    ) -> None:
        self.settings = settings
        self._embedder = embedder
        self._chat_model = chat_model

    def __enter__(self) -> App:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in ("archive", "journal", "community", "vectors"):
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
    def embedding_model(self) -> EmbeddingModel:
        """The one that is set, compiled or not."""
        from bot.embedding import EmbeddingModel

        return EmbeddingModel(self.settings.embedding_model, self.settings.dateline_home / "models")

    @property
    def embedder(self) -> Embedder:
        """What the index's vectors are made with; its model loads when it first embeds."""
        return self.vectors.embedder

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        from index.vectors import VectorIndex

        location = self.settings.chroma_url or self.settings.dateline_home / "vectors"
        return VectorIndex(location, lambda made_with: self._embedder or self.embedding_model.embedder(made_with))

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

        lookup = self.lookup
        made_by = ("quote-2", self.reader.fingerprint, self.embedder.fingerprint, self.settings.reranker_model)
        return Assistant(
            Parts(
                archive=self.archive,
                lookup=lookup,
                writer=lambda: self.writer,
                journal=self.journal,
                fingerprint=" ".join(filter(None, (*made_by, str(lookup.calibration)))),
            )
        )

    @cached_property
    def lookup(self) -> Lookup:
        """What finds passages and reads them.

        Raises:
            NothingIndexedError: there are none.
        """
        from bot.calibration import Calibration
        from bot.lookup import Lookup

        if self.keywords.position == 0:
            raise NothingIndexedError("nothing is indexed yet", hint="take something in first: dateline reindex PATH")
        return Lookup(
            retriever=self.retriever,
            keywords=self.keywords,
            embedder=self.embedder,
            reader=self.reader,
            reranker=self.reranker,
            calibration=Calibration.load(self.calibration_file),
        )

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """What words the answers, when one is set.

        Raises:
            LanguageModelError: it cannot be used.
        """
        from bot.language_model import LanguageModel, open_language_model

        if self._chat_model is not None:
            return LanguageModel(self._chat_model, timeout=self.settings.llm_timeout)
        return open_language_model(self.settings) if self.settings.llm_model else None

    @cached_property
    def writer(self) -> Writer | None:
        """What has the language model answer, when one is set.

        Raises:
            LanguageModelError: it cannot be used.
        """
        if self.language_model is None:
            return None
        from bot.generate import Writer

        return Writer(self.language_model, self.archive, self.keywords.terms, self.tokens)

    @cached_property
    def tokens(self) -> TokenCounter:
        """What counts the language model's tokens."""
        from bot.tokens import TokenCounter

        return TokenCounter(self.language_model.name if self.language_model else "")

    def conversation(
        self, outlets: Sequence[str], turns: Sequence[Turn] = (), *, own_words: bool = False
    ) -> Conversation:
        """A new one, or one that goes on. own_words: whether to do without the language model that is set."""
        from bot.chat import Conversation

        model = None if own_words else self.language_model
        return Conversation(outlets, model, self.tokens.count if model else len, turns)

    @cached_property
    def fact_checker(self) -> FactChecker:
        """What compares messages with the archive.

        Raises:
            NothingIndexedError: there is nothing to compare with.
        """
        from bot.factcheck import FactChecker

        return FactChecker(self.archive, self.lookup, self.keywords.terms)

    @cached_property
    def community(self) -> Community:
        """What is kept of the guilds and people who ask on Discord."""
        from bot.community import Community

        return Community.open(self.settings.journal_url)

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
    def health_file(self) -> Path:
        """Where the Discord bot says how it does."""
        return self.settings.dateline_home / "discord-health.json"

    @property
    def calibration_file(self) -> Path:
        """Where the constants stand that `eval --calibrate` fitted for this index."""
        return self.settings.dateline_home / "calibration.json"

    @cached_property
    def chunker(self) -> Chunker:
        """How articles are cut, measured with the embedding model's tokenizer."""
        from index.sync import make_chunker

        return make_chunker(self.embedder)

    def writing(self, command: str) -> AbstractContextManager[None]:
        """The writer's lock. command: what to call this writer to others."""
        return writer_lock(self.settings.dateline_home, command, self.settings.dateline_lock_wait)

    @cached_property
    def web_state(self) -> WebState:
        """What is remembered of the web between runs."""
        from ingest.webstate import WebState

        return WebState(self.archive.database)

    @cached_property
    def intake(self) -> Intake:
        """What finds sources and takes in what they hold."""
        from bot.intake import Intake

        return Intake(self.settings, self.archive, self.sources, self.web_state)

    @cached_property
    def reindexing(self) -> Reindexing:
        """What re-indexes in a process of its own, for a program that goes on answering."""
        from bot.reindexing import Reindexing

        return Reindexing(self.settings.dateline_home)

    def compile_model(self, *, full: bool, announce: Callable[[], None]) -> str:
        """Have the embedding model compiled if it is due; why it was not, or nothing. Needs the writer's lock.

        full: for vectors that are made anew. announce: called before, as it takes long.
        """
        made_with = None if full else self.vectors.made_with
        return "" if self._embedder else self.embedding_model.compile(made_with, announce)

    def sync(
        self,
        *,
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
        more: Callable[[], bool] | None = None,
    ) -> int:
        """Bring both indexes up to the archive; how many passages were embedded. Needs the writer's lock.

        full: from nothing, with the model that is set now. progress: (changes taken in, of how many). more: waits a
        moment for another thread that takes articles in meanwhile, and says whether it goes on.

        Raises:
            ModelError: the vectors were made with another model, and this is not a full pass.
        """
        from index.sync import no_more, sync

        if full:
            self.vectors.clear()
            self.keywords.clear()
        self.vectors.check_model()
        self.vectors.complete()
        before = self.vectors.embedded
        archive = self.archive.for_another_thread()
        sync(archive, [self.vectors, self.keywords], self.chunker, progress, more or no_more)
        return self.vectors.embedded - before

    def disagreements(self) -> dict[str, tuple[int, int]]:
        """By index that disagrees with the archive: how many passages it lacks, and how many it should not have."""
        from index.sync import expected

        wanted = expected(self.archive, self.chunker)
        found = {"vectors": self.vectors.ids(), "keywords": self.keywords.ids()}
        if self.vectors.flat:
            found["flat"] = self.vectors.flat.ids()
        return {name: (len(wanted - ids), len(ids - wanted)) for name, ids in found.items() if ids != wanted}

    def rebuild(self, names: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make the named indexes anew from the archive. Needs the writer's lock."""
        if "vectors" in names:
            self.vectors.clear()
        if "keywords" in names:
            self.keywords.clear()
        if "flat" in names and self.vectors.flat:
            self.vectors.flat.clear()
        self.sync(progress=progress)
