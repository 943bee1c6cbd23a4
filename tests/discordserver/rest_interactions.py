"""Requests that answer an interaction: its first answer, and the messages through its webhook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.discordserver.commands import CHAT_INPUT, check_choices
from tests.discordserver.components import check_modal
from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.interactions import (
    CHOICES,
    COMMAND,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from tests.discordserver.messages import CONTEXT_MENU, EPHEMERAL, SLASH, Message
from tests.discordserver.posting import delete, edit, post, think
from tests.discordserver.world import Call, World


def _callback(world: World, call: Call) -> Json | None:
    interaction = world.interactions.get(call.params["token"])
    if interaction is None or str(interaction.id) != call.params["interaction"]:
        raise DiscordError(10062)
    kind, data = call.body["type"], call.body.get("data") or {}
    interaction.check_callback(kind)
    try:
        _respond(world, interaction, kind, data, call)
    except DiscordError as error:
        raise DiscordError(error.code, error.errors and {"data": error.errors}) from error
    interaction.acknowledge(kind)
    return _told(interaction, kind) if call.query.get("with_response") in ("1", "true") else None


def _respond(world: World, interaction: Interaction, kind: int, data: Json, call: Call) -> None:
    if kind == MESSAGE:
        interaction.message = post(world, _draft(world, interaction, data), data, call.files)
    elif kind == DEFERRED:
        interaction.message = think(world, _draft(world, interaction, data))
    elif kind == DEFERRED_UPDATE:
        interaction.message = interaction.source
    elif kind == UPDATE:
        assert interaction.source is not None
        edit(world, interaction.source, data, call.files)
        interaction.message = interaction.source
    elif kind == CHOICES:
        check_choices(data.get("choices") or ())
        interaction.choices = data.get("choices") or []
    elif kind == MODAL:
        check_modal(data)
        interaction.modal = data


def _draft(world: World, interaction: Interaction, data: Json) -> Message:
    """An empty message that answers this interaction."""
    kind = 0
    if interaction.kind == COMMAND:
        kind = SLASH if interaction.data["type"] == CHAT_INPUT else CONTEXT_MENU
    return Message(
        world.ids(),
        interaction.channel,
        world.bot,
        type=kind,
        only_for=interaction.user if (data.get("flags") or 0) & EPHEMERAL else None,
        interaction=interaction.metadata(),
        webhook=True,
    )


def _told(interaction: Interaction, kind: int) -> Json:
    """What Discord says of the first answer to whom asks for it."""
    told: Json = {"id": str(interaction.id), "type": interaction.kind}
    resource: Json = {"type": kind}
    if (message := interaction.message) is not None:
        told |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.state.thinking,
            "response_message_ephemeral": message.ephemeral,
        }
        if kind in (MESSAGE, UPDATE):
            resource["message"] = message.payload()
    return {"interaction": told, "resource": resource}


def _follow_up(world: World, call: Call) -> Json:
    """A further message. The first one after a deferral takes the place of the deferred one."""
    interaction = _open(world, call)
    original = interaction.message
    if interaction.callback == DEFERRED and original is not None and original.state.thinking and not original.deleted:
        edit(world, original, call.body, call.files)
        return original.payload()
    draft = _draft(world, interaction, call.body)
    draft.type = 0
    interaction.followups.append(post(world, draft, call.body, call.files))
    return draft.payload()


def _get(world: World, call: Call) -> Json:
    return _message(world, call).payload()


def _patch(world: World, call: Call) -> Json:
    message = _message(world, call)
    edit(world, message, call.body, call.files)
    return message.payload()


def _delete(world: World, call: Call) -> None:
    delete(world, _message(world, call))


def _message(world: World, call: Call) -> Message:
    """The first answer, or the further message, that the path names."""
    interaction = _open(world, call)
    name = call.params["message"]
    candidates = [interaction.message, *interaction.followups]
    for message in candidates[:1] if name == "@original" else candidates:
        if message is not None and not message.deleted and name in ("@original", str(message.id)):
            return message
    raise DiscordError(10008)


def _open(world: World, call: Call) -> Interaction:
    """The interaction whose webhook this is, if it is still open."""
    interaction = world.interactions.get(call.params["token"])
    if interaction is None or call.params["app"] != str(world.bot.id):
        raise DiscordError(10015)
    interaction.check_token()
    return interaction


ROUTES: Mapping[str, Callable[[World, Call], Any]] = {
    "POST /interactions/{interaction}/{token}/callback": _callback,
    "POST /webhooks/{app}/{token}": _follow_up,
    "GET /webhooks/{app}/{token}/messages/{message}": _get,
    "PATCH /webhooks/{app}/{token}/messages/{message}": _patch,
    "DELETE /webhooks/{app}/{token}/messages/{message}": _delete,
}
