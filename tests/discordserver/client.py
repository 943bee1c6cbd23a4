"""The real discord.py, pointed at a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.discordserver.server import DiscordServer
from tests.discordserver.world import TIMEOUT

C = TypeVar("C", bound=discord.Client)


@contextmanager
def patched(server: DiscordServer) -> Iterator[None]:
    """Let discord.py speak to this server, until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Route, "BASE", server.api_url)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(server.gateway_url))
        yield


@contextmanager
def running(server: DiscordServer, build: Callable[[], C]) -> Iterator[C]:
    """The client that build makes, connected and in a thread of its own, until the block ends."""
    made: Future[C] = Future()

    async def live() -> None:
        async with build() as client:
            made.set_result(client)
            await client.start(server.token)

    with patched(server), ThreadPoolExecutor(1, "bot") as pool:
        ended = pool.submit(asyncio.run, live())
        ended.add_done_callback(lambda _: server.world.tell())
        try:
            server.world.wait_for(lambda: ended.done() or server.gateway.is_ready(), "the bot")
            if ended.done():
                ended.result()
            yield made.result()
        finally:
            if made.done() and not (client := made.result()).is_closed():
                asyncio.run_coroutine_threadsafe(client.close(), client.loop).result(TIMEOUT)
        ended.result()
        server.world.wait_for(lambda: not server.gateway.connected(), "the end of the bot's connections")
