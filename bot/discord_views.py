"""The buttons below an answer, and which of them there are."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, cast

import discord

from bot.discord_button import AnswerButton, thinking
from bot.discord_replies import embed, say_to
from bot.discord_text import cut, size
from bot.discord_votes import Bad, Good, WrongCitation
from bot.phrases import Phrase, Say, english
from bot.render_context import context_pages
from bot.render_discord import Page, verdicts_page
from ingest.errors import UsageError

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

MOST_NAME = 100  # characters of a thread's name
UNNAMED = english("More about this")
CARRY_ON = english("Ask on in here, by `/ask` or by mentioning me: I read each question with those before it.")
NO_THREAD = {  # by Discord's codes
    160004: english("This answer has a thread already: {thread}"),
    50013: english(
        "I may not open a thread here. Who manages this server can let me create public threads and write in them."
    ),
}
PAGING_ROW = 2


class ShowContext(AnswerButton, template=r"context:(?P<answer>a_\w+)"):
    """Shows the paragraph around each quotation."""

    key = "context"
    label = english("Show context")

    async def press(self, interaction: Interaction) -> None:
        """Show them, to whoever pressed alone."""
        reply = await thinking(interaction)
        contexts = await self.at_desk(interaction, interaction.client.desk.context)
        await reply.show_all(context_pages(contexts, reply.say))


class Sources(AnswerButton, template=r"sources:(?P<answer>a_\w+)"):
    """Checks each quotation again."""

    key = "sources"
    label = english("Sources")

    async def press(self, interaction: Interaction) -> None:
        """Show what was found, to whoever pressed alone."""
        reply = await thinking(interaction)
        checks = await self.at_desk(interaction, interaction.client.desk.verify)
        await reply.show(verdicts_page(checks, reply.say))


class AskMore(AnswerButton, template=r"more:(?P<answer>a_\w+)"):
    """Opens a thread on the answer, in which the conversation goes on."""

    key = "more"
    label = english("Ask more")
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Open it, and say what it is for."""
        await interaction.response.defer()
        kept = await self.at_desk(interaction, interaction.client.desk.kept)
        message, say = cast(discord.Message, interaction.message), say_to(interaction)
        try:
            # A question that was not answered may name what an earlier answer said, which is not to be said again.
            thread = await message.create_thread(name=thread_name(kept.question if kept.citations else "", say))
            await thread.send(say(CARRY_ON))
        except discord.HTTPException as error:
            if error.code not in NO_THREAD:
                raise
            told = say(NO_THREAD[error.code]).format(thread=f"<#{message.id}>")
            await interaction.followup.send(told, ephemeral=True)


class Share(AnswerButton, template=r"share:(?P<answer>a_\w+)"):
    """Makes a private answer public, as long as its quotations stand."""

    key = "share"
    label = english("Share")
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Post it below, and leave it without buttons here."""
        await interaction.response.defer()
        desk, say = interaction.client.desk, say_to(interaction)
        page, buttons = await kept_page(self, interaction, 0, private=False)
        await self.at_desk(interaction, desk.publish)
        told = say("shared by {user}").format(user=interaction.user.mention)
        shared = await interaction.followup.send(told, embed=embed(page), view=buttons, wait=True)
        await asyncio.to_thread(desk.shown_in, self.answer_id, shared.id)
        await interaction.edit_original_response(view=None)


class Delete(AnswerButton, template=r"delete:(?P<answer>a_\w+)"):
    """Takes the message away, for who asked and for moderators."""

    key = "delete"
    label = english("Delete")
    style = discord.ButtonStyle.secondary

    async def press(self, interaction: Interaction) -> None:
        """Delete the message."""
        await interaction.response.defer()
        may = interaction.guild_id is None or interaction.permissions.manage_messages
        if not may and not await self.at_desk(interaction, interaction.client.desk.is_own):
            raise UsageError(Phrase("only who asked, or who may manage messages here, can delete this answer"))
        with suppress(discord.NotFound):  # somebody else was faster
            await interaction.delete_original_response()


class TurnPage(AnswerButton, template=r"(?P<way>back|here|on):(?P<answer>a_\w+):(?P<page>\d+)"):
    """Turns to a page of the answer. way: where that lies; `here` for the page that is shown, with its number."""

    key = "page"

    def __init__(
        self, way: str, answer_id: str, page: int, label: str | None = None, *, disabled: bool = False
    ) -> None:
        self._page = page
        custom_id = f"{way}:{answer_id}:{page}"
        super().__init__(
            answer_id, button=discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled, row=PAGING_ROW)
        )

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, _item: Any, match: re.Match[str], /) -> Self:  # type: ignore[override]
        """The button as it was sent, but for its label."""
        return cls(match["way"], match["answer"], int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Show that page instead."""
        await interaction.response.defer()
        private = cast(discord.Message, interaction.message).flags.ephemeral
        page, buttons = await kept_page(self, interaction, self._page, private=private)
        await interaction.edit_original_response(embed=embed(page), view=buttons)


ITEMS: tuple[type[AnswerButton], ...] = (
    ShowContext,
    Sources,
    Good,
    Bad,
    WrongCitation,
    AskMore,
    Share,
    Delete,
    TurnPage,
)


def answer_buttons(
    answer_id: str,
    page: int,
    pages: int,
    *,
    private: bool,
    answered: bool,
    channel: object = None,
    say: Say = english,
) -> discord.ui.View:
    """The buttons below a page of an answer.

    page: from 0. private: whether only the asker sees it. channel: where it is; a thread can begin in a text channel.
    """
    is_direct = isinstance(channel, discord.DMChannel)
    kinds: list[type[AnswerButton]] = [ShowContext, Sources] if answered else []
    kinds += [Good, Bad]
    if isinstance(channel, discord.TextChannel) and not private:
        kinds.append(AskMore)
    if private and not is_direct:
        kinds.append(Share)
    if is_direct or not private:
        kinds.append(Delete)
    view = discord.ui.View(timeout=None)
    for kind in kinds:
        view.add_item(kind(answer_id, say))
    if pages > 1:
        view.add_item(TurnPage("back", answer_id, max(0, page - 1), "◀", disabled=page == 0))
        view.add_item(TurnPage("here", answer_id, page, f"{page + 1}/{pages}", disabled=True))
        view.add_item(TurnPage("on", answer_id, min(page + 1, pages - 1), "▶", disabled=page + 1 == pages))
    return view


async def kept_page(
    button: AnswerButton, interaction: Interaction, number: int, *, private: bool
) -> tuple[Page, discord.ui.View]:
    """A page of a button's answer as it was shown, as long as its quotations stand, and the buttons below it."""
    desk = interaction.client.desk
    pages = await button.at_desk(interaction, desk.pages)
    kept = await button.at_desk(interaction, desk.kept)
    buttons = answer_buttons(
        button.answer_id,
        number,
        len(pages),
        private=private,
        answered=bool(kept.citations),
        channel=interaction.channel,
        say=say_to(interaction),
    )
    return pages[number], buttons


def thread_name(question: str, say: Say = english) -> str:
    """A question as the name of a thread, which Discord shows as it is; it mentions nobody."""
    words = re.sub(r"<(?:@[!&]?|#)\d+>|@(?=everyone|here)", "", question)
    fitting = (cut(words, most) for most in range(MOST_NAME - 1, 0, -1))
    return next(name for name in fitting if size(name) <= MOST_NAME) or say(UNNAMED)
