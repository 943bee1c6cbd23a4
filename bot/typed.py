"""What a person types beside a question, as a filter of articles. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.timewindow import parse_since, parse_until
from index.records import Filter
from ingest.errors import UsageError


def typed_filter(known: Collection[str], outlets: Sequence[str], since: str, until: str, now: datetime) -> Filter:
    """The articles that are meant; what is empty means all. known: the outlets that there are.

    Raises:
        UsageError: there is no such outlet or date, or the dates are the wrong way round.
    """
    where = Filter(
        outlets=tuple(_outlet(known, name) for name in outlets),
        since=parse_since(since, now) if since else None,
        until=parse_until(until, now) if until else None,
    )
    if where.since and where.until and where.since >= where.until:
        raise UsageError("`since` is later than `until`", hint="swap them")
    return where


def _outlet(known: Collection[str], name: str) -> str:
    """The outlet as the archive spells it."""
    for outlet in known:
        if outlet.casefold() == name.strip().casefold():
            return outlet
    some = ", ".join(outlet for outlet in list(known)[:5] if outlet)
    raise UsageError(f"no article is by an outlet called {name!r}", hint=f"there are: {some}" if some else "")
