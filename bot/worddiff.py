"""What changed from one version of a text to the next, word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Op(StrEnum):
    """What happened to a stretch of words, as `difflib` calls it."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch of words before and after. old: empty for an insertion, new: empty for a deletion."""

    op: Op
    old: tuple[str, ...]
    new: tuple[str, ...]


def word_diff(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """The stretches, in order, that turn the old words into the new ones; put together they are all the words."""
    matcher = SequenceMatcher(None, old, new)
    return [Change(Op(op), tuple(old[a:b]), tuple(new[c:d])) for op, a, b, c, d in matcher.get_opcodes()]
