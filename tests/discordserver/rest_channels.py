"""Requests about channels, their messages and threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.form import Form
from tests.discordserver.messages import REPLY, Message
from tests.discordserver.model import DM, PUBLIC_THREAD, TEXT, THREADS, Channel
from tests.discordserver.posting import delete, edit, post, readable
from tests.discordserver.world import Call, World

ARCHIVE_AFTER = {60, 1440, 4320, 10080}


def _channel(world: World, call: Call) -> Json:
    return world.channel(int(call.params["channel"])).payload()


def _direct(world: World, call: Call) -> Json:
    user = world.users.get(int(call.body["recipient_id"]))
    if user is None:
        raise DiscordError(10013)
    return world.direct(user).payload()


def _typing(world: World, call: Call) -> None:
    world.channel(int(call.params["channel"]))


def _history(world: World, call: Call) -> list[Json]:
    """The newest first."""
    channel = world.channel(int(call.params["channel"]))
    found = [message for message in channel.visible_to(world.bot) if not message.ephemeral]
    if "before" in call.query:
        found = [message for message in found if message.id < int(call.query["before"])]
    if "after" in call.query:
        found = [message for message in found if message.id > int(call.query["after"])]
    return [readable(world, message) for message in reversed(found)][: int(call.query.get("limit", 50))]


def _post(world: World, call: Call) -> Json:
    channel = world.channel(int(call.params["channel"]))
    if not _may_write(channel, files=bool(call.files)):
        raise DiscordError(50013)
    if channel.archived:
        raise DiscordError(50083)
    reply_to = _reference(world, channel, call.body.get("message_reference"))
    kind = REPLY if reply_to else 0
    message = Message(world.ids(), channel, world.bot, type=kind, reply_to=reply_to)
    return post(world, message, call.body, call.files).payload()


def _may_write(channel: Channel, *, files: bool) -> bool:
    may = channel.app_permissions
    writes = may.send_messages_in_threads if channel.type in THREADS else may.send_messages
    return writes and (may.attach_files or not files)


def _reference(world: World, channel: Channel, reference: Json | None) -> Message | None:
    """The message that is answered."""
    if reference is None:
        return None
    try:
        return world.message(channel.id, int(reference["message_id"]))
    except DiscordError:
        if reference.get("fail_if_not_exists", True):
            form = Form().at("message_reference")
            form.refuse("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            form.close()
        return None


def _message(world: World, call: Call) -> Message:
    return world.message(int(call.params["channel"]), int(call.params["message"]))


def _get(world: World, call: Call) -> Json:
    return readable(world, _message(world, call))


def _patch(world: World, call: Call) -> Json:
    message = _message(world, call)
    if message.author != world.bot:
        raise DiscordError(50005)
    edit(world, message, call.body, call.files)
    return message.payload()


def _delete(world: World, call: Call) -> None:
    message = _message(world, call)
    if message.author != world.bot and not message.channel.app_permissions.manage_messages:
        raise DiscordError(50013)
    delete(world, message)


def _thread_on(world: World, call: Call) -> Json:
    message = _message(world, call)
    if message.thread is not None:
        raise DiscordError(160004)
    thread = _start(world, call, message.channel, message.id, PUBLIC_THREAD)
    message.thread = thread
    return thread.payload()


def _thread(world: World, call: Call) -> Json:
    channel = world.channel(int(call.params["channel"]))
    return _start(world, call, channel, world.ids(), call.body["type"]).payload()


def _start(world: World, call: Call, parent: Channel, thread_id: int, kind: int) -> Channel:
    """Begin a thread, which has the id of the message that it begins on."""
    if parent.type != TEXT or parent.guild is None or kind not in THREADS:
        raise DiscordError(50024)
    may = parent.app_permissions
    if not (may.create_public_threads if kind == PUBLIC_THREAD else may.create_private_threads):
        raise DiscordError(50013)
    archive_after = call.body.get("auto_archive_duration") or 1440
    form = Form()
    form.at("name").text(call.body.get("name"), 100, least=1)
    if archive_after not in ARCHIVE_AFTER:
        choices = tuple(sorted(ARCHIVE_AFTER))
        form.at("auto_archive_duration").refuse("BASE_TYPE_CHOICES", f"Value must be one of {choices}.")
    form.close()
    thread = Channel(thread_id, call.body["name"], kind, guild=parent.guild, denied=parent.denied, parent=parent)
    thread.owner, thread.archive_after = world.bot, archive_after
    world.channels[thread.id] = thread
    parent.guild.channels.append(thread)
    world.dispatch("THREAD_CREATE", {**thread.payload(), "newly_created": True}, parent.guild)
    return thread


def _change(world: World, call: Call) -> Json:
    """Rename, archive or re-open a thread of the bot's own."""
    channel = world.channel(int(call.params["channel"]))
    if channel.type == DM or (channel.owner != world.bot and not channel.app_permissions.manage_channels):
        raise DiscordError(50013)
    form = Form()
    form.at("name").text(call.body.get("name", channel.name), 100, least=1)
    form.close()
    channel.name = call.body.get("name", channel.name)
    channel.archived = call.body.get("archived", channel.archived)
    event = "THREAD_UPDATE" if channel.type in THREADS else "CHANNEL_UPDATE"
    world.dispatch(event, channel.payload(), channel.guild)
    return channel.payload()


ROUTES: Mapping[str, Callable[[World, Call], Any]] = {
    "POST /users/@me/channels": _direct,
    "GET /channels/{channel}": _channel,
    "PATCH /channels/{channel}": _change,
    "POST /channels/{channel}/typing": _typing,
    "GET /channels/{channel}/messages": _history,
    "POST /channels/{channel}/messages": _post,
    "GET /channels/{channel}/messages/{message}": _get,
    "PATCH /channels/{channel}/messages/{message}": _patch,
    "DELETE /channels/{channel}/messages/{message}": _delete,
    "POST /channels/{channel}/messages/{message}/threads": _thread_on,
    "POST /channels/{channel}/threads": _thread,
}
