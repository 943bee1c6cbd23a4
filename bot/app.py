"""The composition root: settings to objects, made when first needed, and closed together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from functools import cached_property
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import DatelineError, NothingIndexedError
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
    from bot.indexing import Indexing
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
        lookup = self.lookup  # first, as it has the models loaded while the rest is imported
        from bot.assistant import Assistant, Parts

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
        if self.keywords.position == 0:
            raise NothingIndexedError("nothing is indexed yet", hint="take something in first: dateline reindex PATH")
        import numpy  # noqa: F401 - whole before threads import it: two at once get it half-made

        for model in (self.embedder, self.reader):
            Thread(target=_load, args=(model,), name="models").start()

        from bot.calibration import Calibration
        from bot.lookup import Lookup

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

    @cached_property
    def indexing(self) -> Indexing:
        """What keeps both indexes up to the archive."""
        from bot.indexing import Indexing

        model = None if self._embedder else self.embedding_model
        return Indexing(self.archive, self.vectors, self.keywords, model)


def _load(model: Embedder | Reader) -> None:
    """Load it, in a thread of its own: most of that is done without holding up Python."""
    with suppress(DatelineError):  # whoever uses it is told
        model.load()
