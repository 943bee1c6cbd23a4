"""The bot itself: it connects, hands on what it is asked, keeps time, and ends without losing an answer."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.discord_admin import ADMIN_COMMANDS
from bot.discord_answers import answer, asker_of
from bot.discord_commands import COMMANDS, help_text
from bot.discord_errors import explain, survived
from bot.discord_language import Descriptions
from bot.discord_replies import InteractionReply, MessageReply
from bot.discord_settings import settings
from bot.discord_views import ITEMS
from bot.discord_watch import Watchman, watch
from bot.guilds import Wish
from bot.health import Health, Pulse
from bot.newsdesk import NewsDesk
from bot.phrases import Say, english
from bot.workpool import WorkPool

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    read_message_history=True,
)
LAST_WORDS = 1.0  # seconds to send what was found, once all work has ended

log = logging.getLogger(__name__)


class Commands(app_commands.CommandTree["DatelineBot"]):
    """The commands, with the one place that says what went wrong."""

    async def _call(self, interaction: discord.Interaction[DatelineBot]) -> None:
        """Finish every command before the bot ends. Nothing public surrounds a command with its last word."""
        with interaction.client.attending():
            await super()._call(interaction)

    async def on_error(
        self, interaction: discord.Interaction[DatelineBot], error: app_commands.AppCommandError
    ) -> None:
        """Tell whoever gave the command."""
        name = interaction.command.qualified_name if interaction.command else "a command"
        private = bool(interaction.extras.get("private"))
        await explain(InteractionReply(interaction, private=private), error, f"/{name}")


class DatelineBot(commands.AutoShardedBot):
    """Answers on Discord. Work that blocks is done in the pool's threads, never on the loop."""

    def __init__(self, desk: NewsDesk, pool: WorkPool, health: Health) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it has no voice
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            tree_cls=Commands,
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        )
        self.desk = desk
        self.pool = pool
        self._health = health
        self._watchman = Watchman(self)
        self._attended = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def setup_hook(self) -> None:
        """Know the commands and the buttons, of messages sent before a restart too, and begin to keep time."""
        for command in (*COMMANDS, *ADMIN_COMMANDS, watch, settings):
            self.tree.add_command(command)
        await self.tree.set_translator(Descriptions())
        self.add_dynamic_items(*ITEMS)
        for timer in (self._refresh, self._beat, self._watchman.timer):
            timer.start()
        if self.desk.reindex_minutes:
            self._reindex.change_interval(minutes=self.desk.reindex_minutes)
            self._reindex.start()

    async def register(self, guild: int | None) -> None:
        """Let Discord offer the commands: everywhere, or in one guild, which knows them at once."""
        place = discord.Object(guild) if guild else None
        if place:
            self.tree.copy_global_to(guild=place)
        await self.tree.sync(guild=place)

    @property
    def invitation(self) -> str:
        """Where somebody lets the bot into a guild, with no more than it needs."""
        return discord.utils.oauth_url(
            self.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
        )

    async def on_ready(self) -> None:
        """Say so at once to whoever watches the health file."""
        await self._beat()

    async def on_message(self, message: discord.Message, /) -> None:
        """Answer who mentions us, and direct messages; of others Discord does not send the text."""
        is_ours = message.guild is None or (self.user is not None and self.user in message.mentions)
        if message.author.bot or not is_ours:
            return
        reply = MessageReply(message, self.say_in(message.guild))
        with self.attending():
            try:
                await self._reply_to(message, reply)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told or logged
                await explain(reply, error, "a mention")

    async def on_guild_remove(self, guild: discord.Guild, /) -> None:
        """Keep nothing of a guild that has put us out."""
        log.info("removed from a guild", extra={"guild": guild.id})
        with self.attending():
            await self.desk.sources.leave(guild.id)

    def say_in(self, guild: discord.Guild | None) -> Say:
        """How a guild is spoken to where nobody's own language is known, as that of a message's author is not."""
        return self.desk.guilds.say(guild.id, guild.preferred_locale.value) if guild else english

    async def look_at_watches(self) -> None:
        """Ask the standing questions again whose answers may have changed, as after a re-index."""
        await self._watchman.look()

    @contextmanager
    def attending(self) -> Iterator[None]:
        """What is begun inside is finished before the bot ends, within the time that it has."""
        self._attended += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._attended -= 1
            if not self._attended:
                self._idle.set()

    async def shut_down(self, seconds: float) -> bool:
        """Take no more questions, answer those at work, and leave; whether they were done in about so many seconds."""
        for timer in (self._refresh, self._beat):
            timer.cancel()
        self._watchman.timer.stop()
        ending = asyncio.create_task(self.desk.sources.stop())
        is_drained, _ = await asyncio.gather(self.pool.drain(seconds), asyncio.wait([ending], timeout=seconds))
        self._reindex.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await self._idle.wait()
        if not is_drained:
            log.warning("some answers were not done in time; who asked was told to ask again")
        self._health.remove()
        await self.close()
        return is_drained

    def conversation_in(self, channel: object, default: int) -> int:
        """The conversation that goes on in a channel: one in direct messages, and one in a thread on an answer."""
        if isinstance(channel, discord.DMChannel):
            return channel.id
        if isinstance(channel, discord.Thread):
            return self.desk.thread_of(channel.id) or channel.id
        return default

    async def _reply_to(self, message: discord.Message, reply: MessageReply) -> None:
        text = self._without_mention(message.content)
        if not text:
            await message.reply(help_text(reply.say))
            return
        thread = await asyncio.to_thread(self._conversation, message)
        async with message.channel.typing():
            await answer(self, reply, asker_of(message, thread, reply.say), Wish(text), private=message.guild is None)

    def _conversation(self, message: discord.Message) -> int:
        replied = message.reference.message_id if message.reference else None
        known = self.desk.thread_of(replied) if replied else None
        return known or self.conversation_in(message.channel, message.id)

    def _without_mention(self, text: str) -> str:
        ours = self.user.id if self.user else 0
        for mention in (f"<@{ours}>", f"<@!{ours}>"):
            text = text.replace(mention, " ")
        return text.strip()

    @tasks.loop(seconds=30)
    async def _refresh(self) -> None:
        with survived("learning the outlets"):
            await asyncio.to_thread(self.desk.refresh)

    @tasks.loop(minutes=30)
    async def _reindex(self) -> None:
        """Take in what is new; the first time not at once, as a restart is no reason for it."""
        if self._reindex.current_loop == 0 or self.desk.sources.is_reindexing:
            return
        try:
            done = await self.desk.sources.reindex(lambda _: None)
        except Exception:
            log.warning("the re-index by the clock failed", exc_info=True)
        else:
            log.info("re-indexed by the clock", extra={"new": done.new, "updated": done.updated, "failed": done.failed})

    @tasks.loop(seconds=15)
    async def _beat(self) -> None:
        with survived("the sign of life"):
            latency = round(self.latency * 1000) if math.isfinite(self.latency) else None
            is_ready = self.is_ready() and not self.is_closed()
            change = await asyncio.to_thread(self.desk.change)
            pulse = Pulse(datetime.now(UTC), is_ready, latency, len(self.guilds), *self.pool.busy, change)
            await asyncio.to_thread(self._health.write, pulse)
