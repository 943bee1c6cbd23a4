"""The REST interface: how requests come in and answers go out, whatever they are about."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discordserver import rest_account, rest_channels, rest_commands, rest_interactions
from tests.discordserver.errors import DiscordError, Json
from tests.discordserver.faults import Fault
from tests.discordserver.form import flat
from tests.discordserver.limits import FILE_BYTES, FILES, Violation
from tests.discordserver.world import Call, Upload, World

BASE = "/api/v10"
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")  # their paths hold a token of their own
ROUTES: Mapping[str, Callable[[World, Call], Any]] = {
    **rest_account.ROUTES,
    **rest_channels.ROUTES,
    **rest_commands.ROUTES,
    **rest_interactions.ROUTES,
}


def application(world: World) -> web.Application:
    """The routes; what has none is answered with 404, and noted."""
    app = web.Application(client_max_size=(FILES + 1) * FILE_BYTES)
    for route, handler in ROUTES.items():
        method, path = route.split()
        app.router.add_route(method, BASE + path, _Endpoint(world, path, handler).serve)
    app.router.add_route("*", BASE + "/{rest:.*}", _Endpoint(world, "", _unknown).serve)
    return app


class _Endpoint:
    """One route, with the manners that all have in common."""

    def __init__(self, world: World, path: str, handler: Callable[[World, Call], Any]) -> None:
        self._world = world
        self._bucket = sha256(path.encode()).hexdigest()[:16]
        self._handler = handler

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        call = await _read(request)
        with self._world.changed:
            self._world.requests.append(call)
            response = self._answer(call)
            call.status = response.status
            self._world.changed.notify_all()
        response.headers.update(self._limits())
        return response

    def _answer(self, call: Call) -> web.Response:
        if (fault := self._world.faults.take(call.method, call.path)) is not None:
            return _broken(fault)
        if not call.path.startswith(WITHOUT_TOKEN) and call.token != f"Bot {self._world.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            answer = self._handler(self._world, call)
        except DiscordError as error:
            self._note(call, error)
            return _json(error.body, error.status)
        except Exception as error:  # noqa: BLE001 - a fault of this stand-in: the test is told of it
            self._world.crashes.append(error)
            return _json({"message": repr(error), "code": 0}, 418)
        if isinstance(answer, web.Response):
            return answer
        return web.Response(status=204) if answer is None else _json(answer)

    def _note(self, call: Call, error: DiscordError) -> None:
        """Keep what was against the rules, as opposed to what came too late or met with nothing."""
        if error.status in (400, 413):
            found = flat(error.errors or {}) or [("", error.reason)]
            self._world.violations += [Violation(call.route, where, message) for where, message in found]

    def _limits(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": "50",
            "X-RateLimit-Remaining": "49",
            "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
            "X-RateLimit-Reset-After": "1.000",
            "X-RateLimit-Bucket": self._bucket,
            "Via": "1.1 loopback",
        }


def _unknown(world: World, call: Call) -> web.Response:
    world.unknown_routes.append(call.route)
    return _json({"message": "404: Not Found", "code": 0}, 404)


def _broken(fault: Fault) -> web.Response:
    if fault.status == 429:
        body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": False}
        response = _json(body, 429)
        response.headers.update({"Retry-After": str(fault.retry_after), "X-RateLimit-Scope": "user"})
        return response
    if fault.status >= 500:
        return web.Response(status=fault.status, text="upstream connect error", content_type="text/plain")
    return _json({"message": "refused by script", "code": fault.code}, fault.status)


def _json(body: Any, status: int = 200) -> web.Response:
    """Without a charset in its type, as Discord sends it and discord.py expects it."""
    return web.Response(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


async def _read(request: web.Request) -> Call:
    body: Any = None
    files: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        body, files = await _read_parts(request)
    elif request.can_read_body:
        body = await request.json()
    return Call(
        time=time.monotonic(),
        method=request.method,
        path=request.path.removeprefix(BASE),
        params=request.match_info,
        query=request.query,
        token=request.headers.get("Authorization"),
        body=body,
        files=files,
    )


async def _read_parts(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The body and the files, by the number in their names: files[0]."""
    body: Json = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            number = (part.name or "").removeprefix("files[").removesuffix("]")
            files[number] = Upload(part.filename or "", bytes(await part.read(decode=True)))
    return body, files
