"""Scripted language models on loopback, for the real clients of OpenAI, Ollama and Anthropic.

    with llm_server(says("24,000 flights "), fails(429, retry_after=20)) as server:
        ...  # LLM_MODEL=openai:gpt-4o-mini, LLM_BASE_URL=server.openai
        assert "how many flights" in server.requests[0].prompt

The first request is answered by the first script, the second by the second; the last one also answers all that follow.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from bot.config import Settings
from tests.llmdialects import HOLD, Anthropic, Dialect, Ollama, OpenAI, Talk, Thought, parts
from tests.newssite.server import Host, Response, Wire

__all__ = [
    "ERROR",
    "HOLD",
    "MODELS",
    "LlmServer",
    "Request",
    "Script",
    "Thought",
    "answers",
    "babbles",
    "breaks_off",
    "drips",
    "fails",
    "gives_up",
    "is_silent",
    "llm_server",
    "says",
    "settings_for",
]

DIALECTS: dict[str, Callable[[], Dialect]] = {
    "/v1/chat/completions": OpenAI,
    "/api/chat": Ollama,
    "/v1/messages": Anthropic,
}
MODELS = {"openai": "openai:gpt-4o", "anthropic": "anthropic:claude-haiku-4-5", "ollama": "ollama:llama3.1"}
ERROR = "this request failed\nand the server says so in two lines"


@dataclass(frozen=True, slots=True)
class Script:
    """What one request is answered with.

    pieces: of the text, each sent for itself, with HOLD and Thoughts between; or what makes the text from the prompt.
    status: of the response; what is not 200 has no pieces. silence: seconds before anything is sent. pause: seconds
    between pieces. drip: seconds between single bytes, else 0. cut: whether the connection breaks after the pieces.
    error: whether the stream tells of one after the pieces. length: whether the model stops at its limit. cached,
    reasoning: tokens of that kind in the usage.
    """

    pieces: tuple[str, ...] | Callable[[str], str] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silence: float = 0.0
    pause: float = 0.0
    drip: float = 0.0
    cut: bool = False
    error: bool = False
    length: bool = False
    cached: int = 0
    reasoning: int = 0


def says(*pieces: str, pause: float = 0.0, length: bool = False, cached: int = 0, reasoning: int = 0) -> Script:
    """The text, in these pieces."""
    return Script(pieces, pause=pause, length=length, cached=cached, reasoning=reasoning)


def answers(write: Callable[[str], str]) -> Script:
    """What the function makes of the whole prompt, sent line by line."""
    return Script(write)


def fails(status: int, *, retry_after: int | str | None = None) -> Script:
    """An error, with a body of two lines."""
    return Script(status=status, headers={} if retry_after is None else {"Retry-After": str(retry_after)})


def is_silent(seconds: float = 30.0) -> Script:
    """Nothing for so long, or until the server closes."""
    return Script(("late",), silence=seconds)


def breaks_off(*pieces: str) -> Script:
    """Half a stream: the connection breaks after these pieces."""
    return Script(pieces, cut=True)


def gives_up(*pieces: str) -> Script:
    """Half a stream: it tells of an error after these pieces, with status 200 all the same."""
    return Script(pieces, error=True)


def drips(*pieces: str, every: float = 0.05) -> Script:
    """The stream, byte by byte."""
    return Script(pieces, drip=every)


def babbles(characters: int = 1_000_000) -> Script:
    """That much text."""
    return Script(("word " * 200,) * (characters // 1000))


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came. headers: names in lower case. prompt: the texts of all its messages, in order."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        return "\n\n".join(text for text in _texts(self.body) if text)


class LlmServer(Host):
    """A server that answers by its scripts. requests: what it was asked. gone: set when a client left early.

    go: lets scripts that HOLD go on.
    """

    def __init__(self, scripts: Sequence[Script]) -> None:
        self.scripts = scripts
        self.requests: list[Request] = []
        self.go = threading.Event()
        self.gone = threading.Event()
        self._counting = threading.Lock()
        super().__init__("127.0.0.1", lambda _request, _wire: None)

    @property
    def url(self) -> str:
        """The base URL for Ollama and Anthropic."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def openai(self) -> str:
        """The base URL for OpenAI."""
        return f"{self.url}/v1"

    def base_url(self, provider: str) -> str:
        """The base URL for a provider."""
        return self.openai if provider == "openai" else self.url

    def next_script(self, request: Request) -> Script:
        """Note the request; what it is answered with."""
        with self._counting:
            self.requests.append(request)
            return self.scripts[min(len(self.requests), len(self.scripts)) - 1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        _Handler(request, client_address, self)


@contextmanager
def llm_server(*scripts: Script) -> Iterator[LlmServer]:
    """A server with these scripts; it has stopped, and let go of whoever waits, when the block ends."""
    server = LlmServer(scripts)
    try:
        yield server
    finally:
        server.stop()


def settings_for(server: LlmServer, provider: str, **more: Any) -> Settings:
    """Settings by which Dateline asks this server for a model of a provider; its profile says what it can."""
    values = {"llm_model": MODELS[provider], "llm_base_url": server.base_url(provider), "llm_timeout": 5, **more}
    return Settings(**values)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LlmServer

    def do_POST(self) -> None:
        self._wire = Wire(self, self.server.closing)  # type: ignore[arg-type] # it needs no more than any handler has
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        dialect = DIALECTS.get(self.path.partition("?")[0])
        if dialect is None or not isinstance(body, dict):
            return self._wire.send(Response(b"no such page", 404, "text/plain"))
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        try:
            self._play(self.server.next_script(request), request, dialect())
        except OSError:
            if not self.server.closing.is_set():
                self.server.gone.set()
            raise

    def _play(self, script: Script, request: Request, dialect: Dialect) -> None:
        self._hold(self.server.closing, script.silence)
        if script.status != 200:
            body = json.dumps(dialect.error(script.status, ERROR)).encode()
            return self._wire.send(Response(body, script.status, "application/json", script.headers))
        talk = _talk(script, request)
        if not request.body.get("stream", dialect.streams):
            return self._wire.send(Response(json.dumps(dialect.whole(talk)).encode(), type="application/json"))
        self._wire.write(Response(type=dialect.type, headers={"Transfer-Encoding": "chunked"}).head(None))
        for part in parts(dialect, talk):
            self._send(part, script)
        if script.error:
            self._send(dialect.trouble(ERROR), script)
        elif not script.cut:
            self._send(dialect.end(talk), script)
        if script.cut:
            return self._wire.close()
        return self._wire.write(b"0\r\n\r\n")

    def _send(self, part: bytes, script: Script) -> None:
        if part == HOLD.encode():
            return self._hold(self.server.go)
        size = 1 if script.drip else max(1, len(part))
        for data in (part[start : start + size] for start in range(0, len(part), size)):
            self._wire.write(b"%x\r\n%s\r\n" % (len(data), data))
            self._wire.wait(script.drip or script.pause)
        return None

    def _hold(self, event: threading.Event, seconds: float = 60.0) -> None:
        """Wait for an event, and notice when the client leaves meanwhile."""
        end = time.monotonic() + seconds
        while not event.is_set() and time.monotonic() < end:
            self._wire.wait(0.01)
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionAbortedError

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: `LlmServer.requests` has it."""


def _talk(script: Script, request: Request) -> Talk:
    if callable(script.pieces):
        pieces = tuple(script.pieces(request.prompt).splitlines(keepends=True))
    else:
        pieces = script.pieces
    return Talk(
        model=request.body["model"],
        pieces=pieces,
        read=len(request.prompt.split()),
        cached=script.cached,
        reasoning=script.reasoning,
        length=script.length,
        include_usage=bool((request.body.get("stream_options") or {}).get("include_usage")),
    )


def _texts(body: dict[str, Any]) -> Iterator[str]:
    """The texts of a request's messages; Anthropic has the system's apart."""
    for message in [{"content": body.get("system", "")}, *body["messages"]]:
        content = message["content"]
        yield content if isinstance(content, str) else "".join(block.get("text", "") for block in content)
