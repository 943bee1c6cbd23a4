"""What kind of thing a question asks for, and which such things a sentence names. Patterns, for English."""

from __future__ import annotations

import re
from collections.abc import Callable

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
NUMBER_WORD = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half)s?"

NUMBER = re.compile(rf"(?<![\w.])\d[\d,.]*(?!\w)|\b{NUMBER_WORD}\b", re.I)
MONEY = re.compile(
    r"[$€£¥]\s?\d[\d,.]*|\d%"
    r"|\b\d[\d,.]*\s?(?:million|billion|trillion|dollars|euros|pounds|crowns|percent|per cent)\b",
    re.I,
)
DATE = re.compile(
    rf"\b(?:19|20)\d\d\b|\b{MONTH}\b|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d|\b{WEEKDAY}\b"
)
# A lone capitalised word at the start of a sentence says nothing; two of them are a name.
NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:of |de |van |von |al-)?[A-Z][\w’'.-]*)+|(?<=[\w,;“”] )[A-Z][\w’'-]+")
PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|across|off)\s+(?:the\s+)?[A-Z]\w+")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
COUNTED = re.compile(
    r"\bhow many\s+((?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|of|in|on|at|by|from)\b)"
    r"[\w’'-]+\s*)+)",
    re.I,
)
WORDS_BETWEEN = 2  # "3,222 potential trafficking victims"
VALUE = re.compile(r"[$€£]?\d[\d,.]*\d|\d|\b[A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+)+|(?<=[\w,;“”] )[A-Z][\w’'&-]+")

ASKED = (
    (re.compile(r"\bhow much\b|\b(?:price|costs?|salary|percentage|share)\b", re.I), MONEY),
    (
        re.compile(r"\bhow (?:many|old|long|far|tall|big|large|fast|often)\b|\bwhat number\b|\bnumber of\b", re.I),
        NUMBER,
    ),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|month|year|time)\b|\bdate of\b", re.I), DATE),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|state|venue)\b", re.I), PLACE),
    (re.compile(r"\bwho(?:se|m)?\b", re.I), NAME),
)


def asked_type(question: str) -> re.Pattern[str] | None:
    """The pattern of what the question asks for: a number, a date, a name… None when it does not say."""
    return next((answer for asks, answer in ASKED if asks.search(question)), None)


def holds(answer_type: re.Pattern[str], text: str, question: str) -> bool:
    """Whether the text has such a thing that the question itself does not name."""
    known = question.casefold()
    if answer_type is NUMBER:
        text = YEAR.sub(" ", text)
    return any(match.group().casefold() not in known for match in answer_type.finditer(text))


def counts(question: str, text: str, stems: Callable[[str], list[str]]) -> float:
    """1 when a number stands just before what "how many …" asks for, 0 when none does.

    0.5 when the question asks for no such thing, or for people, whom reports count by many names.
    """
    asked = COUNTED.search(question)
    things = set(stems(asked.group(1))) if asked else set()
    if not things or things & set(stems("people")):
        return 0.5
    behind = (stems(" ".join(text[match.end() :].split()[: WORDS_BETWEEN + 1])) for match in NUMBER.finditer(text))
    return float(any(things & set(words) for words in behind))


def names(question: str) -> list[str]:
    """The capitalised words of a question, without the one it begins with."""
    return re.findall(r"(?<=\s)[A-Z][\w’'-]*", question)


def values(text: str, question: str) -> frozenset[str]:
    """The numbers and names in a text that the question does not give, casefolded."""
    known = set(re.findall(r"\w+", question.casefold()))
    found = (match.group().casefold().strip(".,") for match in VALUE.finditer(text))
    return frozenset(value for value in found if set(re.findall(r"\w+", value)) - known)
