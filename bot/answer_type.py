"""What kind of thing a question asks for, and which such things a sentence names. Patterns, for English."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.figures import NUMBER_WORDS, any_of

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
NUMBER_WORD = rf"(?:{any_of(NUMBER_WORDS - {'zero', 'one'})}|half)s?"

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
_MONTH_ANYHOW = rf"(?:{MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH_ANYHOW}|\b{_MONTH_ANYHOW} \d{{1,2}}(?!\d)|\b\d{{4}}-\d\d-\d\d\b",
    re.I,
)
MONTH_AND_YEAR = re.compile(rf"\b{_MONTH_ANYHOW},? \d{{4}}\b", re.I)
COUNTED = re.compile(
    r"\bhow many\s+((?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|of|in|on|at|by|from)\b)"
    r"[\w’'-]+\s*)+)",
    re.I,
)
ARTICLES = {"a", "an", "the"}
SPEECH = re.compile(r"[“”\"«»]|\b(?:said|says|told|tells|called|warned|added|promised|argued|denied)\b")
WORDS_BETWEEN = 2  # "3,222 potential trafficking victims"
VALUE = re.compile(r"[$€£]?\d[\d,.]*\d|\d|\b[A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+)+|(?<=[\w,;“”] )[A-Z][\w’'&-]+")

AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must)(?:n['’]t)?|can['’]t|won['’]t"
)
YES_OR_NO = re.compile(rf"\W*(?!Will [A-Z])(?i:{AUXILIARY})\s")
QUESTION = re.compile(rf"\W*(?:who|whom|whose|what|which|when|where|why|how|{AUXILIARY})(?:['’]s)?\s", re.I)

ASKED = (
    (
        re.compile(r"\bwhat (?:did|does|do|has|have) .+ (?:say|said|tell|told|think|call|called|promise|warn)\b", re.I),
        SPEECH,
    ),
    (
        re.compile(r"\bhow much (?!(?:are|can|could|did|do|does|has|have|is|money|of|was|were|will|would)\b)\w", re.I),
        NUMBER,
    ),
    (re.compile(r"\bhow much\b|\b(?:price|costs?|salary|percentage|share)\b", re.I), MONEY),
    (
        re.compile(
            r"\bhow (?:many|old|long|far|tall|big|large|fast|often|high|deep|heavy|strong|wide|hot|cold|thick)\b"
            r"|\b(?:what|which) number\b|\bnumber of\b"
            r"|\bwhat (?:is|was) the (?:turnout|population|death toll|temperature|speed|height|length|weight)\b",
            re.I,
        ),
        NUMBER,
    ),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|month|year|time)\b|\bdate of\b", re.I), DATE),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|state|venue)\b", re.I), PLACE),
    (re.compile(r"\bwho(?:se|m)?\b|\bwhat (?:is|was) .+ (?:called|named)\b|\bname of\b", re.I), NAME),
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


def suits(answer_type: re.Pattern[str], words: str) -> float:
    """How well these very words are what the question asks for, 0..1: a day answers "when" better than a year does."""
    if answer_type is SPEECH:
        return 0.5  # the words inside the quotation marks look like any other
    if answer_type is NUMBER and DATE.search(words):
        return 0.0
    if answer_type is not DATE:
        return float(bool(answer_type.search(f"in {words}")))  # names and places are known by a word before them
    if DAY.search(words):
        return 1.0
    if MONTH_AND_YEAR.search(words):
        return 0.6
    return 0.4 if YEAR.search(words) or DATE.search(words) else 0.0


def is_misdated(question: str, text: str) -> bool:
    """Whether the text is about other years than the one that the question names."""
    asked, told = set(YEAR.findall(question)), set(YEAR.findall(text))
    return bool(asked and told) and not asked & told


def echoes(question: str, words: str) -> bool:
    """Whether the words say nothing but what the question says already."""
    return not set(re.findall(r"\w+", words.casefold())) - set(re.findall(r"\w+", question.casefold())) - ARTICLES


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


def is_question(text: str) -> bool:
    """Whether this asks something, rather than naming things to look for."""
    return text.rstrip().endswith("?") or bool(QUESTION.match(text))


def asks_yes_or_no(question: str) -> bool:
    """Whether "yes" or "no" would answer it: no words of a report do, but a sentence can settle it."""
    return bool(YES_OR_NO.match(question))
