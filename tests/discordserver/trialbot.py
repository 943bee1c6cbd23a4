"""A small bot of the real discord.py that does a bit of everything, to try the stand-in out."""

from __future__ import annotations

import asyncio
import io
import queue
import threading
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

Pressed = discord.Interaction["Bot"]


class Doubt(discord.ui.Modal, title="What is wrong?"):
    """A dialog with one input."""

    reason: discord.ui.TextInput[Doubt] = discord.ui.TextInput(label="Reason", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.reason.value}", ephemeral=True)


class Buttons(discord.ui.View):
    """Buttons that outlive the process."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Sources", custom_id="sources")
    async def sources(self, interaction: Pressed, _button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.send_message("only for you", ephemeral=True)

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: Pressed, _button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.edit_message(content="again")

    @discord.ui.button(label="Doubt", custom_id="doubt")
    async def doubt(self, interaction: Pressed, _button: discord.ui.Button[Buttons]) -> None:
        await interaction.response.send_modal(Doubt())

    @discord.ui.select(
        placeholder="Outlet", custom_id="outlet", options=[discord.SelectOption(label="The Times", value="times")]
    )
    async def outlet(self, interaction: Pressed, select: discord.ui.Select[Buttons]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"from {select.values[0]}")


class Bot(commands.AutoShardedBot):
    """As small as a bot can be that does a bit of everything. errors: what Discord refused."""

    def __init__(self, **options: Any) -> None:
        mentions = discord.AllowedMentions.none()
        super().__init__("!", intents=discord.Intents.default(), allowed_mentions=mentions, **options)
        self.errors: queue.Queue[discord.HTTPException] = queue.Queue()
        self.resumed = threading.Event()
        self.go = asyncio.Event()

    async def setup_hook(self) -> None:
        for command in COMMANDS:
            self.tree.add_command(command)
        self.tree.error(self.note)
        self.add_view(Buttons())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before the second shard."""

    async def note(self, _interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        cause = error.__cause__
        assert isinstance(cause, discord.HTTPException), error
        self.errors.put(cause)

    async def on_message(self, message: discord.Message) -> None:
        assert self.user is not None
        if message.author == self.user:
            return
        if message.guild is None or self.user in message.mentions:
            await message.reply(f"you said: {message.content}")
        elif message.content:
            await message.reply("I must not be able to read this")

    async def on_resumed(self) -> None:
        self.resumed.set()


@app_commands.command(description="Answer a question")
@app_commands.describe(question="What do you want to know?", outlet="Only from here")
async def ask(interaction: Pressed, question: str, outlet: str = "") -> None:
    await interaction.response.defer()
    await interaction.edit_original_response(content="Searching …")
    await interaction.edit_original_response(content=f"{question} {outlet}".strip(), view=Buttons())
    await interaction.followup.send("One more thing", ephemeral=True)


@ask.autocomplete("outlet")
async def outlets(_interaction: Pressed, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in ("Times", "Tribune") if name.startswith(typed)]


@app_commands.command(description="Wait until it may answer")
async def slow(interaction: Pressed) -> None:
    await interaction.response.defer(thinking=True)
    await interaction.client.go.wait()
    await interaction.edit_original_response(content="at last")


@app_commands.command(description="Say what cannot be said")
async def long(interaction: Pressed) -> None:
    await interaction.response.send_message("x" * 2001)


@app_commands.command(description="Upload a file, and begin a thread on it")
async def report(interaction: Pressed) -> None:
    chart = discord.File(io.BytesIO(b"a,b\n1,2"), "chart.csv", description="numbers")
    embed = discord.Embed(title="Report", description="@everyone look").add_field(name="Flights", value="24,000")
    await interaction.response.send_message("@everyone", embed=embed, file=chart)
    message = await interaction.original_response()
    assert isinstance(message.channel, discord.TextChannel)
    full = await message.channel.fetch_message(message.id)
    thread = await full.create_thread(name="About the report")
    await thread.send("Ask here")


class Layout(discord.ui.LayoutView):
    """A message made of components V2."""

    def __init__(self, text: str) -> None:
        super().__init__()
        button: discord.ui.Button[Layout] = discord.ui.Button(label="More", custom_id="more")
        self.add_item(discord.ui.Container(discord.ui.Section(text, accessory=button), discord.ui.Separator()))


@app_commands.command(description="Lay an answer out")
async def layout(interaction: Pressed, length: int) -> None:
    await interaction.response.send_message(view=Layout("x" * length))


@app_commands.context_menu(name="Fact-check this")
async def check(interaction: Pressed, message: discord.Message) -> None:
    await interaction.response.send_message(f"“{message.content}” is true", ephemeral=True)


@app_commands.command(description="For those who run the place")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def admin(interaction: Pressed) -> None:
    await interaction.response.send_message(str(interaction.permissions.manage_guild))


COMMANDS: list[Any] = [ask, slow, long, report, layout, check, admin]
