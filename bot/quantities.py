"""What the numbers of a claim count, and on which side of them the true ones lie. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.clauses import Clauses
from bot.facts import YEAR, Fact, numbers
from bot.figures import VAGUE
from bot.units import NUMBER

COUNTED_WITHIN = 3  # so many terms behind a number tell what it counts
COUNTING = {NUMBER, YEAR, VAGUE}  # 1320 is of the kind "year" until one knows better

# On which side of the number the true one lies.
BEFORE_NUMBER = {
    "more": "more than|over|above|exceeding|exceeds|exceeded|in excess of|greater than|upwards of|beyond",
    "at least": "at least|no fewer than|no less than|not less than|not fewer than|a minimum of",
    "less": "less than|fewer than|under|below",
    "almost": "almost|nearly|close to|just under|just below|just short of|not quite|approaching",
    "at most": "up to|at most|no more than|not more than|not over|not above|a maximum of|as many as|as much as",
    "exactly": "exactly|precisely",
}
BEHIND_NUMBER = {
    "at least": "or more|or above|and above|and more",
    "at most": "or less|or fewer|or below|or under",
    "added": "more|higher|extra|additional",
    "lacking": "less|fewer|lower",
    "later": "later than|late|behind",
    "earlier": "earlier than|early|ahead of",
}
# Beside itself, what bears it out.
IMPLIED_BY = {"at least": {"more"}, "less": {"almost"}, "at most": {"less", "almost"}}
_BEFORE, _BEHIND = (
    {way: side for side, ways in table.items() for way in ways.split("|")} for table in (BEFORE_NUMBER, BEHIND_NUMBER)
)
_ABOUT = "an estimated |a total of |some |about |around |roughly "
_HEDGE_BEFORE = re.compile(rf"\b(?P<hedge>{'|'.join(_BEFORE)}) (?:{_ABOUT})?(?:an? |one )?\Z", re.I)
_HEDGE_BEHIND = re.compile(rf"(?: [a-z]+)? (?P<hedge>{'|'.join(_BEHIND)})\b", re.I)
_SPAN = re.compile(
    r"\b(?:second|minute|hour|day|night|week|month|year|decade|century|mile|met(?:re|er)|kilomet(?:re|er)|tonne)\b",
    re.I,
)

# Years and times of day: these numbers count nothing.
_BEFORE_YEAR = re.compile(r"\b(?:in|since|until|till|during|by|from|of|year|spring|summer|autumn|winter) \Z", re.I)
_BEFORE_TIME = re.compile(r"\b(?:at|until|till|from|by|before|after|since) \Z", re.I)
_TIME = re.compile(r"\d{1,2}\.\d\d")
# Between a number and what it counts, and what ends the name of it.
_OF = re.compile(r" of(?: (?:the|its|his|her|their|our))?\b", re.I)
_LITTLE = re.compile(
    r"\b(?:a|an|the|this|that|these|those|it|they|them|he|she|we|i|you|who|which|whom|where|when|while|what|than|as|if"
    r"|is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|can|could|may|might|shall|should|must"
    r"|and|or|of|to|in|into|on|at|by|from|for|with|after|before|since|until|during|over|under|about|against|because)\b",
    re.I,
)


def unhedged(claim: str, quoted: str) -> Iterator[str]:
    """The "more than" and "almost" of a claim that the quoted words do not say of the same number, as objections."""
    known = {(side, value) for _, side, value in _hedges(quoted)}
    for hedge, side, value in _hedges(claim):
        if not any((one, value) in known for one in {side} | IMPLIED_BY.get(side, set())):
            yield f"“{hedge}” is not in the quotation, not of that number"


def miscounted(claim: Clauses, quoted: Clauses) -> Iterator[str]:
    """The numbers that count what no number of the quoted words counts, or what another one does, as objections."""
    known = set(quoted.terms)
    counted: dict[object, set[str]] = {}
    for fact, places in _counted(quoted):
        counted.setdefault(fact.value, set()).update(quoted.at(places))
    for fact, places in _counted(claim):
        if not places:
            continue
        things, first = claim.at(places), claim.terms[places[0]]
        same = counted.get(fact.value, set())
        others = set().union(*(words for value, words in counted.items() if value != fact.value))
        if not things & known or (same and not things & same and first in others):
            yield f"what it counts {claim.text[fact.start : fact.end]} of is not in the quotation"


def _hedges(text: str) -> Iterator[tuple[str, str, Any]]:
    """Each hedge that stands next to a number or a span, as "a year"; its side, and the number."""
    found = [(one.value, one.start, one.end) for one in numbers(text)]
    found += [(one.group().casefold(), *one.span()) for one in _SPAN.finditer(text)]
    for value, start, end in found:
        if hedge := _HEDGE_BEFORE.search(text, 0, start):
            yield hedge["hedge"], _BEFORE[hedge["hedge"].casefold()], value
        if hedge := _HEDGE_BEHIND.match(text, end):
            yield hedge["hedge"], _BEHIND[hedge["hedge"].casefold()], value


def _counted(text: Clauses) -> Iterator[tuple[Fact, range]]:
    """Each number, and the terms of what it counts: those behind it up to the next little word or number."""
    facts = numbers(text.text)
    starts = sorted(fact.start for fact in facts)
    for fact in facts:
        if fact.kind not in COUNTING or _is_a_time(text.text, fact):
            continue
        of = _OF.match(text.text, fact.end)
        start = of.end() if of else fact.end
        end = min([text.end_of_clause(start), *(one for one in starts if one >= start)])
        little = _LITTLE.search(text.text, start, end)
        yield fact, text.within(start, little.start() if little else end)[:COUNTED_WITHIN]


def _is_a_time(text: str, fact: Fact) -> bool:
    if fact.kind == YEAR:
        return bool(_BEFORE_YEAR.search(text, 0, fact.start))
    return bool(_TIME.fullmatch(text, fact.start, fact.end) and _BEFORE_TIME.search(text, 0, fact.start))
