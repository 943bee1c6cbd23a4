"""Requests about application commands, global ones and those of a guild."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.discordserver.commands import CHAT_INPUT, check_commands
from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.world import Call, World


def _all(world: World, call: Call) -> list[Json]:
    return list(_scope(world, call).values())


def _put(world: World, call: Call) -> list[Json]:
    """Replace them all; one that keeps its name and type keeps its id."""
    check_commands(call.body)
    scope = _scope(world, call)
    new = [_complete(world, call, body, _same(scope, body)) for body in call.body]
    scope.clear()
    scope.update({int(command["id"]): command for command in new})
    return new


def _post(world: World, call: Call) -> Json:
    scope = _scope(world, call)
    command = _complete(world, call, call.body, _same(scope, call.body))
    return _keep(scope, command)


def _get(world: World, call: Call) -> Json:
    return _one(world, call)


def _patch(world: World, call: Call) -> Json:
    return _keep(_scope(world, call), {**_one(world, call), **call.body})


def _delete(world: World, call: Call) -> None:
    del _scope(world, call)[int(_one(world, call)["id"])]


def _keep(scope: dict[int, Json], command: Json) -> Json:
    """Add or replace one, if all together are still allowed."""
    changed = {**scope, int(command["id"]): command}
    check_commands(list(changed.values()))
    scope.update(changed)
    return command


def _scope(world: World, call: Call) -> dict[int, Json]:
    if call.params["app"] != str(world.bot.id):
        raise DiscordError(50001)
    guild = int(call.params["guild"]) if "guild" in call.params else None
    if guild is not None and guild not in world.guilds:
        raise DiscordError(50001)
    return world.commands.setdefault(guild, {})


def _one(world: World, call: Call) -> Json:
    command = _scope(world, call).get(int(call.params["command"]))
    if command is None:
        raise DiscordError(10063)
    return command


def _same(scope: Mapping[int, Json], body: Json) -> int | None:
    kind = body.get("type", CHAT_INPUT)
    return next((i for i, old in scope.items() if (old["name"], old["type"]) == (body["name"], kind)), None)


def _complete(world: World, call: Call, body: Json, command_id: int | None) -> Json:
    """The command as Discord keeps it."""
    command = {"type": CHAT_INPUT, "description": "", "default_member_permissions": None, "nsfw": False, **body}
    permissions = command["default_member_permissions"]
    command["default_member_permissions"] = None if permissions is None else str(permissions)
    guild = {"guild_id": call.params["guild"]} if "guild" in call.params else {}
    ids = {"id": str(command_id or world.ids()), "application_id": str(world.bot.id), "version": str(world.ids())}
    return {**command, **ids, **guild}


_ROUTES: Mapping[str, Callable[[World, Call], Any]] = {
    "GET {scope}/commands": _all,
    "PUT {scope}/commands": _put,
    "POST {scope}/commands": _post,
    "GET {scope}/commands/{command}": _get,
    "PATCH {scope}/commands/{command}": _patch,
    "DELETE {scope}/commands/{command}": _delete,
}
ROUTES = {
    route.replace("{scope}", scope): handler
    for scope in ("/applications/{app}", "/applications/{app}/guilds/{guild}")
    for route, handler in _ROUTES.items()
}
