"""Polite, guarded HTTP: one request at a time for each host, robots.txt, limits, and conditional GET."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import httpcore
import httpx
import stamina
from protego import Protego
from stamina.instrumentation import set_on_retry_hooks

from ingest.guard import Exceptions, GuardedBackend, time_limit
from ingest.responses import MOST_BYTES, FetchError, Response, inflate, retry_after

MOST_ROBOTS_BYTES = 500 * 2**10  # as RFC 9309 asks for at least
MOST_REDIRECTS = 5
SECONDS_A_REQUEST = 30.0
ATTEMPTS = 3
MOST_FAILURES = 3  # in a row, after which a host is left alone for the rest of the run
# A host that asks for a longer wait than this is left alone for the rest of the run.
PATIENCE = 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
REFUSED_FOR_NOW = frozenset({429, 500, 502, 503, 504})


@dataclass
class _Host:
    """One host's turn. free_at: on the monotonic clock. failures: requests in a row that came to nothing.

    robots is held while robots.txt is read, which may lead to another host; turn is held during one request only,
    so that no two threads wait for each other.
    """

    robots: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    failures: int = 0


class PoliteFetcher:
    """Fetches as a good guest: see the module. Threads may share it.

    pause: seconds between two requests to one host, more when its robots.txt says so. robots: the text of
    robots.txt by origin, as far as it is known; it grows. contact: where to complain, for the User-Agent.
    """

    def __init__(
        self, exceptions: Exceptions, robots: dict[str, str], *, pause: float = 1.0, contact: str = ""
    ) -> None:
        set_on_retry_hooks([])  # a retry is no news for a log
        self.robots = robots
        self._unreadable: dict[str, FetchError] = {}
        self._pause = pause
        self._agent = f"Dateline/{version('dateline')} (news reader{f'; {contact}' if contact else ''})"
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=GuardedBackend(exceptions), max_connections=100
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()

    def get(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "") -> Response:
        """Ask for a page, conditionally when a validator is given, and follow its redirects.

        Raises:
            FetchError: it is not allowed, too large, too slow, or not to be had now.
            ForbiddenError: it leads to a private address.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Accept": accept or "*/*"}
        moved_to, for_good = "", True
        for _ in range(MOST_REDIRECTS + 1):
            address = _address(url)
            with self._host(address).robots:
                rules = self._rules(address)
            if not rules.can_fetch(str(address), "Dateline"):
                raise FetchError("its robots.txt does not allow it", hint="exclude it from the source")
            pause = max(self._pause, float(rules.crawl_delay("Dateline") or 0))
            response = self._patiently(address, headers, MOST_BYTES, pause)
            target = response.headers.get("location", "")
            if response.status not in REDIRECTS or not target:
                return Response(url, response.status, response.headers, response.body, moved_to)
            for_good = for_good and response.status in PERMANENT
            url = str(address.join(target))
            moved_to = url if for_good else moved_to
        raise FetchError(f"it redirects more than {MOST_REDIRECTS} times")

    def _rules(self, address: httpx.URL) -> Protego:
        """The host's robots.txt, read once. While it cannot be read nothing is asked (RFC 9309, section 2.3.1.4)."""
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        if origin in self._unreadable:
            raise self._unreadable[origin]
        if origin not in self.robots:
            try:
                self.robots[origin] = self._read_robots(address.join("/robots.txt"))
            except FetchError as error:
                self._unreadable[origin] = FetchError(
                    f"its robots.txt cannot be read: {error.message}",
                    hint=error.hint,
                    retryable=True,
                    not_before=error.not_before,
                )
                raise self._unreadable[origin] from error
        return Protego.parse(self.robots[origin])

    def _read_robots(self, address: httpx.URL) -> str:
        """Its text, empty when there is none: then everything is allowed."""
        for _ in range(MOST_REDIRECTS):
            found = self._patiently(address, {}, MOST_ROBOTS_BYTES, 0.0)
            if found.status not in REDIRECTS or "location" not in found.headers:
                return found.body.decode("utf-8", "replace") if found.is_new else ""
            address = _address(str(address.join(found.headers["location"])))
        return ""

    def _patiently(self, address: httpx.URL, headers: Mapping[str, str], most: int, pause: float) -> Response:
        """One request, in the host's turn, tried again while that may help."""
        host = self._host(address)
        if host.failures >= MOST_FAILURES:
            hint = "the rest is left for the next run"
            raise FetchError("its host failed several times in a row", hint=hint, retryable=True)
        wait = host.free_at - time.monotonic()
        if wait > PATIENCE:
            not_before = datetime.now(UTC) + timedelta(seconds=wait)
            raise FetchError("the server asked to be left alone for now", retryable=True, not_before=not_before)
        try:
            for attempt in stamina.retry_context(
                on=_try_again, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=10.0, wait_jitter=0.5
            ):
                with attempt, _turn(host, pause):
                    response = self._once(address, headers, most)
        except FetchError as error:
            host.failures += error.retryable
            host.free_at = max(host.free_at, time.monotonic() + (_wait(error) or 0.0))
            raise
        host.failures = 0
        return response

    def _once(self, address: httpx.URL, headers: Mapping[str, str], most: int) -> Response:
        sent = {"Host": address.netloc.decode("ascii"), "User-Agent": self._agent, "Accept-Encoding": "gzip"}
        sent |= {name: value for name, value in headers.items() if value}
        try:
            with (
                time_limit(SECONDS_A_REQUEST),
                self._pool.stream("GET", str(address), headers=list(sent.items())) as answer,
            ):
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                if answer.status in REFUSED_FOR_NOW:
                    raise FetchError(
                        f"the server answered {answer.status}",
                        hint="run it again later",
                        retryable=True,
                        not_before=retry_after(found.get("retry-after", ""), datetime.now(UTC)),
                    )
                has_body = 200 <= answer.status < 300
                body = inflate(answer.iter_stream(), found.get("content-encoding", ""), most) if has_body else b""
                return Response(str(address), answer.status, found, body)
        except httpcore.TimeoutException as error:
            raise FetchError(f"it took longer than {SECONDS_A_REQUEST:.0f} seconds", retryable=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise FetchError(f"the connection failed: {reason}", retryable=True) from error

    def _host(self, address: httpx.URL) -> _Host:
        with self._guard:
            return self._hosts.setdefault(address.netloc.decode("ascii"), _Host())


def _address(url: str) -> httpx.URL:
    """A web address that can be asked.

    Raises:
        FetchError: it is of another kind, or broken.
    """
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{url[:200]!r} is not a web address") from error
    if address.scheme not in {"http", "https"} or not address.host:
        raise FetchError(f"{url[:200]!r} is not a web address", hint="only http and https are read")
    return address.copy_with(fragment=None, userinfo=b"")


def _wait(error: FetchError) -> float | None:
    """Seconds until the server wants to be asked again."""
    return max(0.0, (error.not_before - datetime.now(UTC)).total_seconds()) if error.not_before else None


def _try_again(error: Exception) -> bool | float:
    """Whether the same request may succeed soon, or after how many seconds. What took too long is not tried again."""
    if not isinstance(error, FetchError) or not error.retryable:
        return False
    if isinstance(error.__cause__, httpcore.TimeoutException):
        return False
    wait = _wait(error)
    return True if wait is None else wait <= PATIENCE and max(wait, 0.1)


@contextmanager
def _turn(host: _Host, pause: float) -> Iterator[None]:
    """Wait until the host may be asked, and keep it free for `pause` seconds afterwards."""
    with host.turn:
        time.sleep(max(0.0, host.free_at - time.monotonic()))
        try:
            yield
        finally:
            host.free_at = max(host.free_at, time.monotonic() + pause)
