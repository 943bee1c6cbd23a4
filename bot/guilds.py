"""What a guild may see and has set: which outlets answer there, in which channels, and how often in a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.community import Community
from bot.community_schema import GuildSettings
from bot.phrases import Phrase, Say, english, phrases
from bot.typed import typed_filter
from index.records import Filter
from ingest.archive import Archive
from ingest.errors import DatelineError, UsageError

MOST_CHOICES = 25  # that Discord offers while somebody types


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where. guild: None in a direct message. thread: the conversation that it is part of.

    say: how the answer is worded around what it quotes.
    """

    user: int
    guild: int | None
    channel: int
    thread: int
    say: Say = english


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, as typed; what is empty means all."""

    text: str
    outlet: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All outlets with live articles, most first, the guilds that each private one is for, and what guilds speak."""

    outlets: Mapping[str, int] = field(default_factory=dict)
    private: Mapping[str, frozenset[int]] = field(default_factory=dict)
    languages: Mapping[int, str] = field(default_factory=dict)

    def visible_to(self, guild: int | None) -> dict[str, int]:
        """How many live articles each outlet has that a guild may see."""
        return {
            outlet: articles
            for outlet, articles in self.outlets.items()
            if outlet and (outlet not in self.private or guild in self.private[outlet])
        }


class Guilds:
    """The rules of each guild. What is asked while somebody types comes from memory, as of the last `refresh`."""

    def __init__(self, archive: Archive, community: Community) -> None:
        self._archive = archive
        self._community = community
        self._catalogue = Catalogue()

    def refresh(self) -> None:
        """Learn which outlets there are now, and which languages guilds want."""
        community = self._community
        self._catalogue = Catalogue(self._archive.outlets(), community.private_outlets(), community.languages())

    def say(self, guild: int | None, locale: str) -> Say:
        """How people are spoken to, from memory: in the guild's language, else in that of the locale."""
        return phrases(self._catalogue.languages.get(guild or 0, locale))

    def visible(self, guild: int | None) -> dict[str, int]:
        """How many live articles each outlet has that a guild may see, most first, from memory."""
        return self._catalogue.visible_to(guild)

    def choices(self, guild: int | None, typed: str) -> list[str]:
        """The outlets that somebody may mean, from memory: those that begin with what is typed, then those with it in."""
        wanted = typed.strip().casefold()
        fitting = [outlet for outlet in self.visible(guild) if wanted in outlet.casefold()]
        return sorted(fitting, key=lambda outlet: not outlet.casefold().startswith(wanted))[:MOST_CHOICES]

    def settings(self, guild: int | None) -> GuildSettings:
        """What a guild has set; in direct messages, the defaults."""
        return self._community.settings(guild) if guild else GuildSettings(0)

    def check(self, asker: Asker, now: datetime) -> None:
        """Raise unless questions may be asked here and now.

        Raises:
            UsageError: not in this channel.
            DatelineError: the guild has asked all its questions of the day.
        """
        settings = self.settings(asker.guild)
        if settings.channels and asker.channel not in settings.channels:
            named = ", ".join(f"<#{channel}>" for channel in settings.channels)
            hint = Phrase("ask in {channels}", channels=named)
            raise UsageError(Phrase("I do not answer in this channel"), hint=hint)
        if asker.guild and self._community.asked_today(asker.guild, now) >= settings.daily_quota:
            raise _all_asked(settings.daily_quota)

    def where(self, guild: int | None, wish: Wish, now: datetime) -> Filter:
        """The articles that may answer a wish: those that are meant, of what this guild may see.

        Raises:
            UsageError: there is no such outlet or date, or the dates are the wrong way round.
        """
        hidden = self._community.outlets_hidden_from(guild)
        known = [outlet for outlet in self._archive.outlets() if outlet not in hidden] if wish.outlet else []
        where = typed_filter(known, [wish.outlet] if wish.outlet else [], wish.since, wish.until, now)
        return replace(where, outlets=where.outlets or self._chosen(guild), hidden=tuple(sorted(hidden)))

    def _chosen(self, guild: int | None) -> tuple[str, ...]:
        """The outlets that a guild wants to answer, its own too; empty for all that it may see."""
        chosen = self.settings(guild).outlets
        own = self._community.outlets_of(guild) if guild and chosen else ()
        return tuple(sorted({*chosen, *own}))


def _all_asked(quota: int) -> DatelineError:
    message = Phrase(
        "this server has asked its {quota:,} question of the day"
        if quota == 1
        else "this server has asked its {quota:,} questions of the day",
        quota=quota,
    )
    return DatelineError(message, hint=Phrase("ask again after midnight (UTC)"), retryable=True)
