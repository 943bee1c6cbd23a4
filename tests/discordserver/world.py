"""All that the stand-in knows. One lock guards it, and whoever waits is told when something changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.faults import Faults
from tests.discordserver.limits import Violation
from tests.discordserver.messages import Message
from tests.discordserver.model import DM, Channel, Guild, Snowflakes, User

if TYPE_CHECKING:
    from tests.discordserver.interactions import Interaction

T = TypeVar("T")
TIMEOUT = 30.0  # seconds a test waits for what should come at once


class Dispatch(Protocol):
    """Sends an event to the bot. guild: where it happened, None for a direct message."""

    def __call__(self, event: str, data: Json, guild: Guild | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    filename: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One request as it came. params: the variable parts of its path. status: what was answered; 0 for nothing yet."""

    time: float
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    token: str | None
    body: Any = None
    files: Mapping[str, Upload] = field(default_factory=dict)
    status: int = 0

    @property
    def route(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


class World:
    """Users, guilds, channels, interactions and commands, and what the bot did.

    commands: by guild, None for the global ones. acknowledge_within, token_lifetime: seconds, as Discord allows.
    """

    def __init__(self, shards: int) -> None:
        self.changed = threading.Condition()
        self.shards = shards
        self.url = ""
        self.ids = Snowflakes()
        self.bot = User(self.ids(), "Dateline", bot=True)
        self.owner = User(self.ids(), "owner")
        self.token = f"bot-token-{self.bot.id}"
        self.users = {user.id: user for user in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: dict[int | None, dict[int, Json]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.acknowledge_within = 3.0
        self.token_lifetime = 15 * 60.0
        self.faults = Faults()
        self.requests: list[Call] = []
        self.unknown_routes: list[str] = []
        self.violations: list[Violation] = []
        self.crashes: list[BaseException] = []
        self.dispatch: Dispatch = _nobody

    def tell(self) -> None:
        """Let all who wait look again."""
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, ready: Callable[[], T | None], what: str, timeout: float = TIMEOUT) -> T:
        """What ready, which looks at this world only, returns once that is something; else TimeoutError."""
        with self.changed:
            found = self.changed.wait_for(lambda: self.crashes or ready(), timeout)
            if self.crashes:
                raise self.crashes[0]
            if not found:
                raise TimeoutError(f"{what} did not come within {timeout} s")
            return found  # type: ignore[return-value]

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"{self.url.replace('http', 'ws', 1)}/"

    def channel(self, channel_id: int) -> Channel:
        """The channel, if the bot may see it."""
        if channel_id not in self.channels:
            raise DiscordError(10003)
        channel = self.channels[channel_id]
        if not channel.app_permissions.view_channel:
            raise DiscordError(50001)
        return channel

    def message(self, channel_id: int, message_id: int) -> Message:
        """A message that stands in the channel for all to see."""
        message = self.channel(channel_id).messages.get(message_id)
        if message is None or message.deleted or message.ephemeral:
            raise DiscordError(10008)
        return message

    def direct(self, user: User) -> Channel:
        """The direct messages between the bot and this user."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        channel = Channel(self.ids(), user.name, DM, recipient=user)
        self.channels[channel.id] = channel
        return channel


def _nobody(event: str, data: Json, guild: Guild | None) -> None:  # noqa: ARG001 - nothing is connected yet
    raise RuntimeError("the gateway has not started")
