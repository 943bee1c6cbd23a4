"""Examples as arrays of word pieces, in batches of about equal length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from bot.reader import MOST_PIECES, QUESTION_PIECES, TITLE_PIECES, assemble
from training.qa_data import Context, Example

SHORT, SHARE_SHORT = 144, 0.5  # half of the examples see only so many word pieces, around the answer
WITH_TITLE = 0.5  # the other half must do without the headline
LENGTHS_EVEN = 32  # lengths are padded to a multiple, so that few shapes are compiled
SORTED_TOGETHER = 40  # batches

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """One example: its ids, the kind of each, where an answer may stand, and where it does (0 for nowhere)."""

    ids: list[int]
    kinds: list[int]
    allowed: range
    start: int
    end: int


class FeatureMaker:
    """Cuts examples to the reader's window. The same seed and example give the same features."""

    def __init__(self, tokenizer: Tokenizer, contexts: Sequence[Context]) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._texts = self._encode([context.text for context in contexts])
        self._titles = self._encode([context.title for context in contexts])

    def make(self, example: Example, random: Random) -> Features:
        """The features of one example, of a window that holds the answer when it has one."""
        question = self._encode([example.question])[0].ids[:QUESTION_PIECES]
        title = self._titles[example.context].ids[:TITLE_PIECES] if random.random() < WITH_TITLE else []
        text = self._texts[example.context]
        first, last = _pieces(text, example.answer) if example.answer else (-1, -1)
        room = (SHORT if random.random() < SHARE_SHORT else MOST_PIECES) - len(question) - len(title) - 4
        begin = _window(len(text.ids), room, first, last, random)
        ids, kinds, offset = assemble(question, title, text.ids[begin : begin + room])
        allowed = range(offset, len(ids) - 1)
        if example.answer is None or last - begin >= room:
            return Features(ids, kinds, allowed, 0, 0)
        return Features(ids, kinds, allowed, first - begin + offset, last - begin + offset)

    def _encode(self, texts: list[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch(texts, add_special_tokens=False)


def in_batches(features: Iterator[Features], size: int, random: Random) -> Iterator[list[Features]]:
    """Batches of about equal length, in random order: a stretch is sorted by length, cut, and shuffled."""
    stretch: list[Features] = []
    for one in features:
        stretch.append(one)
        if len(stretch) == SORTED_TOGETHER * size:
            yield from _cut(stretch, size, random)
            stretch = []
    yield from _cut(stretch, size, random)


def pad(batch: Sequence[Features]) -> dict[str, Numbers]:
    """The batch as arrays [examples, pieces]; `allowed` is 1 where a span may stand, the null included."""
    longest = max(len(one.ids) for one in batch)
    shape = (len(batch), -(-longest // LENGTHS_EVEN) * LENGTHS_EVEN)
    arrays = {name: np.zeros(shape, np.int64) for name in ("ids", "kinds", "mask", "allowed")}
    for row, one in enumerate(batch):
        arrays["ids"][row, : len(one.ids)] = one.ids
        arrays["kinds"][row, : len(one.ids)] = one.kinds
        arrays["mask"][row, : len(one.ids)] = 1
        arrays["allowed"][row, one.allowed.start : one.allowed.stop] = 1
    arrays["allowed"][:, 0] = 1
    return arrays | {"start": np.array([one.start for one in batch]), "end": np.array([one.end for one in batch])}


def _cut(stretch: list[Features], size: int, random: Random) -> list[list[Features]]:
    stretch.sort(key=lambda one: len(one.ids))
    batches = [stretch[begin : begin + size] for begin in range(0, len(stretch), size)]
    random.shuffle(batches)
    return batches


def _pieces(text: Encoding, answer: tuple[int, int]) -> tuple[int, int]:
    """First and last word piece of the characters."""
    start, end = answer
    inside = [n for n, (begin, stop) in enumerate(text.offsets) if stop > start and begin < end]
    return inside[0], inside[-1]


def _window(length: int, room: int, first: int, last: int, random: Random) -> int:
    """Where a window of `room` pieces begins; it holds first..last unless they are none (-1) or too long."""
    if length <= room:
        return 0
    if first < 0:
        return random.randint(0, length - room)
    earliest, latest = max(0, last - room + 1), min(first, length - room)
    return random.randint(earliest, latest) if earliest <= latest else first
