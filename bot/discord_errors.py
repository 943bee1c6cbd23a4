"""What went wrong, said on Discord: an expected failure in a line or two, anything else as an id that the log explains."""

from __future__ import annotations

import logging
from math import ceil

import discord
from discord import app_commands

from bot.discord_replies import Reply
from bot.discord_text import escape
from bot.logs import error_id
from ingest.errors import DatelineError

MOST = 1_500  # characters of a message that says what went wrong

log = logging.getLogger(__name__)


async def explain(reply: Reply, error: BaseException, doing: str) -> None:
    """Tell whoever asked, and the log what they are not to see. doing: what failed, such as `/ask`."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    words = in_words(cause)
    if not words:
        identity = error_id()
        log.error("%s failed", doing, exc_info=cause, extra={"error_id": identity})
        words = f"Something went wrong; it is noted as `{identity}`. Whoever runs me can look that up."
    try:
        await reply.refuse(words)
    except discord.HTTPException as refused:
        log.warning("%s failed, and nobody could be told: %s", doing, refused)


def in_words(error: BaseException) -> str:
    """What an expected failure is, for whoever asked; empty for one that is not expected."""
    match error:
        case DatelineError():
            # A hint may name a channel, which is ours to say; the message may hold what somebody typed.
            lines = [escape(error.message[:MOST]), error.hint[:MOST]]
            lines[0] = lines[0][:1].upper() + lines[0][1:] + "."
            return "\n".join(filter(None, [lines[0], lines[1] and f"-# {lines[1]}"]))
        case app_commands.CommandOnCooldown():
            return f"That was often; try again in {ceil(error.retry_after)} s."
        case app_commands.MissingPermissions():
            return "That is for those who may manage this server."
        case app_commands.NoPrivateMessage():
            return "That works in a server only."
        case _:
            return ""
