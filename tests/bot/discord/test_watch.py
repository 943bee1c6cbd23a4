"""Questions that stand in a channel: the commands about them, and what is posted when articles change the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from discord import Permissions

from bot.discord_client import DatelineBot
from bot.guilds import Asker
from bot.health import Health
from bot.newsdesk import NewsDesk
from bot.watches import WATCHES_PER_GUILD
from bot.workpool import WorkPool
from tests.bot.discord.conftest import Live, Publish, Registered
from tests.bot.test_standing import MORE_FLIGHTS, MOST_FLIGHTS, QUESTION, WEATHER, Clock
from tests.discordserver import Channel, DiscordServer, Guild, Message, User, running
from tests.support import app_at

Stand = Callable[..., int]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(server: DiscordServer, tmp_path: Path, live: Live, clock: Clock) -> Live:  # noqa: ARG001 # has the news
    """The bot, connected, with this clock."""

    @contextmanager
    def timed() -> Iterator[DatelineBot]:
        with app_at(tmp_path / "home") as app:
            desk = NewsDesk(app, clock)
            desk.open()
            with running(server, lambda: Registered(desk, WorkPool(), Health(tmp_path / "health.json"))) as bot:
                yield bot

    return timed


@pytest.fixture
def bot(timed: Live) -> Iterator[DatelineBot]:
    with timed() as bot:
        yield bot


@pytest.fixture
def stand(server: DiscordServer, channel: Channel, ann: User) -> Stand:
    """Let a question stand, Ann's about flights unless it says otherwise; its id."""

    def stand(text: str = QUESTION, *, user: User = ann, place: Channel = channel) -> int:
        asked = server.slash("watch question", user=user, channel=place, options={"text": text})
        [told] = asked.wait_followups()
        assert told.ephemeral
        return int(told.text.split("`")[3])

    return stand


def look(bot: DatelineBot) -> None:
    asyncio.run_coroutine_threadsafe(bot.look_at_watches(), bot.loop).result(20)


def posted(channel: Channel) -> list[Message]:
    return [message for message in channel.messages.values() if "standing question" in message.content]


def listed(server: DiscordServer, channel: Channel, user: User) -> str:
    """What the list shows to somebody."""
    asked = server.slash("watch list", user=user, channel=channel)
    text = asked.wait_response().text
    assert asked.ephemeral
    return text


def test_a_standing_question_is_answered_at_once_for_all_to_see(
    server: DiscordServer, bot: DatelineBot, channel: Channel, ann: User
) -> None:
    asked = server.slash("watch question", user=ann, channel=channel, options={"text": QUESTION})
    assert "**24,000**" in asked.wait_response().text
    [told] = asked.wait_followups()
    assert not asked.ephemeral
    assert "I post it here" in told.text
    look(bot)
    assert posted(channel) == []


def test_an_article_that_changes_the_answer_brings_one_message_that_quotes_it(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, bob: User
) -> None:
    stand()
    publish(MORE_FLIGHTS)
    look(bot)
    look(bot)
    [message] = posted(channel)
    assert message.content == f"-# The answer to a standing question has changed: {QUESTION}"
    assert "**31,000**" in message.text
    assert "Borders close again — Courier" in message.text
    assert "Border police supervised" in server.click(message, "Show context", bob).wait_response().text


def test_who_replies_to_what_was_posted_goes_on_with_that_question(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, bob: User
) -> None:
    stand()
    publish(MORE_FLIGHTS)
    look(bot)
    [message] = posted(channel)
    reply = server.say(channel, bob, f"{server.bot.mention} and arrests?", reply_to=message)
    assert "read as" in server.wait_reply(reply).text


def test_an_article_about_something_else_brings_none(
    bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish
) -> None:
    stand()
    publish(WEATHER)
    look(bot)
    assert posted(channel) == []


def test_two_changes_within_an_hour_bring_one_message_now_and_one_after_the_hour(
    bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, clock: Clock
) -> None:
    stand()
    for report in (MORE_FLIGHTS, MOST_FLIGHTS):
        publish(report)
        look(bot)
        assert ["31,000" in message.text for message in posted(channel)] == [True]
        clock.now += timedelta(minutes=20)
    clock.now += timedelta(minutes=20)
    look(bot)
    look(bot)
    assert ["45,000" in message.text for message in posted(channel)] == [False, True]


def test_two_looks_at_once_bring_one_message(
    bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish
) -> None:
    stand()
    publish(MORE_FLIGHTS)
    looks = [asyncio.run_coroutine_threadsafe(bot.look_at_watches(), bot.loop) for _ in range(3)]
    for one in looks:
        one.result(20)
    assert len(posted(channel)) == 1


def test_what_changes_while_the_bot_is_away_is_posted_when_it_is_back(
    server: DiscordServer, timed: Live, channel: Channel, stand: Stand, publish: Publish
) -> None:
    with timed():
        stand()
    publish(MORE_FLIGHTS)
    for _ in range(2):
        with timed() as bot:
            server.world.wait_for(lambda: posted(channel), "what has changed")
            look(bot)
            assert len(posted(channel)) == 1


def test_a_question_that_stands_in_a_thread_is_answered_in_it(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, ann: User
) -> None:
    answer = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION}).wait_response()
    server.click(answer, "Ask more", ann)
    thread = server.world.wait_for(lambda: answer.thread, "a thread")
    stand(place=thread)
    publish(MORE_FLIGHTS)
    look(bot)
    assert (len(posted(thread)), posted(channel)) == (1, [])


def test_a_guild_has_only_so_many(
    server: DiscordServer, bot: DatelineBot, guild: Guild, channel: Channel, ann: User
) -> None:
    asker = Asker(ann.id, guild.id, channel.id, 1)
    for number in range(WATCHES_PER_GUILD):
        bot.desk.standing.add(asker, channel.id, f"how many flights were supervised on day {number}?")
    asked = server.slash("watch question", user=ann, channel=channel, options={"text": QUESTION})
    [refusal] = asked.wait_followups()
    assert refusal.ephemeral
    assert str(WATCHES_PER_GUILD) in refusal.text
    assert len(bot.desk.standing.of(guild.id)) == WATCHES_PER_GUILD


@pytest.mark.usefixtures("bot")
def test_the_list_shows_a_guild_its_own_and_when_each_was_posted(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, bob: User
) -> None:
    other = server.channel(server.guild("Elsewhere"), "general")
    number = stand()
    assert listed(server, channel, bob) == f"- `{number}` {QUESTION} — <#{channel.id}>, nothing posted yet"
    assert listed(server, other, bob) == "No question stands here."
    publish(MORE_FLIGHTS)
    look(bot)
    assert "posted <t:1731672000:R>" in listed(server, channel, bob)


@pytest.mark.usefixtures("bot")
def test_what_stands_in_a_hidden_channel_is_listed_to_nobody_else(
    server: DiscordServer, guild: Guild, channel: Channel, stand: Stand, ann: User, bob: User
) -> None:
    hidden = server.channel(guild, "editors")
    stand(place=hidden)
    overwrite = {"id": str(guild.id), "type": 0, "allow": "0", "deny": str(Permissions(view_channel=True).value)}
    with server.world.changed:
        payload = {**hidden.payload(), "permission_overwrites": [overwrite]}
        server.world.dispatch("CHANNEL_UPDATE", payload, guild)
    assert listed(server, channel, bob) == "No question stands here."
    assert server.autocomplete("watch remove", "id", "", user=bob, channel=channel) == []
    assert QUESTION in listed(server, channel, ann)


@pytest.mark.usefixtures("bot")
def test_another_member_cannot_remove_it_but_a_moderator_can(
    server: DiscordServer, guild: Guild, channel: Channel, stand: Stand, bob: User
) -> None:
    number = {"id": stand()}
    assert server.autocomplete("watch remove", "id", "Flights", user=bob, channel=channel) == [
        {"name": f"{number['id']}: {QUESTION}", "value": number["id"]}
    ]
    refused = server.slash("watch remove", user=bob, channel=channel, options=number)
    assert "of yours" in refused.wait_response().text
    assert QUESTION in listed(server, channel, bob)
    moderator = server.user("eve")
    server.join(guild, moderator, Permissions(view_channel=True, manage_messages=True))
    assert "Done" in server.slash("watch remove", user=moderator, channel=channel, options=number).wait_response().text
    assert QUESTION not in listed(server, channel, bob)


@pytest.mark.usefixtures("bot")
def test_who_let_it_stand_removes_it_but_not_from_another_guild(
    server: DiscordServer, channel: Channel, stand: Stand, ann: User
) -> None:
    number = {"id": stand()}
    other = server.channel(server.guild("Elsewhere"), "general")
    assert server.autocomplete("watch remove", "id", "", user=ann, channel=other) == []
    refused = server.slash("watch remove", user=ann, channel=other, options=number)
    assert "No standing question of yours here" in refused.wait_response().text
    assert "Done" in server.slash("watch remove", user=ann, channel=channel, options=number).wait_response().text
    assert listed(server, channel, ann) == "No question stands here."


def test_it_is_removed_when_its_channel_is_gone(
    server: DiscordServer, bot: DatelineBot, guild: Guild, channel: Channel, stand: Stand, publish: Publish
) -> None:
    open_, closed = server.channel(guild, "open"), server.channel(guild, "closed")
    stand()
    stand(place=closed)
    left = stand(place=open_)
    with server.world.changed:
        del server.world.channels[channel.id]
    closed.denied = Permissions(send_messages=True)
    publish(MORE_FLIGHTS)
    look(bot)
    assert [one.id for one in bot.desk.standing.of(guild.id)] == [left]
    assert len(posted(open_)) == 1


def test_when_discord_fails_it_is_posted_at_the_next_change(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish
) -> None:
    stand()
    server.fault("POST", f"/channels/{channel.id}/messages", 400)
    publish(MORE_FLIGHTS)
    look(bot)
    assert posted(channel) == []
    publish(WEATHER)
    look(bot)
    assert len(posted(channel)) == 1


def test_a_hostile_question_is_shown_as_it_was_typed_and_pings_nobody(
    server: DiscordServer, bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish, ann: User, bob: User
) -> None:
    stand(f"@everyone {bob.mention} **how many** flights [were](https://evil.example) supervised?")
    publish(MORE_FLIGHTS)
    look(bot)
    [message] = posted(channel)
    assert message.pings == frozenset()
    assert message.content.endswith(
        rf"\@everyone \<\@{bob.id}\> \*\*how many\*\* flights \[were\](https\:\/\/evil.example) supervised?"
    )
    assert r"\[were\](https\:" in listed(server, channel, ann)


@pytest.mark.usefixtures("bot")
def test_nothing_can_stand_where_the_bot_may_not_post(server: DiscordServer, guild: Guild, ann: User) -> None:
    silent = server.channel(guild, "read-only", denied=Permissions(send_messages=True))
    asked = server.slash("watch question", user=ann, channel=silent, options={"text": QUESTION})
    assert "may not post" in asked.wait_response().text
    assert asked.ephemeral
    with pytest.raises(LookupError, match="no command"):
        server.slash("watch list", user=ann, channel=server.direct(ann))


def test_a_bot_that_shuts_down_posts_no_more(
    bot: DatelineBot, channel: Channel, stand: Stand, publish: Publish
) -> None:
    stand()
    publish(MORE_FLIGHTS)
    assert asyncio.run_coroutine_threadsafe(bot.pool.drain(5), bot.loop).result(10)
    look(bot)
    assert posted(channel) == []
