"""What those set who manage a guild: where it may ask, which outlets answer, how often in a day, in which language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands

from bot.community_schema import GuildSettings
from bot.discord_admin import IN_GUILDS, MANAGER
from bot.discord_commands import Choices, Short, deferred, outlet_choices
from bot.guilds import MOST_CHOICES
from bot.render_guild import LANGUAGES, settings_page
from ingest.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

Name = TypeVar("Name")
MOST_CHOSEN = 25  # channels, and outlets
MOST_QUESTIONS = 100_000

settings = app_commands.Group(
    name="settings",
    description="What holds in this server",
    allowed_contexts=IN_GUILDS,
    default_permissions=MANAGER,
)
channels = app_commands.Group(name="channels", description="Where I answer", parent=settings)
outlets = app_commands.Group(name="outlets", description="Which outlets answer", parent=settings)


async def _change(interaction: Interaction, change: Callable[[GuildSettings], GuildSettings]) -> None:
    """Change what is set, and show it."""
    reply = await deferred(interaction, private=True)
    desk = interaction.client.desk
    await reply.show(settings_page(await asyncio.to_thread(desk.set, interaction.guild_id or 0, change)))


@settings.command()
async def show(interaction: Interaction) -> None:
    """Show you what is set in this server."""
    await _change(interaction, lambda kept: kept)


@settings.command()
@app_commands.describe(questions="That this server may ask in a day")
async def quota(interaction: Interaction, questions: app_commands.Range[int, 0, MOST_QUESTIONS]) -> None:
    """Set how many questions this server may ask in a day."""
    await _change(interaction, lambda kept: replace(kept, daily_quota=questions))


@settings.command()
@app_commands.describe(language="The language that I speak here")
@app_commands.choices(language=[app_commands.Choice(name=name, value=code or "-") for code, name in LANGUAGES.items()])
async def language(interaction: Interaction, language: str) -> None:
    """Set the language that I speak in this server."""
    await _change(interaction, lambda kept: replace(kept, language=language.strip("-")))


@channels.command(name="add")
@app_commands.describe(channel="Where I answer too")
async def add_channel(interaction: Interaction, channel: discord.TextChannel) -> None:
    """Answer in this channel; as long as no channel is named, I answer in all of them."""
    await _change(interaction, lambda kept: replace(kept, channels=_with(kept.channels, channel.id)))


@channels.command(name="remove")
@app_commands.describe(channel="Where I do not answer any more")
async def remove_channel(interaction: Interaction, channel: discord.TextChannel) -> None:
    """Answer in this channel no more; when it was the last that was named, I answer in all of them."""
    await _change(interaction, lambda kept: replace(kept, channels=_without(kept.channels, channel.id)))


@channels.command(name="clear")
async def clear_channels(interaction: Interaction) -> None:
    """Answer in all channels."""
    await _change(interaction, lambda kept: replace(kept, channels=()))


@outlets.command(name="add")
@app_commands.describe(outlet="Which outlet answers too")
@app_commands.autocomplete(outlet=outlet_choices)
async def add_outlet(interaction: Interaction, outlet: Short) -> None:
    """Let this outlet answer; as long as none is named, all of them answer."""
    visible = interaction.client.desk.guilds.visible(interaction.guild_id)
    found = next((name for name in visible if name[:100].casefold() == outlet.strip().casefold()), "")
    if not found:
        raise NotFoundError(f"no article is by an outlet called “{outlet}”", hint="choose one that is offered")
    await _change(interaction, lambda kept: replace(kept, outlets=_with(kept.outlets, found)))


@outlets.command(name="remove")
@app_commands.describe(outlet="Which outlet answers no more")
async def remove_outlet(interaction: Interaction, outlet: Short) -> None:
    """Let this outlet answer no more; when it was the last that was named, all of them answer."""
    kept = await asyncio.to_thread(interaction.client.desk.guilds.settings, interaction.guild_id)
    found = next((name for name in kept.outlets if name[:100].casefold() == outlet.strip().casefold()), outlet)
    await _change(interaction, lambda kept: replace(kept, outlets=_without(kept.outlets, found)))


@remove_outlet.autocomplete("outlet")
async def _chosen(interaction: Interaction, typed: str) -> Choices:
    kept = await asyncio.to_thread(interaction.client.desk.guilds.settings, interaction.guild_id)
    fitting = [name[:100] for name in kept.outlets if typed.strip().casefold() in name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in fitting[:MOST_CHOICES]]


@outlets.command(name="clear")
async def clear_outlets(interaction: Interaction) -> None:
    """Let all outlets answer."""
    await _change(interaction, lambda kept: replace(kept, outlets=()))


def _with(chosen: tuple[Name, ...], one: Name) -> tuple[Name, ...]:
    if one not in chosen and len(chosen) >= MOST_CHOSEN:
        raise UsageError(f"{MOST_CHOSEN} are named already", hint="remove one first")
    return chosen if one in chosen else (*chosen, one)


def _without(chosen: tuple[Name, ...], one: Name) -> tuple[Name, ...]:
    if one not in chosen:
        raise NotFoundError("that one is not named here", hint="`/settings show` says what is")
    return tuple(other for other in chosen if other != one)
