"""The command line: running the Discord bot, and what people there objected to."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.app import App
from bot.cli_index import both
from bot.terminal import Terminal
from ingest.errors import DatelineError, NothingIndexedError, UsageError

FIRST_STEPS = """\
To get a token:
  1. Open https://discord.com/developers/applications and choose “New Application”.
  2. Under “Bot”, choose “Reset Token” and copy what it shows. Leave all “Privileged Gateway Intents” off.
  3. Put it into .env as DISCORD_TOKEN=… and keep that file to yourself.
  4. Run `dateline discord --sync`, open the address that it prints, and choose your server."""


def discord_commands(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (discord, disputed):
        cli.command()(command)


def discord(
    context: typer.Context,
    sync: Annotated[bool, typer.Option("--sync", help="Register the commands with Discord first.")] = False,
    guild: Annotated[int | None, typer.Option(help="With --sync: only in the guild with this id, at once.")] = None,
    health: Annotated[
        bool, typer.Option("--health", help="Say whether the bot that runs is well, for container probes.")
    ] = False,
) -> None:
    """Run the Discord bot, until it is stopped with Ctrl-C or SIGTERM."""
    app, terminal = both(context)
    if health:
        _tell_health(app, terminal)
        return
    if guild is not None and not sync:
        raise UsageError("--guild goes with --sync", hint="add --sync")
    _require_all(app, terminal)
    _run(app, terminal, sync=sync, guild=guild)


def disputed(context: typer.Context) -> None:
    """Print the answers whose citation somebody called wrong, as lines that `dateline eval` reads."""
    app, terminal = both(context)
    for line in app.community.disputed():
        terminal.json(line)


def _tell_health(app: App, terminal: Terminal) -> None:
    from bot.health import judge

    if wrong := judge(app.health_file, datetime.now(UTC)):
        raise DatelineError(wrong)
    terminal.result("the bot is well")


def _require_all(app: App, terminal: Terminal) -> None:
    """Say all that is missing before the bot can run."""
    has_token, is_indexed = bool(app.settings.discord_token.get_secret_value()), app.keywords.position > 0
    if not has_token:
        terminal.error(FIRST_STEPS)
    if not is_indexed:
        error = NothingIndexedError("nothing is indexed yet", hint="take something in first: dateline reindex PATH")
        if has_token:
            raise error
        terminal.error(f"{error.message} ({error.hint})")
    if not has_token:
        raise UsageError("DISCORD_TOKEN is not set", hint="the steps are above")


def _run(app: App, terminal: Terminal, *, sync: bool, guild: int | None) -> None:
    from bot.discord_client import DatelineBot
    from bot.discord_service import serve, settle
    from bot.health import Health
    from bot.logs import configure
    from bot.newsdesk import NewsDesk
    from bot.workpool import WorkPool

    token = app.settings.discord_token.get_secret_value()
    configure(sys.stderr, [token, app.settings.llm_api_key.get_secret_value()], as_json=not sys.stderr.isatty())
    desk = NewsDesk(app)
    with terminal.busy("Loading the models"):
        desk.open()
        settle()

    async def run() -> bool:
        return await serve(DatelineBot(desk, WorkPool(), Health(app.health_file)), token, sync=sync, guild=guild)

    if not asyncio.run(run()):
        os._exit(1)  # a thread still works with what would be closed now
