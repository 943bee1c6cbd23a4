"""The dates that are offered while somebody types `since` or `until`. Pure, and from memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

MOST = 25


def since_choices(typed: str, today: date) -> list[tuple[str, str]]:
    """Days that a search may begin with, each as what is shown and the date that is meant."""
    return _fitting(typed, _beginnings(today))


def until_choices(typed: str, today: date) -> list[tuple[str, str]]:
    """Days that a search may end with, each as what is shown and the date that is meant."""
    return _fitting(typed, _ends(today))


def _beginnings(today: date) -> Iterator[tuple[str, date]]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    yield "today", today
    yield "yesterday", today - timedelta(days=1)
    yield "this week", monday
    yield "last week", monday - timedelta(weeks=1)
    yield "two weeks ago", today - timedelta(weeks=2)
    yield "this month", first
    yield "last month", (first - timedelta(days=1)).replace(day=1)
    yield "three months ago", today - timedelta(days=91)
    yield "this year", today.replace(month=1, day=1)
    yield "last year", date(today.year - 1, 1, 1)


def _ends(today: date) -> Iterator[tuple[str, date]]:
    monday = today - timedelta(days=today.weekday())
    yield "today", today
    yield "yesterday", today - timedelta(days=1)
    yield "the end of last week", monday - timedelta(days=1)
    yield "two weeks ago", today - timedelta(weeks=2)
    yield "the end of last month", today.replace(day=1) - timedelta(days=1)
    yield "three months ago", today - timedelta(days=91)
    yield "the end of last year", date(today.year - 1, 12, 31)


def _fitting(typed: str, days: Iterator[tuple[str, date]]) -> list[tuple[str, str]]:
    """Those whose words or date hold what is typed; whatever else is typed is read when the command is sent."""
    wanted = typed.strip().casefold()
    shown = ((f"{words} ({day:%a} {day.day} {day:%b %Y})", day.isoformat()) for words, day in days)
    return [(name, value) for name, value in shown if wanted in name.casefold() or wanted in value][:MOST]
