"""Ways to write a date in English, and the days each stands for on the asker's calendar. `KINDS` is the table.

A date without a year is the last that has begun; weeks begin on Monday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

Stretch = tuple[datetime, datetime]  # the first moment, and the one after the last

OLDEST = 1900  # no report is older, and near year 1 a moment cannot be told in another zone
LEAP_DAY_WITHIN = 8  # years, across a century's end
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month in which each begins
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
LOOSE_COUNTS = {"couple": 2, "few": 5, "several": 5}  # rather too long a time than too short

MONTH = (
    r"(?P<month>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?(?!-)|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?)"
)
WEEKDAY_NAME = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
# "sat", "sun" and "wed" are also words, so an abbreviation counts only where the sentence pauses or tells more of when.
WEEKDAY = (
    rf"(?P<weekday>{WEEKDAY_NAME}|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b"
    r"(?=\s*[.?!,;:)]|\s*$|\s+(?:in|at|and|or|to|last|morning|afternoon|evening|night)\b))"
)
COUNTED = (
    r"people|men|women|children|years|days|hours|miles|jobs|homes|troops|soldiers|square|feet|met(?:er|re)s|km|bce?"
)
YEAR = rf"(?P<year>[12][0-9]{{3}}(?!\w|%|[/.,:][0-9]|[-–][0-9]{{1,3}}\b|\s+(?:{COUNTED})\b))"
A_YEAR = rf"(?:{YEAR}|(?P<relative>(?:this|last)\s+year\b))"
ITS_YEAR = rf"(?:(?:,\s*|\s+)(?:(?:of|in)\s+)?{A_YEAR})"
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
TO_DAY = (
    r"(?:(?:\s*[-–]\s*|\s+(?:and|to)\s+)(?:the\s+)?(?P<to>[0-9]{1,2})(?:st|nd|rd|th)?)?(?!\w|[.:][0-9]|,[0-9]{3}\b)"
)
DAY_MONTH = rf"(?:{WEEKDAY_NAME},?\s+)?{DAY}{TO_DAY}\s+(?:of\s+)?{MONTH}"
MONTH_DAY = rf"(?:{WEEKDAY_NAME},?\s+)?{MONTH}\s+(?:the\s+)?{DAY}{TO_DAY}"
# "in March of what year", and "the week of May 3, 2024", where what counts is the day
NOT_ITS_YEAR = r"(?!\s+of\s+(?:what|which)\b|\s+[0-9]{1,2},)"
SEASON = rf"(?P<season>{'|'.join(SEASONS)})\b"
UNITS = r"(?:hour|day|week|month|year)"
UNIT = rf"(?P<unit>{UNITS})s?\b"
COUNT = rf"[1-9][0-9]{{0,3}}|{'|'.join(COUNTS)}"
LAST_UNITS = rf"(?:(?:a\s+)?(?P<count>{COUNT}|{'|'.join(LOOSE_COUNTS)})\s+(?:of\s+)?|(?={UNITS}\b)){UNIT}"
PART_OF = r"(?:beginning|start|middle|end|half|course|days|weeks?|months?)\s+of\s+"
EARLY = r"(?:(?:early|mid|late)[\s-]+)?"
THE = r"(?:the\s+(?=[0-9]{1,2}(?:st|nd|rd|th)\b))?"  # "on the 3rd of May", but "after the 2016 election" is a name
NOT_OWNED = r"(?<!\b(?:the|his|her|its|our) )(?<!\btheir )(?<!\bmy )(?<!'s )"  # "in his last year"
NOT_OF = r"(?!\s+(?:of|before)\b)"  # "the last week of the campaign"

ON = rf"(?:on|of|dated)\s+{THE}"
IN = rf"(?:(?:in|during|throughout)\s+|{PART_OF})"
WITHIN = r"(?:in|over|during|within|for|throughout)\s+"


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to write a date. alone: with the words that make it tell when. vague: could as well be yet to come."""

    alone: re.Pattern[str]
    bare: re.Pattern[str]
    read: Callable[[re.Match[str], datetime], Stretch | None]
    vague: bool

    def stretch(self, match: re.Match[str], now: datetime) -> Stretch | None:
        """What the match stands for, None when there is no such date or it is yet to come."""
        stretch = self.read(match, now)
        return stretch if stretch and stretch[0].year >= OLDEST and stretch[0] <= now else None


def _days(first: date, count: int, now: datetime) -> Stretch:
    """From midnight to midnight where the asker is."""
    begin, end = (datetime.combine(day, time(), now.tzinfo) for day in (first, first + timedelta(days=count)))
    return begin, end


def _months(first: int, count: int, now: datetime) -> Stretch:
    """first: months since year 0."""
    begin, end = (date(n // 12, n % 12 + 1, 1) for n in (max(first, 12), max(first, 12) + count))
    return _days(begin, (end - begin).days, now)


def _this_month(now: datetime) -> int:
    return now.year * 12 + now.month - 1


def _calendar(unit: str, back: int, now: datetime) -> Stretch:
    """The day, week, month or year that many before the one of now."""
    if unit in ("month", "year"):
        count = 12 if unit == "year" else 1
        return _months((_this_month(now) // count - back) * count, count, now)
    count = 7 if unit == "week" else 1
    begun = now.weekday() if unit == "week" else 0
    return _days(now.date() - timedelta(days=count * back + begun), count, now)


def _near_day(match: re.Match[str], now: datetime) -> Stretch:
    words = match["near"]
    return _calendar("day", 2 if "before" in words else int(words.startswith(("yesterday", "last"))), now)


def _this_or_last(match: re.Match[str], now: datetime) -> Stretch:
    return _calendar(match["unit"], int(match["which"] == "last"), now)


def _weekend(match: re.Match[str], now: datetime) -> Stretch:
    """`last weekend` is over."""
    begun = (now.weekday() - WEEKDAYS.index("sat")) % 7
    back = 7 if match["which"] == "last" and begun < 2 else 0
    return _days(now.date() - timedelta(days=begun + back), 2, now)


def _ago(match: re.Match[str], now: datetime) -> Stretch:
    """The calendar day, week, month or year of it."""
    unit, count = match["unit"], _count(match["count"])
    return _calendar("day", 0, _hours_before(now, count)) if unit == "hour" else _calendar(unit, count, now)


def _rolling(match: re.Match[str], now: datetime) -> Stretch:
    """Up to now."""
    unit, count = match["unit"], _count(match["count"])
    if unit == "hour":
        return _hours_before(now, count), now
    if unit in ("day", "week"):
        return now - timedelta(days=count * (7 if unit == "week" else 1)), now
    year, month = divmod(max(12, _this_month(now) - count * (12 if unit == "year" else 1)), 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1])), now


def _count(words: str | None) -> int:
    if words in COUNTS:
        return COUNTS.index(words) + 1
    return int(words) if words and words.isdigit() else LOOSE_COUNTS.get(words or "", 1)


def _hours_before(now: datetime, hours: int) -> datetime:
    """In real hours, though clocks may have been put forward or back between."""
    return (now.astimezone(UTC) - timedelta(hours=hours)).astimezone(now.tzinfo)


def _weekday(match: re.Match[str], now: datetime) -> Stretch:
    """`last Monday` is over, and `Monday last week` is in the calendar week before."""
    wanted, which = WEEKDAYS.index(match["weekday"][:3]), match.groupdict().get("which")
    if which and "week" in which:
        return _calendar("day", now.weekday() + 7 - wanted, now)
    back = (now.weekday() - wanted) % 7
    return _calendar("day", 7 if which == "last" and not back else back, now)


def _year_of(match: re.Match[str], now: datetime) -> int | None:
    groups = match.groupdict()
    if groups.get("relative"):
        return now.year - int(match["relative"].startswith("last"))
    return int(match["year"]) if groups.get("year") else None


def _day(match: re.Match[str], now: datetime) -> Stretch | None:
    month = int(match["month"]) if match["month"].isdigit() else MONTHS.index(match["month"][:3]) + 1
    year, to = _year_of(match, now), match.groupdict().get("to")
    for candidate in [year] if year else range(now.year, now.year - LEAP_DAY_WITHIN - 1, -1):
        try:
            first = date(candidate, month, int(match["day"]))
            last = first.replace(day=int(to)) if to else first
        except ValueError:
            continue
        if first <= last and (year or first <= now.date()):
            return _days(first, (last - first).days + 1, now)
    return None


def _month(match: re.Match[str], now: datetime) -> Stretch:
    """`last October` is over, and `this October` is that of this year."""
    month, which, year = MONTHS.index(match["month"][:3]) + 1, match.groupdict().get("which"), _year_of(match, now)
    if year is None:
        begun = month < now.month or (month == now.month and which != "last")
        year = now.year if begun or which == "this" else now.year - 1
    return _months(year * 12 + month - 1, 1, now)


def _season(match: re.Match[str], now: datetime) -> Stretch | None:
    """By whole months, as in the north. `last summer` is over, `this summer` has been for half a year at most."""
    month, which, year = SEASONS[match["season"]], match.groupdict().get("which"), _year_of(match, now)
    first = (year or now.year) * 12 + month - 1
    if not year and first > _this_month(now):
        first -= 12
    if which == "last" and first + 3 > _this_month(now):
        first -= 12
    long_over = _this_month(now) - (first + 3) > 6
    return None if which == "this" and long_over else _months(first, 3, now)


def _year(match: re.Match[str], now: datetime) -> Stretch:
    return _months(int(match["year"]) * 12, 12, now)


def _kind(
    before: str, core: str, read: Callable[[re.Match[str], datetime], Stretch | None], *, vague: bool = False
) -> Kind:
    """before: what must precede the date for it to tell when, unless "since", "between" and the like do."""
    return Kind(re.compile(before + core), re.compile(core), read, vague)


_THIS_OR_LAST = r"(?P<which>this|last)\s+"
KINDS = (
    _kind(
        "",
        r"(?P<near>(?<!\busa )today|tonight|yesterday|this\s+(?:morning|afternoon|evening)"
        rf"|{NOT_OWNED}last\s+night{NOT_OF}|(?:the\s+)?day\s+before\s+yesterday)\b(?!\s+show\b)",
        _near_day,
    ),
    _kind("", rf"{NOT_OWNED}(?<!\blater ){_THIS_OR_LAST}(?P<unit>week|month|year)\b{NOT_OF}", _this_or_last),
    _kind(
        r"(?:(?:over|at|on|during)\s+(?=the\b)|(?=this\b|last\b))",
        rf"(?:{NOT_OWNED}(?<!\blater ){_THIS_OR_LAST}|the\s+)weekend\b{NOT_OF}",
        _weekend,
        vague=True,
    ),
    _kind("", rf"(?:the\s+|these\s+|this\s+)(?:past|last(?!\s+{UNITS}))\s+{LAST_UNITS}{NOT_OF}", _rolling),
    _kind(WITHIN, rf"(?:the\s+(?:past|last)|(?:past|last)(?!\s+{UNITS}))\s+{LAST_UNITS}{NOT_OF}", _rolling),
    _kind("", rf"(?<!\bhalf )(?<![0-9],)(?P<count>{COUNT}|an?)\s+{UNIT}\s+ago\b", _ago),
    _kind("", rf"(?:on\s+)?{WEEKDAY},?\s+(?:of\s+)?(?P<which>last\s+week)\b", _weekday),
    _kind(r"(?:on\s+)?", rf"{NOT_OWNED}(?P<which>this\s+past|this|last)\s+{WEEKDAY}{NOT_OF}", _weekday, vague=True),
    _kind(r"(?:on\s+)?", r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![\w-])", _day),
    _kind(r"(?<!\bthe )", DAY_MONTH + ITS_YEAR, _day),
    _kind(r"(?<!\bthe )", MONTH_DAY + ITS_YEAR, _day),
    _kind(ON, rf"{DAY_MONTH}{ITS_YEAR}?", _day, vague=True),
    _kind(ON, rf"{MONTH_DAY}{ITS_YEAR}?", _day, vague=True),
    _kind(r"(?<!\bmail )(?<!\bsun )on\s+", rf"{WEEKDAY}(?!\s+night\s+live)", _weekday, vague=True),
    _kind(IN, rf"{EARLY}{MONTH}(?:{ITS_YEAR}|{NOT_ITS_YEAR})", _month, vague=True),
    _kind("", rf"{NOT_OWNED}{_THIS_OR_LAST}{MONTH}(?!\s+[0-9])", _month, vague=True),
    _kind("", rf"{NOT_OWNED}{_THIS_OR_LAST}{SEASON}(?!\s+(?:of|into|under)\b)", _season, vague=True),
    _kind(r"(?:in|over|of|during|throughout)\s+", rf"(?:the\s+)?{SEASON}\s+(?:of\s+)?{A_YEAR}", _season),
    _kind(rf"(?:(?<!\bclass )(?<!\bact )of\s+|{IN})", rf"(?:the\s+year\s+|{EARLY}){YEAR}", _year),
)
