"""The gateway: the connection over which the bot hears what happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, web

from tests.discordserver.errors import Json
from tests.discordserver.model import Guild
from tests.discordserver.world import TIMEOUT, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
NOT_AUTHENTICATED, WRONG_TOKEN, ALREADY_AUTHENTICATED, WRONG_SHARD, FORBIDDEN_INTENTS = 4003, 4004, 4005, 4010, 4014
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content: never granted here


class Connection:
    """One socket, with what is still to be sent on it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._transport = request.transport
        self._pack = _packer(request.query.get("compress"))
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()

    def send(self, payload: Json) -> None:
        """Send this after all before, from any thread."""
        self._loop.call_soon_threadsafe(self._queue.put_nowait, payload)

    def close(self, code: int) -> None:
        """Close after all before, for this reason."""
        self._loop.call_soon_threadsafe(self._queue.put_nowait, code)

    def abort(self) -> None:
        """Break at once, as a cut cable does."""
        if self._transport is not None:
            self._loop.call_soon_threadsafe(self._transport.abort)

    async def write(self) -> None:
        """Send what there is, until the connection ends."""
        with contextlib.suppress(ConnectionError):
            while isinstance(payload := await self._queue.get(), dict):
                data = json.dumps(payload)
                if self._pack is None:
                    await self._socket.send_str(data)
                else:
                    await self._socket.send_bytes(self._pack(data.encode()))
            await self._socket.close(code=payload)


@dataclass(eq=False, slots=True)
class Session:
    """What one shard was told. events: all, in order, to tell again what it missed. connection: None if cut off."""

    id: str
    shard: int
    shards: int
    intents: int
    connection: Connection | None
    events: list[Json] = field(default_factory=list)

    def hears(self, event: str, guild: Guild | None) -> bool:
        """Whether this shard has the guild, and asked for such events."""
        mine = self.shard == (0 if guild is None else (guild.id >> 22) % self.shards)
        return mine and (not (needed := _intent(event, guild)) or bool(self.intents & needed))

    def tell(self, event: str, data: Json) -> None:
        """Send an event, now or when the shard is back."""
        self.events.append({"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data})
        if self.connection is not None:
            self.connection.send(self.events[-1])


class Gateway:
    """All shards. identified, resumed: the sessions that began and went on, in order. heartbeats: how many came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._open = asyncio.Event()
        self._open.set()
        self._connections: set[Connection] = set()
        self.identified: list[Session] = []
        self.resumed: list[Session] = []
        self.heartbeats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        world.dispatch = self.dispatch

    def dispatch(self, event: str, data: Json, guild: Guild | None) -> None:
        """Tell the shard that this concerns."""
        with self._world.changed:
            for session in self._sessions.values():
                if session.hears(event, guild):
                    session.tell(event, data)

    def connected(self) -> list[Session]:
        """The sessions that have a connection now."""
        return [session for session in self._sessions.values() if session.connection is not None]

    def is_ready(self) -> bool:
        """Whether every shard is connected."""
        return len(self.connected()) == self._world.shards

    def wait_ready(self, timeout: float = TIMEOUT) -> None:
        """Wait until every shard is connected."""
        self._world.wait_for(self.is_ready, "a connection of every shard", timeout)

    @contextmanager
    def outage(self, *, forget: bool = False) -> Iterator[None]:
        """All connections break, and nobody gets a word before the block ends. forget: nor can a session go on then."""
        assert self._loop is not None
        with self._world.changed:
            self._loop.call_soon_threadsafe(self._open.clear)
            for session in self._sessions.values():
                session.connection = None
            for connection in self._connections:
                connection.abort()
            if forget:
                self._sessions.clear()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._open.set)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from its first word to its last."""
        self._loop = asyncio.get_running_loop()
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        await self._open.wait()
        connection = Connection(socket, request)
        with self._world.changed:
            self._connections.add(connection)
        writing = asyncio.create_task(connection.write())
        connection.send({"op": HELLO, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        try:
            async for message in socket:
                self._receive(connection, json.loads(message.data))
        finally:
            writing.cancel()
            self._left(connection, socket.close_code)
        return socket

    async def stop(self) -> None:
        """Break every connection."""
        self._open.set()
        for connection in self._connections:
            connection.abort()

    def _receive(self, connection: Connection, payload: Json) -> None:
        handlers: dict[int, Callable[[Connection, Any], None]] = {
            HEARTBEAT: self._heartbeat,
            IDENTIFY: self._identify,
            RESUME: self._resume,
        }
        with self._world.changed:
            if payload["op"] in handlers:
                handlers[payload["op"]](connection, payload["d"])
            elif self._session_of(connection) is None:
                connection.close(NOT_AUTHENTICATED)
            self._world.changed.notify_all()

    def _heartbeat(self, connection: Connection, _sequence: int | None) -> None:
        self.heartbeats += 1
        connection.send({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})

    def _identify(self, connection: Connection, data: Json) -> None:
        shard, shards = data.get("shard", (0, 1))
        if (code := self._refusal(connection, data, shard, shards)) is not None:
            connection.close(code)
            return
        for old in [session for session in self._sessions.values() if session.shard == shard]:
            del self._sessions[old.id]
        session = Session(f"session-{len(self.identified)}", shard, shards, data["intents"], connection)
        self._sessions[session.id] = session
        self.identified.append(session)
        guilds = [guild for guild in self._world.guilds.values() if session.hears("GUILD_CREATE", guild)]
        session.tell("READY", self._ready(session, guilds))
        for guild in guilds:
            session.tell("GUILD_CREATE", guild.payload())

    def _refusal(self, connection: Connection, data: Json, shard: int, shards: int) -> int | None:
        if data["token"] != self._world.token:
            return WRONG_TOKEN
        if self._session_of(connection) is not None:
            return ALREADY_AUTHENTICATED
        if not 0 <= shard < shards:
            return WRONG_SHARD
        return FORBIDDEN_INTENTS if data["intents"] & PRIVILEGED else None

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        world = self._world
        return {
            "v": 10,
            "user": {**world.bot.payload(), "verified": True, "mfa_enabled": True, "email": None, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{world.gateway_url}resume",
            "shard": [session.shard, session.shards],
            "application": {"id": str(world.bot.id), "flags": 0},
        }

    def _resume(self, connection: Connection, data: Json) -> None:
        if data["token"] != self._world.token:
            connection.close(WRONG_TOKEN)
            return
        session = self._sessions.get(data["session_id"])
        if session is None or data["seq"] > len(session.events):
            connection.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        for event in session.events[data["seq"] :]:
            connection.send(event)
        session.connection = connection
        session.tell("RESUMED", {})
        self.resumed.append(session)

    def _session_of(self, connection: Connection) -> Session | None:
        return next((session for session in self._sessions.values() if session.connection is connection), None)

    def _left(self, connection: Connection, code: int | None) -> None:
        """Who says goodbye ends the session; who is cut off, or says so, may resume it."""
        with self._world.changed:
            self._connections.discard(connection)
            if (session := self._session_of(connection)) is not None:
                session.connection = None
                if code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
                    del self._sessions[session.id]
            self._world.changed.notify_all()


def _intent(event: str, guild: Guild | None) -> int:
    if event.startswith("MESSAGE_"):
        return DIRECT_MESSAGES if guild is None else GUILD_MESSAGES
    return GUILDS if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")) else 0


def _packer(kind: str | None) -> Callable[[bytes], bytes] | None:
    """What packs each message of one connection in the way that the client asked for."""
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        import zstandard  # the client asks for this only where it is installed

        stream = zstandard.ZstdCompressor().compressobj()
        return lambda data: stream.compress(data) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None
