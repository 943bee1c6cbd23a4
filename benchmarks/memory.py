"""What the Discord bot holds after many questions: the real client and models in a process that has nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.command import resident
from benchmarks.corpus import home_of, questions
from benchmarks.figures import Figure, Options
from bot.app import App
from bot.config import Settings
from bot.discord_client import DatelineBot
from bot.discord_service import serve, settle
from bot.health import Health
from bot.newsdesk import NewsDesk
from bot.workpool import WorkPool
from tests.discordserver import DiscordServer, Interaction, discord_server, patched

AT_ONCE = 4  # questions, each of another user
USERS = 40
PATIENCE = 120.0  # seconds
PAUSE = 0.01  # seconds between two looks


def measure(options: Options) -> Iterator[Figure]:
    """At the largest size; what stands in for Discord runs in this process, the bot in another."""
    size = max(options.sizes)
    home = home_of(size, options.cache)
    with discord_server() as server:
        place = (server.api_url, server.gateway_url, server.token)
        bot = get_context("spawn").Process(target=_run, args=(home, *place), daemon=True)
        bot.start()
        try:
            server.world.wait_for(server.gateway.is_ready, "the bot", PATIENCE)
            weights = [_ask(server, bot.pid or 0, half, options.asked_of_bot // 2) for half in (0, 1)]
        finally:
            bot.terminate()
            bot.join()
    what = f"the bot after {options.asked_of_bot:,} questions"
    yield Figure("memory", what, "MB", weights[1], None, "< 900 MB", size)
    yield Figure("memory", f"{what}, growth over the last half", "MB", weights[1] - weights[0], size=size)


def _ask(server: DiscordServer, bot: int, half: int, count: int) -> float:
    """Have so many questions answered, a few at once; megabytes that the bot then holds."""
    users = [server.user(f"user {half}-{number}") for number in range(USERS)]
    channel = server.channel(server.guild(f"Newsroom {half}"), "general")
    asked = questions()
    for start in range(0, count, AT_ONCE):
        waiting = [
            server.slash(
                "ask",
                user=users[number % USERS],
                channel=channel,
                options={"question": asked[(half * count + number) % len(asked)]},
            )
            for number in range(start, min(start + AT_ONCE, count))
        ]
        began = time.perf_counter()
        while not all(map(_is_answered, waiting)):
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
            time.sleep(PAUSE)
    return resident(bot)


def _is_answered(one: Interaction) -> bool:
    return bool(one.followups) or (bool(one.history) and not one.history[-1].thinking)


def _run(home: Path, api_url: str, gateway_url: str, token: str) -> None:
    """The bot as `dateline discord --sync` runs it."""
    place: Any = SimpleNamespace(api_url=api_url, gateway_url=gateway_url)
    with App(Settings(dateline_home=home)) as app, patched(place):
        desk = NewsDesk(app)
        desk.open()
        settle()
        asyncio.run(serve(DatelineBot(desk, WorkPool(), Health(app.health_file)), token, sync=True, guild=None))
