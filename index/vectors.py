"""The vector index: one embedding a passage, in Chroma (embedded, or a server by URL)."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from index.embed import Embedder
from index.records import Candidate, Filter
from index.sync import Batch, Write
from ingest.database import in_groups
from ingest.errors import DatelineError, ModelError, StorageError
from ingest.records import Article, Passage

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from filelock import FileLock

COLLECTION = "passages"
PASSAGES_PER_WRITE = 256  # Chroma takes a limited number at once
SECONDS_BETWEEN_TRIES = 0.01


class VectorIndex:
    """Passage vectors by cosine. The position and the model's fingerprint are the collection's metadata.

    location: a folder (a Path), or `http(s)://host:port` of a Chroma server (a str). embedded: passages
    embedded so far by this object, for the report. Delete the folder and the next sync fills it again.

    An embedded Chroma is made for one process: it misses what others write, and a query meanwhile may crash it. So its
    folder is used by one thread of one process at a time, and opened anew when another has written since.
    """

    def __init__(self, location: str | Path, embedder: Embedder) -> None:
        self._location = location
        self._embedder = embedder
        self._opened: Collection | None = None
        self._seen = ""
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

    def prepare(self, batch: Batch) -> Write:
        """Embed what is new; others may read and write meanwhile."""
        held = self._held(batch.articles)
        return partial(self._write, batch, self._embed([one for one in batch.passages if one.id not in held]))

    def _write(self, batch: Batch, vectors: Mapping[str, list[float]]) -> None:
        """Add what is new, re-address what is kept, drop the rest, then move the position. vectors: by passage."""
        wanted = {passage.id: passage for passage in batch.passages}
        held = self._held(batch.articles)  # asked again: the batch before has been written since
        missing = [passage for passage_id, passage in wanted.items() if passage_id not in held]
        vectors = {**vectors, **self._embed([one for one in missing if one.id not in vectors])}
        with self._alone(writing=True):
            collection = self._create()
            for stale in in_groups([one for one in held if one not in wanted], PASSAGES_PER_WRITE):
                collection.delete(ids=stale)
            _readdress(collection, held, wanted, batch.articles)
            for some in in_groups([(passage, vectors[passage.id]) for passage in missing], PASSAGES_PER_WRITE):
                self._add(collection, some, batch.articles)
            collection.modify(metadata={"position": batch.seq, "fingerprint": self._embedder.fingerprint})

    def _embed(self, passages: Sequence[Passage]) -> dict[str, list[float]]:
        """A vector for each passage, by id."""
        texts = [f"{passage.header}\n{passage.text}" for passage in passages]
        vectors = self._embedder.embed_documents(texts) if texts else []
        return {passage.id: vector for passage, vector in zip(passages, vectors, strict=True)}

    def clear(self) -> None:
        """Forget everything, the model's fingerprint too. An embedded index's folder is deleted, damaged or not."""
        with self._alone():
            if isinstance(self._location, str) and self._collection is not None:
                self._client.delete_collection(COLLECTION)
            self.close()
            if isinstance(self._location, Path) and self._location.exists():
                shutil.rmtree(self._location)

    def close(self) -> None:
        """Let go of the store. The next use opens it anew."""
        self._opened = None
        if client := self.__dict__.pop("_client", None):
            client.close()

    def reload(self) -> None:
        """Look the collection up anew: on a server, another process may have made it again."""
        self._opened = None

    def search(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        """The nearest passages, best first. score: cosine."""
        with self._alone():
            if self._collection is None:
                return []
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
        with self._alone():
            return set(self._collection.get(include=[])["ids"]) if self._collection is not None else set()

    def __len__(self) -> int:
        with self._alone():
            return self._collection.count() if self._collection is not None else 0

    def _held(self, articles: Mapping[str, Article]) -> dict[str, Any]:
        """What is kept beside each passage of these articles that the index holds, by id."""
        where = cast("Any", {"article": {"$in": list(articles)}})
        with self._alone():
            # A new collection is read, too: in one graph out of twenty whose first passages came before any reading,
            # Chroma 1.5.9 could not reach some of them through a filter.
            found = self._create().get(where=where, include=["metadatas"])
            return dict(zip(found["ids"], found["metadatas"] or [], strict=True))

    def _add(
        self, collection: Collection, some: Sequence[tuple[Passage, list[float]]], articles: Mapping[str, Article]
    ) -> None:
        collection.upsert(
            ids=[passage.id for passage, _ in some],
            embeddings=cast("Any", [vector for _, vector in some]),
            metadatas=[_address(passage, articles) for passage, _ in some],
        )
        self.embedded += len(some)

    @property
    def _metadata(self) -> Mapping[str, Any]:
        with self._alone():
            return (self._collection.metadata or {}) if self._collection is not None else {}

    @contextmanager
    def _alone(self, *, writing: bool = False) -> Iterator[None]:
        """Use the store while nobody else does; a server looks after that itself."""
        if isinstance(self._location, str):
            with _storage(self._location):
                yield
            return
        with _storage(self._location), self._lock:
            if writing:
                self._location.mkdir(parents=True, exist_ok=True)
            mark = self._location / "changed"
            written = mark.read_text() if mark.exists() else ""
            if written != self._seen:
                self.close()
            if writing:
                written = secrets.token_hex(8)
                mark.write_text(written)
            self._seen = written
            yield

    @cached_property
    def _lock(self) -> FileLock:
        from filelock import FileLock

        folder = Path(self._location)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(folder.with_name(f"{folder.name}.lock"), poll_interval=SECONDS_BETWEEN_TRIES)

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
    if where.hidden:
        parts.append({"outlet": {"$nin": list(where.hidden)}})
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
