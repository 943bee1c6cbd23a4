"""What went wrong, said on Discord: an expected failure in a line or two, anything else as an id that the log explains."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

import aiohttp
import discord
from discord import app_commands

from bot.discord_replies import EXPIRED, Reply
from bot.discord_text import line, small
from bot.logs import error_id
from bot.phrases import Say, said
from ingest.errors import DatelineError, LanguageModelError, ModelError, StorageError

MESSAGE, HINT = 400, 500  # characters of what is said, before signs are escaped

_CHANNEL = re.compile(r"\\<\\#(\d+)\\>")

log = logging.getLogger(__name__)


async def explain(reply: Reply, error: BaseException, doing: str) -> None:
    """Tell whoever asked, and the log what they are not to see. doing: what failed, such as `/ask`."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in EXPIRED:
        log.warning("%s was not answered in time: %s", doing, cause)  # and there is no other way to tell
        return
    words = in_words(cause, reply.say)
    if not words:
        identity = error_id()
        log.error("%s failed", doing, exc_info=cause, extra={"error_id": identity})
        wrong = reply.say("Something went wrong; it is noted as `{id}`. Whoever runs me can look that up.")
        words = wrong.format(id=identity)
    try:
        await reply.refuse(words)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as refused:
        log.warning("%s failed, and nobody could be told: %s", doing, refused)


@contextmanager
def survived(doing: str) -> Iterator[None]:
    """Log whatever goes wrong inside, and go on. For timers: an error that they do not expect would end them."""
    try:
        yield
    except Exception:
        log.exception("%s failed; it is tried again in its time", doing)


def in_words(error: BaseException, say: Say) -> str:
    """What an expected failure is, for whoever asked; empty for one that is not expected."""
    match error:
        case StorageError() | ModelError() | LanguageModelError():
            return ""  # it tells of files and settings, to whoever runs the bot
        case DatelineError():
            return _in_lines(error, say)
        case app_commands.CommandOnCooldown():
            return say("That was often; try again in {seconds} s.").format(seconds=ceil(error.retry_after))
        case app_commands.MissingPermissions():
            return say("That is for those who may manage this server.")
        case app_commands.NoPrivateMessage():
            return say("That works in a server only.")
        case discord.Forbidden():
            return say("I lack a permission for that here.")
        case discord.NotFound():
            return say("What this was about has been deleted.")
        case _:
            return ""


def _in_lines(error: DatelineError, say: Say) -> str:
    """The message, which may hold what somebody typed, and the hint, unless it is for a command line."""
    message = line(said(error.message, say), MESSAGE)
    told = f"{message[:1].upper()}{message[1:]}."
    if not error.hint or "dateline " in error.hint:
        return told
    hint = _CHANNEL.sub(r"<#\1>", line(said(error.hint, say), HINT))  # a channel may be named: that pings nobody
    return f"{told}\n{small(hint)}"
