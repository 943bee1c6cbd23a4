"""Running the bot: log in, serve until told to stop, and leave in good order."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from contextlib import suppress

import aiohttp
import discord

from bot.discord_client import DatelineBot
from ingest.errors import DatelineError, UsageError

DRAIN = 8.0  # seconds; who stops a container waits ten before it kills

log = logging.getLogger(__name__)


def settle() -> None:
    """Take all that is loaded by now out of garbage collection.

    Looking through it, which Python does now and then, holds up every thread for up to half a second.
    """
    gc.collect()
    gc.freeze()


async def serve(bot: DatelineBot, token: str, *, sync: bool, guild: int | None) -> bool:
    """Serve until SIGTERM or SIGINT; whether all work had ended by then. sync: register the commands first.

    Raises:
        DatelineError: Discord cannot be reached or does not let the bot in.
    """
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with bot:
        serving = asyncio.create_task(_connect(bot, token, sync=sync, guild=guild))
        stopping = asyncio.create_task(told_to_stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if told_to_stop.is_set():
            log.info("told to stop")
        is_drained = await bot.shut_down(DRAIN)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
    return is_drained


async def _connect(bot: DatelineBot, token: str, *, sync: bool, guild: int | None) -> None:
    """Log in, register the commands if wanted, and stay connected."""
    try:
        await bot.login(token)
        log.info("logged in as %s; invite me with this address", bot.user, extra={"url": bot.invitation})
        if sync:
            await bot.register(guild)
            log.info("registered the commands", extra={"guild": guild})
        await bot.connect()
    except discord.LoginFailure as error:
        raise UsageError(
            "Discord does not accept DISCORD_TOKEN", hint="copy it anew: Developer Portal, your application, Bot"
        ) from error
    except discord.Forbidden as error:
        raise UsageError(
            f"the commands cannot be registered in the guild {guild}", hint="invite the bot there first"
        ) from error
    except discord.HTTPException as error:
        raise DatelineError(f"Discord refused: {error.text or error.status}", retryable=True) from error
    except (discord.ConnectionClosed, discord.GatewayNotFound) as error:
        raise DatelineError(
            f"Discord ended the connection for good: {error}", hint="is DISCORD_TOKEN still the bot's token?"
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        raise DatelineError(
            f"Discord cannot be reached: {error}", hint="check the connection, and try again", retryable=True
        ) from error
