"""How the Discord bot bears 200 questions at once from 50 users: how long its event loop was ever held up.

The real client and the real models, over loopback; what stands in for Discord runs in the same process.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.command import alone
from benchmarks.corpus import SAMPLES, demo_home
from benchmarks.figures import Figure, Options
from bot.app import App
from bot.config import Settings
from bot.discord_client import DatelineBot
from bot.discord_service import settle
from bot.health import Health
from bot.newsdesk import NewsDesk
from bot.workpool import WorkPool
from tests.discordserver import Interaction, discord_server, running

QUESTIONS, USERS = 200, 50
TICK = 0.005  # seconds between two looks at the clock
PATIENCE = 120.0  # seconds


class Watched(DatelineBot):
    """Notes how late its loop comes round. delays: in seconds."""

    delays: list[float]

    async def setup_hook(self) -> None:
        """Begin to look at the clock."""
        await super().setup_hook()
        await self.register(None)
        self.delays = []
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            self.delays.append(time.perf_counter() - began - TICK)


def measure(options: Options) -> Iterator[Figure]:
    """Over the articles of the demo."""
    seconds, delays, acknowledged, outcomes = alone(_measure, demo_home(options.cache))
    told = f"{outcomes['answered']} answered, {outcomes['refused']} told to wait, {outcomes['']} lost"
    yield Figure("discord", f"{QUESTIONS} questions at once: {told}", "s", seconds)
    yield Figure("discord", "acknowledged at the latest", "ms", 1000 * max(acknowledged))
    yield Figure("discord", "the event loop held up, at most", "ms", 1000 * max(delays))
    percentile = statistics.quantiles(delays, n=100)[-1]
    yield Figure("discord", "the event loop held up, 99th percentile", "ms", 1000 * percentile)


def _measure(home: Path) -> tuple[float, list[float], list[float], Counter[str]]:
    """Seconds for all questions, the loop's delays, seconds until each was acknowledged, what became of them."""
    lines = (SAMPLES / "questions.jsonl").read_text().splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    with App(Settings(dateline_home=home)) as app, discord_server() as server:
        desk = NewsDesk(app)
        desk.open()
        settle()
        with running(server, lambda: Watched(desk, WorkPool(), Health(home / "health.json"))) as bot:
            channel = server.channel(server.guild("Newsroom"), "general")
            users = [server.user(f"user {number}") for number in range(USERS)]
            bot.delays.clear()
            began = time.perf_counter()
            asked = [
                server.slash(
                    "ask",
                    user=users[number % USERS],
                    channel=channel,
                    options={"question": questions[number % len(questions)]},
                )
                for number in range(QUESTIONS)
            ]
            while not all(map(_outcome, asked)) and time.perf_counter() - began < PATIENCE:
                time.sleep(0.05)
            seconds = time.perf_counter() - began
            delays = list(bot.delays)
    acknowledged = [one.acknowledged - one.sent for one in asked if one.acknowledged]
    return seconds, delays, acknowledged, Counter(map(_outcome, asked))


def _outcome(asked: Interaction) -> str:
    """What became of a question; nothing yet."""
    if asked.followups:
        return "refused"
    return "answered" if asked.history and not asked.history[-1].thinking else ""
