"""What the stand-in refuses, by plain requests."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from tests.discordserver import Channel, DiscordServer, Guild, discord_server
from tests.discordserver.commands import check_choices
from tests.discordserver.errors import DiscordError
from tests.discordserver.form import flat


@pytest.fixture
def server() -> Iterator[DiscordServer]:
    with discord_server() as server:
        yield server


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.guild("Newsroom")


@pytest.fixture
def channel(server: DiscordServer, guild: Guild) -> Channel:
    return server.channel(guild, "general")


async def _ask(server: DiscordServer, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {server.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.api_url + path, json=body, headers=headers) as response,
    ):
        return response.status, await response.json()


def _row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def _button(number: int, **changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Go", "custom_id": f"go-{number}", **changes}


def _select(count: int) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": str(n), "value": str(n)} for n in range(count)]}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]}, "embeds.0.fields"),
    ({"embeds": [{"fields": [{"name": "x" * 257, "value": "x"}]}]}, "embeds.0.fields.0.name"),
    ({"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]}, "embeds.0.fields.0.value"),
    ({"embeds": [{"fields": [{"name": "x", "value": " "}]}]}, "embeds.0.fields.0.value"),
    ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
    ({"embeds": [{"author": {"name": "x" * 257}}]}, "embeds.0.author.name"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    ({"embeds": [{"title": "x", "url": "file:///etc/passwd"}]}, "embeds.0.url"),
    ({"components": [_row(_button(n)) for n in range(6)]}, "components"),
    ({"components": [_row(*(_button(n) for n in range(6)))]}, "components.0.components"),
    ({"components": [_row(_button(1, label="x" * 81))]}, "components.0.components.0.label"),
    ({"components": [_row(_button(1, custom_id="x" * 101))]}, "components.0.components.0.custom_id"),
    ({"components": [_row(_button(1), _button(1))]}, "components"),
    (
        {"components": [_row({"type": 2, "style": 5, "label": "x", "url": "https://x.org/" + "y" * 512})]},
        "components.0.components.0.url",
    ),
    ({"components": [_row(_select(26))]}, "components.0.components.0.options"),
    ({"components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]}, "content"),
    ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41}, "components"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
]


@pytest.mark.parametrize(("body", "where"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_over_a_limit_is_refused_where_it_stands(
    server: DiscordServer, channel: Channel, body: dict[str, Any], where: str
) -> None:
    status, told = asyncio.run(_ask(server, "POST", f"/channels/{channel.id}/messages", body))
    assert (status, told["code"]) == (400, 50035)
    assert [found.where for found in server.violations] == [where]
    assert channel.messages == {}


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, {"embeds": [{}]}])
def test_an_empty_message_is_refused(server: DiscordServer, channel: Channel, body: dict[str, Any]) -> None:
    status, told = asyncio.run(_ask(server, "POST", f"/channels/{channel.id}/messages", body))
    assert (status, told["code"]) == (400, 50006)


def test_what_is_at_its_limit_is_taken(server: DiscordServer, channel: Channel) -> None:
    fields = [{"name": "x", "value": "y"}] * 25
    embeds: list[dict[str, Any]] = [{"title": "x" * 256, "description": "x" * 4096, "fields": fields}]
    embeds += [{"description": "x" * (6000 - 256 - 4096 - 50)}] + [{"image": {"url": "https://x.org/y"}}] * 8
    rows = [_row(*(_button(5 * row + n, label="x" * 80) for n in range(5))) for row in range(4)] + [_row(_select(25))]
    body = {"content": "x" * 2000, "embeds": embeds, "components": rows}
    status, told = asyncio.run(_ask(server, "POST", f"/channels/{channel.id}/messages", body))
    assert status == 200, told
    assert server.violations == []


@pytest.mark.parametrize(
    ("allowed", "pings"),
    [
        (None, {"@everyone", "ann", "<@&5>"}),
        ({"parse": []}, set()),
        ({"parse": ["everyone"]}, {"@everyone"}),
        ({"parse": ["roles", "users"]}, {"ann", "<@&5>"}),
    ],
)
def test_a_message_pings_whom_it_may(
    server: DiscordServer, channel: Channel, allowed: dict[str, Any] | None, pings: set[str]
) -> None:
    ann = server.user("ann")
    body = {"content": f"@everyone {ann.mention} <@&5>"} | ({} if allowed is None else {"allowed_mentions": allowed})
    asyncio.run(_ask(server, "POST", f"/channels/{channel.id}/messages", body))
    (message,) = channel.visible_to(ann)
    assert {ping.replace(ann.mention, "ann") for ping in message.pings} == pings
    assert message.state.allowed_mentions == allowed


def _option(name: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "x", **more}


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ({"name": "Ask", "description": "x"}, "0.name"),
        ({"name": "ask me", "description": "x"}, "0.name"),
        ({"name": "x" * 33, "description": "x"}, "0.name"),
        ({"name": "ask", "description": ""}, "0.description"),
        ({"name": "ask", "description": "x", "options": [_option(f"o{n}") for n in range(26)]}, "0.options"),
        ({"name": "ask", "description": "x", "options": [_option("a"), _option("b", required=True)]}, "0.options"),
        ({"name": "ask", "description": "x", "options": [_option("a"), _option("a")]}, "0.options"),
        (
            {
                "name": "ask",
                "description": "x",
                "options": [
                    _option(f"o{o}", choices=[{"name": f"{n:099}", "value": f"{n:099}"} for n in range(25)])
                    for o in range(2)
                ],
            },
            "0",
        ),
        ({"name": "x" * 33, "type": 3}, "0.name"),
    ],
)
def test_a_command_against_the_rules_is_refused(server: DiscordServer, command: dict[str, Any], where: str) -> None:
    status, told = asyncio.run(_ask(server, "PUT", f"/applications/{server.bot.id}/commands", [command]))
    assert (status, told["code"]) == (400, 50035)
    assert [found.where for found in server.violations] == [where]
    assert not server.world.commands.get(None)


def test_a_command_is_added_changed_and_taken_away(server: DiscordServer, guild: Guild) -> None:
    async def change() -> None:
        path = f"/applications/{server.bot.id}/guilds/{guild.id}/commands"
        _, made = await _ask(server, "POST", path, {"name": "ask", "description": "x"})
        _, changed = await _ask(server, "PATCH", f"{path}/{made['id']}", {"description": "y"})
        assert (await _ask(server, "GET", path))[1] == [changed]
        assert changed["description"] == "y"
        with pytest.raises(aiohttp.ContentTypeError):  # 204 has no body
            await _ask(server, "DELETE", f"{path}/{made['id']}")
        assert (await _ask(server, "GET", f"{path}/{made['id']}"))[1]["code"] == 10063

    asyncio.run(change())


def _modal(**changes: Any) -> dict[str, Any]:
    return {"title": "x", "custom_id": "m", "components": [_row(_input())], **changes}


def _input(**changes: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "i", "label": "x", "style": 1, **changes}


@pytest.mark.parametrize(
    ("kind", "data", "where"),
    [
        (4, {"content": "x" * 2001}, "data.content"),
        (6, {}, "type"),
        (9, _modal(title="x" * 46), "data.title"),
        (9, _modal(components=[_row(_input(custom_id=str(n))) for n in range(6)]), "data.components"),
        (9, _modal(components=[_row(_input(label="x" * 46))]), "data.components.0.components.0.label"),
        (9, _modal(components=[_row(_input()), _row(_input())]), "data.components"),
        (
            9,
            _modal(components=[{"type": 18, "label": "x", "component": _select(26)}]),
            "data.components.0.component.options",
        ),
    ],
)
def test_a_refused_answer_leaves_the_interaction_open(
    server: DiscordServer, channel: Channel, kind: int, data: dict[str, Any], where: str
) -> None:
    command = {"name": "ask", "description": "x"}
    asyncio.run(_ask(server, "PUT", f"/applications/{server.bot.id}/commands", [command]))
    asked = server.slash("ask", user=server.user("ann"), channel=channel)
    path = f"/interactions/{asked.id}/{asked.token}/callback?with_response=true"
    assert asyncio.run(_ask(server, "POST", path, {"type": kind, "data": data}))[0] == 400
    assert [found.where for found in server.violations] == [where]
    _, told = asyncio.run(_ask(server, "POST", path, {"type": 4, "data": {"content": "sorry", "flags": 64}}))
    assert told["resource"]["message"]["content"] == "sorry"
    assert told["interaction"]["response_message_ephemeral"] is True
    assert asked.message is not None


@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ([{"name": str(n), "value": str(n)} for n in range(26)], "choices"),
        ([{"name": "x" * 101, "value": "x"}], "choices.0.name"),
        ([{"name": "x", "value": "x" * 101}], "choices.0.value"),
    ],
)
def test_choices_over_a_limit_are_refused(choices: list[dict[str, Any]], where: str) -> None:
    with pytest.raises(DiscordError) as refusal:
        check_choices(choices)
    assert [found for found, _ in flat(refusal.value.errors or {})] == [where]


def test_an_unknown_route_is_noted() -> None:
    with discord_server() as server:
        assert asyncio.run(_ask(server, "GET", "/voice/regions"))[0] == 404
        assert server.unknown_routes == ["GET /voice/regions"]


def test_a_client_that_asks_for_zlib_gets_it(server: DiscordServer) -> None:
    async def hello() -> Any:
        url = f"{server.gateway_url}?v=10&encoding=json&compress=zlib-stream"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            inflate = zlib.decompressobj()
            first = json.loads(inflate.decompress(await socket.receive_bytes()))
            await socket.send_json({"op": 1, "d": None})
            return first["op"], json.loads(inflate.decompress(await socket.receive_bytes()))["op"]

    assert asyncio.run(hello()) == (10, 11)
