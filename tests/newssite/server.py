"""One host on loopback: it parses requests, and hands each with its wire to a function that answers."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class Request:
    """One request as it came. time: monotonic seconds. path: with its query. headers: names in lower case.

    status: what was answered; 0 for nothing.
    """

    time: float
    method: str
    path: str
    headers: dict[str, str]
    status: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. close: whether the connection ends with it."""

    body: bytes = b""
    status: int = 200
    type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False

    def head(self, length: int | None) -> bytes:
        """Status line and headers. length: what Content-Length says; None leaves it out."""
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, 'Unknown')}", f"Content-Type: {self.type}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        if self.close:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "\r\n"]).encode()


class Wire:
    """The connection to one client."""

    def __init__(self, handler: _Handler, closing: threading.Event) -> None:
        self._handler = handler
        self._closing = closing

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)

    def send(self, response: Response) -> None:
        """The whole response, without its body if the client asked with HEAD."""
        if response.close:
            self.close()
        has_body = self._handler.command != "HEAD" and response.status != 304
        length = None if response.status == 304 else len(response.body)
        self.write(response.head(length) + (response.body if has_body else b""))

    def wait(self, seconds: float | None) -> None:
        """Wait so long, for ever if None, and break off when the server closes."""
        if self._closing.wait(seconds):
            raise ConnectionAbortedError

    def close(self) -> None:
        """Close after this answer."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """Break the connection, as a crashed machine does: the client sees a reset, not an end."""
        self.close()
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.server.close_request(self._handler.connection)
        raise ConnectionAbortedError


Answer = Callable[[Request, Wire], None]


class Host(ThreadingHTTPServer):
    """A server that runs from its making until `stop`, in daemon threads."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: str, answer: Answer) -> None:
        self.answer = answer
        self.closing = threading.Event()
        self._open: set[Any] = set()
        super().__init__((address, 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def server_bind(self) -> None:
        """Bind without the look-up of a host name that HTTPServer makes."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        self._open.discard(request)
        super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error; anything else is one of this site, and shows."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop listening and end every open connection, also the idle and the hanging ones."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Host

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(time.monotonic(), self.command, self.path, headers)
        self.server.answer(request, Wire(self, self.server.closing))

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: `Outlet.log` has it."""


def not_modified(request: Request, response: Response) -> bool:
    """Whether the client already has this response, by RFC 9110: If-None-Match decides alone if it is there."""
    if response.status != 200:
        return False
    etag = response.headers.get("ETag")
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        known = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return etag is not None and (wanted.strip() == "*" or etag.removeprefix("W/") in known)
    changed, since = response.headers.get("Last-Modified"), _moment(request.headers.get("if-modified-since"))
    return changed is not None and since is not None and parsedate_to_datetime(changed) <= since


def _moment(words: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(words or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
