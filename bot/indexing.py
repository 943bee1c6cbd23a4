"""Keeping the indexes: bringing them up to the archive, comparing them with it, and making them anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.embedding import EmbeddingModel
from index.keywords import KeywordIndex
from index.sync import Chunker, expected, make_chunker, no_more, sync
from index.vectors import VectorIndex
from ingest.archive import Archive


class Indexing:
    """Both indexes and the archive that they follow. Whoever changes them holds the writer's lock.

    model: what may be compiled before the first passages are embedded; None to embed as it is.
    """

    def __init__(
        self, archive: Archive, vectors: VectorIndex, keywords: KeywordIndex, model: EmbeddingModel | None
    ) -> None:
        self._archive = archive
        self._vectors = vectors
        self._keywords = keywords
        self._model = model

    def compile_model(self, *, full: bool, announce: Callable[[], None]) -> str:
        """Have the embedding model compiled if it is due; why it was not, or nothing.

        full: for vectors that are made anew. announce: called before, as it takes long.
        """
        made_with = None if full else self._vectors.made_with
        return self._model.compile(made_with, announce) if self._model else ""

    def sync(
        self,
        *,
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
        more: Callable[[], bool] = no_more,
    ) -> int:
        """Bring both indexes up to the archive; how many passages were embedded.

        full: from nothing, with the model that is set now. progress: (changes taken in, of how many). more: waits a
        moment for another thread that takes articles in meanwhile, and says whether it goes on.

        Raises:
            ModelError: the vectors were made with another model, and this is not a full pass.
        """
        if full:
            self._vectors.clear()
            self._keywords.clear()
        self._vectors.check_model()
        self._vectors.complete()
        before = self._vectors.embedded
        archive = self._archive.for_another_thread()
        sync(archive, [self._vectors, self._keywords], self._chunker, progress, more)
        return self._vectors.embedded - before

    def disagreements(self) -> dict[str, tuple[int, int]]:
        """By index that disagrees with the archive: how many passages it lacks, and how many it should not have."""
        wanted = expected(self._archive, self._chunker)
        found = {"vectors": self._vectors.ids(), "keywords": self._keywords.ids()}
        if self._vectors.flat:
            found["flat"] = self._vectors.flat.ids()
        return {name: (len(wanted - ids), len(ids - wanted)) for name, ids in found.items() if ids != wanted}

    def rebuild(self, names: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make the named indexes anew from the archive."""
        if "vectors" in names:
            self._vectors.clear()
        if "keywords" in names:
            self._keywords.clear()
        if "flat" in names and self._vectors.flat:
            self._vectors.flat.clear()
        self.sync(progress=progress)

    @property
    def _chunker(self) -> Chunker:
        return make_chunker(self._vectors.embedder)
