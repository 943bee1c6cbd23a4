"""Discord's markdown as far as our messages use it: text to lines of runs, and runs to rows of a width. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from itertools import groupby

_INLINE = re.compile(
    r"\\(?P<escaped>[^a-zA-Z0-9\s])"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|\[(?P<link>[^\[\]]+)\]\(<https?://[^\s<>]+>\)"
    r"|<t:(?P<day>\d+):D>"
)


class Kind(StrEnum):
    """What a run is."""

    PLAIN = "plain"
    LINK = "link"
    DAY = "day"


class Block(StrEnum):
    """What a line is."""

    PROSE = "prose"
    QUOTE = "quote"
    SMALL = "small"
    ITEM = "item"


SIGNS = {"> ": Block.QUOTE, "-# ": Block.SMALL, "- ": Block.ITEM}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look alike."""

    text: str
    bold: bool = False
    kind: Kind = Kind.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was written."""

    runs: tuple[Run, ...]
    block: Block = Block.PROSE


def parse(text: str, zone: tzinfo = UTC) -> list[Line]:
    """The lines of a text. zone: by whose clock days are told."""
    return [_line(row, zone) for row in text.split("\n")]


def wrap(runs: Iterable[Run], width: float, measure: Callable[[Run], float]) -> list[tuple[Run, ...]]:
    """Rows that are no wider, broken at blanks, and within a word only where it is wider than a row."""
    rows: list[list[Run]] = [[]]

    def fits(*more: Run) -> bool:
        return sum(map(measure, _joined([*rows[-1], *more]))) <= width

    for word in _words(runs):
        if rows[-1] and not fits(*word):
            rows.append([])
            word = word[word[0].text.isspace() :]
        for run in word if fits(*word) else _characters(word):
            if rows[-1] and not fits(run):
                rows.append([])
            rows[-1].append(run)
    return [_joined(row) for row in rows]


def _line(row: str, zone: tzinfo) -> Line:
    sign = next(filter(row.startswith, SIGNS), "")
    return Line(_joined(_runs(row.removeprefix(sign), zone)), SIGNS.get(sign, Block.PROSE))


def _runs(text: str, zone: tzinfo, *, bold: bool = False) -> Iterator[Run]:
    end = 0
    for sign in _INLINE.finditer(text):
        yield Run(text[end : sign.start()], bold)
        end = sign.end()
        if sign["bold"]:
            yield from _runs(sign["bold"], zone, bold=True)
        elif sign["link"]:
            yield Run(sign["link"], bold, Kind.LINK)
        elif sign["day"]:
            day = datetime.fromtimestamp(int(sign["day"]), zone)
            yield Run(f"{day.day} {day:%B %Y}", bold, Kind.DAY)
        else:
            yield Run(sign["escaped"], bold)
    yield Run(text[end:], bold)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same, with neighbours that look alike made one."""
    alike = groupby((run for run in runs if run.text), key=lambda run: (run.bold, run.kind))
    return tuple(Run("".join(run.text for run in group), *look) for look, group in alike)


def _words(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Words, each with the blank before it."""
    word: list[Run] = []
    for run in runs:
        for text in [run.text] if run.kind is Kind.DAY else filter(None, re.split("( +)", run.text)):
            if text.isspace() and word:
                yield word
                word = []
            word.append(replace(run, text=text))
    if word:
        yield word


def _characters(word: Iterable[Run]) -> list[Run]:
    return [replace(run, text=character) for run in word for character in run.text]
