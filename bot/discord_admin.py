"""What those may ask of the bot who manage a guild: its sources and re-indexing; and how things stand, for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord_commands import Choices, deferred
from bot.discord_replies import InteractionReply
from bot.discord_text import line
from bot.guilds import MOST_CHOICES
from bot.reindexing import Progress
from bot.render_discord import Page
from bot.render_guild import OUTLET, pass_page, progress_page, source_line, sources_pages, status_page
from bot.workpool import Latest

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

MANAGER = discord.Permissions(manage_guild=True)
# Said in full: what is left open, discord.py takes from the bot, which is for direct messages too.
IN_GUILDS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
URL = app_commands.Range[str, 1, 2000]

sources = app_commands.Group(
    name="sources", description="Where articles come from", allowed_contexts=IN_GUILDS, default_permissions=MANAGER
)


@sources.command(name="list")
async def list_(interaction: Interaction) -> None:
    """Show you this server's own sources, and the outlets for everyone."""
    desk, guild = interaction.client.desk, interaction.guild_id or 0
    reply = await deferred(interaction, private=True)
    own = await desk.sources.own(guild)
    names = {one.outlet for one in own}
    public = {outlet: count for outlet, count in desk.guilds.visible(guild).items() if outlet not in names}
    await reply.show_all(sources_pages(own, public))


@sources.command()
@app_commands.describe(url="The web address of a feed, a site, a sitemap or a page")
async def add(interaction: Interaction, url: URL) -> None:
    """Read a source that only servers see which add it."""
    bot = interaction.client
    reply = await deferred(interaction, private=True)
    if bot.desk.sources.is_reindexing:
        await reply.show(Page("A re-index is running; this one is read as soon as that has ended.", ""))
    async with _news(reply) as news:
        added = await bot.desk.sources.add(interaction.guild_id or 0, url, news)
    later = "" if added.looked and not added.error else "\nThe next re-index tries again."
    await reply.show(Page(f"Added; only servers that add it see its articles.\n{source_line(added)}{later}", ""))


@sources.command()
@app_commands.describe(source="One of this server's own, by its outlet or its web address")
async def remove(interaction: Interaction, source: URL) -> None:
    """Read a source of this server no more: its articles do not answer here any more."""
    bot = interaction.client
    reply = await deferred(interaction, private=True)
    outlet = await bot.desk.sources.remove(interaction.guild_id or 0, source)
    await reply.show(Page(f"Done: {line(outlet, OUTLET)} does not answer here any more.", ""))


@remove.autocomplete("source")
async def _own_choices(interaction: Interaction, typed: str) -> Choices:
    wanted = typed.strip().casefold()
    own = await interaction.client.desk.sources.own(interaction.guild_id or 0)
    fitting = [one.outlet for one in own if wanted in one.outlet.casefold()]
    return [app_commands.Choice(name=outlet, value=outlet) for outlet in fitting[:MOST_CHOICES]]


@app_commands.command()
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(MANAGER)
@app_commands.checks.cooldown(1, 300.0, key=lambda interaction: interaction.guild_id)
async def reindex(interaction: Interaction) -> None:
    """Take in what is new and changed, now."""
    bot = interaction.client
    reply = await deferred(interaction, private=False)
    async with _news(reply) as news:
        done = await bot.desk.sources.reindex(news)
    own = await bot.desk.sources.own(interaction.guild_id or 0)
    await reply.show(pass_page(done, [one for one in own if one.error]))


@app_commands.command()
async def status(interaction: Interaction) -> None:
    """Show you what I have read, and how fresh it is."""
    desk, guild = interaction.client.desk, interaction.guild_id
    reply = await deferred(interaction, private=True)
    reading = await desk.sources.reading(guild)
    asked = await asyncio.to_thread(desk.asked_today, guild) if guild else None
    running = desk.sources.is_reindexing
    await reply.show(status_page(reading, asked, is_reindexing=running, version=version("dateline")))


@asynccontextmanager
async def _news(reply: InteractionReply) -> AsyncIterator[Latest[Progress]]:
    """Shows how far a re-index is, at most once a second."""

    async def show(progress: Progress) -> None:
        await reply.show(progress_page(progress))

    news = Latest(asyncio.get_running_loop(), show)
    try:
        yield news
    finally:
        await news.close()


ADMIN_COMMANDS: tuple[Any, ...] = (sources, reindex, status)
