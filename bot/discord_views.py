"""The buttons below an answer. Each knows its answer by its custom id, so that it works after a restart too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord

from bot.discord_errors import explain
from bot.discord_replies import InteractionReply

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]


class AnswerButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"never"):
    """A button of one answer. label, style, key: of the kind of button; key stands in the custom id."""

    key: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, answer_id: str) -> None:
        self.answer_id = answer_id
        custom_id = f"{self.key}:{answer_id}"
        super().__init__(discord.ui.Button(label=self.label, style=self.style, custom_id=custom_id))

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
            await explain(InteractionReply(interaction, private=True), error, f"the button {self.label!r}")

    async def press(self, interaction: Interaction) -> None:
        """What the button is for."""
        raise NotImplementedError


class Delete(AnswerButton, template=r"delete:(?P<answer>a_\w+)"):
    """Takes the message away, for who asked and for moderators."""

    key = "delete"
    label = "Delete"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Delete the message."""
        await interaction.response.defer()
        await interaction.delete_original_response()


ITEMS: tuple[type[AnswerButton], ...] = (Delete,)


def answer_buttons(answer_id: str, page: int, pages: int, *, private: bool, answered: bool) -> discord.ui.View:
    """The buttons below a page of an answer. page: from 0. private: whether only the asker sees it."""
    view = discord.ui.View(timeout=None)
    if not private:
        view.add_item(Delete(answer_id))
    return view
