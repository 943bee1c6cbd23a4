"""The terms of a text, and where its clauses and statements end, by the wording, with rules for English. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from functools import cached_property

from bot.figures import NUMBER_WORDS

WITHIN = 3  # so many terms go with the negation or the number before them

# Where a clause ends, and where one statement of it does.
CLAUSE_END = re.compile(
    r"[,;:.!?…](?=[\"”’')\]]*(?:\s|$))|[—()\n]|\s[–-]\s|\bbut\b|\band (?=(?:that|it|they|he|she)\b)", re.I
)
JOINT = re.compile(
    r"\b(?:and|or|(?<!says )(?<!said )that|which|who|where|when|while|because|after|before|as|since|though|whether|if)\b",
    re.I,
)
_WORD = re.compile(r"[^\W_]*n't\b|(?P<word>[^\W_]+)(?:'(?:s|re|ve|ll|d|m)\b)?", re.I)
# Numbers, and what the other rules are about.
_IDLE = """
nobody none nothing nowhere never neither nor without cannot almost nearly roughly approximately exactly precisely
least fewer less may might shall yet still
"""
PASSED_OVER = {f"{word}{end}" for word in NUMBER_WORDS for end in ("", "s")} | set(_IDLE.split())


class Clauses:
    """A text's terms, without stop words and numbers, and where its clauses end; each is found when it is needed."""

    def __init__(self, text: str, terms: Callable[[str], list[str]]) -> None:
        self.text = text
        self._stems = terms

    @cached_property
    def terms(self) -> list[str]:
        """In their order."""
        return [stem for _, stem in self._placed]

    @cached_property
    def starts(self) -> list[int]:
        """Where the word of each term begins."""
        return [start for start, _ in self._placed]

    @cached_property
    def ends(self) -> list[int]:
        """Where its clauses end."""
        return [*(found.start() for found in CLAUSE_END.finditer(self.text)), len(self.text)]

    @cached_property
    def joints(self) -> list[int]:
        """Where its statements begin or end."""
        return sorted({0, *self.ends, *(found.start() for found in JOINT.finditer(self.text))})

    @cached_property
    def _placed(self) -> list[tuple[int, str]]:
        return [
            (found.start(), stem)
            for found in _WORD.finditer(self.text)
            if (word := found["word"]) and not word[0].isdigit() and word.casefold() not in PASSED_OVER
            for stem in self._stems(word)
        ]

    def within(self, start: int, end: int) -> range:
        """The terms that begin there."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def end_of_clause(self, position: int) -> int:
        """Where the clause ends that goes on at the position."""
        return self.ends[bisect_left(self.ends, position)]

    def behind(self, position: int) -> range:
        """The next few terms of the clause."""
        return self.within(position, self.end_of_clause(position))[:WITHIN]

    def statement(self, start: int, end: int) -> tuple[int, int]:
        """The part of a clause around such a position: from the conjunction before it to the end of the clause.

        For words that stand alone, the clause behind them too, as in "Reportedly, …", or before them.
        """
        begin, until = self.joint_before(start), self.end_of_clause(end)
        if self.within(begin, start) or self.within(end, until):
            return begin, until
        if self.text[until : until + 1] == ",":
            return begin, self.end_of_clause(until + 1)
        return self.joint_before(begin - 1), until

    def joint_before(self, position: int) -> int:
        """Where the nearest conjunction or end of a clause begins, up to the position."""
        return self.joints[max(0, bisect_right(self.joints, position) - 1)]

    def joint_behind(self, position: int) -> int:
        """Where the next one does."""
        return self.joints[bisect_left(self.joints, position)]

    def at(self, places: Collection[int]) -> set[str]:
        """These terms."""
        return {self.terms[place] for place in places}
