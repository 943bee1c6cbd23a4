"""What a statement would be if it agreed with a sentence: with its figure, its date or its name, or without a "not".

Pure. Figures that may both be right, as 1,300 and 1,320, are no alternatives. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from bot.dates_written import Date, blanked, dates
from bot.figures import ORDINAL, Amount, amounts
from bot.quantities import BEFORE_NUMBER

NEARLY = Decimal("0.1")  # so far from the other may a figure be that is said to be rough
ROUNDED = Decimal("0.03")  # and one that may be rounded
STEM = 4  # letters
MISSPELT = 0.7  # so much alike are names of which one is a slip

_NEXT = re.compile(r"(?: [^\W\d_][\w’'-]*){0,2}")
_OPEN = re.compile(
    rf"\b(?:{'|'.join(BEFORE_NUMBER[side] for side in ('more', 'at least', 'less', 'at most'))}) $", re.I
)
_ROUGH = re.compile(
    r"\b(?:about|around|some|roughly|approximately|almost|nearly|close to|just under|circa|an estimated) $", re.I
)
_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
# Of what there is one at a time. Another town may be flooded too, but no second mayor elected.
_ONLY_ONE = re.compile(
    r"\b(?:mayor|president|minister|chancellor|king|queen|governor|head|director|chief|chair\w*|leader|coach|captain"
    r"|secretary|winner|won|wins?|elected|champion|owner|founder|commander)\b",
    re.I,
)
_NOT = re.compile(r"\b(?:(?:do|does|did) not|(?:do|does|did)n['’]t|never) | not\b|(?<=[dens])n['’]t\b", re.I)
DENIES = re.compile(r"\b(?:not|no|none|never|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b", re.I)
_CHANGED_SENSE = re.compile(
    r"\b(?:until|till|unless|yet|only|just|all|every\w*|both|always|quite|any\w*|more|than)\b", re.I
)


def alternatives(statement: str, lacking: Sequence[str], sentence: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The statement with what the sentence has instead of the one thing that it lacks, and where that stands.

    lacking: the words of the statement that the sentence does not bear out.
    """
    place = _place(statement, lacking)
    if place is None:
        return
    start, end = _whole_name(statement, *place)
    for words in _instead(statement, start, end, sentence):
        yield statement[:start] + sentence[slice(*words)] + statement[end:], words


def denials(statement: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Both as they are when the "not" is taken from the one that has it, if only one has."""
    denied = [len(DENIES.findall(text)) for text in (statement, sentence)]
    if sorted(denied) != [0, 1] or _CHANGED_SENSE.search(statement if denied[0] else sentence):
        return
    bare = [_NOT.sub("", text) for text in (statement, sentence)]
    if bare != [statement, sentence]:
        yield bare[0], bare[1]


def may_agree(statement: str, sentence: str) -> bool:
    """Whether the sentence has all figures and dates of the statement, or others that do not exclude them."""
    own, theirs = _amounts(statement), _amounts(sentence)
    days, other_days = dates(statement), dates(sentence)
    return bool(own or days) and all(
        (
            *(
                any(ours.kind == one.kind and not _differ(ours, statement, one, sentence) for one in theirs)
                for ours in own
            ),
            *(any(not _all_exclude(day.readings, one.readings) for one in other_days) for day in days),
        )
    )


def _place(statement: str, lacking: Sequence[str]) -> tuple[int, int] | None:
    """Where the words stand, if they stand together, and once."""
    found = [list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", statement)) for words in lacking]
    if not found or any(len(places) != 1 for places in found):
        return None
    spans = sorted(places[0].span() for places in found)
    start, end = spans[0]
    for other_start, other_end in spans[1:]:
        if other_start > end + 1:
            return None
        end = max(end, other_end)
    return start, end


def _whole_name(statement: str, start: int, end: int) -> tuple[int, int]:
    """The place, or that of the name that it is a part of: "Hana Falk" where only "Falk" is wrong."""
    spans = (found.span() for found in _NAME.finditer(blanked(statement, dates(statement))))
    return next((span for span in spans if span[0] <= start and end <= span[1]), (start, end))


def _instead(statement: str, start: int, end: int, sentence: str) -> Iterator[tuple[int, int]]:
    """Where the sentence has another thing of the same kind."""
    own = dates(statement)
    if any(date.start <= start and end <= date.end for date in own):
        ours = [reading for date in own if date.start <= start and end <= date.end for reading in date.readings]
        yield from ((date.start, date.end) for date in dates(sentence) if _all_exclude(ours, date.readings))
    elif whole := next((one for one in _amounts(statement) if (one.start, one.end) == (start, end)), None):
        yield from (
            (one.start, one.end)
            for one in _amounts(sentence)
            if one.kind == whole.kind
            and _count_alike(statement[end:], sentence[one.end :])
            and _differ(whole, statement, one, sentence)
        )
    elif _NAME.fullmatch(statement, start, end) and _ONLY_ONE.search(statement):
        rest = blanked(sentence, dates(sentence))
        name = statement[start:end]
        yield from (found.span() for found in _NAME.finditer(rest) if _is_another(found.group(), name, statement))


def _is_another(found: str, name: str, statement: str) -> bool:
    """Whether it is neither named in the statement nor the same name in another spelling."""
    return found not in statement and SequenceMatcher(None, found, name).ratio() < MISSPELT


def _amounts(text: str) -> list[Amount]:
    """Its figures that are part of no date."""
    return amounts(blanked(text, dates(text)))


def _count_alike(behind: str, other: str) -> bool:
    """Whether one of the next words behind two figures is the same, but for its end; or one of them has none."""
    ours, theirs = _next_words(behind), _next_words(other)
    return not ours or not theirs or bool(ours & theirs)


def _next_words(text: str) -> set[str]:
    found = _NEXT.match(text)
    return {word[:STEM].casefold() for word in found.group().split()} if found else set()


def _all_exclude(ours: Sequence[Date], theirs: Sequence[Date]) -> bool:
    return all(_exclude(one, other) for one in ours for other in theirs)


def _exclude(one: Date, other: Date) -> bool:
    """Whether these are different days, months or years; a weekday alone may be any."""
    return any(ours and theirs and ours != theirs for ours, theirs in zip(one[:3], other[:3], strict=True))


def _differ(ours: Amount, statement: str, theirs: Amount, sentence: str) -> bool:
    """Whether both cannot be right: neither open to one side, nor the one a rough word for the other."""
    one, other = ours.value, theirs.value
    if _OPEN.search(statement, 0, ours.start) or _OPEN.search(sentence, 0, theirs.start):
        return False
    if not (isinstance(one, Decimal) and isinstance(other, Decimal)) or ours.kind == ORDINAL or one == other:
        return one != other
    far = abs(one - other) / max(abs(one), abs(other))
    if _ROUGH.search(statement, 0, ours.start) or _ROUGH.search(sentence, 0, theirs.start):
        return far > NEARLY
    return far > ROUNDED or not (_rounds_to(one, other) or _rounds_to(other, one))


def _rounds_to(exact: Decimal, rough: Decimal) -> bool:
    """Whether the one is the other with fewer digits: 1,320 and 1,300."""
    digits = len(rough.normalize().as_tuple().digits)
    return Decimal(f"{exact:.{digits - 1}e}") == rough
