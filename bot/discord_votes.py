"""What people think of an answer: a vote each, and which citations are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord_button import AnswerButton, thinking
from bot.discord_replies import embed, say_to
from bot.phrases import english
from bot.render_discord import Page

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

NOTED = english("Noted, thank you.")
ASKED = english("Does a quotation not bear out what is said? Then press the button below.")
KEPT = english("Noted, thank you. The question is kept as a test case for whoever runs me.")


class Good(AnswerButton, template=r"good:(?P<answer>a_\w+)"):
    """A vote for the answer."""

    key = "good"
    emoji = "👍"

    async def press(self, interaction: Interaction) -> None:
        """Keep the vote."""
        reply = await thinking(interaction)
        await self.at_desk(interaction, interaction.client.desk.vote, good=True)
        await reply.show(Page(reply.say(NOTED), ""))


class Bad(AnswerButton, template=r"bad:(?P<answer>a_\w+)"):
    """A vote against the answer."""

    key = "bad"
    emoji = "👎"

    async def press(self, interaction: Interaction) -> None:
        """Keep the vote, and ask whether it is for a citation."""
        reply = await thinking(interaction)
        desk = interaction.client.desk
        await self.at_desk(interaction, desk.vote, good=False)
        kept = await self.at_desk(interaction, desk.kept)
        if not kept.citations:
            await reply.show(Page(reply.say(NOTED), ""))
            return
        view = discord.ui.View(timeout=None)
        view.add_item(WrongCitation(self.answer_id, reply.say))
        await reply.show(Page(f"{reply.say(NOTED)} {reply.say(ASKED)}", ""), view)


class WrongCitation(AnswerButton, template=r"wrong:(?P<answer>a_\w+)"):
    """A vote against the answer for what it quotes."""

    key = "wrong"
    label = english("Wrong citation")
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Keep it in place of the plain vote."""
        await interaction.response.defer()
        await self.at_desk(interaction, interaction.client.desk.vote, good=False, wrong_citation=True)
        await interaction.edit_original_response(embed=embed(Page(say_to(interaction)(KEPT), "")), view=None)
