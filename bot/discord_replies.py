"""How something is said on Discord: in answer to a command or a button, or as a reply to a message."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import discord
from discord.utils import MISSING

from bot.phrases import Say
from bot.render_discord import Page

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

COLOUR = discord.Colour(0x2F6FDE)
# The token of an interaction is refused once it is 15 minutes old, or when its first answer came too late.
EXPIRED = {50027, 10015, 10062}

log = logging.getLogger(__name__)


def embed(page: Page) -> discord.Embed:
    """A page as Discord shows it: what articles say stands in its description only."""
    shown = discord.Embed(description=page.text, colour=COLOUR)
    return shown.set_footer(text=page.footer) if page.footer else shown


def say_to(interaction: Interaction) -> Say:
    """How whoever does this is spoken to: in the language of the guild, else in their own."""
    return interaction.client.desk.guilds.say(interaction.guild_id, interaction.locale.value)


class Reply(Protocol):
    """Where something is said to somebody."""

    @property
    def channel(self) -> object:
        """The channel that this is in."""

    @property
    def say(self) -> Say:
        """In which language."""

    async def show(self, page: Page, view: discord.ui.View | None = None) -> discord.Message:
        """Say this, instead of what was said before."""

    async def refuse(self, text: str) -> None:
        """Say to this somebody alone, where that can be done, why nothing is shown."""


class InteractionReply:
    """The answer to a command or a button. private: whether only its user sees it."""

    def __init__(self, interaction: Interaction, *, private: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._sent: discord.Message | None = None

    @property
    def channel(self) -> object:
        """The channel that this is in."""
        return self._interaction.channel

    @property
    def say(self) -> Say:
        """In which language."""
        return say_to(self._interaction)

    async def defer(self) -> None:
        """Say that an answer is coming; Discord gives three seconds for it."""
        await self._interaction.response.defer(ephemeral=self._private, thinking=True)

    async def show(self, page: Page, view: discord.ui.View | None = None) -> discord.Message:
        """Say this, instead of what was said before."""
        if self._sent:
            return await self._sent.edit(embed=embed(page), view=view)
        try:
            return await self._interaction.edit_original_response(embed=embed(page), view=view or MISSING)
        except discord.HTTPException as error:
            channel = self._interaction.channel
            if error.code not in EXPIRED or self._private or not isinstance(channel, discord.abc.Messageable):
                raise
            log.warning("an interaction expired before its answer came: it is sent as a message")
            self._sent = await channel.send(embed=embed(page), view=view or MISSING)
            return self._sent

    async def show_all(self, pages: Sequence[Page]) -> None:
        """Show its user these pages, a message each. Only for what is private."""
        await self.show(pages[0])
        for page in pages[1:]:
            await self._interaction.followup.send(embed=embed(page), ephemeral=True)

    async def refuse(self, text: str) -> None:
        """Say to its user alone why nothing is shown."""
        if self._sent:
            await self._sent.edit(content=text, embed=None, view=None)
            return
        response, followup = self._interaction.response, self._interaction.followup
        if not response.is_done():
            await response.send_message(text, ephemeral=True)
            return
        if not self._private and response.type is discord.InteractionResponseType.deferred_channel_message:
            with suppress(discord.NotFound):  # a moderator was faster
                await self._interaction.delete_original_response()  # a promise to all cannot be kept to one
        await followup.send(text, ephemeral=True)


class MessageReply:
    """The answer to a message that mentions us."""

    def __init__(self, message: discord.Message, say: Say) -> None:
        self._message = message
        self._say = say
        self._sent: discord.Message | None = None

    @property
    def channel(self) -> object:
        """The channel that this is in."""
        return self._message.channel

    @property
    def say(self) -> Say:
        """In which language."""
        return self._say

    async def show(self, page: Page, view: discord.ui.View | None = None) -> discord.Message:
        """Say this, instead of what was said before."""
        if self._sent:
            return await self._sent.edit(embed=embed(page), view=view)
        self._sent = await self._reply(embed=embed(page), view=view or MISSING)
        return self._sent

    async def refuse(self, text: str) -> None:
        """Say why nothing is shown; what a message is answered with, all see."""
        if self._sent:
            await self._sent.edit(content=text, embed=None, view=None)
        else:
            await self._reply(content=text)

    async def _reply(self, **said: Any) -> discord.Message:
        to = self._message.to_reference(fail_if_not_exists=False)  # it may be deleted meanwhile
        return await self._message.channel.send(reference=to, **said)
