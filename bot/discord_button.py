"""What all buttons of an answer have in common. Each knows its answer by its custom id, so after a restart too."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import discord

from bot.discord_errors import explain
from bot.discord_replies import InteractionReply
from bot.guilds import Asker
from bot.phrases import Say, english

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

P = ParamSpec("P")
T = TypeVar("T")


class AnswerButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"never"):
    """A button of one answer. key: stands in the custom id. label, emoji, style: what is seen of it."""

    key: ClassVar[str]
    label: ClassVar[str | None] = None
    emoji: ClassVar[str | None] = None
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(
        self, answer_id: str, say: Say = english, button: discord.ui.Button[discord.ui.View] | None = None
    ) -> None:
        self.answer_id = answer_id
        custom_id = f"{self.key}:{answer_id}"
        label = say(self.label) if self.label else None
        super().__init__(
            button or discord.ui.Button(label=label, emoji=self.emoji, style=self.style, custom_id=custom_id)
        )

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, _item: Any, match: re.Match[str], /) -> Self:  # type: ignore[override]
        """The button as it was sent."""
        return cls(match["answer"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Do what the button is for, and say what goes wrong."""
        try:
            with interaction.client.attending():
                await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - discord.py would only log it
            await explain(InteractionReply(interaction, private=True), error, f"the button {self.custom_id!r}")

    async def press(self, interaction: Interaction) -> None:
        """What the button is for. Its first step is to acknowledge the press."""
        raise NotImplementedError

    async def at_desk(
        self,
        interaction: Interaction,
        call: Callable[Concatenate[Asker, str, P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """What the desk says of the answer to whoever pressed."""
        asker = Asker(interaction.user.id, interaction.guild_id, interaction.channel_id or 0, interaction.id)
        return await asyncio.to_thread(call, asker, self.answer_id, *arguments, **named)


async def thinking(interaction: Interaction) -> InteractionReply:
    """Where whoever pressed is answered alone."""
    reply = InteractionReply(interaction, private=True)
    await reply.defer()
    return reply
