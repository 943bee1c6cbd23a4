"""A good guest: polite to hosts, and safe from them."""

from __future__ import annotations

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import fetch
from ingest.errors import ItemError
from ingest.fetch import PoliteFetcher
from ingest.guard import Exceptions, ForbiddenError
from ingest.responses import FetchError, Response, inflate, retry_after
from tests.ingest.conftest import LOOPBACK
from tests.newssite import (
    BigBody,
    Drip,
    GzipBomb,
    Hang,
    NewsSite,
    Redirect,
    RedirectChain,
    RedirectLoop,
    Reset,
    Status,
    TruncatedGzip,
    UnknownEncoding,
    WrongLength,
)

NOW = datetime(2024, 11, 12, 12, tzinfo=UTC)


def test_a_second_request_is_conditional(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    first = fetcher.get(f"{outlet.base}/rss.xml")
    second = fetcher.get(f"{outlet.base}/rss.xml", etag=first.etag, last_modified=first.last_modified)
    assert (first.status, second.status, second.body) == (200, 304, b"")
    assert "if-none-match" in outlet.requests("/rss.xml")[1].headers


def test_the_user_agent_names_the_project_and_whom_to_ask(site: NewsSite) -> None:
    outlet = site.outlet()
    PoliteFetcher(LOOPBACK, {}, pause=0, contact="desk@news.example").get(f"{outlet.base}/")
    agents = {request.headers["user-agent"] for request in outlet.log}
    assert agents == {"Dateline/0.1.0 (news reader; desk@news.example)"}


def test_a_host_is_asked_once_at_a_time_with_a_pause(site: NewsSite) -> None:
    outlet = site.outlet()
    polite = PoliteFetcher(LOOPBACK, {}, pause=0.1)
    for _ in range(4):
        polite.get(f"{outlet.base}/")
    times = [request.time for request in outlet.log]
    assert min(later - earlier for earlier, later in pairwise(times[1:])) >= 0.1


def test_robots_are_read_once_and_obeyed(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    outlet.settings.robots = "User-agent: *\nDisallow: /section/\nCrawl-delay: 0.2\n"
    fetcher.get(f"{outlet.base}/")
    with pytest.raises(FetchError, match=r"robots\.txt does not allow it"):
        fetcher.get(f"{outlet.base}/section/world")
    fetcher.get(f"{outlet.base}/rss.xml")
    assert [request.path for request in outlet.log] == ["/robots.txt", "/", "/rss.xml"]
    assert outlet.log[2].time - outlet.log[1].time >= 0.2


def test_robots_that_cannot_be_read_allow_nothing(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    outlet.fault("/robots.txt", Status(503))
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt cannot be read: the server answered 503") as refused:
            fetcher.get(f"{outlet.base}/")
        assert refused.value.retryable
    assert len(outlet.log) == 3
    assert {request.path for request in outlet.log} == {"/robots.txt"}


def test_two_hosts_whose_robots_lead_to_each_other_block_nobody(site: NewsSite, fetcher: PoliteFetcher) -> None:
    one, two = site.outlet("One"), site.outlet("Two")
    one.fault("/robots.txt", Redirect(f"{two.base}/robots.txt"), times=1)
    two.fault("/robots.txt", Redirect(f"{one.base}/robots.txt"), times=1)
    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(fetcher.get, f"{outlet.base}/") for outlet in (one, two)]
        assert [done.result(timeout=20).status for done in asking] == [200, 200]


def test_robots_of_yesterday_are_not_asked_for_again(site: NewsSite) -> None:
    outlet = site.outlet()
    PoliteFetcher(LOOPBACK, {outlet.base: "User-agent: *\nAllow: /"}, pause=0).get(f"{outlet.base}/")
    assert outlet.requests("/robots.txt") == []


def test_what_fails_at_first_is_tried_again(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    outlet.fault("/", Status(500), times=2)
    assert fetcher.get(f"{outlet.base}/").status == 200
    assert [request.status for request in outlet.requests("/")] == [500, 500, 200]


def test_a_server_that_asks_for_a_long_wait_is_left_alone(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    outlet.fault("/rss.xml", Status(429, retry_after=3600))
    with pytest.raises(FetchError) as refused:
        fetcher.get(f"{outlet.base}/rss.xml")
    assert refused.value.not_before is not None
    assert timedelta(minutes=59) < refused.value.not_before - datetime.now(UTC) <= timedelta(hours=1)
    with pytest.raises(FetchError, match="left alone"):
        fetcher.get(f"{outlet.base}/")
    assert [request.path for request in outlet.log] == ["/robots.txt", "/rss.xml"]


def test_a_host_that_does_not_answer_is_given_up(site: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS_A_REQUEST", 0.2)
    outlet = site.outlet()
    polite = PoliteFetcher(LOOPBACK, {outlet.base: ""}, pause=0)
    outlet.fault("*", Hang())
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(FetchError, match="took longer"):
            polite.get(f"{outlet.base}/")
    with pytest.raises(FetchError, match="failed several times"):
        polite.get(f"{outlet.base}/")
    assert time.monotonic() - started < 5
    assert len(outlet.log) == 3


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_runs_out_of_time(site: NewsSite, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(fetch, "SECONDS_A_REQUEST", 0.5)
    outlet = site.outlet()
    outlet.fault("/", Drip(0.05, where))  # type: ignore[arg-type]
    with pytest.raises(FetchError, match="took longer"):
        PoliteFetcher(LOOPBACK, {outlet.base: ""}, pause=0).get(f"{outlet.base}/")


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (GzipBomb(), "MiB"),
        (BigBody(), "MiB"),
        (BigBody(None, declared=False), "MiB"),
        (TruncatedGzip(), "cut off"),
        (UnknownEncoding(), "not asked for"),
        (RedirectLoop(), "redirects more than 5"),
        (RedirectChain(9), "redirects more than 5"),
        (Redirect("file:///etc/passwd"), "not a web address"),
        (Reset(), "connection failed"),
        (WrongLength(by=500), "connection failed"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_what_a_hostile_server_sends_ends_in_one_clear_failure(
    site: NewsSite, fetcher: PoliteFetcher, fault: object, complaint: str
) -> None:
    outlet = site.outlet()
    outlet.fault("/", fault)  # type: ignore[arg-type]
    with pytest.raises(FetchError, match=complaint) as refused:
        fetcher.get(f"{outlet.base}/")
    assert "\n" not in refused.value.message


def test_a_redirect_to_a_private_address_is_refused(site: NewsSite, fetcher: PoliteFetcher) -> None:
    outlet = site.outlet()
    for target in ("http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://10.0.0.1/"):
        outlet.fault("/", Redirect(target))
        with pytest.raises(ForbiddenError, match="private address"):
            fetcher.get(f"{outlet.base}/")


def test_loopback_is_refused_unless_it_is_allowed(site: NewsSite) -> None:
    with pytest.raises(ForbiddenError) as refused:
        PoliteFetcher(Exceptions(), {}).get(site.outlet().base)
    assert "DATELINE_ALLOW_PRIVATE_HOSTS" in refused.value.hint


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_permanent_redirect_moves_a_source(
    site: NewsSite, fetcher: PoliteFetcher, status: int, moved: bool
) -> None:
    outlet = site.outlet()
    outlet.fault("/old.xml", Redirect("/rss.xml", status=status))
    response = fetcher.get(f"{outlet.base}/old.xml")
    assert response.url == f"{outlet.base}/rss.xml"
    assert response.moved_to == (f"{outlet.base}/rss.xml" if moved else "")


@pytest.mark.parametrize(
    "url", ["ftp://news.example/", "file:///etc/passwd", "javascript:1", "http://", "nonsense", ""]
)
def test_only_web_addresses_are_asked(fetcher: PoliteFetcher, url: str) -> None:
    with pytest.raises(ItemError, match="not a web address"):
        fetcher.get(url)


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_a_compressed_body_comes_back_whole_however_it_is_cut(body: bytes, size: int) -> None:
    packed = gzip.compress(body)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert inflate(chunks, "gzip", 2000) == body
    assert inflate([body], "", 2000) == body


@given(st.binary(max_size=300))
def test_a_damaged_body_is_one_clear_failure(body: bytes) -> None:
    try:
        found: bytes | str = inflate([body], "gzip", 1000)
    except FetchError as error:
        found = error.message
    assert isinstance(found, bytes) or "compressed body" in found


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after("120", NOW) == NOW + timedelta(minutes=2)
    assert retry_after("Tue, 12 Nov 2024 13:00:00 GMT", NOW) == NOW + timedelta(hours=1)
    assert retry_after("soon", NOW) is retry_after("", NOW) is None


@pytest.mark.parametrize(
    ("control", "seconds"), [("max-age=600, public", 600), ("no-cache, max-age=600", None), ("", None)]
)
def test_a_response_is_fresh_as_long_as_its_server_says(control: str, seconds: int | None) -> None:
    until = Response("u", 200, {"cache-control": control}, b"").fresh_until(NOW)
    assert until == (None if seconds is None else NOW + timedelta(seconds=seconds))
