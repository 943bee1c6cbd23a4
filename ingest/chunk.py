"""Revision text to sentence-aligned passages with exact offsets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from ingest.records import Passage

BUDGET = 200  # word pieces of text in a passage
SPEAKER = re.compile(r"(?:[A-Z][\w.’'-]*\s){0,4}[A-Z][\w.’'-]*(?:\s\([A-Z]{1,5}\))?:\s")

Count = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters: `text[start:end]`, never empty, no white space at either end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is packed whole: a sentence, or a piece of one that is too long. line: where its line starts."""

    span: Span
    line: int
    size: int


def sentences(text: str, language: str = "en") -> list[Span]:
    """The sentences of a text, in order. A newline always ends one; together they cover all but white space."""
    return [span for line in _lines(text) for span in _sentences_of(text, line, language)]


def header(title: str, outlet: str, published: datetime | None) -> str:
    """The context that is embedded with a passage: `title · outlet · 12 Nov 2024`, without what is missing."""
    date = f"{published.day} {published:%b %Y}" if published else ""
    return " · ".join(part for part in (title, outlet, date) if part)


def passages(
    article: str,
    revision: int,
    text: str,
    heading: str,
    count: Count,
    *,
    window: int,
    language: str = "en",
    budget: int = BUDGET,
) -> list[Passage]:
    """Cut a text into passages of whole sentences, each overlapping the one before by one sentence.

    count: word pieces of each string, by the embedding model's tokenizer. budget: word pieces of a passage.
    window: word pieces the model reads; heading and text together stay within it. An interview turn that
    fits in one passage is never split. Equal passages of one article are given once.
    """
    heading = _shorten(heading, max(0, window - budget), count)
    budget = min(budget, window)
    units = _units(text, language, budget, count)
    found: dict[str, Passage] = {}
    for first, last in _pack(text, units, budget):
        start, end = units[first].span.start, units[last].span.end
        content = text[start:end]
        key = hashlib.sha256("\0".join((article, heading, content)).encode()).hexdigest()[:32]
        found.setdefault(key, Passage(key, article, revision, start, end, heading, content))
    return list(found.values())


def _pack(text: str, units: Sequence[_Unit], budget: int) -> Iterator[tuple[int, int]]:
    """First and last unit of each passage, greedily."""
    first = 0
    while first < len(units):
        stop, size = first, 0
        while stop < len(units) and size + units[stop].size <= budget:
            size += units[stop].size
            stop += 1
        if stop < len(units):
            stop = _whole_turn(text, units, first, stop, budget)
        yield first, stop - 1
        if stop == len(units):
            return
        overlaps = (
            stop - 1 > first
            and units[stop - 1].size + units[stop].size <= budget
            and not (_is_turn(text, units[stop]) and units[stop].line != units[stop - 1].line)
        )
        first = stop - 1 if overlaps else stop


def _whole_turn(text: str, units: Sequence[_Unit], first: int, stop: int, budget: int) -> int:
    """Where to stop instead, so that an interview turn which fits in a passage of its own is not split."""
    line = units[stop].line
    begins = stop
    while begins > first and units[begins - 1].line == line:
        begins -= 1
    if begins in (first, stop) or not _is_turn(text, units[stop]):
        return stop
    turn = sum(unit.size for unit in units[begins:] if unit.line == line)
    return begins if turn <= budget else stop


def _is_turn(text: str, unit: _Unit) -> bool:
    return SPEAKER.match(text, unit.line) is not None


def _units(text: str, language: str, budget: int, count: Count) -> list[_Unit]:
    placed = [(line.start, span) for line in _lines(text) for span in _sentences_of(text, line, language)]
    sizes = count([text[span.start : span.end] for _, span in placed]) if placed else []
    units: list[_Unit] = []
    for (line, span), size in zip(placed, sizes, strict=True):
        if size <= budget:
            units.append(_Unit(span, line, size))
        else:
            units += [_Unit(piece, line, pieces) for piece, pieces in _split(text, span, budget, count)]
    return units


def _split(text: str, span: Span, budget: int, count: Count) -> Iterator[tuple[Span, int]]:
    """Pieces of an over-long sentence at word boundaries, each within the budget, with their sizes."""
    # A word piece is at least one character, so a word of `budget` characters fits.
    words = [
        Span(start, min(start + budget, match.end()))
        for match in re.finditer(r"\S+", text[: span.end][span.start :])
        for start in range(match.start(), match.end(), budget)
    ]
    words = [Span(word.start + span.start, word.end + span.start) for word in words]
    sizes = count([text[word.start : word.end] for word in words])
    start, end, size = words[0].start, words[0].start, 0
    for word, pieces in zip(words, sizes, strict=True):
        if size + pieces > budget and size:
            yield Span(start, end), size
            start, size = word.start, 0
        end, size = word.end, size + pieces
    yield Span(start, end), size


def _sentences_of(text: str, line: Span, language: str) -> Iterator[Span]:
    import sentencex

    content = text[line.start : line.end]
    found = sentencex.get_sentence_boundaries(language.split("-")[0].lower() or "en", content)
    cuts = sorted({0, *(boundary["start_index"] for boundary in found), len(content)})
    for start, end in pairwise(cuts):
        span = _trim(text, line.start + start, line.start + end)
        if span:
            yield span


def _lines(text: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", text):
        span = _trim(text, match.start(), match.end())
        if span:
            yield span


def _trim(text: str, start: int, end: int) -> Span | None:
    content = text[start:end]
    stripped = content.strip()
    if not stripped:
        return None
    start += len(content) - len(content.lstrip())
    return Span(start, start + len(stripped))


def _shorten(heading: str, most: int, count: Count) -> str:
    """The first words of a heading that stay within so many word pieces."""
    words = heading.split()
    while words and count([" ".join(words)])[0] > most:
        words.pop()
    return " ".join(words)
