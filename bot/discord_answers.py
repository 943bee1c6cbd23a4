"""Answering on Discord: a question goes to the desk in a thread of the pool, and comes back as an edited message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.discord_replies import Reply
from bot.discord_views import answer_buttons
from bot.guilds import Asker, Wish
from bot.phrases import Say, english
from bot.records import Citation, Claim
from bot.render_discord import Page, partial_text
from bot.workpool import Latest

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

Told = tuple[tuple[Claim, Sequence[Citation]], ...]


def asker_of(source: discord.Interaction[DatelineBot] | discord.Message, thread: int, say: Say = english) -> Asker:
    """Who asks, and where; a thread counts as the channel that it is in. thread: the conversation."""
    user = source.user if isinstance(source, discord.Interaction) else source.author
    channel = source.channel
    place = channel.parent_id if isinstance(channel, discord.Thread) else channel and channel.id
    return Asker(user.id, source.guild.id if source.guild else None, place or 0, thread, say)


async def answer(bot: DatelineBot, reply: Reply, asker: Asker, wish: Wish, *, private: bool) -> None:
    """Answer a question; what a language model says is shown as it is proven.

    Raises:
        DatelineError: it is not answered.
    """
    told: Told = ()

    async def show_so_far(told: Told) -> None:
        await reply.show(Page(partial_text(told), ""))

    news = Latest(asyncio.get_running_loop(), show_so_far)

    def tell(claim: Claim, citations: Sequence[Citation]) -> None:
        nonlocal told
        told = (*told, (claim, citations))
        news(told)

    with bot.attending():
        try:
            ask = partial(bot.desk.ask, private=private, tell=tell)
            found, pages = await bot.pool.run(asker.user, ask, asker, wish)
        finally:
            await news.close()
        buttons = answer_buttons(
            found.id, 0, len(pages), private=private, answered=found.answered, channel=reply.channel, say=reply.say
        )
        shown = await reply.show(pages[0], buttons)
        await asyncio.to_thread(bot.desk.shown_in, found.id, shown.id)
