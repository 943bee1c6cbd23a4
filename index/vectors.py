"""The vector index: one embedding a passage, in Chroma (embedded, or a server by URL)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from index.embed import Embedder
from index.records import Candidate, Filter
from index.sync import Batch
from ingest.database import in_groups
from ingest.errors import DatelineError, ModelError, StorageError
from ingest.records import Article, Passage

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
PASSAGES_PER_WRITE = 256  # Chroma takes a limited number at once


class VectorIndex:
    """Passage vectors by cosine. The position and the model's fingerprint are the collection's metadata.

    location: a folder (a Path), or `http(s)://host:port` of a Chroma server (a str). embedded: passages
    embedded so far by this object, for the report. Delete the folder and the next sync fills it again.
    """

    def __init__(self, location: str | Path, embedder: Embedder) -> None:
        self._location = location
        self._embedder = embedder
        self._opened: Collection | None = None
        self.embedded = 0

    @property
    def position(self) -> int:
        """Sequence number of the last change taken in."""
        return int(self._metadata.get("position", 0))

    def check_model(self) -> None:
        """Refuse vectors of another model.

        Raises:
            ModelError: the index was made with another model.
        """
        made_with = self._metadata.get("fingerprint")
        if made_with not in (None, self._embedder.fingerprint):
            raise ModelError(
                f"the index was made with the model {made_with}, not {self._embedder.fingerprint}",
                hint="set EMBEDDING_MODEL back, or embed everything anew: dateline reindex --full",
            )

    def apply(self, batch: Batch) -> None:
        """Embed what is new, re-address what is kept, drop the rest, then move the position."""
        wanted = {passage.id: passage for passage in batch.passages}
        with _storage(self._location):
            collection = self._create()
            found = collection.get(where=cast("Any", {"article": {"$in": list(batch.articles)}}), include=["metadatas"])
            held = dict(zip(found["ids"], found["metadatas"] or [], strict=True))
            for stale in in_groups([one for one in held if one not in wanted], PASSAGES_PER_WRITE):
                collection.delete(ids=stale)
            _readdress(collection, held, wanted, batch.articles)
            missing = [passage for passage_id, passage in wanted.items() if passage_id not in held]
            for some in in_groups(missing, PASSAGES_PER_WRITE):
                self._add(collection, some, batch.articles)
            collection.modify(metadata={"position": batch.seq, "fingerprint": self._embedder.fingerprint})

    def clear(self) -> None:
        """Forget everything, the model's fingerprint too. An embedded index's folder is deleted, damaged or not."""
        with _storage(self._location):
            if isinstance(self._location, str) and self._collection is not None:
                self._client.delete_collection(COLLECTION)
            self.close()
            if isinstance(self._location, Path) and self._location.exists():
                shutil.rmtree(self._location)

    def close(self) -> None:
        """Let go of the store. The next use opens it anew, and so sees what another process wrote."""
        self._opened = None
        if client := self.__dict__.pop("_client", None):
            client.close()

    def search(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        """The nearest passages, best first. score: cosine."""
        if self._collection is None:
            return []
        with _storage(self._location):
            found = self._collection.query(
                query_embeddings=cast("Any", [list(vector)]),
                n_results=limit,
                where=_where(where),
                include=["metadatas", "distances"],
            )
        rows = zip(found["ids"][0], (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0], strict=True)
        return [_candidate(passage_id, metadata, 1 - distance) for passage_id, metadata, distance in rows]

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        with _storage(self._location):
            return set(self._collection.get(include=[])["ids"]) if self._collection is not None else set()

    def __len__(self) -> int:
        with _storage(self._location):
            return self._collection.count() if self._collection is not None else 0

    def _add(self, collection: Collection, missing: Sequence[Passage], articles: Mapping[str, Article]) -> None:
        texts = [f"{passage.header}\n{passage.text}" for passage in missing]
        collection.upsert(
            ids=[passage.id for passage in missing],
            embeddings=cast("Any", self._embedder.embed_documents(texts)),
            metadatas=[_address(passage, articles) for passage in missing],
        )
        self.embedded += len(missing)

    @property
    def _metadata(self) -> Mapping[str, Any]:
        with _storage(self._location):
            return (self._collection.metadata or {}) if self._collection is not None else {}

    @cached_property
    def _client(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        with _storage(self._location):
            if isinstance(self._location, str):
                from urllib.parse import urlsplit

                url = urlsplit(self._location)
                return chromadb.HttpClient(
                    host=url.hostname or "localhost",
                    port=url.port or 8000,
                    ssl=url.scheme == "https",
                    settings=settings,
                )
            self._location.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(self._location, settings=settings)

    @property
    def _collection(self) -> Collection | None:
        """None where nothing was taken in yet: a reader never makes one."""
        if self._opened is None and (isinstance(self._location, str) or self._location.exists()):
            from chromadb.errors import NotFoundError

            with _storage(self._location), suppress(NotFoundError):
                self._opened = self._client.get_collection(COLLECTION, embedding_function=None)
        return self._opened

    def _create(self) -> Collection:
        """The collection, made when there is none."""
        if self._collection is None:
            self._opened = self._client.create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return cast("Collection", self._opened)


def _readdress(
    collection: Collection,
    held: Mapping[str, Any],
    wanted: Mapping[str, Passage],
    articles: Mapping[str, Article],
) -> None:
    """Give kept passages their place in the new revision, without embedding them again."""
    moved = {
        passage_id: _address(wanted[passage_id], articles)
        for passage_id, metadata in held.items()
        if passage_id in wanted and dict(metadata) != _address(wanted[passage_id], articles)
    }
    for some in in_groups(list(moved), PASSAGES_PER_WRITE):
        # Removed first: Chroma merges metadata, so a date that was withdrawn would stay.
        kept = collection.get(ids=some, include=["embeddings"])
        collection.delete(ids=kept["ids"])
        collection.add(
            ids=kept["ids"],
            embeddings=kept["embeddings"],
            metadatas=[moved[passage_id] for passage_id in kept["ids"]],
        )


def _address(passage: Passage, articles: Mapping[str, Article]) -> dict[str, str | int]:
    """What Chroma keeps beside a vector: where the passage stands, and what is filtered on."""
    article = articles[passage.article]
    address: dict[str, str | int] = {
        "article": passage.article,
        "revision": passage.revision,
        "start": passage.start,
        "end": passage.end,
        "outlet": article.outlet,
    }
    if article.published:
        address["published"] = int(article.published.timestamp())
    return address


def _candidate(passage_id: str, metadata: Mapping[str, Any], score: float) -> Candidate:
    place = {name: metadata[name] for name in ("article", "revision", "start", "end")}
    return Candidate(id=passage_id, **place, score=score)


def _where(where: Filter) -> Any:
    parts: list[dict[str, Any]] = []
    if where.outlets:
        parts.append({"outlet": {"$in": list(where.outlets)}})
    if where.since:
        parts.append({"published": {"$gte": int(where.since.timestamp())}})
    if where.until:
        parts.append({"published": {"$lt": int(where.until.timestamp())}})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"$and": parts}


@contextmanager
def _storage(location: str | Path) -> Iterator[None]:
    """Say in one line what Chroma could not do. Its errors share no base class but Exception."""
    try:
        yield
    except DatelineError:
        raise
    except Exception as error:
        detail = (str(error) or type(error).__name__).splitlines()[0]
        raise StorageError(
            f"the vector index in {location} cannot be used: {detail}",
            hint="check disk space and permissions; `dateline doctor --repair` rebuilds it from the archive",
        ) from error
