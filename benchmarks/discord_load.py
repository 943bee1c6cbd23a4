"""How the Discord bot bears 200 questions at once from 50 users: how long its event loop was ever held up.

The real client and the real models, over loopback; what stands in for Discord runs in the same process.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.discord_client import DatelineBot
from bot.discord_service import settle
from bot.health import Health
from bot.newsdesk import NewsDesk
from bot.workpool import WorkPool
from tests.discordserver import Interaction, discord_server, running

SAMPLES = Path(__file__).parents[1] / "samples"
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


def measure(home: Path) -> None:
    """Measure over a home that holds the samples, and print."""
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
    outcomes = Counter(map(_outcome, asked))
    acknowledged = [one.acknowledged - one.sent for one in asked if one.acknowledged]
    print(
        f"200 questions at once {seconds:5.1f} s  {outcomes['answered']} answered, {outcomes['refused']} told to wait, "
        f"{outcomes['']} lost"
    )
    print(
        f"loop held up for    {max(delays) * 1000:7.0f} ms at most, 99th percentile "
        f"{statistics.quantiles(delays, n=100)[-1] * 1000:.0f} ms; acknowledged within {max(acknowledged) * 1000:.0f} ms"
    )


def _outcome(asked: Interaction) -> str:
    """What became of a question; nothing yet."""
    if asked.followups:
        return "refused"
    return "answered" if asked.history and not asked.history[-1].thinking else ""
