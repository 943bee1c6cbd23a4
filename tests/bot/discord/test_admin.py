"""What those may do who manage a guild: its own sources, and its settings; and what nobody else learns of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from bot.community_schema import GuildSettings
from bot.discord_client import DatelineBot
from bot.discord_text import escape
from ingest.records import Source, SourceKind
from tests.bot.conftest import Report
from tests.bot.discord.conftest import Publish
from tests.bot.harbour import allow_loopback, harbour
from tests.discordserver import Channel, DiscordServer, Guild, Interaction, User
from tests.newssite import Outlet

PATIENCE = 60.0  # seconds for a child process, on a busy machine
OURS = "harbour.example/rss"
FERRIES = Report(OURS, "2024-11-13", "Ferries are full", "The harbour ferries carried 4,812 passengers on Monday.")
QUESTION = {"question": "how many passengers did the harbour ferries carry?"}
COMMANDS = ("sources list", "reindex", "settings show", "settings channels clear")


@pytest.fixture
def private(bot: DatelineBot, guild: Guild, publish: Publish) -> None:
    """A source of the guild's own, that has one article."""
    app = bot.desk._app
    app.sources.add(Source(SourceKind.FEED, f"https://{OURS}", OURS, private=True))
    app.community.claim_outlet(OURS, guild.id)
    publish(FERRIES)
    bot.desk.refresh()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    allow_loopback(monkeypatch)
    with harbour() as outlet:
        yield outlet


def refused(given: Interaction) -> str:
    """Why a private command came to nothing."""
    text = given.wait_response().text
    assert given.ephemeral
    return text


def wait_until(done: Callable[[], bool]) -> None:
    """Until something has happened that Discord is not told of."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def said(given: Interaction, *words: str) -> str:
    """What a command came to, once all these words are there."""
    return given.wait_for(lambda message: all(word in message.text for word in words), PATIENCE).text


@pytest.mark.usefixtures("bot")
def test_a_plain_member_is_not_offered_what_managers_are(
    server: DiscordServer, channel: Channel, ann: User, manager: User
) -> None:
    for command in COMMANDS:
        for place in (channel, server.direct(ann)):
            with pytest.raises(LookupError, match="is offered to ann"):
                server.slash(command, user=ann, channel=place)
    assert "articles" in said(server.slash("sources list", user=manager, channel=channel))


@pytest.mark.usefixtures("private")
def test_its_guild_is_answered_from_a_private_source(
    server: DiscordServer, channel: Channel, ann: User, manager: User
) -> None:
    assert "4,812" in server.slash("ask", user=ann, channel=channel, options=QUESTION).wait_response().text
    assert escape(OURS) in server.slash("latest", user=ann, channel=channel).wait_response().text
    listed = server.slash("sources list", user=manager, channel=channel)
    assert f"- {escape(OURS)}: 1 article" in said(listed)
    assert "Meridian Post (1)" in said(listed)
    assert listed.ephemeral
    assert "2 articles of 2 outlets" in said(server.slash("status", user=ann, channel=channel))
    assert [one["value"] for one in server.autocomplete("ask", "outlet", "harb", user=ann, channel=channel)] == [OURS]
    offered = server.autocomplete("sources remove", "source", "", user=manager, channel=channel)
    assert [one["value"] for one in offered] == [OURS]


@pytest.mark.usefixtures("private")
def test_nobody_else_learns_of_a_private_source(
    server: DiscordServer, abroad: Channel, ann: User, manager: User
) -> None:
    for place in (abroad, server.direct(ann)):
        told = [
            server.slash("ask", user=ann, channel=place, options=QUESTION).wait_response().text,
            refused(
                server.slash("ask", user=ann, channel=place, options={**QUESTION, "outlet": OURS, "private": True})
            ),
            server.slash("search", user=ann, channel=place, options={"words": "harbour ferries"}).wait_response().text,
            server.slash("latest", user=ann, channel=place).wait_response().text,
            server.slash("status", user=ann, channel=place).wait_response().text,
        ]
        assert not [text for text in told if "4,812" in text or "Ferries" in text]
        assert "1 article of 1 outlet\n" in told[-1]
        assert server.autocomplete("ask", "outlet", "harb", user=ann, channel=place) == []
    assert "harbour" not in said(server.slash("sources list", user=manager, channel=abroad))
    assert server.autocomplete("sources remove", "source", "", user=manager, channel=abroad) == []
    assert server.autocomplete("settings outlets add", "outlet", "harb", user=manager, channel=abroad) == []
    removed = server.slash("sources remove", user=manager, channel=abroad, options={"source": OURS})
    assert refused(removed).startswith("This server has no such source")


def test_a_source_is_added_and_removed_and_shared_without_a_word_of_it(
    server: DiscordServer, site: Outlet, bot: DatelineBot, channel: Channel, abroad: Channel, ann: User, manager: User
) -> None:
    address = {"url": f"{site.base}/rss.xml"}
    told = [
        said(server.slash("sources add", user=manager, channel=place, options=address), "Added")
        for place in (channel, abroad)
    ]
    assert ": 1 article, looked at <t:" in told[0]
    assert told[0].partition("<t:")[0] == told[1].partition("<t:")[0]
    question = {"question": "how many passengers did the ferries carry?"}
    for place, is_removed in ((channel, False), (abroad, True)):
        [outlet] = server.autocomplete("sources remove", "source", "", user=manager, channel=place)
        options = {"source": outlet["value"]}
        said(server.slash("sources remove", user=manager, channel=place, options=options), "Done")
        assert "4,812" not in server.slash("ask", user=ann, channel=place, options=question).wait_response().text
        if not is_removed:
            assert "4,812" in server.slash("ask", user=ann, channel=abroad, options=question).wait_response().text
    app = bot.desk._app
    assert (app.sources.load(), app.community.private_outlets()) == ([], {})


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("place", ["/etc/passwd", "file:///etc/passwd"])
def test_a_place_on_the_servers_disk_cannot_be_added(
    server: DiscordServer, channel: Channel, manager: User, place: str
) -> None:
    added = server.slash("sources add", user=manager, channel=channel, options={"url": place})
    assert refused(added).startswith("That is no web address")


def test_a_guild_that_puts_the_bot_out_leaves_nothing_but_what_is_of_others(
    server: DiscordServer, bot: DatelineBot, guild: Guild, channel: Channel, abroad: Channel, manager: User
) -> None:
    app = bot.desk._app
    assert abroad.guild is not None
    for outlet, owners in {"own.example": [guild], "both.example": [guild, abroad.guild]}.items():
        app.sources.add(Source(SourceKind.FEED, f"https://{outlet}", outlet, private=True))
        for owner in owners:
            app.community.claim_outlet(outlet, owner.id)
    asked = [server.slash("ask", user=manager, channel=place, options=QUESTION) for place in (channel, abroad)]
    answers = [one.wait_response().text.rpartition("answer ")[2] for one in asked]
    said(server.slash("settings quota", user=manager, channel=channel, options={"questions": 7}), "7")
    server.put_out(guild)
    wait_until(lambda: len(app.community.private_outlets()) == 1)
    assert app.community.private_outlets() == {"both.example": {abroad.guild.id}}
    assert [source.outlet for source in app.sources.load()] == ["both.example"]
    assert app.community.settings(guild.id) == GuildSettings(guild.id)
    assert [app.community.asked(answer) is None for answer in answers] == [True, False]


@pytest.mark.usefixtures("bot")
def test_settings_are_changed_and_shown_to_who_changed_them(
    server: DiscordServer, bot: DatelineBot, guild: Guild, channel: Channel, manager: User
) -> None:
    def set_(name: str, **options: str | int | Channel) -> str:
        given = server.slash(f"settings {name}", user=manager, channel=channel, options=options)
        text = given.wait_response().text
        assert given.ephemeral
        return text

    assert "everywhere" in set_("show")
    assert f"I answer: <#{channel.id}>" in set_("channels add", channel=channel)
    assert "Meridian Post" in set_("outlets add", outlet="meridian post")
    assert "0" in set_("quota", questions=0)
    assert "Deutsch" in set_("language", language="de")
    kept = GuildSettings(guild.id, (channel.id,), "de", ("Meridian Post",), 0)
    assert bot.desk.guilds.settings(guild.id) == kept
    offered = server.autocomplete("settings outlets remove", "outlet", "m", user=manager, channel=channel)
    assert [one["value"] for one in offered] == ["Meridian Post"]
    set_("channels remove", channel=channel)
    set_("outlets remove", outlet="Meridian Post")
    set_("language", language="-")
    assert bot.desk.guilds.settings(guild.id) == GuildSettings(guild.id, daily_quota=0)
    set_("channels add", channel=channel)
    set_("outlets add", outlet="Meridian Post")
    set_("channels clear")
    assert "all" in set_("outlets clear")
    with pytest.raises(ValueError, match="too long, short, high or low"):
        set_("quota", questions=100_001)


@pytest.mark.usefixtures("bot")
def test_what_is_not_named_cannot_be_removed_and_what_is_not_there_cannot_be_named(
    server: DiscordServer, channel: Channel, manager: User
) -> None:
    removed = server.slash("settings channels remove", user=manager, channel=channel, options={"channel": channel})
    assert refused(removed).startswith("That one is not named here")
    added = server.slash("settings outlets add", user=manager, channel=channel, options={"outlet": "The Moon"})
    assert "The Moon" in refused(added)


def test_of_two_managers_at_once_both_have_their_way(
    server: DiscordServer, bot: DatelineBot, guild: Guild, manager: User
) -> None:
    channels = [server.channel(guild, f"room-{number}") for number in range(8)]
    given = [
        server.slash("settings channels add", user=manager, channel=one, options={"channel": one}) for one in channels
    ]
    for one in given:
        one.wait_response()
    assert set(bot.desk.guilds.settings(guild.id).channels) == {one.id for one in channels}


@pytest.mark.usefixtures("bot")
def test_the_status_tells_how_many_questions_are_left_and_no_paths(
    server: DiscordServer, channel: Channel, ann: User
) -> None:
    server.slash("ask", user=ann, channel=channel, options=QUESTION).wait_response()
    text = server.slash("status", user=ann, channel=channel).wait_response().text
    assert "Questions asked today: 1 of 200" in text
    assert "Newest article: <t:" in text
    assert "/" not in text
    assert "asked today" not in server.slash("status", user=ann, channel=server.direct(ann)).wait_response().text


@pytest.mark.usefixtures("bot")
def test_a_server_without_sources_of_its_own_is_told_how_to_add_one(
    server: DiscordServer, channel: Channel, manager: User
) -> None:
    shown = server.slash("sources list", user=manager, channel=channel).wait_response().text
    assert "**This server's own sources**\nnone; `/sources add` adds one" in shown
    assert "Meridian Post (1)" in shown
