"""Messages: what they show, and what they showed before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from discord.utils import snowflake_time

from tests.discordserver.errors import Json
from tests.discordserver.model import Channel, User

SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING, SILENT, COMPONENTS_V2 = (1 << bit for bit in (2, 5, 6, 7, 12, 15))
REPLY, SLASH, CONTEXT_MENU = 19, 20, 23  # types of message; 0 is a plain one
TEXT_DISPLAY = 10


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Every component, and what each holds."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        yield from walk([component[part] for part in ("accessory", "component") if part in component])


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a message."""

    id: int
    filename: str
    data: bytes
    description: str | None = None

    def payload(self) -> Json:
        """As Discord tells of it."""
        url = f"https://cdn.discordapp.com/attachments/{self.id}/{self.filename}"
        body: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": url,
            "proxy_url": url,
        }
        return body if self.description is None else {**body, "description": self.description}


@dataclass(frozen=True, slots=True)
class State:
    """What a message shows from a moment on. at: monotonic seconds.

    allowed_mentions: as they came. mentions, roles, everyone: whom it pings. edited: when, if it was.
    """

    at: float
    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: int = 0
    allowed_mentions: Json | None = None
    mentions: tuple[User, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False
    edited: datetime | None = None

    @property
    def thinking(self) -> bool:
        """Whether it says only that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def prose(self) -> str:
        """What of its text can ping."""
        displays = [part["content"] for part in walk(self.components) if part["type"] == TEXT_DISPLAY]
        return "\n".join(filter(None, [self.content, *displays]))

    @property
    def text(self) -> str:
        """All that a person reads, but for the buttons."""
        return "\n".join(filter(None, [self.prose, *(line for embed in self.embeds for line in _lines(embed))]))


@dataclass(eq=False, slots=True)
class Message:
    """A message. states: what it showed, the last is now. only_for: who alone sees it.

    interaction: what Discord tells of the interaction it answers. webhook: whether it came through one.
    """

    id: int
    channel: Channel
    author: User
    type: int = 0
    only_for: User | None = None
    reply_to: Message | None = None
    interaction: Json | None = None
    webhook: bool = False
    thread: Channel | None = None
    deleted: bool = False
    states: list[State] = field(default_factory=list)

    @property
    def state(self) -> State:
        """What it shows now."""
        return self.states[-1]

    @property
    def content(self) -> str:
        return self.state.content

    @property
    def embeds(self) -> tuple[Json, ...]:
        return self.state.embeds

    @property
    def text(self) -> str:
        """All that a person reads now, but for the buttons."""
        return self.state.text

    @property
    def files(self) -> dict[str, bytes]:
        """What hangs on it, by name."""
        return {attachment.filename: attachment.data for attachment in self.state.attachments}

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def pings(self) -> frozenset[str]:
        """Whom it pings, as the text names them."""
        roles = [f"<@&{role}>" for role in self.state.roles]
        everyone = ["@everyone"] if self.state.everyone else []
        return frozenset([*(user.mention for user in self.state.mentions), *roles, *everyone])

    @property
    def widgets(self) -> list[Json]:
        """Its buttons and selects."""
        return [part for part in walk(self.state.components) if "custom_id" in part or "url" in part]

    def widget(self, name: str) -> Json:
        """The button or select with this custom id, or else with this label or placeholder."""
        for key in ("custom_id", "label", "placeholder"):
            for widget in self.widgets:
                if widget.get(key) == name:
                    return widget
        raise LookupError(f"{name!r} is not among {[w.get('label', w.get('custom_id')) for w in self.widgets]}")

    def visible_to(self, user: User) -> bool:
        return not self.deleted and (self.only_for is None or self.only_for == user)

    def payload(self) -> Json:
        """As Discord tells of it."""
        state = self.state
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.type,
            "author": self.author.payload(),
            "content": state.content,
            "embeds": list(state.embeds),
            "components": list(state.components),
            "attachments": [attachment.payload() for attachment in state.attachments],
            "mentions": [user.payload() for user in state.mentions],
            "mention_roles": list(state.roles),
            "mention_everyone": state.everyone,
            "flags": state.flags | (HAS_THREAD if self.thread else 0) | (EPHEMERAL if self.ephemeral else 0),
            "timestamp": snowflake_time(self.id).isoformat(),
            "edited_timestamp": state.edited and state.edited.isoformat(),
            "tts": False,
            "pinned": False,
        }
        return body | self._origin()

    def _origin(self) -> Json:
        body: Json = {}
        if self.webhook:
            body |= {"webhook_id": str(self.author.id), "application_id": str(self.author.id)}
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction
        if self.thread is not None:
            body["thread"] = self.thread.payload()
        if self.reply_to is not None:
            body["message_reference"] = {
                "type": 0,
                "message_id": str(self.reply_to.id),
                "channel_id": str(self.reply_to.channel.id),
            }
            body["referenced_message"] = None if self.reply_to.deleted else self.reply_to.payload()
        return body


def now() -> datetime:
    """The time, for an edited message."""
    return datetime.now(UTC)


def _lines(embed: Json) -> Iterator[str]:
    yield embed.get("author", {}).get("name", "")
    yield embed.get("title", "")
    yield embed.get("description", "")
    for part in embed.get("fields", ()):
        yield f"{part['name']}\n{part['value']}"
    yield embed.get("footer", {}).get("text", "")
