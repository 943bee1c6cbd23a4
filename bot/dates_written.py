"""The dates and times of day that a text writes out, whatever their format. English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from bot.agreement import MONTHS
from bot.date_words import COUNTED
from bot.figures import SMALL, UNITS, lowered

NUMBER_OF = {name[:3]: n for n, name in enumerate(MONTHS.split(), 1)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINARY = {"mar", "march", "may", "august"}  # words of their own in lower case
NAMES = {"march", "april", "may", "june", "august"}  # of people, too: alone they are months behind a word of time
CENTURY = 2000  # of 12/11/24
DAY = 24 * 60  # minutes

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?,? (?:the )?)?"
_A_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_TH = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>{_A_DAY}){_TH}"
_A_YEAR = r"[12]\d{3}"
_YEAR = rf"(?P<year>{_A_YEAR})(?!\w|[.,]\d|%| (?:{COUNTED})\b)"
_TO = r" ?[-–] ?| to | through "
_YEAR_FIRST = (
    rf"(?=\d)(?<![\w.,/-])(?P<year>{_A_YEAR})([-/.])(?P<month>0?[1-9]|1[0-2])\2(?P<day>{_A_DAY})(?![\d-])(?:t(?=\d))?"
)
_YEAR_LAST = rf"(?=\d)(?<![\w.,/-])(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)(?P=sign)(?P<year>{_A_YEAR}|(?<=/)\d\d)(?![./-]?\d)"
_YEARS = rf"(?=\d)(?<![\w.,/$£€-])(?P<first>{_A_YEAR})[-–/](?P<last>{_A_YEAR}|\d\d)(?![-./]?\w| (?:{COUNTED})\b)"
_DAY_MONTH = (
    rf"(?=[\dmtwfs])(?<![\w.,:/$£€]){_WEEKDAY}(?:(?P<other>{_A_DAY}){_TH}(?:{_TO}| and | or )(?:the )?)?"
    rf"{_DAY}\.?(?:[ /-]| of ){_MONTH}(?:\.?(?:,? |[/-]){_YEAR})?"
)
_MONTH_DAY = (  # but not "in November 12 people"
    rf"(?=[adfjmnostw])\b(?<!\bin ){_WEEKDAY}{_MONTH}\.?[ -](?:the )?{_DAY}(?:(?:{_TO})(?P<other>{_A_DAY}){_TH})?"
    rf"(?!\w|[.,:/]\d|%| per\b| (?:{COUNTED})\b)(?:,? {_YEAR})?"
)
_MONTH_YEAR = rf"(?=[adfjmnos])\b{_MONTH}\.?(?:,? | of |[/-]){_YEAR}"
_ALONE = rf"(?=[adfjmnostw])\b(?:(?P<weekday>(?:{'|'.join(WEEKDAYS)})s?)|(?P<month>{'|'.join(MONTHS.split())}))\b"
# What a text must hold for the slower forms to be tried at all.
_NUMERIC = re.compile(r"\d[-–/.]\d")
_SOME_MONTH = re.compile("|".join(NUMBER_OF))
_CLOCK = re.compile(r"\d[:.]\d|[ap]\.?m\b|o['’]clock")
_OF_TIME = re.compile(
    r"\b(?:in|since|until|till|by|from|to|of|during|last|next|this|early|late|before|after|between|through|every) $"
    r"|\bmid-$"
)
_LINK = re.compile(r" ?[-–] ?|,? (?:to|until|till|through|and|or) ")

_BEFORE_HOUR = r"(?<![\w:.,$£€])"
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"
_SPELT_TOO = rf"{_BEFORE_HOUR}(?P<hour>[01]?\d|2[0-4]|{'|'.join(SMALL.split()[1:13])})"
_NOT_COUNTED = (
    r"(?![\w%$£€]|[.,:]\d| ?%| (?:per|[mb]illion|dollars|euros|pounds|points|degrees|seconds|met(?:er|re)s)\b)"
)
_TIMES = tuple(
    re.compile(form)
    for form in (
        rf"{_SPELT_TOO}(?:[:.]{_MINUTE})? ?(?P<half>[ap])(?:m\b|\.m\b\.?)",
        rf"{_SPELT_TOO} o['’]clock\b",
        rf"{_BEFORE_HOUR}{_HOUR}:{_MINUTE}(?![:\w]|\.\d)",
        rf"{_BEFORE_HOUR}(?:(?<=\bat )|(?=0\d)){_HOUR}\.{_MINUTE}{_NOT_COUNTED}",  # at 9.30, 09.30
    )
)


class Date(NamedTuple):
    """The parts of a date that are told, None or empty for the others. weekday: in lower case; "mondays" stays so."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: str = ""

    def tells(self, other: Date) -> bool:
        """Whether it has all parts that the other has, with the same values."""
        return all(not part or part == own for own, part in zip(self, other, strict=True))


class WrittenDate(NamedTuple):
    """A date, and where it stands. readings: what it may mean, two when day and month may be either."""

    readings: tuple[Date, ...]
    start: int
    end: int


class WrittenTime(NamedTuple):
    """A time of day, and where it stands. minutes: since midnight, all that it may mean: `9:30` is two of them."""

    minutes: frozenset[int]
    start: int
    end: int


class Stretch(Protocol):
    """Whatever stands somewhere in a text."""

    @property
    def start(self) -> int:
        """Of its first character."""

    @property
    def end(self) -> int:
        """Behind its last."""


def dates(text: str) -> list[WrittenDate]:
    """The dates, in order. Both ends of `29 September to 4 October 2024` are of that year."""
    found: list[WrittenDate] = []
    rest = lowered(text)
    for hint, form, reader in _READERS:
        if not hint.search(rest):
            continue
        new = [WrittenDate(date, *match.span()) for match in form.finditer(rest) for date in reader(match, text)]
        rest = blanked(rest, new)
        found += new
    found.sort(key=lambda date: date.start)
    for n in range(len(found) - 2, -1, -1):
        if _LINK.fullmatch(text, found[n].end, found[n + 1].start):
            found[n] = _with_year_of(found[n + 1], found[n])
    return found


def times(text: str) -> list[WrittenTime]:
    """The times of day, in no order."""
    found: list[WrittenTime] = []
    rest = lowered(text)
    for form in _TIMES if _CLOCK.search(rest) else ():
        new = [WrittenTime(_minutes(match.groupdict()), *match.span()) for match in form.finditer(rest)]
        rest = blanked(rest, new)
        found += new
    return found


def blanked(text: str, stretches: Iterable[Stretch]) -> str:
    """The text with these stretches made unreadable, and every other character at its place."""
    for one in stretches:
        text = text[: one.start] + "\0" * (one.end - one.start) + text[one.end :]
    return text


def _year_first(match: re.Match[str], _: str) -> list[tuple[Date, ...]]:
    return [(Date(int(match["day"]), int(match["month"]), int(match["year"])),)]


def _year_last(match: re.Match[str], _: str) -> list[tuple[Date, ...]]:
    """Either way round, but day first with dots; no date if there is no such month."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    year += CENTURY if year < 100 else 0
    both = {(one, two)} if match["sign"] == "." else {(one, two), (two, one)}
    readings = tuple(Date(day, month, year) for day, month in both if 1 <= day <= 31 and 1 <= month <= 12)
    return [readings] if readings else []


def _years(match: re.Match[str], _: str) -> list[tuple[Date, ...]]:
    """2023 and 2024 of `2023-24`; none of `2024-11`."""
    first, last = int(match["first"]), int(match["last"])
    last += first // 100 * 100 if last < 100 else 0
    return [(Date(year=first),), (Date(year=last),)] if first < last else []


def _in_words(match: re.Match[str], text: str) -> list[tuple[Date, ...]]:
    parts = match.groupdict()
    name, weekday = parts.get("month"), parts.get("weekday") or ""
    if name and not _is_month(match, text):
        return []
    if weekday and not weekday.endswith("s"):
        weekday = next(day for day in WEEKDAYS if day.startswith(weekday[:3]))
    year = int(parts["year"]) if parts.get("year") else None
    date = Date(None, NUMBER_OF[name[:3]] if name else None, year, weekday)
    days = [int(day) for day in (parts.get("other"), parts.get("day")) if day]
    return [(date._replace(day=day),) for day in days] or [(date,)]


def _is_month(match: re.Match[str], text: str) -> bool:
    """Whether this is none of the words and names that look like a month: `may`, `May said`."""
    start = match.start("month")
    if match["month"] in ORDINARY and not text[start].isupper():
        return False
    is_alone = match["month"] == match.group()
    return (
        not is_alone or match["month"] not in NAMES or bool(_OF_TIME.search(lowered(text[max(0, start - 8) : start])))
    )


def _with_year_of(last: WrittenDate, first: WrittenDate) -> WrittenDate:
    """The first of two joined dates, in the year of the last if only that one tells it."""
    one, other = first.readings[0], last.readings[0]
    if one.year or not one.month or not other.year or not other.month or one.month > other.month:
        return first
    return first._replace(readings=(one._replace(year=other.year),))


def _minutes(parts: dict[str, str | None]) -> frozenset[int]:
    """Since midnight: one time if it is told which half of the day is meant, else two."""
    hour = parts["hour"] or ""
    value = UNITS[hour] if hour in UNITS else int(hour)
    since = value % 24 * 60 + int(parts.get("minute") or 0)
    half = parts.get("half")
    if half:
        return frozenset({since % (DAY // 2) + (DAY // 2 if half == "p" else 0)})
    return frozenset({since, (since + DAY // 2) % DAY}) if 0 < value <= 12 else frozenset({since})


_Reader = Callable[[re.Match[str], str], list[tuple[Date, ...]]]
_READERS: tuple[tuple[re.Pattern[str], re.Pattern[str], _Reader], ...] = (
    (_NUMERIC, re.compile(_YEAR_FIRST), _year_first),
    (_NUMERIC, re.compile(_YEAR_LAST), _year_last),
    (_NUMERIC, re.compile(_YEARS), _years),
    (_SOME_MONTH, re.compile(_DAY_MONTH), _in_words),
    (_SOME_MONTH, re.compile(_MONTH_DAY), _in_words),
    (_SOME_MONTH, re.compile(_MONTH_YEAR), _in_words),
    (re.compile(f"day|{_SOME_MONTH.pattern}"), re.compile(_ALONE), _in_words),
)
