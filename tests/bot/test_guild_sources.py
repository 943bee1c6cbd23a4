"""The sources of guilds: whose they are, what they are called, and who else learns of them."""

from __future__ import annotations

import json
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.guild_sources import MOST_SOURCES, GuildSources, outlet_name
from bot.guilds import Asker, Wish
from bot.newsdesk import NewsDesk
from bot.reindexing import Progress, Reindexing
from ingest.errors import DatelineError, ItemError, NotFoundError, UsageError
from ingest.records import Source, SourceKind
from tests.bot.child import COMMAND
from tests.bot.harbour import FERRIES, allow_loopback, harbour
from tests.bot.test_workpool import on_a_loop
from tests.newssite import Outlet, Replaced, Status
from tests.support import app_at, index

NEWSROOM, LIBRARY = 11, 22

word = st.text(string.ascii_letters + string.digits + "-_.~%", min_size=1, max_size=60)
location = st.builds(
    "{}://{}{}{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "ann:pass@"]),
    st.sampled_from(["", "www."]),
    st.sampled_from(["news.example", "news.example:8080", "example.org"]),
    st.lists(word, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts)),
    st.sampled_from(["", "/"]),
    st.sampled_from(["", "?", "?key=s3cr3t", "?key=another"]),
)


def quietly(_: Progress) -> None:
    """Tell nobody."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    allow_loopback(monkeypatch)
    with app_at(tmp_path / "home") as opened:
        opened.reindexing = Reindexing(tmp_path / "home", command=COMMAND)
        yield opened


@pytest.fixture
def desk(app: App) -> NewsDesk:
    return NewsDesk(app)


@pytest.fixture
def site() -> Iterator[Outlet]:
    with harbour() as outlet:
        yield outlet


@pytest.fixture
def broken(app: App, tmp_path: Path) -> GuildSources:
    """Guilds' sources whose every child process fails, with words that are not for guilds."""
    script = "import sys; sys.exit('error: /srv/secret/sources.toml: https://other.example/feed is no TOML')"
    app.reindexing = Reindexing(tmp_path / "home", command=[sys.executable, "-c", script])
    return NewsDesk(app).sources


@given(location)
def test_an_outlets_name_is_short_and_has_no_secret_of_the_location(location: str) -> None:
    name = outlet_name(location)
    assert name == outlet_name(location)
    assert len(name) <= 90
    assert not any(secret in name for secret in ("s3cr3t", "another", "key=", "ann", "pass", "?"))


@given(location, location)
def test_two_locations_never_have_the_same_outlet(one: str, other: str) -> None:
    assert (outlet_name(one) == outlet_name(other)) == (one == other)


@given(location)
def test_what_the_name_leaves_out_makes_it_another_one(location: str) -> None:
    bare = location.partition("?")[0]
    assert outlet_name(f"{bare}?key=1") != outlet_name(f"{bare}?key=2")
    host = urlsplit(location).netloc.rpartition("@")[2].removeprefix("www.")
    assert outlet_name(location).startswith(host)


def test_an_outlet_is_called_by_host_and_path() -> None:
    assert outlet_name("https://news.example/sport/rss.xml") == "news.example/sport/rss.xml"
    assert outlet_name("https://www.news.example/rss/?key=1").startswith("news.example/rss #")


@pytest.mark.parametrize(
    "place",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://news.example/rss",
        "--full",
        "",
        "https://",
        "http://[1",
        "https://a b",
    ],
)
@on_a_loop
async def test_only_a_web_address_can_be_added(desk: NewsDesk, place: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        await desk.sources.add(NEWSROOM, place, quietly)
    assert desk._app.community.private_outlets() == {}


@on_a_loop
async def test_a_source_is_for_the_guild_that_added_it_and_for_no_other(desk: NewsDesk, site: Outlet) -> None:
    told: list[Progress] = []
    added = await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml?key=s3cr3t", told.append)
    assert (added.articles, added.error) == (1, "")
    assert added.looked is not None
    assert told[-1].doing == "Indexing articles"
    assert "s3cr3t" not in added.outlet
    assert desk.guilds.visible(NEWSROOM) == {added.outlet: 1}
    for other in (LIBRARY, None):
        assert await desk.sources.own(other or 0) == []
        assert desk.guilds.visible(other) == {}
        assert desk.guilds.choices(other, "") == []
        assert (await desk.sources.reading(other)) == (0, 0, None, None)
        assert desk.search(Asker(1, other, 1, 1), Wish("ferries passengers")) == []
        assert desk.latest(Asker(1, other, 1, 1), "", "") == []
        with pytest.raises(UsageError):
            desk.latest(Asker(1, other, 1, 1), added.outlet, "")
    assert {hit.article.outlet for hit in desk.search(Asker(1, NEWSROOM, 1, 1), Wish("ferries"))} == {added.outlet}
    assert (await desk.sources.reading(NEWSROOM))[:2] == (1, 1)


@on_a_loop
async def test_two_guilds_share_a_feed_unknowingly_until_the_last_one_leaves(
    app: App, desk: NewsDesk, site: Outlet
) -> None:
    first = await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    second = await desk.sources.add(LIBRARY, site.base, quietly)  # the site, which is followed by that feed
    assert (second.outlet, second.articles, second.error) == (first.outlet, first.articles, first.error)
    assert len(app.sources.load()) == 1
    assert await desk.sources.remove(NEWSROOM, f"{site.base}/rss.xml") == first.outlet
    assert desk.guilds.visible(NEWSROOM) == {}
    assert desk.guilds.visible(LIBRARY) == {first.outlet: 1}
    with pytest.raises(NotFoundError):
        await desk.sources.remove(NEWSROOM, first.outlet)
    await desk.sources.leave(LIBRARY)
    assert app.sources.load() == []
    assert app.archive.outlets() == {}
    assert app.community.private_outlets() == {}


@on_a_loop
async def test_what_is_read_for_everyone_cannot_be_made_private(app: App, desk: NewsDesk, site: Outlet) -> None:
    app.sources.add(Source(SourceKind.FEED, f"{site.base}/rss.xml"))
    for address in (f"{site.base}/rss.xml", site.base):
        with pytest.raises(UsageError, match="for everyone"):
            await desk.sources.add(NEWSROOM, address, quietly)
    assert app.community.private_outlets() == {}
    assert app.sources.load() == [Source(SourceKind.FEED, f"{site.base}/rss.xml")]


@on_a_loop
async def test_the_name_of_an_outlet_for_everyone_cannot_be_taken(
    app: App, desk: NewsDesk, site: Outlet, news: Path
) -> None:
    address = f"{site.base}/rss.xml"
    (news / "a.json").write_text(json.dumps({"title": "A", "text": FERRIES, "outlet": outlet_name(address)}))
    index(app, news)
    with pytest.raises(UsageError, match="for everyone"):
        await desk.sources.add(NEWSROOM, address, quietly)
    assert app.community.private_outlets() == {}


@on_a_loop
async def test_an_address_that_cannot_be_had_is_said_and_claims_nothing(app: App, desk: NewsDesk, site: Outlet) -> None:
    site.fault("/rss.xml", Status(404))
    with pytest.raises(ItemError, match="404"):
        await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert app.community.private_outlets() == {}


@on_a_loop
async def test_a_page_cannot_name_a_file_as_its_feed(app: App, desk: NewsDesk, site: Outlet) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">'
    site.fault("/", Replaced(f"<html><head>{feed}</head><body>News</body></html>".encode(), "text/html"))
    with pytest.raises(UsageError, match="no web address"):
        await desk.sources.add(NEWSROOM, site.base, quietly)
    assert app.community.private_outlets() == {}


@on_a_loop
async def test_an_article_that_its_source_cannot_take_along_stays_hidden(
    app: App, desk: NewsDesk, site: Outlet, news: Path
) -> None:
    added = await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    (news / "a.json").write_text(
        json.dumps({"title": "A", "text": "Nobody else may read this.", "outlet": added.outlet})
    )
    index(app, news)
    with pytest.raises(RuntimeError):
        await desk.sources.remove(NEWSROOM, added.outlet)
    assert app.sources.load() == []
    assert app.community.outlets_hidden_from(LIBRARY) == {added.outlet}


@on_a_loop
async def test_an_address_inside_the_servers_own_network_is_not_told_from_others(desk: NewsDesk, site: Outlet) -> None:
    desk._app.settings.dateline_allow_private_hosts = ""
    with pytest.raises(UsageError) as caught:
        await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert "127" not in caught.value.message + caught.value.hint


@on_a_loop
async def test_a_guild_has_so_many_sources_and_no_more(app: App, desk: NewsDesk, site: Outlet) -> None:
    for number in range(MOST_SOURCES):
        app.community.claim_outlet(f"news.example/{number}", NEWSROOM)
    with pytest.raises(UsageError, match=f"its {MOST_SOURCES} sources"):
        await desk.sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert len(app.community.outlets_of(NEWSROOM)) == MOST_SOURCES


@on_a_loop
async def test_a_failing_child_leaves_nothing_claimed_and_its_words_are_for_the_log(
    app: App, broken: GuildSources, site: Outlet
) -> None:
    with pytest.raises(RuntimeError) as caught:
        await broken.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert not isinstance(caught.value, DatelineError)
    assert "secret" not in str(caught.value)
    assert "/srv/secret" in str(caught.value.__cause__)
    assert app.community.private_outlets() == {}


@on_a_loop
async def test_an_outlet_is_private_before_its_source_is_on_the_list(app: App, site: Outlet, tmp_path: Path) -> None:
    query = "open('seen', 'w').write(str(sqlite3.connect('home/journal.db').execute('select * from private_outlet').fetchall()))"
    app.reindexing = Reindexing(tmp_path / "home", command=[sys.executable, "-c", f"import sqlite3; {query}; exit(1)"])
    with pytest.raises(RuntimeError):
        await NewsDesk(app).sources.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert (tmp_path / "seen").read_text() == str([(outlet_name(f"{site.base}/rss.xml"), NEWSROOM)])


@on_a_loop
async def test_a_source_that_cannot_be_taken_out_stays_private(app: App, broken: GuildSources) -> None:
    app.sources.add(Source(SourceKind.FEED, "https://a.example/rss", "a.example/rss", private=True))
    app.community.claim_outlet("a.example/rss", NEWSROOM)
    with pytest.raises(RuntimeError):
        await broken.remove(NEWSROOM, "a.example/rss")
    await broken.leave(NEWSROOM)
    assert app.community.outlets_hidden_from(LIBRARY) == {"a.example/rss"}


@on_a_loop
async def test_an_outlet_with_articles_left_is_not_released(app: App, desk: NewsDesk, news: Path) -> None:
    (news / "a.json").write_text(json.dumps({"title": "A", "text": FERRIES, "outlet": "a.example/rss"}))
    app.community.claim_outlet("a.example/rss", NEWSROOM)  # its source was taken off the list by hand
    index(app, news)
    with pytest.raises(RuntimeError):
        await desk.sources.remove(NEWSROOM, "a.example/rss")
    assert app.community.outlets_hidden_from(LIBRARY) == {"a.example/rss"}


@on_a_loop
async def test_a_guild_that_fails_to_add_what_it_has_keeps_it(app: App, broken: GuildSources, site: Outlet) -> None:
    outlet = outlet_name(f"{site.base}/rss.xml")
    app.community.claim_outlet(outlet, NEWSROOM)
    with pytest.raises(RuntimeError):
        await broken.add(NEWSROOM, f"{site.base}/rss.xml", quietly)
    assert app.community.outlets_of(NEWSROOM) == {outlet}
