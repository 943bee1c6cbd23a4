"""The flat index: every passage's vector in one file, compared as it is. Questions are answered from it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.nearest import DAY_SECONDS, UNDATED, Columns, admitted, nearest, signs
from index.records import Candidate, Filter
from ingest.database import in_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
ROWS_AT_ONCE = 4096
FEWEST_DEAD = 1000  # fewer are not worth writing the others anew

Place = Mapping[str, str | int]  # article, revision, start, end, outlet, and `published` in seconds where it is known
Page = tuple[Mapping[str, Place], Any]  # places by passage id, and their vectors in the same order


@dataclass(frozen=True, slots=True)
class State:
    """What is committed: how much of each file counts. generation: names the files. outlets: by number.

    mark: of Chroma's folder when both held the same. row_bytes: the size of a row in `rows.*`.
    """

    generation: str
    position: int = 0
    fingerprint: str = ""
    mark: str = ""
    dimensions: int = 0
    row_bytes: int = 0
    rows: int = 0
    dead: int = 0
    names: int = 0
    outlets: Sequence[str] = field(default_factory=tuple)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class _View:
    """A state, with its files open."""

    state: State
    columns: Columns
    rows: NDArray[Any]
    vectors: NDArray[Any]
    names: NDArray[Any]


class FlatIndex:
    """A folder of four files that only grow, and `state.json`, which says how much of each counts.

    A write appends, then replaces `state.json`: who reads needs no lock, and what a killed writer left is written over.
    Of `rows.*` each has a fixed size, `vectors.*` has a float32 vector for each, `names.*` the ids of articles, and
    `dead.*` the numbers of the rows that were dropped. When most are dead, the others go to new files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._view: _View | None = None
        self._opening = Lock()  # one thread prepares a batch while another writes one

    @property
    def state(self) -> State | None:
        """What is committed, read from disk each time; None where there is no index that can be used."""
        try:
            state = State(**json.loads((self._folder / "state.json").read_bytes()))
            whole = all(self._path(state, name).stat().st_size >= size for name, size in _sizes(state).items())
        except (OSError, ValueError, TypeError):
            return None
        return state if whole and state.format == FORMAT else None

    def search(self, vector: Sequence[float], limit: int, where: Filter) -> list[Candidate]:
        """The nearest passages that pass the filter, best first. score: cosine."""
        view = self._open()
        if view is None or not len(found := admitted(view.columns, view.state.outlets, where)):
            return []
        rows, cosines = nearest(view.columns, view.vectors, found, vector, limit)
        places = _places(view, rows)
        return [_candidate(*place, float(cosine)) for place, cosine in zip(places, cosines, strict=True)]

    def held(self, articles: Collection[str]) -> dict[str, Place]:
        """Where each passage of these articles stands, by id."""
        view = self._open()
        return dict(_places(view, _rows_of(view, articles))) if view else {}

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        view = self._open()
        return {one.decode() for one in view.rows["id"][view.columns.live].tolist()} if view else set()

    def apply(
        self,
        articles: Collection[str],
        places: Mapping[str, Place],
        vectors: Mapping[str, Sequence[float]],
        committed: Mapping[str, Any],
    ) -> None:
        """Replace these articles' passages by those at `places`. vectors: of those that are not held yet.

        committed: position, fingerprint and mark to go with it.
        """
        import numpy as np

        view = self._open()
        rows = _rows_of(view, articles) if view else []
        held = dict(zip(rows, _places(view, rows), strict=True)) if view else {}
        stale = [row for row, (passage_id, place) in held.items() if places.get(passage_id) != place]
        known = {held[row][0]: view.vectors[row] for row in stale} if view else {}
        kept = {passage_id for passage_id, _ in held.values()} - known.keys()
        added = {passage_id: place for passage_id, place in places.items() if passage_id not in kept}
        state = self.state or State(secrets.token_hex(4))
        if added:
            state = self._append(state, added, np.array([vectors.get(one, known.get(one)) for one in added], "f4"))
        if stale:
            self._write(state, "dead", np.array(stale, "u4"))
            state = replace(state, dead=state.dead + len(stale))
        self._commit(replace(state, **committed))
        if state.dead > max(FEWEST_DEAD, state.rows // 2):
            self.rebuild(self._live_pages(), committed)

    def rebuild(self, pages: Iterable[Page], committed: Mapping[str, Any]) -> None:
        """Hold exactly these passages. Until it is done, all is as before."""
        state = State(secrets.token_hex(4))
        for places, vectors in pages:
            state = self._append(state, places, vectors)
        self._commit(replace(state, **committed))
        for path in self._folder.glob("*.*"):
            if path.suffix not in {".json", f".{state.generation}"}:
                with suppress(OSError):  # one that a reader has open may stay behind
                    path.unlink()

    def clear(self) -> None:
        """Forget everything."""
        self._view = None
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _live_pages(self) -> Iterator[Page]:
        import numpy as np

        if view := self._open():
            for rows in in_groups(np.flatnonzero(view.columns.live).tolist(), ROWS_AT_ONCE):
                yield dict(_places(view, rows)), view.vectors[rows]

    def _append(self, state: State, places: Mapping[str, Place], vectors: Any) -> State:
        """Write rows after those that count; the state that counts them too."""
        import numpy as np

        vectors = np.ascontiguousarray(vectors, np.float32)
        rows = np.zeros(len(places), _row_type(vectors.shape[1]))
        state = replace(state, dimensions=vectors.shape[1], row_bytes=rows.itemsize)
        outlets, names = list(state.outlets), bytearray()
        numbers, offsets = {outlet: number for number, outlet in enumerate(outlets)}, dict[str, int]()
        for row, (passage_id, place) in zip(rows, places.items(), strict=True):
            article, outlet = str(place["article"]), str(place["outlet"])
            if article not in offsets:
                offsets[article] = state.names + len(names)
                names += article.encode()
            if outlet not in numbers:
                numbers[outlet] = len(outlets)
                outlets.append(outlet)
            row["id"], row["article"], row["outlet"] = passage_id.encode(), _hash(article), numbers[outlet]
            row["name"], row["name_end"] = offsets[article], offsets[article] + len(article.encode())
            row["revision"], row["start"], row["end"] = place["revision"], place["start"], place["end"]
            row["published"] = place.get("published", UNDATED)
        rows["signs"] = signs(vectors).T
        for name, values in (("rows", rows), ("vectors", vectors), ("names", np.frombuffer(bytes(names), "u1"))):
            self._write(state, name, values)
        return replace(state, rows=state.rows + len(rows), names=state.names + len(names), outlets=tuple(outlets))

    def _write(self, state: State, name: str, values: NDArray[Any]) -> None:
        path = self._path(state, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        with path.open("r+b") as file:
            file.seek(_sizes(state)[name])
            file.write(values.tobytes())
            file.flush()
            os.fsync(file.fileno())

    def _commit(self, state: State) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in _sizes(state):
            self._path(state, name).touch()
        draft = self._folder / "state.new"
        draft.write_text(json.dumps(asdict(state)))
        draft.replace(self._folder / "state.json")

    def _path(self, state: State, name: str) -> Path:
        return self._folder / f"{name}.{state.generation}"

    def _open(self) -> _View | None:
        """The index as it is now; None where there is none, or it is empty. Only what is new since is read."""
        with self._opening:
            state = self.state
            if state is None or not state.rows:
                self._view = None
            elif self._view is None or self._view.state != state:
                with suppress(FileNotFoundError):  # written anew this very moment: what is open serves once more
                    self._view = self._load(state)
            return self._view

    def _load(self, state: State) -> _View:
        import numpy as np

        rows = self._mapped(state, "rows", _row_type(state.dimensions), state.rows)
        vectors = self._mapped(state, "vectors", np.float32, state.rows, state.dimensions)
        names = self._mapped(state, "names", np.uint8, state.names)
        return _View(state, self._columns(state, rows), rows, vectors, names)

    def _mapped(self, state: State, name: str, kind: Any, *shape: int) -> NDArray[Any]:
        import numpy as np

        return np.asarray(np.memmap(self._path(state, name), kind, "r", shape=shape))

    def _columns(self, state: State, rows: NDArray[Any]) -> Columns:
        import numpy as np

        last = self._view
        if last and last.state.generation == state.generation:
            columns = last.columns.joined(_columns_of(np.array(rows[last.state.rows :])))
        else:
            columns = _columns_of(np.fromfile(self._path(state, "rows"), rows.dtype, count=state.rows))
        columns.live[np.fromfile(self._path(state, "dead"), "u4", count=state.dead)] = False
        return columns


def _sizes(state: State) -> dict[str, int]:
    """How many bytes of each file count."""
    return {
        "rows": state.rows * state.row_bytes,
        "vectors": state.rows * state.dimensions * 4,
        "names": state.names,
        "dead": state.dead * 4,
    }


def _row_type(dimensions: int) -> Any:
    """A row of `rows.*`, little-endian. article, outlet, published, signs: as in `Columns`. name: of the article's id."""
    searched = [("id", "S32"), ("article", "<u8"), ("outlet", "<u4"), ("published", "<i8")]
    place = [("name", "<u8"), ("name_end", "<u8"), ("revision", "<u4"), ("start", "<u4"), ("end", "<u4")]
    return [*searched, *place, ("signs", "<u8", -(-dimensions // 64))]


def _columns_of(rows: NDArray[Any]) -> Columns:
    import numpy as np

    return Columns(
        live=np.ones(len(rows), bool),
        article=np.ascontiguousarray(rows["article"]),
        outlet=np.ascontiguousarray(rows["outlet"]),
        published=np.ascontiguousarray(rows["published"]),
        is_day=rows["published"] % DAY_SECONDS == 0,
        signs=np.ascontiguousarray(rows["signs"].T),
    )


def _hash(article: str) -> int:
    """64 bits: that two of a million articles share them has a chance of one in forty million."""
    return int.from_bytes(hashlib.sha256(article.encode()).digest()[:8], "little")


def _rows_of(view: _View, articles: Collection[str]) -> Any:
    import numpy as np

    hashes = np.array([_hash(one) for one in articles], np.uint64)
    return np.flatnonzero(view.columns.live & np.isin(view.columns.article, hashes))


def _places(view: _View, rows: Any) -> list[tuple[str, Place]]:
    """Passage id and place of each of these rows."""
    found: list[tuple[str, Place]] = []
    for passage_id, _, outlet, published, name, name_end, revision, start, end, _ in view.rows[rows].tolist():
        place: dict[str, str | int] = {
            "article": view.names[name:name_end].tobytes().decode(),
            "revision": revision,
            "start": start,
            "end": end,
            "outlet": view.state.outlets[outlet],
        }
        if published != UNDATED:
            place["published"] = published
        found.append((passage_id.decode(), place))
    return found


def _candidate(passage_id: str, place: Mapping[str, Any], score: float) -> Candidate:
    return Candidate(passage_id, place["article"], place["revision"], place["start"], place["end"], score)
