"""Whether two short answers say the same: `almost 24,000` and `24,000 flights`, `Stock` and `Jürgen Stock`."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Any, NamedTuple

from bot.figures import NUMBER_WORDS, figures

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
MONTHS = """
january february march april may june july august september october november december
"""
MONTH_NAMES = frozenset(MONTHS.split())
MONTH_OF = {name[:letters]: name for name in MONTH_NAMES for letters in (3, 4, len(name))}  # "Sept" too
FIRST_YEAR = 1000  # a greater number beside a month is a year
# Words that hedge a value or belong to its grammar; they do not make it another.
LIGHT = """
a about after almost an and approximately around as at at least before by exactly for from her his in its just
least less more most mr mrs ms nearly of on only or over roughly some than that the their to under up was were with
"""
IGNORED = frozenset(LIGHT.split()) | NUMBER_WORDS


class Relation(Enum):
    """How one answer stands to another."""

    SAME = auto()
    DIFFERENT = auto()  # both cannot be the answer to one question about one thing
    UNCLEAR = auto()


class Value(NamedTuple):
    """What an answer says, without how it says it: its numbers, and the words that carry it."""

    numbers: frozenset[float]
    words: frozenset[str]

    @classmethod
    def of(cls, answer: str) -> Value:
        """What these words say."""
        words = WORD.findall(answer.casefold().replace("’s", "").replace("'s", ""))
        carrying = (MONTH_OF.get(word, word) for word in words if not IGNORED.issuperset(word.split("-")))
        return cls(figures(answer), frozenset(carrying))

    @property
    def months(self) -> frozenset[str]:
        """The months that it names."""
        return self.words & MONTH_NAMES


def relation(one: Value, other: Value) -> Relation:
    """How two answers to one question stand to each other, by their numbers, else by their words."""
    if bool(one.numbers) is not bool(other.numbers) or not any(one) or not any(other):
        return Relation.UNCLEAR
    if not one.numbers:
        return _compare(one.words, other.words)
    if one.months and other.months:
        return _compare_dates(one, other)
    if bool(one.months) is not bool(other.months) or (one.words and other.words and not one.words & other.words):
        return Relation.UNCLEAR  # "12 people" and "12 November", "two weeks" and "14 days"
    return _compare(one.numbers, other.numbers)


def _compare_dates(one: Value, other: Value) -> Relation:
    """`12 November` and `November 2024` may be one day, `12 November 2024` and `13 November 2024` are not."""
    days, other_days = (frozenset(n for n in date.numbers if n < FIRST_YEAR) for date in (one, other))
    years, other_years = one.numbers - days, other.numbers - other_days
    for part, other_part in ((one.months, other.months), (days, other_days), (years, other_years)):
        if part and other_part and not part & other_part:
            return Relation.DIFFERENT
    return Relation.SAME if one.numbers <= other.numbers or other.numbers <= one.numbers else Relation.UNCLEAR


def _compare(one: frozenset[Any], other: frozenset[Any]) -> Relation:
    if one <= other or other <= one:
        return Relation.SAME
    return Relation.UNCLEAR if one & other else Relation.DIFFERENT
