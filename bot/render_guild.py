"""What those are told who look after a guild: its sources, its settings, how a re-index goes. Pure, without discord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.community_schema import GuildSettings
from bot.discord_text import AIM, line, moment, pages, small
from bot.guild_sources import OwnSource, Reading
from bot.reindexing import Pass, Progress
from bot.render_discord import Page

OUTLET, CHOSEN, ERROR = 100, 60, 120
MOST_OUTLETS = 40
LANGUAGES = {"": "as the asker's", "en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


def sources_pages(own: Sequence[OwnSource], public: Mapping[str, int]) -> list[Page]:
    """A guild's own sources, and the outlets for everyone."""
    shown = [f"{_outlet(outlet)} ({articles:,})" for outlet, articles in list(public.items())[:MOST_OUTLETS]]
    more = [f"and {len(public) - MOST_OUTLETS:,} more"] if len(public) > MOST_OUTLETS else []
    units = [
        ["**This server's own sources**", *([source_line(one) for one in own] or ["none; `/sources add` adds one"])],
        ["**Outlets for everyone, with their articles**", ", ".join([*shown, *more]) or "none"],
    ]
    return [Page(text, "") for text in pages(units, AIM)]


def source_line(one: OwnSource) -> str:
    """A source with how much was taken in from it, and how it fared."""
    looked = f"looked at {_ago(one.looked)}" if one.looked else "not looked at yet"
    failing = f"; failing: {line(one.error, ERROR)}" if one.error else ""
    return f"- {_outlet(one.outlet)}: {_articles(one.articles)}, {looked}{failing}"


def progress_page(progress: Progress) -> Page:
    """What a re-index is doing."""
    of = f" of {progress.total:,}" if progress.total else ""
    return Page(f"{progress.doing}: {progress.done:,}{of}", "")


def pass_page(done: Pass, failing: Sequence[OwnSource]) -> Page:
    """What a re-index did. Only the guild's own sources are named: others are none of its business."""
    counts = {"new": done.new, "updated": done.updated, "unchanged": done.unchanged}
    if done.gone:
        counts["gone"] = done.gone
    told = ", ".join(f"{count:,} {words}" for words, count in counts.items())
    lines = [f"{told}; {done.embedded:,} passages embedded, {done.seconds:.0f} s"]
    if done.failed:
        lines.append(small(f"{done.failed:,} could not be read"))
    return Page("\n".join([*lines, *map(source_line, failing)]), "")


def settings_page(settings: GuildSettings) -> Page:
    """What a guild has set."""
    channels = " ".join(f"<#{channel}>" for channel in settings.channels) or "everywhere"
    outlets = ", ".join(line(outlet, CHOSEN) for outlet in settings.outlets)
    rows = [
        f"**Channels** where I answer: {channels}",
        f"**Outlets** that answer: {f'{outlets}, and the server’s own sources' if outlets else 'all'}",
        f"**Questions a day**: {settings.daily_quota:,}",
        f"**Language**: {LANGUAGES.get(settings.language, settings.language)}",
    ]
    return Page("\n".join(rows), "")


def status_page(reading: Reading, asked: tuple[int, int] | None, *, is_reindexing: bool, version: str) -> Page:
    """What is read, and how things stand. asked: questions today, of how many; None where they are not counted."""
    looked = _ago(reading.looked) if reading.looked else "never"
    rows = [
        f"{_articles(reading.articles)} of {reading.outlets:,} outlet{'' if reading.outlets == 1 else 's'}",
        f"Newest article: {moment(reading.newest) if reading.newest else 'none with a date'}",
        f"Last look at the sources: {looked}{'; a re-index is running' if is_reindexing else ''}",
    ]
    counted = [f"Questions asked today: {asked[0]:,} of {asked[1]:,}"] if asked else []
    return Page("\n".join([*rows, *counted]), f"Dateline {version}")


def _outlet(name: str) -> str:
    return line(name, OUTLET)


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _ago(moment: datetime) -> str:
    """How long ago, by each reader's own clock."""
    return f"<t:{int(moment.timestamp())}:R>"
