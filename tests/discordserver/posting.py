"""Writing into channels: new messages, changed ones, deleted ones, and the events that tell the bot."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from tests.discordserver.errors import Json
from tests.discordserver.limits import check_message, check_result
from tests.discordserver.messages import (
    COMPONENTS_V2,
    LOADING,
    SILENT,
    SUPPRESS_EMBEDS,
    Attachment,
    Message,
    State,
    now,
    walk,
)
from tests.discordserver.model import Channel, User
from tests.discordserver.world import Upload, World

USER, ROLE, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
ALL: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
EDITABLE, SETTABLE = SUPPRESS_EMBEDS | COMPONENTS_V2, SUPPRESS_EMBEDS | COMPONENTS_V2 | SILENT


def post(world: World, message: Message, body: Json, files: Mapping[str, Upload]) -> Message:
    """Put a new message into its channel, if Discord takes this body."""
    _show(world, message, State(time.monotonic()), body, files, SETTABLE)
    return publish(world, message)


def think(world: World, message: Message) -> Message:
    """Put a message into its channel that says only that the bot is thinking."""
    message.states.append(State(time.monotonic(), flags=LOADING))
    return publish(world, message)


def edit(world: World, message: Message, body: Json, files: Mapping[str, Upload]) -> None:
    """Change what a message shows, if Discord takes this body."""
    before = message.state
    edited = before.edited if before.thinking else now()
    old = replace(before, at=time.monotonic(), edited=edited, flags=before.flags & ~LOADING)
    _show(world, message, old, body, files, EDITABLE)
    _tell(world, "MESSAGE_UPDATE", message)


def delete(world: World, message: Message) -> None:
    """Take a message away."""
    message.deleted = True
    ids = {"id": str(message.id), "channel_id": str(message.channel.id)}
    guild = message.channel.guild
    if not message.ephemeral:
        world.dispatch("MESSAGE_DELETE", ids if guild is None else {**ids, "guild_id": str(guild.id)}, guild)


def publish(world: World, message: Message) -> Message:
    """Put a message that shows something already into its channel."""
    message.channel.messages[message.id] = message
    _tell(world, "MESSAGE_CREATE", message)
    return message


def say(world: World, channel: Channel, user: User, text: str, reply_to: Message | None) -> Message:
    """What a person writes; a reply pings whom it answers."""
    message = Message(world.ids(), channel, user, type=19 if reply_to else 0, reply_to=reply_to)
    message.states.append(_address(world, message, State(time.monotonic(), content=text)))
    return publish(world, message)


def _show(world: World, message: Message, old: State, body: Json, files: Mapping[str, Upload], settable: int) -> None:
    kept = old.flags & ~SUPPRESS_EMBEDS if "flags" in body else old.flags
    flags = kept | (body.get("flags") or 0) & settable
    check_message(body, flags)
    components = old.components
    if "components" in body:
        components = tuple(_numbered(body["components"] or []))
    state = replace(
        old,
        content=(body["content"] or "").strip() if "content" in body else old.content,
        embeds=tuple({"type": "rich", **embed} for embed in body["embeds"] or ()) if "embeds" in body else old.embeds,
        components=components,
        attachments=_attachments(world, body, files, old),
        flags=flags,
        allowed_mentions=body.get("allowed_mentions"),
    )
    check_result(state)
    message.states.append(_address(world, message, state))


def _numbered(components: list[Json]) -> list[Json]:
    """The components, each with an id, as Discord gives them out."""
    components = deepcopy(components)
    for number, part in enumerate(walk(components), 1):
        part["id"] = part.get("id") or number
    return components


def _attachments(world: World, body: Json, files: Mapping[str, Upload], old: State) -> tuple[Attachment, ...]:
    """Those that the body keeps, and the new files."""
    described = {str(entry["id"]): entry for entry in body.get("attachments") or ()}
    kept = tuple(a for a in old.attachments if "attachments" not in body or str(a.id) in described)
    new = tuple(
        Attachment(world.ids(), upload.filename, upload.data, described.get(number, {}).get("description"))
        for number, upload in files.items()
    )
    return kept + new


def _address(world: World, message: Message, state: State) -> State:
    """The state, with whom its text pings; nobody, if only one person sees it."""
    if message.ephemeral:
        return state
    allowed = ALL if state.allowed_mentions is None else state.allowed_mentions
    parse = allowed.get("parse") or []
    users = [int(found) for found in USER.findall(state.prose)]
    users = [found for found in users if "users" in parse or str(found) in map(str, allowed.get("users") or ())]
    if message.reply_to is not None and allowed.get("replied_user"):
        users.append(message.reply_to.author.id)
    roles = [r for r in ROLE.findall(state.prose) if "roles" in parse or r in map(str, allowed.get("roles") or ())]
    return replace(
        state,
        mentions=tuple(world.users[found] for found in dict.fromkeys(users) if found in world.users),
        roles=tuple(dict.fromkeys(roles)),
        everyone="everyone" in parse and EVERYONE.search(state.prose) is not None,
    )


def _tell(world: World, event: str, message: Message) -> None:
    """Send an event, unless the bot cannot see the message."""
    if message.ephemeral or not message.channel.app_permissions.view_channel:
        return
    guild = message.channel.guild
    data = readable(world, message)
    if guild is not None:
        data |= {"guild_id": str(guild.id), "member": guild.member(message.author).payload()}
    world.dispatch(event, data, guild)


def readable(world: World, message: Message) -> Json:
    """The message as a bot without the intent for contents gets it: empty, unless it is its own, direct or pings it."""
    data = message.payload()
    if message.reply_to is not None and data["referenced_message"] is not None:
        data["referenced_message"] = readable(world, message.reply_to)
    if message.channel.guild is None or message.author == world.bot or world.bot in message.state.mentions:
        return data
    return data | {"content": "", "embeds": [], "components": [], "attachments": []}
