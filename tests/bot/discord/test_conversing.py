"""Conversations on Discord: by mention, by reply, in threads and in direct messages."""

from __future__ import annotations

from time import monotonic, sleep

import pytest

from bot.discord_client import DatelineBot
from tests.bot.discord.conftest import Live
from tests.bot.discord.test_asking import QUESTION, ask
from tests.discordserver import Channel, DiscordServer, Message, User
from tests.discordserver.model import PUBLIC_THREAD

live_bot = pytest.mark.usefixtures("bot")
FOLLOW_UP = "and arrests?"
READ_AS = "read as"


def noted(bot: DatelineBot, message: Message) -> Message:
    """The answer in a message, once the bot has noted that it is there: sooner than a person can reply to it."""
    ends_at = monotonic() + 10
    while bot.desk.thread_of(message.id) is None:
        assert monotonic() < ends_at
        sleep(0.005)
    return message


def thread_on(server: DiscordServer, message: Message, owner: User) -> Channel:
    """A thread that a person opens on a message: Discord gives it the message's id."""
    parent = message.channel
    thread = Channel(message.id, "More", PUBLIC_THREAD, guild=parent.guild, parent=parent, owner=owner)
    with server.world.changed:
        server.world.channels[thread.id] = message.thread = thread
        assert parent.guild is not None
        parent.guild.channels.append(thread)
        server.world.dispatch("THREAD_CREATE", thread.payload(), parent.guild)
    return thread


@live_bot
@pytest.mark.parametrize("words", ["{} how many flights were supervised?", "how many flights, {}, were supervised?"])
def test_a_mention_is_answered(server: DiscordServer, channel: Channel, ann: User, words: str) -> None:
    asked = server.say(channel, ann, words.format(server.bot.mention))
    answer = server.wait_reply(asked)
    assert "24,000" in answer.text
    assert answer.reply_to == asked
    assert not answer.pings


@live_bot
def test_a_mention_without_a_question_gets_the_help(server: DiscordServer, channel: Channel, ann: User) -> None:
    assert "`/ask` a question" in server.wait_reply(server.mention(channel, ann, "  ")).text


@live_bot
def test_bots_and_what_is_not_for_us_are_not_answered(server: DiscordServer, channel: Channel, ann: User) -> None:
    other = server.user("robot")
    object.__setattr__(other, "bot", True)
    server.mention(channel, other, QUESTION["question"])
    server.say(channel, ann, QUESTION["question"])
    last = server.mention(channel, ann, QUESTION["question"])
    assert server.wait_reply(last).reply_to == last
    assert [message for message in channel.messages.values() if message.author == server.bot] == [
        server.wait_reply(last)
    ]


def test_a_reply_goes_on_with_the_conversation(
    bot: DatelineBot, server: DiscordServer, channel: Channel, ann: User, bob: User
) -> None:
    first = noted(bot, ask(server, channel, ann).wait_response())
    answer = noted(bot, server.wait_reply(server.say(channel, bob, FOLLOW_UP, reply_to=first)))
    assert READ_AS in answer.text
    again = server.wait_reply(server.say(channel, ann, "and countries?", reply_to=answer))
    assert READ_AS in again.text


@live_bot
def test_a_question_of_its_own_begins_a_conversation(server: DiscordServer, channel: Channel, ann: User) -> None:
    ask(server, channel, ann).wait_response()
    assert READ_AS not in server.wait_reply(server.mention(channel, ann, FOLLOW_UP)).text
    assert READ_AS not in ask(server, channel, ann, question=FOLLOW_UP).wait_response().text


def test_the_thread_on_an_answer_goes_on_with_it_after_a_restart_too(
    live: Live, server: DiscordServer, channel: Channel, ann: User, bob: User
) -> None:
    with live() as bot:
        first = noted(bot, ask(server, channel, ann).wait_response())
        thread = thread_on(server, first, ann)
        assert READ_AS in ask(server, thread, bob, question=FOLLOW_UP).wait_response().text
    with live():
        assert READ_AS in server.wait_reply(server.mention(thread, ann, "and countries?")).text
        assert READ_AS in server.wait_reply(server.say(channel, ann, FOLLOW_UP, reply_to=first)).text


def test_threads_share_no_conversation_and_private_questions_are_part_of_none(
    bot: DatelineBot, server: DiscordServer, channel: Channel, ann: User, bob: User
) -> None:
    mayor = "what did the mayor of Thornbury say?"
    flights, other = (
        thread_on(server, noted(bot, ask(server, channel, ann, question=question).wait_response()), ann)
        for question in (QUESTION["question"], mayor)
    )

    def read_as(thread: Channel, question: str) -> str:
        return ask(server, thread, bob, question=question).wait_response().text.split("\n")[0]

    assert read_as(flights, FOLLOW_UP) == "-# read as: how many arrests were supervised?"
    assert "supervised" not in read_as(other, FOLLOW_UP)
    alone = ask(server, other, ann, private=True).wait_response().text
    assert "24,000" in alone
    assert READ_AS not in alone
    assert "supervised" not in read_as(other, FOLLOW_UP)


@live_bot
def test_direct_messages_are_one_conversation(server: DiscordServer, ann: User, bob: User) -> None:
    direct = server.direct(ann)
    assert "24,000" in server.wait_reply(server.say(direct, ann, QUESTION["question"])).text
    assert READ_AS in server.wait_reply(server.say(direct, ann, FOLLOW_UP)).text
    assert READ_AS in ask(server, direct, ann, question="and countries?").wait_response().text
    assert READ_AS not in server.wait_reply(server.say(server.direct(bob), bob, FOLLOW_UP)).text


@live_bot
def test_the_commands_work_in_direct_messages(server: DiscordServer, ann: User) -> None:
    direct = server.direct(ann)
    asked = ask(server, direct, ann).wait_response()
    answer = asked.text.rpartition("answer ")[2]
    for name, options, words in (
        ("search", {"words": "flights"}, "24,000 flights"),
        ("latest", {}, "Operation at borders ends"),
        ("verify", {"answer": answer}, "1 of 1 quotation verified"),
        ("help", {}, "`/ask`"),
        ("forget me", {}, "are deleted"),
        ("verify", {"answer": answer}, "is not known here"),
    ):
        assert words in server.slash(name, user=ann, channel=direct, options=options).wait_response().text
