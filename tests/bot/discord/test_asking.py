"""Questions on Discord: by command, by mention, and in conversation."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.community_schema import GuildSettings
from tests.bot.conftest import FLIGHTS, Report
from tests.bot.discord.conftest import Live, Publish
from tests.discordserver import Channel, DiscordServer, Guild, Interaction, Message, User
from tests.support import app_at

live_bot = pytest.mark.usefixtures("bot")
QUESTION = {"question": "how many flights were supervised?"}
COURT = Report(
    "Northgate Wire", "2024-11-20", "Court hears the case", "The court in Thornbury heard 23 cases on Monday."
)
UNKNOWN = "is not known here"


def ask(server: DiscordServer, channel: Channel, user: User, **options: str | bool) -> Interaction:
    return server.slash("ask", user=user, channel=channel, options={**QUESTION, **options})


def answer_id(message: Message) -> str:
    """As its footer tells it."""
    return message.text.rpartition("answer ")[2]


def verified(server: DiscordServer, channel: Channel, user: User, answer: str) -> str:
    return said(server.slash("verify", user=user, channel=channel, options={"answer": answer}))


def said(asked: Interaction) -> str:
    """What only its user is told."""
    text = asked.wait_response().text
    assert asked.ephemeral
    return text


def refused(asked: Interaction) -> str:
    """What only its user is told instead of a public answer, of which nothing is left."""
    [told] = asked.wait_followups()
    assert told.ephemeral
    assert asked.message is not None
    assert asked.message.deleted
    assert asked.channel.visible_to(asked.user) == [told]
    return told.text


@live_bot
def test_an_answer_quotes_the_report(server: DiscordServer, channel: Channel, ann: User) -> None:
    asked = ask(server, channel, ann)
    message = asked.wait_response()
    assert "border police supervised almost **24,000** flights" in message.text
    assert "Operation at borders ends — Meridian Post" in message.text
    assert not asked.ephemeral
    assert asked.deferred_after is not None


@live_bot
def test_a_private_question_is_answered_to_its_asker_alone(server: DiscordServer, channel: Channel, ann: User) -> None:
    assert "24,000" in said(ask(server, channel, ann, private=True))


def test_an_answer_is_of_the_outlet_and_the_time_that_are_named(
    live: Live, publish: Publish, server: DiscordServer, channel: Channel, ann: User
) -> None:
    publish(FLIGHTS._replace(outlet="Evening Wire", published="2024-11-20", text="Police supervised 31,000 flights."))
    with live():
        for options, number, other in (
            ({"outlet": "evening wire"}, "31,000", "24,000"),
            ({"outlet": "Meridian Post"}, "24,000", "31,000"),
            ({"since": "2024-11-15"}, "31,000", "24,000"),
            ({"until": "15 Nov 2024"}, "24,000", "31,000"),
            ({"since": "2024-11-12", "until": "2024-11-12"}, "24,000", "31,000"),
        ):
            text = ask(server, channel, ann, **options).wait_response().text
            assert number in text
            assert other not in text
            assert "searched: " in text


@live_bot
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"outlet": "The Moon"}, "No article is by an outlet called 'The Moon'.\n-# there are: Meridian Post"),
        ({"outlet": "*" * 6000}, "No article is by an outlet called"),
        ({"since": "[soon](<x>)"}, r"'\[soon\](\<x\>)' is not a date."),
        ({"since": "2024-11-12", "until": "2024-11-01"}, "is later than"),
        ({"question": "  "}, "The question is empty."),
        ({"question": "why? " * 400}, "characters, 1,000 at most.\n-# ask one thing at a time"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_line_for_the_asker_alone(
    server: DiscordServer, channel: Channel, ann: User, options: dict[str, str], words: str
) -> None:
    text = refused(ask(server, channel, ann, **options))
    assert words in text
    assert "dateline" not in text
    assert said(ask(server, channel, ann, private=True, **options)) == text


def test_outlets_are_offered_while_one_types_even_when_nobody_is_free(
    live: Live, publish: Publish, server: DiscordServer, channel: Channel, ann: User
) -> None:
    publish(*(Report(f"Gazette {n:02}", "2024-11-01", f"Report {n}", f"Town {n} opened a bridge.") for n in range(30)))
    free = threading.Event()
    with live() as bot:
        jobs = [bot.loop.call_soon_threadsafe(bot.loop.create_task, bot.pool.run(n, free.wait, 10)) for n in range(44)]
        assert len(jobs) == 44
        try:
            offered = server.autocomplete("ask", "outlet", "", user=ann, channel=channel)
            assert len(offered) == 25
            offered = server.autocomplete("search", "outlet", "post", user=ann, channel=channel)
            assert offered == [{"name": "Meridian Post", "value": "Meridian Post"}]
            assert "many are asking just now; try again in about" in refused(ask(server, channel, ann)).casefold()
        finally:
            free.set()


@live_bot
def test_dates_are_offered_while_one_types(server: DiscordServer, channel: Channel, ann: User) -> None:
    [week] = server.autocomplete("ask", "since", "last week", user=ann, channel=channel)
    assert week["name"].startswith("last week (Mon ")
    text = ask(server, channel, ann, since=week["value"]).wait_response().text
    assert "searched: " in text
    assert server.autocomplete("latest", "outlet", "zzz", user=ann, channel=channel) == []


def test_search_shows_the_asker_pages_of_passages(
    live: Live, publish: Publish, server: DiscordServer, channel: Channel, ann: User
) -> None:
    words = [" ".join(f"*w{n}x{i}*" for i in range(60)) for n in range(12)]
    publish(*(Report("Gazette", "2024-11-01", f"Report {n}", f"A bridge {some}.") for n, some in enumerate(words)))
    with live():
        found = server.slash("search", user=ann, channel=channel, options={"words": "bridge"})
        first, [second, *_] = said(found), found.wait_followups()
        assert "**1** Gazette, <t:" in first
        assert second.ephemeral
        assert "**10** " in found.followups[-1].text
        nothing = server.slash("search", user=ann, channel=channel, options={"words": "bridge", "since": "2024-12-01"})
        assert said(nothing) == "No passage in the archive matches."
        wrong = server.slash("search", user=ann, channel=channel, options={"words": "x", "outlet": "Moon"})
        assert said(wrong).startswith("No article is by")


def test_latest_shows_the_newest_headlines(
    live: Live, publish: Publish, server: DiscordServer, channel: Channel, ann: User
) -> None:
    publish(COURT)

    def latest(**options: str) -> list[str]:
        text = said(server.slash("latest", user=ann, channel=channel, options=options))
        return [title for title in text.splitlines() if title.startswith("- ")]

    with live():
        newest, older = latest()
        assert "Court hears the case" in newest
        assert "Operation at borders ends" in older
        assert latest(outlet="meridian post") == [older]
        assert latest(topic="court in Thornbury")[0] == newest
        assert latest(outlet="Meridian Post", topic="court in Thornbury") in ([], [older])
        assert said(server.slash("latest", user=ann, channel=channel, options={"outlet": "Moon"})).startswith(
            "No article is by an outlet called 'Moon'."
        )


@live_bot
def test_an_answer_is_verified_where_it_was_asked_and_unknown_elsewhere(
    server: DiscordServer, channel: Channel, ann: User, bob: User
) -> None:
    answer = answer_id(ask(server, channel, ann).wait_response())
    assert "1 of 1 quotation verified" in verified(server, channel, ann, answer)
    assert "1 of 1 quotation verified" in verified(server, channel, bob, f"`{answer}` ")
    elsewhere = server.channel(server.guild("Elsewhere"), "general")
    theirs = verified(server, elsewhere, bob, answer)
    assert UNKNOWN in theirs
    nobodys = "a_0123456789"
    assert theirs.replace(answer[2:], nobodys[2:]) == verified(server, elsewhere, bob, nobodys)


@live_bot
def test_a_private_answer_is_unknown_to_others(server: DiscordServer, channel: Channel, ann: User, bob: User) -> None:
    answer = answer_id(ask(server, channel, ann, private=True).wait_response())
    assert "verified" in verified(server, channel, ann, answer)
    assert UNKNOWN in verified(server, channel, bob, answer)


@live_bot
def test_what_is_forgotten_is_unknown(server: DiscordServer, channel: Channel, ann: User, bob: User) -> None:
    answer, others = (answer_id(ask(server, channel, user).wait_response()) for user in (ann, bob))
    assert "entries of yours are deleted" in said(server.slash("forget me", user=ann, channel=channel))
    assert UNKNOWN in verified(server, channel, ann, answer)
    assert "verified" in verified(server, channel, bob, others)


@live_bot
def test_help_is_for_the_asker_alone(server: DiscordServer, channel: Channel, ann: User) -> None:
    assert "`/ask` a question" in said(server.slash("help", user=ann, channel=channel))


@live_bot
def test_a_guild_says_where_and_how_often_it_may_be_asked(
    server: DiscordServer, guild: Guild, channel: Channel, ann: User, tmp_path: Path
) -> None:
    quiet = server.channel(guild, "quiet")
    with app_at(tmp_path / "home") as app:
        app.community.set_settings(GuildSettings(guild.id, channels=(channel.id,), daily_quota=2))
    assert refused(ask(server, quiet, ann)) == f"I do not answer in this channel.\n-# ask in <#{channel.id}>"
    mentioned = server.mention(quiet, ann, QUESTION["question"])
    assert "I do not answer in this channel." in server.wait_reply(mentioned).text
    for _ in range(2):
        assert "24,000" in said(ask(server, channel, ann, private=True))
    assert said(ask(server, channel, ann, private=True)).startswith("This server has asked its 2 questions of the day.")
    assert "24,000" in ask(server, server.direct(ann), ann).wait_response().text


@live_bot
def test_who_asks_too_often_is_told_when_to_ask_again(server: DiscordServer, channel: Channel, ann: User) -> None:
    options: dict[str, str | bool] = {"question": " ", "private": True}
    for _ in range(10):
        said(server.slash("ask", user=ann, channel=channel, options=options))
    assert said(ask(server, channel, ann)).startswith("That was often; try again in ")
