"""A stand-in for Discord on loopback, to which the real discord.py connects.

with discord_server() as server, running(server, lambda: Bot(intents=discord.Intents.default())):
    guild, ann = server.guild("Newsroom"), server.user("ann")
    channel = server.channel(guild, "general")
    asked = server.slash("ask", user=ann, channel=channel, options={"question": "how many flights?"})
    assert "24,000" in asked.wait_response().text and asked.deferred_after < 3
    server.fault("PATCH", "/webhooks/*/messages/@original", 429, retry_after=0.2, times=2)
    assert server.click(asked.message, "Sources", ann).wait_response().ephemeral
    with server.gateway.outage():
        server.mention(channel, ann, "and trains?")  # told when the bot resumes
    assert server.violations == [] and server.unknown_routes == []
"""

from tests.discordserver.client import patched, running
from tests.discordserver.interactions import Interaction
from tests.discordserver.limits import Violation
from tests.discordserver.messages import Message, State
from tests.discordserver.model import Channel, Guild, Member, User
from tests.discordserver.server import DiscordServer, discord_server
from tests.discordserver.world import Call

__all__ = [
    "Call",
    "Channel",
    "DiscordServer",
    "Guild",
    "Interaction",
    "Member",
    "Message",
    "State",
    "User",
    "Violation",
    "discord_server",
    "patched",
    "running",
]
