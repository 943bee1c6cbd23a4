"""Warm retrieval by size and by filter, beside Chroma's own `where` over the same vectors; and what the vectors miss."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.command import alone
from benchmarks.corpus import SHARES, ClusteredEmbedder, by_date, by_outlet, home_of, questions
from benchmarks.figures import Figure, Options, milliseconds, spread, timed
from bot.app import App
from bot.config import Settings
from bot.lookup import PASSAGES
from index.chroma import COLLECTION
from index.records import Filter
from index.retrieve import CANDIDATES

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection

    Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]

VECTORS_PER_READ = 5000
NEAREST = 10  # recall@10
UNFILTERED = "no filter"
FILTERS: Mapping[str, Filter] = {
    UNFILTERED: Filter(),
    **{f"outlets keep {100 * share:.3g} %": by_outlet(share) for share in SHARES},
    **{f"dates keep {100 * share:.3g} %": by_date(share) for share in SHARES},
}

Milliseconds = dict[str, list[float]]  # by filter
Ids = dict[str, list[list[str]]]  # by filter, of each question


def measure(options: Options) -> Iterator[Figure]:
    """Each size in processes of its own."""
    asked = (questions() * options.questions)[: options.questions]
    for size in options.sizes:
        home = home_of(size, options.cache)
        ours, found = alone(_ours, home, asked)
        stock, found_by_stock, exact = alone(_stock, home, asked)
        for name in FILTERS:
            goals = ("≤ 20 ms", "≤ 40 ms") if name == UNFILTERED else ("", "≤ 60 ms")
            yield from spread("retrieval", f"warm retrieval, {name}", ours[name], stock[name], size=size, goals=goals)
        for name in FILTERS:
            recalls = _recall(found[name], exact[name]), _recall(found_by_stock[name], exact[name])
            yield Figure("retrieval", f"recall@{NEAREST} of the vectors, {name}", "", *recalls, "≥ 0.99", size)


def _recall(found: list[list[str]], exact: list[list[str]]) -> float:
    """Share of the nearest passages that were found, a mean over the questions that have any."""
    pairs = [(set(some), set(all_)) for some, all_ in zip(found, exact, strict=True) if all_]
    return statistics.fmean(len(some & all_) / len(all_) for some, all_ in pairs) if pairs else 1.0


def _ours(home: Path, asked: list[str]) -> tuple[Milliseconds, Ids]:
    """How long hybrid search takes, keywords and archive included; and what its vector side finds."""
    embedder = ClusteredEmbedder()
    vectors = [embedder.embed_query(question) for question in asked]
    with App(Settings(dateline_home=home)) as app:

        def search(question: str, vector: list[float], where: Filter) -> float:
            return milliseconds(partial(app.retriever.search, question, vector, PASSAGES, where))

        for question, vector in zip(asked, vectors, strict=True):
            search(question, vector, Filter())  # reads from the disk what is not in memory yet
        times = {
            name: [search(question, vector, where) for question, vector in zip(asked, vectors, strict=True)]
            for name, where in FILTERS.items()
        }
        found = {
            name: [[one.id for one in app.vectors.search(vector, CANDIDATES, where)[:NEAREST]] for vector in vectors]
            for name, where in FILTERS.items()
        }
    return times, found


def _stock(home: Path, asked: list[str]) -> tuple[Milliseconds, Ids, Ids]:
    """The same vectors asked for with Chroma's `where`: how long it takes, what it finds, and what there was to find."""
    import chromadb

    collection = chromadb.PersistentClient(home / "vectors").get_collection(COLLECTION, embedding_function=None)
    embedder = ClusteredEmbedder()
    vectors = [embedder.embed_query(question) for question in asked]

    def query(vector: Any, where: Filter) -> list[str]:
        return collection.query([vector], n_results=NEAREST, where=_clause(where), include=["distances"])["ids"][0]

    for vector in vectors:
        query(vector, Filter())
    times, found = Milliseconds(), Ids()
    for name, where in FILTERS.items():
        answers = [timed(partial(query, vector, where)) for vector in vectors]
        times[name], found[name] = [took for took, _ in answers], [ids for _, ids in answers]
    return times, found, _exact(collection, vectors)


def _clause(where: Filter) -> Any:
    if where.outlets:
        return {"outlet": {"$in": list(where.outlets)}}
    if where.since and where.until:
        since, until = int(where.since.timestamp()), int(where.until.timestamp())
        return {"$and": [{"published": {"$gte": since}}, {"published": {"$lt": until}}]}
    return None


def _exact(collection: Collection, vectors: list[list[float]]) -> Ids:
    """The nearest passages that pass each filter, by comparing with every one of them."""
    import numpy as np

    ids, metadatas, rows = list[str](), list[Any](), list["Vectors"]()
    for start in range(0, collection.count(), VECTORS_PER_READ):
        some = collection.get(limit=VECTORS_PER_READ, offset=start, include=["embeddings", "metadatas"])
        ids += some["ids"]
        metadatas += some["metadatas"] or []
        rows.append(np.asarray(some["embeddings"], np.float32))
    cosines = np.array(vectors, np.float32) @ np.concatenate(rows).T
    found = Ids()
    for name, where in FILTERS.items():
        passing = np.array([_passes(where, metadata) for metadata in metadatas])
        order = np.argsort(-np.where(passing, cosines, -2), axis=1)[:, : min(NEAREST, int(passing.sum()))]
        found[name] = [[ids[place] for place in row] for row in order]
    return found


def _passes(where: Filter, metadata: Mapping[str, Any]) -> bool:
    if where.outlets:
        return str(metadata["outlet"]) in where.outlets
    if where.since and where.until:
        published = int(metadata.get("published", 0))
        return int(where.since.timestamp()) <= published < int(where.until.timestamp())
    return True
