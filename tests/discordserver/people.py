"""What people do: type commands, press buttons, fill in dialogs, write messages. From the thread of the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.discordserver.commands import CHAT_INPUT, MESSAGE_MENU
from tests.discordserver.components import BUTTON, STRING_SELECT
from tests.discordserver.errors import Json
from tests.discordserver.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.discordserver.invoking import Value, command_data, modal_data, offered
from tests.discordserver.messages import Message
from tests.discordserver.model import Channel, User
from tests.discordserver.posting import say
from tests.discordserver.world import TIMEOUT, World


class People:
    """Everybody but the bot. What they could not do at Discord raises here."""

    def __init__(self, world: World) -> None:
        self.world = world

    def slash(
        self, name: str, *, user: User, channel: Channel, options: Mapping[str, Value] | None = None
    ) -> Interaction:
        """Type a command, with its subcommands after spaces."""
        return self._type(COMMAND, name, user, channel, options or {}, None)

    def autocomplete(
        self,
        name: str,
        focused: str,
        typed: str,
        *,
        user: User,
        channel: Channel,
        options: Mapping[str, Value] | None = None,
    ) -> list[Json]:
        """What the bot offers while an option is being typed."""
        values = {**(options or {}), focused: typed}
        return self._type(AUTOCOMPLETE, name, user, channel, values, focused).wait_choices()

    def context_menu(self, name: str, message: Message, user: User) -> Interaction:
        """Choose a command from the menu of a message."""
        _must_see(user, message)
        with self.world.changed:
            command = offered(self.world, name, MESSAGE_MENU, message.channel, user)
            data = command_data(command, (), {}, None)
            del data["options"]
            data |= {"target_id": str(message.id), "resolved": {"messages": {str(message.id): message.payload()}}}
            return self._send(COMMAND, user, message.channel, data)

    def click(self, message: Message, name: str, user: User) -> Interaction:
        """Press a button, named by custom id or label."""
        return self._press(message, name, user, BUTTON, {})

    def select(self, message: Message, name: str, values: Sequence[str], user: User) -> Interaction:
        """Choose options by their values, in a select named by custom id or placeholder."""
        known = {option["value"] for option in message.widget(name).get("options", ())}
        if unknown := set(values) - known:
            raise LookupError(f"{sorted(unknown)} cannot be chosen, only {sorted(known)}")
        return self._press(message, name, user, STRING_SELECT, {"values": list(values)})

    def submit(self, opened: Interaction, values: Mapping[str, str]) -> Interaction:
        """Fill in the dialog that the bot opened, its inputs named by label or custom id."""
        data = modal_data(opened.wait_modal(), values)
        with self.world.changed:
            return self._send(SUBMIT, opened.user, opened.channel, data, opened.source)

    def say(self, channel: Channel, user: User, text: str, reply_to: Message | None = None) -> Message:
        """Write a message. The bot can read it only if it pings the bot, or is direct."""
        with self.world.changed:
            return say(self.world, channel, user, text, reply_to)

    def mention(self, channel: Channel, user: User, text: str) -> Message:
        """Write a message to the bot."""
        return self.say(channel, user, f"{self.world.bot.mention} {text}")

    def wait_reply(self, message: Message, timeout: float = TIMEOUT) -> Message:
        """The first message of the bot after this one, in its channel or the thread on it."""

        def reply() -> Message | None:
            places = [message.channel, *([message.thread] if message.thread else [])]
            written = [found for place in places for found in place.messages.values()]
            later = (m for m in written if m.id > message.id and m.author == self.world.bot and not m.deleted)
            return next((found for found in later if not found.state.thinking), None)

        return self.world.wait_for(reply, f"a reply to {message.content!r}", timeout)

    def _type(
        self, kind: int, name: str, user: User, channel: Channel, values: Mapping[str, Value], focused: str | None
    ) -> Interaction:
        root, *path = name.split()
        with self.world.changed:
            command = offered(self.world, root, CHAT_INPUT, channel, user)
            return self._send(kind, user, channel, command_data(command, path, values, focused))

    def _press(self, message: Message, name: str, user: User, kind: int, data: Json) -> Interaction:
        _must_see(user, message)
        with self.world.changed:
            widget = message.widget(name)
            if widget["type"] != kind or widget.get("disabled") or "custom_id" not in widget:
                raise LookupError(f"{name!r} cannot be used: {widget}")
            data |= {"custom_id": widget["custom_id"], "component_type": kind, "id": widget["id"]}
            return self._send(COMPONENT, user, message.channel, data, message)

    def _send(self, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None) -> Interaction:
        interaction = Interaction(self.world, kind, user, channel, data, source)
        self.world.interactions[interaction.token] = interaction
        self.world.dispatch("INTERACTION_CREATE", interaction.payload(), channel.guild)
        return interaction


def _must_see(user: User, message: Message) -> None:
    if not message.visible_to(user):
        raise LookupError(f"{user.name} does not see {message.text!r}")
