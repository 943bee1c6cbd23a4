"""Words for moments to moments: `2024-11-03`, `3 Nov 2024`, `yesterday`, `two weeks ago`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from ingest.errors import UsageError


def parse_since(words: str, now: datetime) -> datetime:
    """The first moment of the day that the words name, or the exact moment when they name a time.

    Raises:
        UsageError: the words name no date.
    """
    return _parse(words, now)[0]


def parse_until(words: str, now: datetime) -> datetime:
    """The exclusive end: a day counts in full, so its end is the next midnight.

    Raises:
        UsageError: the words name no date.
    """
    moment, has_time = _parse(words, now)
    return moment if has_time else moment + timedelta(days=1)


def parse_now(words: str) -> datetime:
    """The asker's clock, from an ISO 8601 date or time; UTC unless it names a zone.

    Raises:
        UsageError: the words are no ISO date.
    """
    try:
        return _aware(datetime.fromisoformat(words))
    except ValueError as error:
        raise UsageError(f"--now {words!r} is not a date", hint="write it as 2024-11-12 or 2024-11-12T09:30") from error


def _parse(words: str, now: datetime) -> tuple[datetime, bool]:
    """The moment, and whether it is a time of day rather than a whole day."""
    try:
        moment = datetime.fromisoformat(words.strip())
        has_time = len(words.strip()) > len("2024-11-12")
        return _aware(moment), has_time
    except ValueError:
        pass
    import dateparser

    found = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
        },
    )
    if found is None:
        raise UsageError(
            f"{words!r} is not a date", hint="write it as 2024-11-12, '12 Nov 2024', yesterday or '2 weeks ago'"
        )
    day = datetime.combine(found.date(), time(), tzinfo=now.tzinfo)
    return day, False


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
