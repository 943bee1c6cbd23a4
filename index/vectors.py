"""The vector index: one embedding a passage, kept in Chroma, and beside an embedded one in a flat index for questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path

from index.chroma import ChromaStore
from index.embed import Embedder
from index.flat import FlatIndex, Place
from index.records import Candidate, Filter
from index.sync import Batch, Write
from ingest.errors import ModelError
from ingest.records import Article, Passage


class VectorIndex:
    """Passage vectors by cosine.

    location: a folder (a Path), or `http(s)://host:port` of a Chroma server (a str). embedded: passages
    embedded so far by this object, for the report. Delete the folder and the next sync fills it again.
    choose: the embedder that goes with vectors of a fingerprint, or for new ones if that is None.

    A folder holds the flat index too, and questions are answered from it: exactly, under any filter, without opening
    Chroma, which is asked where there is none yet. Both hold the same while the flat index has Chroma's mark.
    """

    def __init__(self, location: str | Path, choose: Callable[[str | None], Embedder]) -> None:
        self._choose = choose
        self.chroma = ChromaStore(location)
        self.flat = FlatIndex(location / "flat") if isinstance(location, Path) else None
        self.embedded = 0

    @property
    def position(self) -> int:
        """Sequence number of the last change taken in."""
        state = self.flat.state if self.flat else None
        if state and state.mark == self.chroma.mark:
            return state.position
        return int(self.chroma.metadata.get("position", 0))

    @property
    def made_with(self) -> str | None:
        """Fingerprint of the model that the vectors were made with; None while there are none."""
        state = self.flat.state if self.flat else None
        return (state.fingerprint if state else self.chroma.metadata.get("fingerprint")) or None

    @cached_property
    def embedder(self) -> Embedder:
        """What goes with these vectors, from its first use until they are cleared."""
        return self._choose(self.made_with)

    def check_model(self) -> None:
        """Refuse vectors of another model.

        Raises:
            ModelError: the index was made with another model.
        """
        self._check_model("set EMBEDDING_MODEL back, or embed everything anew: dateline reindex --full")

    def complete(self) -> None:
        """Make the flat index anew, out of Chroma, where it may not hold the same. For a writer."""
        if self.flat is None:
            return
        with self.chroma.alone():  # while one writes, they differ
            state, mark = self.flat.state, self.chroma.mark
            if mark != (state.mark if state else ""):
                self.flat.rebuild(self.chroma.pages(), {**self.chroma.metadata, "mark": mark})

    def prepare(self, batch: Batch) -> Write:
        """Embed what is new; others may read and write meanwhile."""
        held = self._held(batch)
        return partial(self._write, batch, self._embed([one for one in batch.passages if one.id not in held]))

    def _write(self, batch: Batch, vectors: Mapping[str, list[float]]) -> None:
        """Add what is new, re-address what is kept, drop the rest, then move the position. vectors: by passage."""
        wanted = {passage.id: _place(passage, batch.articles[passage.article]) for passage in batch.passages}
        held = self._held(batch)  # asked again: the batch before has been written since
        missing = [passage for passage in batch.passages if passage.id not in held]
        vectors = {**vectors, **self._embed([one for one in missing if one.id not in vectors])}
        added = {passage.id: vectors[passage.id] for passage in missing}
        metadata: dict[str, str | int] = {"position": batch.seq, "fingerprint": self.embedder.fingerprint}
        with self.chroma.alone(writing=True):
            self.chroma.apply(held, wanted, added, metadata)
            if self.flat:
                self.flat.apply(batch.articles, wanted, added, {**metadata, "mark": self.chroma.mark})
        self.embedded += len(added)

    def _held(self, batch: Batch) -> dict[str, Place]:
        return (self.flat or self.chroma).held(batch.articles)

    def _embed(self, passages: Sequence[Passage]) -> dict[str, list[float]]:
        """A vector for each passage, by id."""
        texts = [f"{passage.header}\n{passage.text}" for passage in passages]
        vectors = self.embedder.embed_documents(texts) if texts else []
        return {passage.id: vector for passage, vector in zip(passages, vectors, strict=True)}

    def search(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        """The nearest passages that pass the filter, best first. score: cosine.

        Raises:
            ModelError: another process has since embedded everything anew, with another model.
        """
        self._check_model("everything was embedded anew meanwhile: start this program again")
        store = self.flat if self.flat and self.flat.state else self.chroma
        return store.search(vector, limit, where)

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        return self.chroma.ids()

    def clear(self) -> None:
        """Forget everything, the model's fingerprint too. An embedded index's folder is deleted, damaged or not."""
        self.chroma.clear()
        self.__dict__.pop("embedder", None)

    def close(self) -> None:
        """Let go of the store. The next use opens it anew."""
        self.chroma.close()

    def reload(self) -> None:
        """Look the collection up anew: on a server, another process may have made it again."""
        self.chroma.reload()

    def __len__(self) -> int:
        return len(self.ids())

    def _check_model(self, hint: str) -> None:
        made_with = self.made_with
        if made_with not in (None, self.embedder.fingerprint):
            message = f"the index was made with the model {made_with}, not {self.embedder.fingerprint}"
            raise ModelError(message, hint=hint)


def _place(passage: Passage, article: Article) -> Place:
    """What is kept beside a vector: where the passage stands, and what is filtered on."""
    place: dict[str, str | int] = {
        "article": passage.article,
        "revision": passage.revision,
        "start": passage.start,
        "end": passage.end,
        "outlet": article.outlet,
    }
    if article.published:
        place["published"] = int(article.published.timestamp())
    return place
