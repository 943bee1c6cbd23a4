"""Draw an answer as Discord shows it: `python -m tests.bot.discord.portrait PICTURE.png ["QUESTION"]`.

The samples are indexed with the packaged model, the real client answers, and what it sent is drawn.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App
from bot.config import Settings
from bot.health import Health
from tests.bot.discord.conftest import build
from tests.conftest import SAMPLES
from tests.discordserver import discord_server, running
from tests.discordserver.picture import draw
from tests.support import index

QUESTION = "how many trees came down in Storm Petra?"
NOW = datetime(2024, 11, 26, 9, 41, tzinfo=UTC)


def main(picture: Path, question: str = QUESTION) -> None:
    """Ask, and draw what came."""
    with TemporaryDirectory() as home, App(Settings(dateline_home=Path(home))) as app, discord_server() as server:
        index(app, SAMPLES)
        with running(server, lambda: build(app, Health(app.health_file))) as bot:
            channel = server.channel(server.guild("Newsroom"), "general")
            asked = server.slash("ask", user=server.user("ann"), channel=channel, options={"question": question})
            payload = asked.wait_for(lambda message: bool(message.widgets)).payload()
            asyncio.run_coroutine_threadsafe(bot.shut_down(seconds=5), bot.loop).result()
    draw({**payload, "timestamp": NOW.isoformat()}, picture, now=NOW)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
