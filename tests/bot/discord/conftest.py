"""A newsroom with a bot in it, connected to the stand-in for Discord."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from discord import Permissions

from bot.app import App
from bot.calibration import Calibration
from bot.discord_client import DatelineBot
from bot.health import Health
from bot.newsdesk import NewsDesk
from bot.reindexing import Reindexing
from bot.workpool import WorkPool
from tests.bot.child import COMMAND
from tests.bot.conftest import FLIGHTS, Report, keep
from tests.discordserver import Channel, DiscordServer, Guild, User, discord_server, running
from tests.support import app_at, index

Live = Callable[[], AbstractContextManager[DatelineBot]]
Publish = Callable[..., None]


@pytest.fixture
def server() -> Iterator[DiscordServer]:
    """Discord. Whatever a test does, the bot sends nothing that Discord would refuse."""
    with discord_server() as server:
        yield server
    assert server.violations == []
    assert server.unknown_routes == []


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.guild("Newsroom")


@pytest.fixture
def channel(server: DiscordServer, guild: Guild) -> Channel:
    return server.channel(guild, "general")


@pytest.fixture
def ann(server: DiscordServer) -> User:
    return server.user("ann")


@pytest.fixture
def bob(server: DiscordServer) -> User:
    return server.user("bob")


@pytest.fixture
def manager(server: DiscordServer, guild: Guild) -> User:
    carol = server.user("carol")
    server.join(guild, carol, Permissions(manage_guild=True))
    return carol


@pytest.fixture
def abroad(server: DiscordServer, manager: User) -> Channel:
    """A channel of another guild, with the same manager."""
    library = server.guild("Library")
    server.join(library, manager, Permissions(manage_guild=True))
    return server.channel(library, "general")


@pytest.fixture
def publish(tmp_path: Path, news: Path) -> Publish:
    """Take in these reports, from outside of the bot."""
    count = 0

    def publish(*reports: Report) -> None:
        nonlocal count
        for report in reports:
            count += 1
            (news / f"{count}.json").write_text(json.dumps(report._asdict()))
        with app_at(tmp_path / "home") as writer:
            index(writer, news)

    return publish


@pytest.fixture
def live(server: DiscordServer, tmp_path: Path, publish: Publish) -> Live:
    """The bot, connected, over a newsroom that has a report about flights and answers from whatever it finds."""
    keep(Calibration(intercept=20.0), tmp_path / "home")
    publish(FLIGHTS)

    @contextmanager
    def live() -> Iterator[DatelineBot]:
        with app_at(tmp_path / "home") as app:
            app.reindexing = Reindexing(tmp_path / "home", command=COMMAND)
            health = Health(tmp_path / "health.json")
            with running(server, lambda: build(app, health)) as bot:
                yield bot

    return live


def build(app: App, health: Health) -> DatelineBot:
    """A bot that registers its commands when it connects."""
    desk = NewsDesk(app)
    desk.open()
    return Registered(desk, WorkPool(), health)


class Registered(DatelineBot):
    """Registers its commands when it connects."""

    async def setup_hook(self) -> None:
        await super().setup_hook()
        await self.register(None)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before the second shard."""


@pytest.fixture
def bot(live: Live) -> Iterator[DatelineBot]:
    with live() as bot:
        yield bot
