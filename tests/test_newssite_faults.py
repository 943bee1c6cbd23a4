"""The test news site's faults, and its end."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import feedparser
import httpx
import pytest

from tests.newssite import (
    BINARY,
    EMPTY,
    ENTITY_BOMB,
    BigBody,
    Broken,
    Drip,
    Fault,
    GzipBomb,
    Hang,
    NewsSite,
    Outlet,
    Redirect,
    RedirectChain,
    RedirectLoop,
    Reset,
    Slow,
    Status,
    TruncatedGzip,
    UnknownEncoding,
    WrongLength,
    external_entity,
    fill,
)


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with NewsSite() as site:
        made = site.outlet()
        fill(made, 1)
        yield made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5) as opened:
        yield opened


def connect(outlet: Outlet) -> socket.socket:
    address, port = outlet.base.removeprefix("http://").split(":")
    return socket.create_connection((address, int(port)))


def test_a_fault_fires_so_many_times_or_until_it_is_mended(outlet: Outlet, client: httpx.Client) -> None:
    outlet.fault("/rss.xml", Status(503, retry_after=7), times=2)
    answers = [client.get(outlet.base + "/rss.xml") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    outlet.fault("*", Status(429, retry_after=datetime(2030, 1, 1, tzinfo=UTC)))
    assert client.get(outlet.base + "/news/story-0").headers["Retry-After"] == "Tue, 01 Jan 2030 00:00:00 GMT"
    outlet.mend("*")
    assert client.get(outlet.base + "/news/story-0").status_code == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Hang(), httpx.ReadTimeout),
        (Slow(5), httpx.ReadTimeout),
        (Reset(), httpx.ReadError),
        (WrongLength(100), httpx.RemoteProtocolError),
        (RedirectLoop(), httpx.TooManyRedirects),
        (RedirectChain(30), httpx.TooManyRedirects),
        (Redirect("file:///etc/hostname"), httpx.UnsupportedProtocol),
    ],
)
def test_a_fault_fails_as_it_does_in_the_wild(outlet: Outlet, fault: Fault, error: type[Exception]) -> None:
    outlet.fault("/news/story-0", fault)
    with pytest.raises(error):
        httpx.get(outlet.url("story-0"), timeout=0.3, follow_redirects=True)


@pytest.mark.parametrize(("fault", "slow_to_start"), [(Drip(0.1, "headers"), True), (Drip(0.1, "body"), False)])
def test_a_drip_comes_byte_by_byte(outlet: Outlet, fault: Fault, slow_to_start: bool) -> None:
    outlet.fault("/news/story-0", fault)
    with connect(outlet) as connection:
        connection.sendall(b"GET /news/story-0 HTTP/1.1\r\nHost: x\r\n\r\n")
        first = connection.recv(65536)
        assert (len(first) == 1) == slow_to_start
        assert len(connection.recv(65536)) == 1


def test_bodies_are_as_bad_as_they_should_be(outlet: Outlet, client: httpx.Client) -> None:
    def body(fault: Fault, path: str = "/rss.xml") -> bytes:
        outlet.fault(path, fault, times=1)
        return client.get(outlet.base + path).content

    sound = client.get(outlet.base + "/rss.xml").content
    assert body(EMPTY) == b""
    assert b"\x00" in body(BINARY)
    assert body(Broken()) == sound[: int(len(sound) * 0.6)]
    assert feedparser.parse(body(Broken())).bozo
    assert body(TruncatedGzip()) == sound[: len(body(TruncatedGzip()))] != sound
    assert body(UnknownEncoding()) == sound
    assert body(WrongLength(-10)) == sound[:-10]
    assert b"&e8;" * 10 in body(ENTITY_BOMB)
    assert b'SYSTEM "file:///etc/hostname"' in body(external_entity("file:///etc/hostname"))
    assert len(body(BigBody(3_000_000))) == len(body(BigBody(3_000_000, declared=False))) == 3_000_000
    outlet.fault("/", GzipBomb(20 * 2**20), times=1)
    with client.stream("GET", outlet.base) as answer:
        assert len(b"".join(answer.iter_raw())) < 50_000
    outlet.fault("/", RedirectChain(3))
    assert client.get(outlet.base, follow_redirects=True).status_code == 200


def test_the_site_closes_at_once_and_in_silence_while_clients_hang(
    client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with NewsSite() as site:
        outlets = [site.outlet(name) for name in ("Idle", "Hanging", "Endless", "Gone")]
        outlets[1].fault("*", Hang())
        for outlet in outlets[2:]:
            outlet.fault("*", BigBody(None, declared=False))
        sockets = [connect(outlet) for outlet in outlets]
        for connection in sockets[1:]:
            connection.sendall(request)
        sockets[3].recv(10)
        sockets[3].close()
        deadline = time.monotonic() + 5
        while not outlets[1].log and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [one.status for one in outlets[1].log] == [0]
        started = time.monotonic()
    assert time.monotonic() - started < 1
    with pytest.raises(httpx.ConnectError):
        client.get(outlets[0].base + "/")
    for connection in sockets:
        connection.close()
    assert capfd.readouterr().err == ""
