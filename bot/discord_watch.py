"""Questions that stand in a channel: the commands about them, and what asks them again as articles come in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import tasks

from bot.community_schema import Watch
from bot.discord_answers import asker_of
from bot.discord_commands import Text, deferred
from bot.discord_errors import survived
from bot.discord_replies import embed
from bot.discord_text import cut, line, small
from bot.discord_views import answer_buttons
from bot.phrases import Phrase, Say, english
from bot.render_discord import Page
from bot.standing import Change
from bot.workpool import Busy
from ingest.errors import UsageError

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

EVERY = 60.0  # seconds between two looks at what has changed
NOBODY = 0  # for whom the pool asks again, so that it takes no asker's place
SHOWN = 200  # characters of each question
GONE = (discord.NotFound, discord.Forbidden)

log = logging.getLogger(__name__)

# Spelt out, as guild_only would not go before what the bot allows for all commands.
watch = app_commands.Group(
    name="watch",
    description="Questions that stand in a channel",
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
)


@watch.command()
@app_commands.describe(text="What do you want to know?")
@app_commands.checks.cooldown(10, 60.0)
async def question(interaction: Interaction, text: Text) -> None:
    """Answer a question, and again whenever new articles change the answer."""
    _check_may_post(interaction)
    bot, channel = interaction.client, interaction.channel_id or 0
    reply = await deferred(interaction, private=False)
    asker, say = asker_of(interaction, interaction.id, reply.say), reply.say
    answer, pages, added = await bot.pool.run(asker.user, bot.desk.watch, asker, channel, text)
    buttons = answer_buttons(
        answer.id, 0, len(pages), private=False, answered=answer.answered, channel=reply.channel, say=say
    )
    shown = await reply.show(pages[0], buttons)
    await asyncio.to_thread(bot.desk.shown_in, answer.id, shown.id)
    told = say("When new articles change this answer, I post it here. `/watch remove` with the id `{id}` ends that.")
    await interaction.followup.send(told.format(id=added.id), ephemeral=True)


@watch.command(name="list")
async def list_(interaction: Interaction) -> None:
    """Show you the questions that stand in this server."""
    reply = await deferred(interaction, private=True)
    await reply.show(watches_page(await _seen_by(interaction), reply.say))


@watch.command()
@app_commands.describe(watch_id="Of the question, as `/watch list` shows it")
@app_commands.rename(watch_id="id")
async def remove(interaction: Interaction, watch_id: int) -> None:
    """Ask a standing question no more: one of yours, or any if you may manage messages here."""
    reply = await deferred(interaction, private=True)
    may = interaction.permissions
    user = None if may.manage_guild or may.manage_messages else interaction.user.id
    await asyncio.to_thread(interaction.client.desk.standing.remove, interaction.guild_id or 0, watch_id, user)
    await reply.show(Page(reply.say("Done: I do not ask that again."), ""))


@remove.autocomplete("watch_id")
async def _choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    wanted = typed.strip().casefold()
    named = {one.id: f"{one.id}: {cut(one.question, 90)}" for one in await _seen_by(interaction)}
    return [app_commands.Choice(name=name, value=key) for key, name in named.items() if wanted in name.casefold()]


def watches_page(watches: Sequence[Watch], say: Say = english) -> Page:
    """Standing questions, each with its id, where it stands, and when its answer was last posted."""
    return Page("\n".join(_listed(one, say) for one in watches) or say("No question stands here."), "")


class Watchman:
    """Asks the standing questions again, one after another, and posts the answers that have changed."""

    def __init__(self, bot: DatelineBot) -> None:
        self._bot = bot
        self._looking = asyncio.Lock()

    @tasks.loop(seconds=EVERY)
    async def timer(self) -> None:
        """Look now and then. To end it, stop it: what was sent is then noted too."""
        await self._bot.wait_until_ready()
        await self.look()

    async def look(self) -> None:
        """Ask those again whose answer may have changed. It never fails: what goes wrong is logged."""
        async with self._looking:
            with survived("asking the standing questions again"):
                try:
                    for one in await asyncio.to_thread(self._bot.desk.standing.due):
                        with self._bot.attending():
                            await self._ask_again(one)
                except Busy:
                    log.info("too busy to ask the standing questions again; the rest waits until the next look")

    async def _ask_again(self, one: Watch) -> None:
        standing = self._bot.desk.standing
        say = self._bot.say_in(self._bot.get_guild(one.guild))
        change = await self._bot.pool.run(NOBODY, standing.ask_again, one, say)
        if not change:
            return
        try:
            message = await self._post(change, say)
        except GONE as error:
            log.warning("a standing question is removed: %s", error, extra={"guild": one.guild, "channel": one.channel})
            await asyncio.to_thread(standing.remove, one.guild, one.id)
        else:
            await asyncio.to_thread(standing.posted, change, message.id)

    async def _post(self, change: Change, say: Say) -> discord.Message:
        place, answer, pages = change.watch.channel, change.answer, change.pages
        known = self._bot.get_channel(place)  # unless it is a thread that is archived
        buttons = answer_buttons(answer.id, 0, len(pages), private=False, answered=True, channel=known, say=say)
        told = say("The answer to a standing question has changed: {question}")
        told = small(told.format(question=line(change.watch.question, SHOWN)))
        channel = self._bot.get_partial_messageable(place, guild_id=change.watch.guild)
        return await channel.send(told, embed=embed(pages[0]), view=buttons)


def _check_may_post(interaction: Interaction) -> None:
    """Raise unless an answer could be posted here later."""
    may = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_send = may.send_messages_in_threads if is_thread else may.send_messages
    if not (may.view_channel and may_send and may.embed_links):
        hint = Phrase("let me see this channel, and send messages and embed links in it")
        raise UsageError(Phrase("I may not post anything here"), hint=hint)


async def _seen_by(interaction: Interaction) -> list[Watch]:
    """The guild's standing questions, but for those in channels that are hidden from who asks."""
    watches = await asyncio.to_thread(interaction.client.desk.standing.of, interaction.guild_id or 0)
    return [one for one in watches if _may_see(interaction, one)]


def _may_see(interaction: Interaction, one: Watch) -> bool:
    guild, user = interaction.guild, interaction.user
    if one.user == user.id or one.channel == interaction.channel_id:
        return True
    place = guild.get_channel_or_thread(one.channel) if guild else None
    if place is None or not isinstance(user, discord.Member):
        return interaction.permissions.manage_guild
    may = place.permissions_for(user)
    return may.manage_threads if isinstance(place, discord.Thread) and place.is_private() else may.view_channel


def _listed(one: Watch, say: Say) -> str:
    posted = say("nothing posted yet")
    if one.posted:
        posted = say("posted {when}").format(when=discord.utils.format_dt(one.posted, "R"))
    return f"- `{one.id}` {line(one.question, SHOWN)} — <#{one.channel}>, {posted}"
