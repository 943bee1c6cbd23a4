"""The stretch of time that a question names (`last week`, `since Monday`, `between 3 and 5 May`), in English.

A date counts when the word before it says so ("in 2023", "since Monday"), or when it needs no such word ("last week").
Of several the newest decides, since a report can tell of what was long before: `What was said yesterday of the attack in
May?`
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.date_words import KINDS, PART_OF, THE, Kind, Stretch
from bot.records import Window

BOUND = re.compile(
    rf"(?P<bound>since|after|before|prior\s+to|until|till|as\s+of)\s+{THE}(?P<part>(?:the\s+)?(?:very\s+)?{PART_OF})?"
)
# "after Monday's vote", "after 2022 elections", but not "after 2022 in Rome"
EVENT = re.compile(
    r"'s|\s+(?!(?:in|on|at|to|for|of|by|as|with|about|from|and|or|but|the|an?|who|what|which|when|where|how|that|is|are|was"
    r"|were|did|do|does|has|have|had|can|could)\b)[a-z]"
)
RANGE = re.compile(rf"(?:between|from)\s+{THE}")
JOINT = re.compile(rf"(?:\s*[-–—]\s*|\s+(?:and|or|to|until|till|through)\s+)(?:(?:in|on)\s+)?{THE}")
WORD = re.compile(r"(?<![\w./-])(?=\w)")
AHEAD = re.compile(
    r"\b(?:will|WILL)\b|^\W*Will\b"  # inside a sentence, "Will" is a name
    r"|\b(?i:won['’]t|going\s+to|upcoming|scheduled|tomorrow|next(?!\s+(?:to|of)))\b|['’]ll\b"
)
LEADS = r"(?:leads|runs|holds|owns|coaches|heads|manages|chairs|governs|rules|commands|captains|edits|represents)"
WHO = r"(?:who|which\s+[\w-]+)"
OFFICE = (
    r"(?:president|minister|premier|chancellor|mayor|governor|secretary|king|queen|pope|leader|head|chief|boss|owner"
    r"|chair(?:man|woman|person)?|c[eft]o|director|captain|coach|manager|editor|speaker|ambassador|commissioner"
    r"|general|commander|spokes(?:man|woman|person)|champion|holder|senator|representative)s?"
)
LATEST = re.compile(
    r"\b(?:latest|newest|recent(?:ly)?|lately|currently|so\s+far|as\s+of|up[\s-]to[\s-]date|still"
    r"|now(?!-)|at\s+(?:the\s+moment|present)|today's|these\s+days|any\s+(?:news|updates?)"
    r"|current(?=\s+[a-z])(?!\s+(?:of|in|flow\w*)\b)"
    r"|what(?:'s|\s+is)\s+the\s+(?:(?:state|status)\s+of|situation)"
    rf"|{WHO}\s+{LEADS}"
    r"|who(?:'s|\s+is|\s+are)\s+(?:(?!(?:of|in|first)\b)[\w.-]+\s+){0,3}[\w.-]+(?:'s|s')"
    rf"|{WHO}(?:'s|\s+is|\s+are)\s+(?:(?!(?:of|in|first)\b)[\w-]+\s+){{0,4}}{OFFICE}(?!\s+(?:who|that)\b))(?!\w)"
)
# Only A to Z, so that every character stays where it is.
LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ’", "abcdefghijklmnopqrstuvwxyz'")


def asked_window(question: str, now: datetime) -> Window | None:
    """The stretch of publication time that the question names, None when it names none or one that is yet to come.

    now: the asker's clock, aware, in the asker's zone, whose midnights bound the days.
    """
    text = _Text(question, question.translate(LOWER), now, bool(AHEAD.search(question)))
    windows = []
    end = 0
    for word in WORD.finditer(text.lower):
        start = word.start()
        found = None if start < end else _bounded(text, start) or _between(text, start) or _within(text, start)
        if found:
            end = found.end
            words = question[start:end].rstrip(".")
            windows += [Window(words, found.since, found.until)] if found.since or found.until else []
    return max(windows, key=lambda window: window.since.timestamp() if window.since else -math.inf, default=None)


def wants_latest(question: str) -> bool:
    """Whether the question asks how things stand now: `the latest …`, `who is the mayor of …`, `… so far`."""
    return bool(LATEST.search(question.translate(LOWER)))


@dataclass(frozen=True, slots=True)
class _Text:
    """The question, the same in lower case, the asker's clock, and whether it is about what is to come."""

    question: str
    lower: str
    now: datetime
    ahead: bool


@dataclass(frozen=True, slots=True)
class _Date:
    kind: Kind
    match: re.Match[str]
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class _Bounds:
    """since ≤ t < until, named by words that end at `end`. Without either, nothing that has begun."""

    since: datetime | None
    until: datetime | None
    end: int


def _bounded(text: _Text, start: int) -> _Bounds | None:
    """`since Monday`, `until 3 May`. `After Monday's vote` is partly on Monday, `before the end of May` partly in it."""
    bound = BOUND.match(text.lower, start)
    date = _date(text, bound.end(), alone=False) if bound else None
    if not bound or not date:
        return None
    (first, after), end = date.stretch, date.match.end()
    partly = bool(bound["part"] or EVENT.match(text.lower, end))
    match bound["bound"].split()[0]:
        case "since":
            return _Bounds(first, None, end)
        case "after":
            since = first if partly else after
            return _Bounds(since if since <= text.now else None, None, end)
        case "before" | "prior":
            return _Bounds(None, after if partly else first, end)
        case _:
            return _Bounds(None, after, end)


def _between(text: _Text, start: int) -> _Bounds | None:
    """`between 2019 and 2021`, `from Monday to Friday`, `between 3 and 5 May`."""
    opening = RANGE.match(text.lower, start)
    one = _date(text, opening.end(), alone=False) if opening else None
    if not one:
        return None
    other = _joined(text, one)
    if other:
        return _hull(one, other)
    return _Bounds(*one.stretch, one.match.end()) if one.match.groupdict().get("to") else None


def _within(text: _Text, start: int) -> _Bounds | None:
    """`in October`, `yesterday`, `on Monday or Tuesday`."""
    one = _date(text, start, alone=True)
    if not one:
        return None
    other = _joined(text, one)
    if other and other.kind is one.kind and not _is_verb(text, other.match):
        return _hull(one, other)
    return _Bounds(*one.stretch, one.match.end())


def _joined(text: _Text, one: _Date) -> _Date | None:
    """The date behind "and", "or", "to"."""
    joint = JOINT.match(text.lower, one.match.end())
    return _date(text, joint.end(), alone=False) if joint else None


def _hull(one: _Date, other: _Date) -> _Bounds:
    """From the earlier to the later. `March and May 2023`: the first is the last such before the second."""
    stretch = one.stretch
    if stretch[0] > other.stretch[0]:
        stretch = one.kind.stretch(one.match, other.stretch[1] - timedelta(days=1)) or stretch
    return _Bounds(min(stretch[0], other.stretch[0]), max(stretch[1], other.stretch[1]), other.match.end())


def _date(text: _Text, start: int, *, alone: bool) -> _Date | None:
    """The date that is written here. The first kind that fits decides, also when it then stands for nothing."""
    for kind in KINDS:
        match = (kind.alone if alone else kind.bare).match(text.lower, start)
        if match:
            groups = match.groupdict()
            to_come = text.ahead and kind.vague and not groups.get("year")
            verb = alone and groups.get("which") and _is_verb(text, match)
            stretch = None if to_come or verb else kind.stretch(match, text.now)
            return _Date(kind, match, stretch) if stretch else None
    return None


def _is_verb(text: _Text, match: re.Match[str]) -> bool:
    """Whether the name of a month or weekday is only one when capitalised: `this may`, `and march`, `last sat`."""
    groups = match.groupdict()
    name = groups.get("month") or groups.get("weekday")
    return name in ("may", "march", "sat", "sun", "wed") and name in text.question[match.start() : match.end()]
