"""Which articles are copies of one report: wire copies, syndication, the same text under another headline.

A MinHash signature, cut into bands, finds the few articles worth comparing (Broder, "On the resemblance and
containment of documents", 1997); an exact comparison of the words then decides. Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE_WORDS = 3
FEWEST_WORDS = 40  # two short notices agree by accident
# Of texts whose sets of shingles have the Jaccard similarity s, the share 1 - (1 - s²)^50 meets in a band: 0.998 where
# a fifth of the words was changed (s = 0.34), 0.97 where half as much text was added as well (0.26).
BANDS = 50
HASHES_PER_BAND = 2

# Measured on news texts of 60 words and more. With a fifth of the words changed at random, 0.66 or more is taken over
# in 95 of 100; between reports on one event that share only names and quotations, 0.32 or less in 95 of 100.
TAKEN_OVER = 0.6
SHORTER_AT_LEAST = 1 / 3  # of the longer one's words: below that it is a brief, or the other is a round-up
# A follow-up, or the next issue of a series, keeps the phrases and changes the figures; a copy keeps them.
FIGURES_SHARED = 0.5
FEWEST_FIGURES = 4

# Accents after decomposition, soft hyphens and characters without width.
_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of a text, whatever its case, accents, punctuation and typography.

    shingles: every run of three words, in order. figures: the words that are numbers.
    """

    shingles: tuple[str, ...]
    figures: frozenset[str]

    @property
    def length(self) -> int:
        """How many words the text has, 0 when they make no shingle."""
        return len(self.shingles) + SHINGLE_WORDS - 1 if self.shingles else 0


def wording(text: str) -> Wording:
    """The wording of a text."""
    words = _WORD.findall(_INVISIBLE.sub("", unicodedata.normalize("NFKD", text.casefold())))
    runs = zip(*(words[offset:] for offset in range(SHINGLE_WORDS)), strict=False)
    return Wording(tuple(map(" ".join, runs)), frozenset(filter(str.isdecimal, words)))


def bands(its: Wording) -> list[tuple[int, str]]:
    """Numbers from 0, each with a hash in hex: texts that share one may be copies. None for a very short text."""
    if its.length < FEWEST_WORDS:
        return []
    signature = _empty_signature().copy()
    signature.update_batch(set(its.shingles))
    rows = signature.hashvalues.astype("<u4").reshape(BANDS, HASHES_PER_BAND)
    return [(number, row.tobytes().hex()) for number, row in enumerate(rows)]


@cache
def _empty_signature() -> MinHash:
    from datasketch import MinHash

    return MinHash(BANDS * HASHES_PER_BAND, seed=1, scheme="affine32", hashfunc=_hash)


def _hash(shingle: str) -> int:
    """The first four bytes of its SHA-1: datasketch's own function, in half its time."""
    return int.from_bytes(hashlib.sha1(shingle.encode(), usedforsecurity=False).digest()[:4], "little")


def taken_over(one: Wording, other: Wording) -> float:
    """Share of the shorter text's words, 0..1, that stand in a run of three which the longer text has too.

    What the longer one adds does not count, nor does the order of its paragraphs.
    """
    shorter, longer = _by_length(one, other)
    known = set(longer.shingles)
    covered = {
        start + offset
        for start, shingle in enumerate(shorter.shingles)
        if shingle in known
        for offset in range(SHINGLE_WORDS)
    }
    return len(covered) / max(1, shorter.length)


def are_copies(one: Wording, other: Wording) -> bool:
    """Whether one text is the other, edited, shortened or with paragraphs added."""
    shorter, longer = _by_length(one, other)
    if shorter.length < max(FEWEST_WORDS, SHORTER_AT_LEAST * longer.length):
        return False
    shared = len(shorter.figures & longer.figures)
    if len(shorter.figures) >= FEWEST_FIGURES and shared < FIGURES_SHARED * len(shorter.figures):
        return False
    return taken_over(shorter, longer) >= TAKEN_OVER


def stories(wordings: Mapping[str, Wording]) -> dict[str, str]:
    """The story of each article, by id: copies, and copies of copies, share one; empty for one without copies."""
    found: dict[str, str] = {}
    left = sorted(wordings)
    while left:
        cluster = [left.pop(0)]
        for member in cluster:
            copies = {other for other in left if are_copies(wordings[member], wordings[other])}
            cluster += sorted(copies)
            left = [other for other in left if other not in copies]
        found |= dict.fromkeys(cluster, story_of(cluster))
    return found


def story_of(cluster: Iterable[str]) -> str:
    """What the story of these articles is called: the first of their ids; empty for a single one."""
    ids = sorted(cluster)
    return ids[0] if len(ids) > 1 else ""


def _by_length(one: Wording, other: Wording) -> tuple[Wording, Wording]:
    """The shorter and the longer one; of two as long as each other, always the same first."""
    shorter, longer = sorted((one, other), key=lambda its: (its.length, its.shingles))
    return shorter, longer
