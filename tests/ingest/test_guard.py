"""Nothing but the open internet is reached, unless it is allowed by name."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import httpcore
import pytest

from ingest.errors import UsageError
from ingest.guard import Exceptions, ForbiddenError, GuardedBackend, is_public, time_limit


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_an_address_is_public_only_when_it_is_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_exceptions_are_names_and_networks() -> None:
    exceptions = Exceptions.parse("intranet.example, 10.1.0.0/16 127.0.0.1")
    assert exceptions.allow("Intranet.example", ipaddress.ip_address("192.168.0.1"))
    assert exceptions.allow("other.example", ipaddress.ip_address("10.1.200.3"))
    assert not exceptions.allow("other.example", ipaddress.ip_address("10.2.0.1"))
    assert not Exceptions.parse("").allow("localhost", ipaddress.ip_address("127.0.0.1"))


@pytest.mark.parametrize("words", ["10.0.0.0/99", "::x"])
def test_an_exception_that_is_neither_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="neither a host name nor a network"):
        Exceptions.parse(words)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every name resolve to the answers, one after the other; the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[min(len(asked), len(answers)) - 1], port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "169.254.169.254")
    with pytest.raises(ForbiddenError, match=r"is at a private address$"), time_limit(5):
        GuardedBackend(Exceptions()).connect_tcp("news.example", 80)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second time the name is asked for, it is private."""
    asked = resolve_to(monkeypatch, "93.184.216.34", "127.0.0.1")
    reached: list[str] = []

    def connect_tcp(_: object, host: str, *__: object) -> httpcore.NetworkStream:
        reached.append(host)
        return httpcore.NetworkStream()

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    with time_limit(5):
        GuardedBackend(Exceptions()).connect_tcp("rebind.example", 80)
    assert (asked, reached) == (["rebind.example"], ["93.184.216.34"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_loopback_in_any_spelling_is_refused(host: str) -> None:
    with pytest.raises((ForbiddenError, httpcore.ConnectError)), time_limit(5):
        GuardedBackend(Exceptions()).connect_tcp(host, 80)
