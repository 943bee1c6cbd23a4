"""What Discord's own client lets a person do: only commands that are offered to them, with values that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discord import Permissions

from tests.discordserver.commands import BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND
from tests.discordserver.components import LABEL, ROW, TEXT_INPUT
from tests.discordserver.errors import Json
from tests.discordserver.model import PLAIN, Channel, User
from tests.discordserver.world import World

Value = str | int | float | bool | Channel
TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    CHANNEL: Channel,
    NUMBER: (int, float),
}


def offered(world: World, name: str, kind: int, channel: Channel, user: User) -> Json:
    """The command of this name and kind that this user finds in this channel, a guild's own before a global one."""
    guild = channel.guild
    scopes = [None] if guild is None else [guild.id, None]
    for command in (command for scope in scopes for command in world.commands.get(scope, {}).values()):
        if command["name"] == name and command["type"] == kind and _is_open(command, channel, user):
            return command
    raise LookupError(f"no command {name!r} is offered to {user.name} in {channel.name}")


def _is_open(command: Json, channel: Channel, user: User) -> bool:
    contexts = command.get("contexts")
    if channel.guild is None:
        return 1 in contexts if contexts is not None else command.get("dm_permission") is not False
    needed, has = command.get("default_member_permissions"), channel.guild.member(user).permissions
    may = needed is None or has.administrator or Permissions(int(needed)).is_subset(has)
    return may and (contexts is None or 0 in contexts)


def command_data(command: Json, path: Sequence[str], values: Mapping[str, Value], focused: str | None) -> Json:
    """What Discord sends for a command. path: its subcommands. focused: the option being typed, for its completion."""
    data: Json = {key: command[key] for key in ("id", "name", "type", "guild_id") if key in command}
    named = [value for value in values.values() if isinstance(value, Channel)]
    channels = {str(one.id): one.payload() | {"permissions": str(PLAIN.value)} for one in named}
    data |= {"resolved": {"channels": channels}} if channels else {}
    return data | {"options": _options(command.get("options") or [], path, values, focused)}


def _options(
    options: Sequence[Json], path: Sequence[str], values: Mapping[str, Value], focused: str | None
) -> list[Json]:
    known = {option["name"]: option for option in options}
    if path:
        inner = known[path[0]]
        return [
            {
                "name": path[0],
                "type": inner["type"],
                "options": _options(inner.get("options") or [], path[1:], values, focused),
            }
        ]
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise LookupError(f"one of {sorted(known)} has to follow")
    if unknown := values.keys() - known:
        raise LookupError(f"there is no option {sorted(unknown)}, only {sorted(known)}")
    if focused is not None and not known[focused].get("autocomplete"):
        raise LookupError(f"option {focused!r} completes nothing")
    missing = {name for name, option in known.items() if option.get("required")} - values.keys()
    if missing and focused is None:
        raise LookupError(f"option {sorted(missing)} is required")
    return [_option(known[name], value, focused) for name, value in values.items()]


def _option(option: Json, value: Value, focused: str | None) -> Json:
    filled: Json = {"name": option["name"], "type": option["type"], "value": value}
    if option["name"] == focused:
        return {**filled, "focused": True}
    if not isinstance(value, TYPES[option["type"]]) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise TypeError(f"option {option['name']!r} does not take {value!r}")
    if isinstance(value, Channel):
        return {**filled, "value": str(value.id)}
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"option {option['name']!r} is one of {choices}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    unit = "length" if isinstance(value, str) else "value"
    if not option.get(f"min_{unit}", size) <= size <= option.get(f"max_{unit}", size):
        raise ValueError(f"option {option['name']!r} does not take {value!r}: it is too long, short, high or low")
    return filled


def modal_data(modal: Json, values: Mapping[str, str]) -> Json:
    """What Discord sends for a dialog that was filled in, its inputs named by label or custom id."""
    left = dict(values)
    components = [_modal_part(part, left) for part in modal["components"]]
    if left:
        raise LookupError(f"the dialog has no input {sorted(left)}")
    return {"custom_id": modal["custom_id"], "components": components}


def _modal_part(part: Json, left: dict[str, str]) -> Json:
    shown: Json = {"type": part["type"], "id": part.get("id") or 0}
    if part["type"] == ROW:
        return {**shown, "components": [_filled(entry, entry["label"], left) for entry in part["components"]]}
    if part["type"] == LABEL:
        return {**shown, "component": _filled(part["component"], part["label"], left)}
    return shown


def _filled(entry: Json, label: str, left: dict[str, str]) -> Json:
    value = left.pop(label, None)
    if value is None:
        value = left.pop(entry["custom_id"], entry.get("value") or "")
    filled: Json = {"type": entry["type"], "custom_id": entry["custom_id"], "id": entry.get("id") or 0}
    if entry["type"] != TEXT_INPUT:
        return {**filled, "values": [value] if value else []}
    most = entry.get("max_length") or 4000
    if (
        len(value) > most
        or len(value) < (entry.get("min_length") or 0)
        or not (value or not entry.get("required", True))
    ):
        raise ValueError(f"{label!r} does not take {value!r}: it is too long or too short")
    return {**filled, "value": value}
