"""Where the network may be reached, and for how long: every connection goes through here."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore

from ingest.errors import ItemError, UsageError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address

_ends_at: ContextVar[float] = ContextVar("_ends_at")


class ForbiddenError(ItemError):
    """A host that must not be reached: it is private, local, or no host at all."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Private hosts that may be reached all the same."""

    names: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def parse(cls, words: str) -> Exceptions:
        """From a list such as `intranet.example, 10.1.0.0/16`.

        Raises:
            UsageError: an entry is neither a host name nor a network.
        """
        names, networks = set(), []
        for word in words.replace(",", " ").split():
            try:
                networks.append(ipaddress.ip_network(word, strict=False))
            except ValueError as error:
                if "/" in word or ":" in word:
                    hint = "DATELINE_ALLOW_PRIVATE_HOSTS takes names and networks: intranet.example, 10.1.0.0/16"
                    raise UsageError(f"{word!r} is neither a host name nor a network", hint=hint) from error
                names.add(word.casefold())
        return cls(frozenset(names), tuple(networks))

    def allow(self, host: str, address: IpAddress) -> bool:
        """Whether this host, found at this address, is among them."""
        return host.casefold() in self.names or any(address in network for network in self.networks)


def is_public(address: IpAddress) -> bool:
    """Whether an address is of the open internet, also when it is an IPv4 address in IPv6 clothes."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Everything read, written and connected inside ends within so many seconds, however slowly the bytes drip."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only.

    A name is resolved once, and the connection goes to the very address that was checked: a name that changes
    its address between check and use (DNS rebinding) gains nothing.
    """

    def __init__(self, exceptions: Exceptions) -> None:
        self._exceptions = exceptions
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            ForbiddenError: the host has an address that must not be reached.
        """
        addresses = self._resolve(host, port)
        for number, address in enumerate(addresses, 1):
            try:
                stream = self._backend.connect_tcp(str(address), port, _left(timeout), local_address, socket_options)
                return _TimedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    def _resolve(self, host: str, port: int) -> Sequence[IpAddress]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
        addresses = [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found]
        for address in addresses:
            if not (is_public(address) or self._exceptions.allow(host, address)):
                raise ForbiddenError(
                    f"{host} is at a private address",
                    hint="if it is yours, name it in DATELINE_ALLOW_PRIVATE_HOSTS",
                )
        return list(dict.fromkeys(addresses))


class _TimedStream(httpcore.NetworkStream):
    """A connection that keeps to the time limit."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    """Seconds that this step may take."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left if timeout is None else min(left, timeout)
