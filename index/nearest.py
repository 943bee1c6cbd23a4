"""The rows nearest to a vector: those a filter admits, a shortlist of them by sign bits, an exact comparison of these."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import floor
from typing import TYPE_CHECKING, Any

from index.records import Filter, by_its_own_clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

SHORTLIST = 2000  # compared exactly; of 200,000 passages of news this gave a recall@10 of 0.999, @50 of 0.990
UNDATED = -(2**63)
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Columns:
    """What rows are chosen by, an entry a row.

    live: whether it counts. article: a hash of the article's id. outlet: its number. published: seconds since 1970, or
    UNDATED. is_day: whether that is a date without a time. signs: whether each dimension of the vector is positive, 64
    to a word; of shape (words, rows).
    """

    live: NDArray[Any]
    article: NDArray[Any]
    outlet: NDArray[Any]
    published: NDArray[Any]
    is_day: NDArray[Any]
    signs: NDArray[Any]

    def joined(self, more: Columns) -> Columns:
        """These rows, and more after them."""
        import numpy as np

        names = [field.name for field in fields(self)]
        return Columns(*(np.concatenate((getattr(self, name), getattr(more, name)), axis=-1) for name in names))


def nearest(
    columns: Columns, vectors: NDArray[Any], rows: NDArray[Any], vector: Sequence[float], limit: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The rows, out of the given ones, whose vectors are nearest, best first; and their cosines."""
    import numpy as np

    asked = np.asarray(vector, np.float32)
    if len(rows) > SHORTLIST:
        rows = shortlist(columns.signs, signs(asked[None]), rows)
    # Not `@`: for these few numbers BLAS's threads cost more than they save, ten times so on a busy machine.
    cosines = np.einsum("ij,j->i", vectors[rows], asked)
    best = np.argsort(-cosines, kind="stable")[:limit]
    return rows[best], cosines[best]


def shortlist(held: NDArray[Any], asked: NDArray[Any], rows: NDArray[Any], size: int = SHORTLIST) -> NDArray[Any]:
    """The `size` rows with the least Hamming distance between signs, and those that tie: binary quantization."""
    import numpy as np

    distances = np.zeros(held.shape[1], np.uint16)
    for word, its in zip(held, asked[:, 0], strict=True):
        distances += np.bitwise_count(word ^ its)
    distances = distances[rows]
    furthest = np.searchsorted(np.bincount(distances).cumsum(), size)
    near: NDArray[Any] = rows[distances <= furthest]
    return near


def signs(vectors: NDArray[Any]) -> NDArray[Any]:
    """The sign bits of vectors, as in `Columns`; what is missing to whole words is 0."""
    import numpy as np

    bits = np.packbits(vectors > 0, axis=1)
    padded = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))
    return np.ascontiguousarray(padded.view(np.uint64).T)


def admitted(columns: Columns, outlets: Sequence[str], where: Filter) -> NDArray[Any]:
    """The live rows whose articles the filter admits. outlets: the names by number."""
    import numpy as np

    passes = columns.live
    if where.outlets or where.hidden:
        passes = passes & np.array([where.admits_outlet(name) for name in outlets])[columns.outlet]
    if where.since or where.until:
        dated = columns.published != UNDATED
        if where.since:
            dated = dated & (columns.published >= _bounds(columns, where.since))
        if where.until:
            dated = dated & (columns.published < _bounds(columns, where.until))
        passes = passes & (dated | where.undated & (columns.published == UNDATED))
    return np.flatnonzero(passes)


def _bounds(columns: Columns, bound: datetime) -> NDArray[Any]:
    """What each row's moment is compared with: a date without a time by the bound's own clock."""
    import numpy as np

    return np.where(columns.is_day, _seconds(by_its_own_clock(bound)), _seconds(bound))


def _seconds(moment: datetime) -> int:
    return floor(moment.timestamp())
