"""Interactions: what a person did, and all that came of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.form import Form
from tests.discordserver.messages import Message, State
from tests.discordserver.model import Channel, User
from tests.discordserver.world import TIMEOUT, World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
CALLBACKS = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}


class Interaction:
    """A command, a press of a button, a submitted dialog.

    source: the message that it was pressed on. sent, acknowledged: monotonic seconds. callback: the kind of the first
    answer. message: the response, which for a change of the source is the source. choices, modal: the other answers.
    """

    def __init__(
        self, world: World, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None
    ) -> None:
        self._world = world
        self.id = world.ids()
        self.token = f"interaction-{self.id}-{secrets.token_hex(8)}"
        self.kind = kind
        self.user = user
        self.channel = channel
        self.data = data
        self.source = source
        self.sent = time.monotonic()
        self.acknowledged: float | None = None
        self.callback: int | None = None
        self.message: Message | None = None
        self.followups: list[Message] = []
        self.choices: list[Json] | None = None
        self.modal: Json | None = None
        self._expired: int | None = None

    @property
    def deferred_after(self) -> float | None:
        """Seconds until the bot said that it is thinking; None if it did not."""
        if self.acknowledged is None or self.callback not in (DEFERRED, DEFERRED_UPDATE):
            return None
        return self.acknowledged - self.sent

    @property
    def ephemeral(self) -> bool:
        """Whether only its user sees the response."""
        return self.message is not None and self.message.ephemeral

    @property
    def history(self) -> list[State]:
        """What the response showed since, from first to last, each with the time of its coming."""
        return [] if self.message is None else [state for state in self.message.states if state.at >= self.sent]

    def expire(self, code: int = 50027) -> None:
        """Let the token be refused from now on: as too old, or with 10015 as unknown."""
        with self._world.changed:
            self._expired = code

    def check_token(self) -> None:
        """Raise unless the token still opens the webhook."""
        if self._expired is None and time.monotonic() - self.sent > self._world.token_lifetime:
            self._expired = 50027
        if self._expired is not None:
            raise DiscordError(self._expired)
        if self.acknowledged is None:
            raise DiscordError(10015)

    def check_callback(self, callback: int) -> None:
        """Raise unless this may be the first answer: it is the first, in time, and of a kind that fits."""
        if self.acknowledged is not None:
            raise DiscordError(40060)
        if self._expired is not None or time.monotonic() - self.sent > self._world.acknowledge_within:
            raise DiscordError(10062)
        allowed = CALLBACKS[self.kind] - (set() if self.source is not None else {DEFERRED_UPDATE, UPDATE})
        if callback not in allowed:
            form = Form().at("type")
            form.refuse("BASE_TYPE_CHOICES", f"Value must be one of {tuple(sorted(allowed))}.")
            form.close()

    def acknowledge(self, callback: int) -> None:
        """Note the first answer."""
        self.acknowledged = time.monotonic()
        self.callback = callback

    def wait_response(self, timeout: float = TIMEOUT) -> Message:
        """The response, once it says more than that the bot is thinking."""
        return self.wait_for(lambda _message: True, timeout)

    def wait_for(self, ready: Callable[[Message], bool], timeout: float = TIMEOUT) -> Message:
        """The response, once it is as wanted."""

        def shown() -> Message | None:
            if self.message is None or not self.history or self.history[-1].thinking:
                return None
            return self.message if ready(self.message) else None

        return self._world.wait_for(shown, f"a response to {self.data}", timeout)

    def wait_acknowledged(self, timeout: float = TIMEOUT) -> float:
        """Seconds until the bot gave any answer."""
        return self._world.wait_for(lambda: self.acknowledged, f"an answer to {self.data}", timeout) - self.sent

    def wait_modal(self, timeout: float = TIMEOUT) -> Json:
        """The dialog that the bot opened."""
        return self._world.wait_for(lambda: self.modal, f"a dialog after {self.data}", timeout)

    def wait_choices(self, timeout: float = TIMEOUT) -> list[Json]:
        """What the bot offers to choose from."""
        self.wait_acknowledged(timeout)
        return self.choices or []

    def wait_followups(self, count: int = 1, timeout: float = TIMEOUT) -> list[Message]:
        """The messages after the response, once there are so many."""
        return self._world.wait_for(
            lambda: self.followups if len(self.followups) >= count else None, f"followup {count}", timeout
        )

    def metadata(self) -> Json:
        """As a message tells which interaction it answers."""
        return {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.payload(),
            "authorizing_integration_owners": self._owners(),
        }

    def payload(self) -> Json:
        """As the bot is told of it."""
        guild = self.channel.guild
        body: Json = {
            "id": str(self.id),
            "application_id": str(self._world.bot.id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": self.channel.payload(),
            "locale": self.user.locale,
            "app_permissions": str(self.channel.app_permissions.value),
            "entitlements": [],
            "authorizing_integration_owners": self._owners(),
            "context": 1 if guild is None else 0,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if self.source is not None:
            body["message"] = self.source.payload()
        if guild is None:
            return {**body, "user": self.user.payload()}
        member = guild.member(self.user)
        permissions = str(member.permissions.value)
        body["channel"] |= {"permissions": permissions}
        return body | {
            "guild_id": str(guild.id),
            "guild": guild.partial(),
            "guild_locale": guild.locale,
            "member": {**member.payload(), "user": self.user.payload(), "permissions": permissions},
        }

    def _owners(self) -> Json:
        return {"0": "0" if self.channel.guild is None else str(self.channel.guild.id)}
