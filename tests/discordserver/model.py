"""The people and the places: users, guilds with their members, channels, and the JSON in which Discord tells of them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discord import Permissions
from discord.utils import DISCORD_EPOCH

from tests.discordserver.errors import Json

if TYPE_CHECKING:
    from tests.discordserver.messages import Message

TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12
THREADS = {PUBLIC_THREAD, PRIVATE_THREAD}
JOINED = "2026-01-01T00:00:00+00:00"
PLAIN = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    create_private_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    use_application_commands=True,
    mention_everyone=True,
)


class Snowflakes:
    """Ids that tell the time and rise, so far apart that the guilds take turns on the shards."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            self._last = max(self._last + (1 << 22), int(time.time() * 1000 - DISCORD_EPOCH) << 22)
            return self._last


@dataclass(frozen=True, slots=True)
class User:
    """Somebody, or a bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        """How a text names them."""
        return f"<@{self.id}>"

    def payload(self) -> Json:
        """As Discord tells of them."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a guild, and what they may do there."""

    user: User
    permissions: Permissions = PLAIN
    nick: str | None = None

    def payload(self) -> Json:
        """As Discord tells of them in a message."""
        return {
            "nick": self.nick,
            "roles": [],
            "joined_at": JOINED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "avatar": None,
        }


@dataclass(eq=False, slots=True)
class Guild:
    """A server, in the words of people. bot: the one under test, a member of all guilds."""

    id: int
    name: str
    bot: User
    owner: User
    locale: str = "en-GB"
    channels: list[Channel] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)

    def member(self, user: User) -> Member:
        """Who they are here: anybody may come in."""
        return self.members.setdefault(user.id, Member(user))

    def partial(self) -> Json:
        """As it comes with an interaction."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def payload(self) -> Json:
        """As it comes when the bot connects, which without the intent for members sees only itself."""
        everyone = {
            "id": str(self.id),
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": str(PLAIN.value),
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "preferred_locale": self.locale,
            "member_count": len(self.members) + 1,
            "members": [{**self.member(self.bot).payload(), "user": self.bot.payload()}],
            "roles": [everyone],
            "channels": [channel.payload() for channel in self.channels if channel.type not in THREADS],
            "threads": [channel.payload() for channel in self.channels if channel.type in THREADS],
            "joined_at": JOINED,
            "large": False,
            "unavailable": False,
            "features": [],
            "emojis": [],
            "stickers": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "premium_tier": 0,
        }


@dataclass(eq=False, slots=True)
class Channel:
    """Where messages stand. denied: what the bot may not do here. owner: of a thread, whose starter parent has."""

    id: int
    name: str
    type: int
    guild: Guild | None = None
    recipient: User | None = None
    denied: Permissions = field(default_factory=Permissions.none)
    parent: Channel | None = None
    owner: User | None = None
    archive_after: int = 1440
    archived: bool = False
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def app_permissions(self) -> Permissions:
        """What the bot may do here."""
        return Permissions(PLAIN.value & ~self.denied.value)

    def visible_to(self, user: User) -> list[Message]:
        """What this user finds here, from top to bottom."""
        return [message for message in self.messages.values() if message.visible_to(user)]

    def payload(self) -> Json:
        """As Discord tells of it."""
        common: Json = {"id": str(self.id), "type": self.type, "last_message_id": None, "flags": 0}
        if self.recipient is not None:
            return {**common, "recipients": [self.recipient.payload()]}
        assert self.guild is not None
        common |= {"name": self.name, "guild_id": str(self.guild.id), "rate_limit_per_user": 0, "nsfw": False}
        if self.parent is not None and self.owner is not None:
            return {**common, "parent_id": str(self.parent.id), "owner_id": str(self.owner.id), **self._thread()}
        denied = {"id": str(self.guild.bot.id), "type": 1, "allow": "0", "deny": str(self.denied.value)}
        return {**common, "parent_id": None, "position": 0, "topic": None, "permission_overwrites": [denied]}

    def _thread(self) -> Json:
        return {
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": self.archive_after,
                "archive_timestamp": JOINED,
                "locked": False,
            },
        }
