"""Chroma, embedded or a server by URL: a vector and a place for each passage."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from index.records import Candidate, Filter
from ingest.database import in_groups
from ingest.errors import DatelineError, StorageError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from filelock import FileLock

    from index.flat import Page, Place

COLLECTION = "passages"
PASSAGES_PER_WRITE = 256  # Chroma takes a limited number at once
PASSAGES_PER_READ = 2000
SECONDS_BETWEEN_TRIES = 0.01


class ChromaStore:
    """The collection of passages. The position and the model's fingerprint are its metadata.

    location: a folder (a Path), or `http(s)://host:port` of a Chroma server (a str).

    An embedded Chroma is made for one process: it misses what others write, and a query meanwhile may crash it. So its
    folder is used by one thread of one process at a time, and opened anew when another has written since.
    """

    def __init__(self, location: str | Path) -> None:
        self._location = location
        self._opened: Collection | None = None
        self._seen = ""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Position and fingerprint; nothing where nothing was taken in yet."""
        with self.alone():
            return (self._collection.metadata or {}) if self._collection is not None else {}

    @property
    def mark(self) -> str:
        """Another one after each write to the folder; empty before the first."""
        mark = Path(self._location) / "changed"
        with suppress(FileNotFoundError, NotADirectoryError):
            return mark.read_text()
        return ""

    @contextmanager
    def alone(self, *, writing: bool = False) -> Iterator[None]:
        """Use the store while nobody else does; a server looks after that itself."""
        if isinstance(self._location, str):
            with _storage(self._location):
                yield
            return
        with _storage(self._location), self._lock:
            if self.mark != self._seen:
                self.close()
            if writing:
                self._location.mkdir(parents=True, exist_ok=True)
                (self._location / "changed").write_text(secrets.token_hex(8))
            self._seen = self.mark
            yield

    def search(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        """The nearest passages, best first. score: cosine. Near the bounds of a window some may be outside it."""
        wanted = [where.widened]
        if where.undated:  # what has no date cannot be looked for: it is among the first of all, or nowhere
            wanted.append(replace(where, since=None, until=None))
        found = {one.id: one for its in wanted for one in self._query(vector, limit, its)}
        return sorted(found.values(), key=lambda one: -one.score)

    def _query(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        with self.alone():
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

    def held(self, articles: Several[str]) -> dict[str, Place]:
        """Where each passage of these articles stands, by id."""
        with self.alone():
            if self._collection is None:
                return {}
            found = self._collection.get(where=cast("Any", {"article": {"$in": list(articles)}}), include=["metadatas"])
            return {passage_id: _place(one) for passage_id, one in _rows(found["ids"], found["metadatas"])}

    def pages(self) -> Iterator[Page]:
        """All passages, some at a time. Nobody else may write meanwhile."""
        with self.alone():
            for offset in range(0, self._collection.count() if self._collection is not None else 0, PASSAGES_PER_READ):
                found = cast("Collection", self._collection).get(
                    limit=PASSAGES_PER_READ, offset=offset, include=["metadatas", "embeddings"]
                )
                places = {passage_id: _place(one) for passage_id, one in _rows(found["ids"], found["metadatas"])}
                yield places, found["embeddings"]

    def apply(
        self,
        held: Mapping[str, Place],
        wanted: Mapping[str, Place],
        vectors: Mapping[str, Sequence[float]],
        metadata: Mapping[str, str | int],
    ) -> None:
        """Go from the passages that are held to those wanted, then note the metadata. To be called `alone`.

        vectors: of those that are not held.
        """
        collection = self._create()
        for stale in in_groups([one for one in held if one not in wanted], PASSAGES_PER_WRITE):
            collection.delete(ids=stale)
        moved = [one for one in held if one in wanted and held[one] != wanted[one]]
        for some in in_groups(moved, PASSAGES_PER_WRITE):
            # Removed first: Chroma merges metadata, so a date that was withdrawn would stay.
            kept = collection.get(ids=some, include=["embeddings"])
            collection.delete(ids=kept["ids"])
            self._add(kept["ids"], kept["embeddings"], wanted)
        for some in in_groups(list(vectors), PASSAGES_PER_WRITE):
            self._add(some, [vectors[one] for one in some], wanted)
        collection.modify(metadata=dict(metadata))

    def clear(self) -> None:
        """Forget everything. An embedded store's folder is deleted, damaged or not."""
        with self.alone():
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

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        with self.alone():
            return set(self._collection.get(include=[])["ids"]) if self._collection is not None else set()

    def _add(self, ids: Sequence[str], vectors: Any, places: Mapping[str, Place]) -> None:
        metadatas = [dict(places[passage_id]) for passage_id in ids]
        self._create().upsert(ids=list(ids), embeddings=vectors, metadatas=cast("Any", metadatas))

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
            # A new collection is read, too: in one graph out of twenty whose first passages came before any reading,
            # Chroma 1.5.9 could not reach some of them through a filter.
            self._opened.get(where={"article": ""})
        return cast("Collection", self._opened)


def _rows(ids: Sequence[str], metadatas: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return zip(ids, metadatas or [], strict=True)


def _place(metadata: Mapping[str, Any]) -> Place:
    return dict(metadata)


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
