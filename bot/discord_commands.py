"""What everybody may ask of the bot: commands, and the menu of a message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.date_choices import since_choices, until_choices
from bot.discord_answers import answer, asker_of
from bot.discord_replies import InteractionReply, say_to
from bot.guilds import Wish
from bot.phrases import Say, english
from bot.records import MAX_QUESTION_CHARACTERS
from bot.render_discord import Page, headlines_page, hits_pages, verdicts_page
from bot.render_factcheck import factcheck_page

if TYPE_CHECKING:
    from bot.discord_client import DatelineBot

    Interaction = discord.Interaction[DatelineBot]

Text = app_commands.Range[str, 1, 2000]
Short = app_commands.Range[str, 1, 100]
Choices = list[app_commands.Choice[str]]

HELP = (
    english("**I answer questions about the news, and prove every answer with a quotation.**"),
    english(
        "`/ask` a question: the answer quotes the reports word for word, with outlet, date and a link that opens at the "
        "quotation. When no report answers it, I say so."
    ),
    english(
        "`/search` shows the passages that match, `/latest` the newest headlines, `/verify` re-checks an answer by its id."
    ),
    english(
        "*Ask more* below an answer opens a thread that I follow; a reply that mentions me does too. *Fact-check this*, "
        "in the menu of a message under Apps, compares what it says with the reports."
    ),
    english(
        "`/watch` lets a question stand in a channel; `/status` says what I have read, `/forget me` deletes what I keep "
        "of you."
    ),
    english("Those who may manage the server have `/sources`, `/reindex` and `/settings`."),
    english("-# A question has {most:,} characters at most."),
)


def help_text(say: Say) -> str:
    """What the bot can do."""
    return "\n".join(map(say, HELP)).format(most=MAX_QUESTION_CHARACTERS)


async def outlet_choices(interaction: Interaction, typed: str) -> Choices:
    """The outlets that may be meant."""
    names = interaction.client.desk.guilds.choices(interaction.guild_id, typed)
    return [app_commands.Choice(name=name[:100], value=name[:100]) for name in names]


async def _since_choices(_interaction: Interaction, typed: str) -> Choices:
    return _dates(since_choices(typed, datetime.now().astimezone().date()))


async def _until_choices(_interaction: Interaction, typed: str) -> Choices:
    return _dates(until_choices(typed, datetime.now().astimezone().date()))


def _dates(choices: Sequence[tuple[str, str]]) -> Choices:
    return [app_commands.Choice(name=name, value=value) for name, value in choices]


@app_commands.command()
@app_commands.describe(
    question="What do you want to know?",
    outlet="Only from this outlet",
    since="Only articles published on or after this day",
    until="Only articles published on or before this day",
    private="Show the answer to you alone",
)
@app_commands.autocomplete(outlet=outlet_choices, since=_since_choices, until=_until_choices)
@app_commands.checks.cooldown(10, 60.0)
async def ask(
    interaction: Interaction,
    question: Text,
    outlet: str = "",
    since: str = "",
    until: str = "",
    private: bool = False,
) -> None:
    """Answer a question about the news, with quotations."""
    bot = interaction.client
    reply = await deferred(interaction, private=private)
    thread = interaction.id
    if not private:  # what one asks alone is no part of what others talk about
        thread = await asyncio.to_thread(bot.conversation_in, interaction.channel, interaction.id)
    asker = asker_of(interaction, thread, reply.say)
    await answer(bot, reply, asker, Wish(question, outlet, since, until), private=private)


@app_commands.command()
@app_commands.describe(
    words="What to look for",
    outlet="Only from this outlet",
    since="Only articles published on or after this day",
    until="Only articles published on or before this day",
)
@app_commands.autocomplete(outlet=outlet_choices, since=_since_choices, until=_until_choices)
@app_commands.checks.cooldown(10, 60.0)
async def search(interaction: Interaction, words: Text, outlet: str = "", since: str = "", until: str = "") -> None:
    """Show you the passages that match best, without an answer."""
    reply = await deferred(interaction, private=True)
    wish = Wish(words, outlet, since, until)
    bot, asker = interaction.client, asker_of(interaction, interaction.id)
    found = await bot.pool.run(asker.user, bot.desk.search, asker, wish)
    await reply.show_all(hits_pages(found, reply.say))


@app_commands.command()
@app_commands.describe(outlet="Only from this outlet", topic="Only about this")
@app_commands.autocomplete(outlet=outlet_choices)
@app_commands.checks.cooldown(10, 60.0)
async def latest(interaction: Interaction, outlet: str = "", topic: Short = "") -> None:
    """Show you the newest headlines."""
    reply = await deferred(interaction, private=True)
    bot, asker = interaction.client, asker_of(interaction, interaction.id)
    articles = await bot.pool.run(asker.user, bot.desk.latest, asker, outlet, topic)
    await reply.show(headlines_page(articles, reply.say))


@app_commands.command()
@app_commands.describe(answer_id="The id below an answer, such as a_1f2e3d4c5b")
@app_commands.rename(answer_id="answer")
async def verify(interaction: Interaction, answer_id: Short) -> None:
    """Re-check every quotation of an answer against the articles."""
    reply = await deferred(interaction, private=True)
    bot, asker = interaction.client, asker_of(interaction, interaction.id)
    checks = await bot.pool.run(asker.user, bot.desk.verify, asker, answer_id.strip("` "))
    await reply.show(verdicts_page(checks, reply.say))


@app_commands.command(name="help")
async def help_(interaction: Interaction) -> None:
    """Say what I can do."""
    await interaction.response.send_message(help_text(say_to(interaction)), ephemeral=True)


forget = app_commands.Group(name="forget", description="What I keep of you")


@forget.command()
async def me(interaction: Interaction) -> None:
    """Delete all that I keep of you: your questions and their answers, your votes and standing questions."""
    reply = await deferred(interaction, private=True)
    entries = await asyncio.to_thread(interaction.client.desk.forget, interaction.user.id)
    done = reply.say(
        "Done: {n} entry of yours is deleted. What is said in the channels is not mine."
        if entries == 1
        else "Done: {n} entries of yours are deleted. What is said in the channels is not mine."
    )
    await reply.show(Page(done.format(n=entries), ""))


@app_commands.context_menu(name="Fact-check this")
async def fact_check(interaction: Interaction, message: discord.Message) -> None:
    """Show you what the reports say to each statement of a message, and of the previews below it."""
    reply = await deferred(interaction, private=True)
    previews = [text for one in message.embeds for text in (one.title, one.description)]
    text = "\n".join(filter(None, [message.content, *previews]))
    bot, asker = interaction.client, asker_of(interaction, interaction.id)
    findings = await bot.pool.run(asker.user, bot.desk.fact_check, asker, text)
    await reply.show(factcheck_page(findings, reply.say))


async def deferred(interaction: Interaction, *, private: bool) -> InteractionReply:
    """Where the answer to a command will be shown."""
    reply = InteractionReply(interaction, private=private)
    interaction.extras["private"] = private
    await reply.defer()
    return reply


COMMANDS: list[Any] = [ask, search, latest, verify, help_, forget, fact_check]
