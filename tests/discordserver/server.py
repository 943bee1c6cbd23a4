"""The server: a thread with a loop of its own, and the world that it shows."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from discord import Permissions

from tests.discordserver.faults import Fault
from tests.discordserver.gateway import Gateway
from tests.discordserver.limits import Violation
from tests.discordserver.model import TEXT, Channel, Guild, Member, User
from tests.discordserver.people import People
from tests.discordserver.rest import BASE, application
from tests.discordserver.world import TIMEOUT, Call, World


class DiscordServer(People):
    """Discord on loopback. requests: what the bot asked. unknown_routes: what of that this stand-in does not have.

    violations: what of it Discord would refuse for its form.
    """

    def __init__(self, shards: int = 1) -> None:
        super().__init__(World(shards))
        self.gateway = Gateway(self.world)
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="discord server", daemon=True)
        self._thread.start()
        self._started.wait(TIMEOUT)

    @property
    def api_url(self) -> str:
        """Where the REST interface is."""
        return self.world.url + BASE

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return self.world.gateway_url

    @property
    def token(self) -> str:
        """With which the bot logs in."""
        return self.world.token

    @property
    def bot(self) -> User:
        """The bot under test; its id is the application's too."""
        return self.world.bot

    @property
    def requests(self) -> list[Call]:
        return self.world.requests

    @property
    def unknown_routes(self) -> list[str]:
        return self.world.unknown_routes

    @property
    def violations(self) -> list[Violation]:
        return self.world.violations

    def user(self, name: str, *, locale: str = "en-US") -> User:
        """Somebody new."""
        user = User(self.world.ids(), name, locale=locale)
        self.world.users[user.id] = user
        return user

    def guild(self, name: str) -> Guild:
        """A new guild that has the bot."""
        guild = Guild(self.world.ids(), name, self.bot, self.world.owner)
        with self.world.changed:
            self.world.guilds[guild.id] = guild
            self.world.dispatch("GUILD_CREATE", guild.payload(), guild)
        return guild

    def put_out(self, guild: Guild) -> None:
        """Let a guild put the bot out, and take its commands, channels and messages along."""
        with self.world.changed:
            del self.world.guilds[guild.id]
            for channel in guild.channels:
                del self.world.channels[channel.id]
            self.world.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def channel(self, guild: Guild, name: str, *, denied: Permissions | None = None) -> Channel:
        """A new channel. denied: what the bot may not do there."""
        channel = Channel(self.world.ids(), name, TEXT, guild=guild, denied=denied or Permissions.none())
        with self.world.changed:
            self.world.channels[channel.id] = channel
            guild.channels.append(channel)
            self.world.dispatch("CHANNEL_CREATE", channel.payload(), guild)
        return channel

    def join(self, guild: Guild, user: User, permissions: Permissions) -> Member:
        """Give somebody a place in a guild, where everybody else has a plain member's."""
        return guild.members.setdefault(user.id, Member(user, permissions))

    def direct(self, user: User) -> Channel:
        """The direct messages between the bot and this user."""
        with self.world.changed:
            return self.world.direct(user)

    def fault(
        self, method: str, path: str, status: int, *, times: int = 1, retry_after: float = 0.2, code: int = 0
    ) -> None:
        """Answer the next requests of a kind with an error. path: with * for any part."""
        self.world.faults.add(Fault(method, path, status, times, retry_after, code))

    def stop(self) -> None:
        """End every connection, and the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(TIMEOUT)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        app = application(self.world)
        app.router.add_get("/", self.gateway.serve)
        app.router.add_get("/resume", self.gateway.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.world.url = f"http://{host}:{port}"
        self._started.set()
        await self._stop.wait()
        await self.gateway.stop()
        await runner.cleanup()


@contextmanager
def discord_server(shards: int = 1) -> Iterator[DiscordServer]:
    """A server that stops with the block. What went wrong in the server itself is raised there."""
    server = DiscordServer(shards)
    try:
        yield server
    finally:
        server.stop()
    if server.world.crashes:
        raise server.world.crashes[0]
