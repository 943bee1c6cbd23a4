"""What Discord, the network and many people at once do to the bot, and what comes of the questions meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from time import sleep

import pytest
from discord import Permissions

from bot.calibration import Calibration
from bot.discord_client import DatelineBot
from tests.bot.conftest import FLIGHTS, keep
from tests.bot.discord.conftest import Publish
from tests.bot.discord.desks import HeldDesk, bot_over, outcome, wait_until
from tests.discordserver import Channel, DiscordServer, Interaction, User
from tests.discordserver.posting import delete

EDIT = ("PATCH", "/webhooks/*/messages/@original")
QUESTION = {"question": "how many flights were supervised?"}
RESTARTING = "I am restarting; try again in a minute."


@pytest.fixture
def bot(server: DiscordServer, publish: Publish, tmp_path: Path) -> Iterator[DatelineBot]:
    keep(Calibration(intercept=20.0), tmp_path / "home")
    publish(FLIGHTS)
    with bot_over(server, tmp_path / "home", desk=HeldDesk) as bot:
        yield bot


@pytest.fixture
def desk(bot: DatelineBot) -> Iterator[HeldDesk]:
    assert isinstance(bot.desk, HeldDesk)
    yield bot.desk
    bot.desk.go.set()


def ask(server: DiscordServer, channel: Channel, user: User, **options: bool) -> Interaction:
    return server.slash("ask", user=user, channel=channel, options={**QUESTION, **options})


def in_channel(channel: Channel, server: DiscordServer) -> list[str]:
    """What the bot has said to all here."""
    messages = [one for one in channel.visible_to(server.user("passer-by")) if one.author == server.bot]
    return [message.text for message in messages if not message.state.thinking]


@pytest.mark.parametrize(("status", "times"), [(429, 3), (500, 1)])
def test_an_edit_that_discord_puts_off_is_made_later_and_once(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, status: int, times: int
) -> None:
    desk.go.set()
    server.fault(*EDIT, status, times=times, retry_after=0.1)
    asked = ask(server, channel, ann)
    assert "24,000" in asked.wait_response().text
    assert [call.status for call in server.requests if call.method == "PATCH"] == [status] * times + [200]


@pytest.mark.parametrize("forget", [False, True], ids=["resumed", "begun anew"])
def test_an_answer_comes_once_though_the_connection_breaks_meanwhile(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, bob: User, forget: bool
) -> None:
    asked = ask(server, channel, ann)
    desk.wait_begun()
    with server.gateway.outage(forget=forget):
        desk.go.set()
        assert "24,000" in asked.wait_response().text
        missed = server.mention(channel, bob, QUESTION["question"])
    server.gateway.wait_ready()
    again = missed if not forget else server.mention(channel, bob, QUESTION["question"])
    assert "24,000" in server.wait_reply(again).text
    assert (len(server.gateway.identified), len(server.gateway.resumed)) == ((2, 0) if forget else (1, 1))
    assert len(asked.history) == 2
    assert len(in_channel(channel, server)) == 2


@pytest.mark.parametrize("code", [50027, 10015])
def test_an_answer_that_is_too_late_for_its_command_comes_as_a_message(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, code: int
) -> None:
    asked = ask(server, channel, ann)
    desk.wait_begun()
    asked.expire(code)
    desk.go.set()
    server.world.wait_for(lambda: in_channel(channel, server), "a message")
    [text] = in_channel(channel, server)
    assert "24,000" in text


def test_a_private_answer_that_is_too_late_is_shown_to_nobody(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    asked = ask(server, channel, ann, private=True)
    desk.wait_begun()
    asked.expire()
    desk.go.set()
    assert "24,000" in outcome(server, ask(server, channel, ann, private=True)).text
    assert in_channel(channel, server) == []
    wait_until(lambda: "/ask was not answered in time" in caplog.text)
    assert "Traceback" not in caplog.text


def test_where_the_bot_may_not_write_it_answers_commands_only(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    desk.go.set()
    assert channel.guild
    closed = server.channel(channel.guild, "closed", denied=Permissions(send_messages=True))
    server.mention(closed, ann, QUESTION["question"])
    desk.wait_begun()
    assert "24,000" in outcome(server, ask(server, closed, ann)).text
    wait_until(lambda: "nobody could be told" in caplog.text)
    assert "Traceback" not in caplog.text
    assert "24,000" in server.wait_reply(server.mention(channel, ann, QUESTION["question"])).text


def test_a_message_that_a_moderator_deleted_is_not_posted_again(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User
) -> None:
    asked = ask(server, channel, ann)
    desk.wait_begun()
    assert asked.message
    with server.world.changed:
        delete(server.world, asked.message)
    desk.go.set()
    told = outcome(server, asked)
    assert told.ephemeral
    assert told.text == "What this was about has been deleted."
    assert in_channel(channel, server) == []


def test_a_question_that_was_deleted_does_no_harm(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    asked = server.mention(channel, ann, QUESTION["question"])
    desk.wait_begun()
    with server.world.changed:
        delete(server.world, asked)
    desk.go.set()
    assert "24,000" in server.wait_reply(asked).text
    assert "Traceback" not in caplog.text


def test_of_two_hundred_questions_at_once_each_is_answered_or_refused_and_none_twice(
    server: DiscordServer, desk: HeldDesk, channel: Channel
) -> None:
    users = [server.user(f"reader {n}") for n in range(50)]
    asked = [ask(server, channel, user) for _ in range(4) for user in users]
    desk.wait_begun(4)
    server.world.wait_for(lambda: sum(len(one.followups) for one in asked) == 156, "the refusals")
    desk.go.set()
    ends = [outcome(server, one).text for one in asked]
    answers = [text for text in ends if "24,000" in text]
    refusals = [text for text in ends if text.startswith("Many are asking just now; try again in about ")]
    assert (len(answers), len(refusals)) == (44, 156)
    assert desk.most == 4
    assert all(one.deferred_after is not None and len(one.history) <= 3 for one in asked)
    assert sum("24,000" in text for text in in_channel(channel, server)) == 44


def test_one_person_has_three_questions_at_a_time(
    server: DiscordServer, desk: HeldDesk, channel: Channel, ann: User, bob: User
) -> None:
    three = [ask(server, channel, ann) for _ in range(3)]
    desk.wait_begun(3)
    refused = outcome(server, ask(server, channel, ann))
    assert refused.text.startswith("Too many at once from you; try again in about ")
    assert refused.ephemeral
    others = ask(server, channel, bob)
    desk.go.set()
    assert all("24,000" in outcome(server, one).text for one in [*three, others])


def shut_down(bot: DatelineBot, seconds: float) -> Future[bool]:
    return asyncio.run_coroutine_threadsafe(bot.shut_down(seconds), bot.loop)


def wait_ended(bot: DatelineBot) -> None:
    wait_until(bot.loop.is_closed)
    sleep(0.05)


def test_at_the_end_what_is_at_work_is_answered_and_what_waits_is_told(
    server: DiscordServer, bot: DatelineBot, desk: HeldDesk, channel: Channel, ann: User, bob: User
) -> None:
    at_work = [ask(server, channel, ann), ask(server, channel, ann)]
    at_work.append(server.slash("search", user=ann, channel=channel, options={"words": "flights"}))
    mentioned = server.mention(channel, bob, QUESTION["question"])
    desk.wait_begun(4)
    waiting = [ask(server, channel, bob), ask(server, channel, bob, private=True)]
    server.world.wait_for(lambda: all(one.acknowledged for one in waiting), "the waiting ones")
    ending = shut_down(bot, 10)
    assert [outcome(server, one).text for one in waiting] == [RESTARTING] * 2
    assert outcome(server, ask(server, channel, server.user("late"))).text == RESTARTING
    desk.go.set()
    assert ending.result(10)
    assert all("24,000" in outcome(server, one).text.replace("*", "") for one in at_work)
    assert "24,000" in server.wait_reply(mentioned).text
    wait_ended(bot)


@pytest.mark.parametrize("connected", [True, False])
def test_what_hangs_at_the_end_is_given_up_and_told(
    server: DiscordServer, bot: DatelineBot, desk: HeldDesk, channel: Channel, ann: User, connected: bool
) -> None:
    asked = ask(server, channel, ann)
    desk.wait_begun()
    with nullcontext() if connected else server.gateway.outage():
        assert not shut_down(bot, 0.2).result(5)
    assert outcome(server, asked).text == RESTARTING
    desk.go.set()
    wait_ended(bot)


def test_a_mention_that_hangs_at_the_end_is_told_too(
    server: DiscordServer, bot: DatelineBot, desk: HeldDesk, channel: Channel, ann: User
) -> None:
    server.fault("POST", f"/channels/{channel.id}/messages", 429, retry_after=0.3)
    mentioned = server.mention(channel, ann, QUESTION["question"])
    desk.wait_begun()
    assert not shut_down(bot, 0.2).result(5)
    assert server.wait_reply(mentioned).text == RESTARTING
    desk.go.set()
    wait_ended(bot)
