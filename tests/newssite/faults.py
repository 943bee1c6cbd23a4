"""What a web server does wrong. A fault changes the sound response, the way it is sent, or both."""

from __future__ import annotations

import functools
import gzip
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from tests.newssite.server import Request, Response, Wire

MEGABYTE = 2**20


@dataclass(frozen=True)
class Fault:
    """No fault: the base of the others. silent: whether no answer ever comes."""

    silent = False

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - for those that do
        """What is answered in place of the sound response; one without an ETag is never a 304."""
        return response

    def send(self, response: Response, wire: Wire) -> None:
        """How it goes over the wire."""
        wire.send(response)


@dataclass(frozen=True)
class Slow(Fault):
    """So many seconds pass before the answer."""

    seconds: float

    def send(self, response: Response, wire: Wire) -> None:
        wire.wait(self.seconds)
        wire.send(response)


@dataclass(frozen=True)
class Drip(Fault):
    """One byte, then a pause of so many seconds: of the headers and the body, or of the body only."""

    seconds: float
    part: Literal["headers", "body"] = "body"

    def send(self, response: Response, wire: Wire) -> None:
        wire.close()
        slow = response.body
        head = response.head(len(response.body))
        if self.part == "headers":
            slow, head = head + slow, b""
        wire.write(head)
        for n in range(len(slow)):
            wire.write(slow[n : n + 1])
            wire.wait(self.seconds)


@dataclass(frozen=True)
class Hang(Fault):
    """The request is read, and nothing is answered until the server closes."""

    silent = True

    def send(self, response: Response, wire: Wire) -> None:  # noqa: ARG002
        wire.wait(None)


@dataclass(frozen=True)
class Status(Fault):
    """A status such as 503 or 429. retry_after: seconds, or a moment in UTC, for the header of that name."""

    status: int
    retry_after: int | datetime | None = None

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        wait = self.retry_after
        words = format_datetime(wait, usegmt=True) if isinstance(wait, datetime) else str(wait)
        headers = {} if wait is None else {"Retry-After": words}
        return Response(f"<h1>Error {self.status}</h1>".encode(), self.status, headers=headers)


@dataclass(frozen=True)
class Redirect(Fault):
    """Another address, sent as it is given: absolute or relative, private, or of another scheme."""

    to: str
    status: int = 302

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(status=self.status, headers={"Location": self.to})


@dataclass(frozen=True)
class RedirectLoop(Fault):
    """Two addresses, each of which redirects to the other."""

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        path, _, query = request.path.partition("?")
        return Response(status=302, headers={"Location": path if query else f"{path}?again"})


@dataclass(frozen=True)
class RedirectChain(Fault):
    """So many redirects, then the sound page."""

    hops: int

    def change(self, request: Request, response: Response) -> Response:
        path, _, done = request.path.partition("?hop=")
        hop = int(done or 0) + 1
        return response if hop > self.hops else Response(status=302, headers={"Location": f"{path}?hop={hop}"})


@dataclass(frozen=True)
class Replaced(Fault):
    """Another body with status 200. type: its content type; by default the sound one's."""

    body: bytes
    type: str = ""

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(self.body, type=self.type or response.type)


@dataclass(frozen=True)
class Broken(Fault):
    """The first part of the sound body, correctly sent: XML or HTML that ends in the middle."""

    part: float = 0.6

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(response.body[: int(len(response.body) * self.part)], type=response.type)


@dataclass(frozen=True)
class TruncatedGzip(Fault):
    """The sound body in gzip, of which the second half is missing."""

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        packed = gzip.compress(response.body, mtime=0)
        return Response(packed[: len(packed) // 2], type=response.type, headers={"Content-Encoding": "gzip"})


@dataclass(frozen=True)
class GzipBomb(Fault):
    """A small body in gzip that becomes so many bytes."""

    size: int = 300 * MEGABYTE

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(_bomb(self.size), type=response.type, headers={"Content-Encoding": "gzip"})


@dataclass(frozen=True)
class UnknownEncoding(Fault):
    """The sound body, under a Content-Encoding that nobody knows."""

    encoding: str = "x-nobody-knows"

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(response.body, type=response.type, headers={"Content-Encoding": self.encoding})


@dataclass(frozen=True)
class BigBody(Fault):
    """A page of so many bytes, or without end if None. declared: whether Content-Length says how many."""

    size: int | None = 100 * MEGABYTE
    declared: bool = True

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return Response(type=response.type, close=True)

    def send(self, response: Response, wire: Wire) -> None:
        wire.close()
        wire.write(response.head(self.size if self.declared else None))
        filler = b"<p>More of the same.</p>\n" * 2621
        sent = 0
        while self.size is None or sent < self.size:
            chunk = filler if self.size is None else filler[: self.size - sent]
            wire.write(chunk)
            sent += len(chunk)


@dataclass(frozen=True)
class Reset(Fault):
    """Half the body, then a reset of the connection."""

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return replace(response, headers={})

    def send(self, response: Response, wire: Wire) -> None:
        wire.write(response.head(len(response.body)) + response.body[: len(response.body) // 2])
        wire.reset()


@dataclass(frozen=True)
class WrongLength(Fault):
    """A Content-Length that is so many bytes too large, or too small if negative."""

    by: int = 100

    def change(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        return replace(response, headers={}, close=True)

    def send(self, response: Response, wire: Wire) -> None:
        wire.close()
        wire.write(response.head(max(0, len(response.body) + self.by)) + response.body)


def external_entity(url: str) -> Replaced:
    """A feed whose title is what another file or address holds, such as file:///etc/hostname."""
    return Replaced(
        f"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY stolen SYSTEM "{url}">]>
<rss version="2.0"><channel><title>Outside</title><item><title>&stolen;</title><link>http://127.0.0.1/</link>
<description>Stolen: &stolen;</description></item></channel></rss>""".encode(),
        "application/rss+xml",
    )


def _entities(depth: int) -> str:
    """Entities of which each is ten times the one before."""
    lines = ['<!ENTITY e0 "lol">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth)]
    return "\n".join(lines)


EMPTY = Replaced(b"")
BINARY = Replaced(bytes(range(256)) * 64, "application/octet-stream")
ENTITY_BOMB = Replaced(
    f"""<?xml version="1.0"?>
<!DOCTYPE rss [{_entities(10)}]>
<rss version="2.0"><channel><title>&e9;</title><item><title>&e9;</title></item></channel></rss>""".encode(),
    "application/rss+xml",
)


@functools.cache
def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    chunks = [packer.compress(b" " * MEGABYTE) for _ in range(size // MEGABYTE)]
    return b"".join([packer.compress(b"<html><body>"), *chunks, packer.flush()])
