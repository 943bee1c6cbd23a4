"""The stand-in for Discord, tried out by a small bot of the real discord.py."""

from __future__ import annotations

import asyncio
import functools
import math
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.discordserver import Channel, DiscordServer, Guild, Interaction, User, discord_server, patched, running
from tests.discordserver.trialbot import Bot

T = TypeVar("T")


@pytest.fixture
def server() -> Iterator[DiscordServer]:
    with discord_server() as server:
        yield server
    assert server.unknown_routes == []


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.guild("Newsroom")


@pytest.fixture
def channel(server: DiscordServer, guild: Guild) -> Channel:
    return server.channel(guild, "general")


@pytest.fixture
def ann(server: DiscordServer) -> User:
    return server.user("ann")


@pytest.fixture
def bot(server: DiscordServer) -> Iterator[Bot]:
    with running(server, Bot) as bot:
        yield bot


@pytest.fixture
def answer(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> Interaction:
    """What came of a question."""
    asked = server.slash("ask", user=ann, channel=channel, options={"question": "how many flights?"})
    asked.wait_for(lambda message: bool(message.widgets))
    asked.wait_followups()
    assert bot.errors.empty()
    return asked


def do(bot: Bot, work: Coroutine[Any, Any, T]) -> T:
    """Let the bot do this, in its own thread."""
    return asyncio.run_coroutine_threadsafe(work, bot.loop).result(5)


def test_an_answer_is_deferred_then_edited_then_followed_up(
    server: DiscordServer, answer: Interaction, channel: Channel, ann: User
) -> None:
    assert answer.deferred_after is not None
    assert [(state.thinking, state.text) for state in answer.history] == [
        (True, ""),
        (False, "Searching …"),
        (False, "how many flights?"),
    ]
    assert not answer.ephemeral
    assert [message.text for message in channel.visible_to(ann)] == ["how many flights?", "One more thing"]
    assert [message.text for message in channel.visible_to(server.user("bob"))] == ["how many flights?"]
    assert server.violations == []


def test_a_bot_syncs_its_commands_and_keeps_their_ids(server: DiscordServer, bot: Bot) -> None:
    again = do(bot, bot.tree.sync())
    assert {command.name for command in again} == {
        "ask",
        "slow",
        "long",
        "report",
        "layout",
        "Fact-check this",
        "admin",
    }
    assert {command.id for command in again} == set(server.world.commands[None])


@pytest.mark.usefixtures("bot")
def test_typing_an_option_brings_choices(server: DiscordServer, channel: Channel, ann: User) -> None:
    choices = server.autocomplete("ask", "outlet", "Ti", user=ann, channel=channel)
    assert choices == [{"name": "Times", "value": "Times"}]


def test_only_who_pressed_the_button_sees_the_ephemeral_answer(
    server: DiscordServer, answer: Interaction, channel: Channel
) -> None:
    bob = server.user("bob")
    assert answer.message is not None
    pressed = server.click(answer.message, "Sources", bob)
    assert pressed.wait_response().text == "only for you"
    assert pressed.ephemeral
    assert pressed.message in channel.visible_to(bob)
    assert pressed.message not in channel.visible_to(answer.user)
    with pytest.raises(LookupError, match="does not see"):
        server.click(pressed.wait_response(), "Sources", answer.user)


def test_a_persistent_view_answers_after_a_restart(server: DiscordServer, channel: Channel, ann: User) -> None:
    with running(server, Bot):
        asked = server.slash("ask", user=ann, channel=channel, options={"question": "why?"})
        message = asked.wait_for(lambda message: bool(message.widgets))
        asked.wait_followups()
    with running(server, Bot):
        assert server.click(message, "again", ann).wait_response() is message
    assert message.text == "again"


def test_a_select_changes_its_own_message(server: DiscordServer, answer: Interaction, ann: User) -> None:
    assert answer.message is not None
    chosen = server.select(answer.message, "Outlet", ["times"], ann)
    assert chosen.wait_response() is answer.message
    assert answer.message.text == "from times"
    with pytest.raises(LookupError, match="cannot be chosen"):
        server.select(answer.message, "Outlet", ["post"], ann)


def test_a_dialog_is_filled_in_and_answered(server: DiscordServer, answer: Interaction, ann: User) -> None:
    assert answer.message is not None
    opened = server.click(answer.message, "Doubt", ann)
    with pytest.raises(ValueError, match="too long"):
        server.submit(opened, {"Reason": "x" * 21})
    assert server.submit(opened, {"Reason": "the number"}).wait_response().text == "Noted: the number"


def test_a_context_menu_reads_a_message_that_the_bot_could_not(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    claim = server.say(channel, ann, "24,000 flights were screened")
    checked = server.context_menu("Fact-check this", claim, server.user("bob"))
    assert checked.wait_response().text == "“24,000 flights were screened” is true"
    assert len(channel.messages) == 2  # it did not reply, for it was sent no content
    assert do(bot, bot.http.get_message(channel.id, claim.id))["content"] == ""
    assert bot.errors.empty()


@pytest.mark.usefixtures("bot")
def test_a_mention_is_answered_with_its_text_and_a_plain_message_is_not(
    server: DiscordServer, channel: Channel, ann: User
) -> None:
    server.say(channel, ann, "nothing for you")
    asked = server.mention(channel, ann, "and trains?")
    reply = server.wait_reply(asked)
    assert reply.text == f"you said: <@{server.bot.id}> and trains?"
    assert reply.reply_to is asked
    assert reply.pings == frozenset()
    assert server.wait_reply(server.say(channel, ann, "and ships?", reply_to=reply)).text == "you said: and ships?"


@pytest.mark.usefixtures("bot")
def test_direct_messages_and_commands_work_without_a_guild(server: DiscordServer, ann: User) -> None:
    direct = server.direct(ann)
    assert server.wait_reply(server.say(direct, ann, "hello")).text == "you said: hello"
    asked = server.slash("ask", user=ann, channel=direct, options={"question": "why?"})
    assert asked.wait_for(lambda message: message.text == "why?").channel is direct
    with pytest.raises(LookupError, match="no command 'admin'"):
        server.slash("admin", user=ann, channel=direct)
    asked.wait_followups()


def test_a_command_for_moderators_is_offered_to_them_only(
    server: DiscordServer, bot: Bot, guild: Guild, channel: Channel, ann: User
) -> None:
    server.join(guild, ann, discord.Permissions(manage_guild=True))
    assert server.slash("admin", user=ann, channel=channel).wait_response().text == "True"
    with pytest.raises(LookupError, match="no command 'admin'"):
        server.slash("admin", user=server.user("bob"), channel=channel)
    assert bot.errors.empty()


def test_a_file_arrives_and_a_thread_begins_on_its_message(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    message = server.slash("report", user=ann, channel=channel).wait_response()
    assert message.files == {"chart.csv": b"a,b\n1,2"}
    assert message.text == "@everyone\nReport\n@everyone look\nFlights\n24,000"
    assert message.pings == frozenset()
    assert message.state.allowed_mentions == {"parse": []}
    assert server.wait_reply(message).text == "Ask here"
    assert message.thread is not None
    assert server.wait_reply(server.mention(message.thread, ann, "and?")).channel is message.thread
    assert bot.errors.empty()


def test_an_edit_waits_for_the_rate_limit_and_succeeds(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    server.fault("PATCH", "/webhooks/*/messages/@original", 429, retry_after=0.1, times=2)
    asked = server.slash("ask", user=ann, channel=channel, options={"question": "why?"})
    asked.wait_followups()
    assert asked.wait_response().text == "why?"
    assert [call.status for call in server.requests if call.method == "PATCH"] == [429, 429, 200, 200]
    assert bot.errors.empty()


@pytest.mark.usefixtures("bot")
def test_a_failing_discord_is_asked_again(server: DiscordServer, channel: Channel, ann: User) -> None:
    server.fault("POST", "/channels/*/messages", 502)
    assert server.wait_reply(server.mention(channel, ann, "hello")).text
    assert [call.status for call in server.requests if call.path.endswith("/messages")] == [502, 200]


def test_a_dropped_gateway_is_resumed_and_nothing_is_missed(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    asked = server.slash("slow", user=ann, channel=channel)
    asked.wait_acknowledged()
    with server.gateway.outage():
        bot.loop.call_soon_threadsafe(bot.go.set)
        assert asked.wait_response().text == "at last"
        missed = server.mention(channel, ann, "are you there?")
    assert server.wait_reply(missed).text.endswith("are you there?")
    assert (len(server.gateway.identified), len(server.gateway.resumed)) == (1, 1)
    assert bot.resumed.wait(5)


def test_a_forgotten_session_is_begun_anew(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> None:
    with server.gateway.outage(forget=True):
        pass
    server.gateway.wait_ready()
    assert server.wait_reply(server.mention(channel, ann, "hello")).text
    assert (len(server.gateway.identified), len(server.gateway.resumed)) == (2, 0)
    assert not bot.resumed.is_set()


def test_an_over_long_text_is_refused_and_recorded(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    asked = server.slash("long", user=ann, channel=channel)
    refusal = bot.errors.get(timeout=5)
    assert refusal.code == 50035
    assert "content: Must be 2000 or fewer in length." in str(refusal)
    assert [(found.where, found.message) for found in server.violations] == [
        ("data.content", "Must be 2000 or fewer in length.")
    ]
    assert asked.message is None


@pytest.mark.parametrize(("code", "status"), [(50027, 401), (10015, 404)])
def test_a_token_that_expired_is_refused(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User, code: int, status: int
) -> None:
    asked = server.slash("slow", user=ann, channel=channel)
    asked.wait_acknowledged()
    asked.expire(code)
    bot.loop.call_soon_threadsafe(bot.go.set)
    refusal = bot.errors.get(timeout=5)
    assert (refusal.code, refusal.status) == (code, status)
    assert asked.history[-1].thinking
    assert server.violations == []


def test_a_token_lives_so_long_and_no_longer(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> None:
    asked = server.slash("slow", user=ann, channel=channel)
    asked.wait_acknowledged()
    server.world.token_lifetime = 0.0
    bot.loop.call_soon_threadsafe(bot.go.set)
    assert bot.errors.get(timeout=5).code == 50027


def test_an_answer_that_is_too_late_meets_an_unknown_interaction(
    server: DiscordServer, bot: Bot, channel: Channel, ann: User
) -> None:
    server.world.acknowledge_within = -1.0
    server.slash("slow", user=ann, channel=channel)
    refusal = bot.errors.get(timeout=5)
    assert refusal.code == 10062


def test_two_shards_have_a_guild_each(server: DiscordServer) -> None:
    server.world.shards = 2
    ann = server.user("ann")
    channels = [server.channel(server.guild(name), "general") for name in ("Newsroom", "Library")]
    with running(server, Bot) as bot:
        for channel in channels:
            assert server.wait_reply(server.mention(channel, ann, "hello")).channel is channel
        assert {session.shard for session in server.gateway.identified} == {0, 1}
        assert bot.shard_count == 2


def test_a_layout_is_shown_and_its_button_found(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> None:
    laid_out = server.slash("layout", user=ann, channel=channel, options={"length": 4000}).wait_response()
    assert laid_out.text == "x" * 4000
    assert laid_out.widget("More")["custom_id"] == "more"
    server.slash("layout", user=ann, channel=channel, options={"length": 4001})
    assert bot.errors.get(timeout=5).code == 50035
    assert {found.where for found in server.violations} == {
        "data.components",
        "data.components.0.components.0.components.0.content",
    }


def test_a_heartbeat_is_acknowledged(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> None:
    server.wait_reply(server.mention(channel, ann, "hello"))
    assert server.gateway.heartbeats == 1
    assert math.isfinite(bot.latency)


def test_commands_that_discord_refuses_stop_the_bot(server: DiscordServer) -> None:
    class Wordy(Bot):
        async def setup_hook(self) -> None:
            self.tree.command(name="ask", description="x" * 101)(say_nothing)
            await self.tree.sync()

    async def say_nothing(interaction: discord.Interaction) -> None:
        await interaction.response.defer()

    with pytest.raises(app_commands.CommandSyncFailure, match="100 or fewer"), running(server, Wordy):
        pass
    assert [found.where for found in server.violations] == ["0.description"]


def test_a_wrong_token_is_no_login(server: DiscordServer) -> None:
    with patched(server), pytest.raises(discord.LoginFailure):
        asyncio.run(Bot().login("stolen"))


def test_a_privileged_intent_is_not_granted(server: DiscordServer) -> None:
    class Curious(Bot):
        def __init__(self) -> None:
            super().__init__()
            self._connection._intents = discord.Intents.all()

    with pytest.raises(discord.PrivilegedIntentsRequired), running(server, Curious):
        pass


@pytest.mark.usefixtures("bot")
def test_a_bot_writes_only_where_it_may_but_answers_everywhere(server: DiscordServer, guild: Guild, ann: User) -> None:
    rules = server.channel(guild, "rules", denied=discord.Permissions(send_messages=True))
    server.mention(rules, ann, "hello")
    server.slash("ask", user=ann, channel=rules, options={"question": "why?"}).wait_followups()
    refused = server.world.wait_for(
        lambda: [call for call in server.requests if call.path == f"/channels/{rules.id}/messages" and call.status],
        "the refused reply",
    )
    assert [call.status for call in refused] == [403]


def test_a_second_acknowledgement_is_refused(server: DiscordServer, bot: Bot, answer: Interaction) -> None:
    route = Route("POST", f"/interactions/{answer.id}/{answer.token}/callback")
    with pytest.raises(discord.HTTPException) as refusal:
        do(bot, bot.http.request(route, json={"type": 5}))
    assert refusal.value.code == 40060
    assert [found.message for found in server.violations] == ["Interaction has already been acknowledged."]


def test_an_ephemeral_message_is_not_found_in_its_channel(bot: Bot, answer: Interaction) -> None:
    with pytest.raises(discord.NotFound, match="Unknown Message"):
        do(bot, bot.http.get_message(answer.channel.id, answer.followups[0].id))


def test_a_thread_begins_only_once_on_a_message(server: DiscordServer, bot: Bot, channel: Channel, ann: User) -> None:
    claim = server.say(channel, ann, "a claim")
    start = functools.partial(
        bot.http.start_thread_with_message, channel.id, claim.id, name="x", auto_archive_duration=60
    )
    assert do(bot, start())["parent_id"] == str(channel.id)
    with pytest.raises(discord.HTTPException) as refusal:
        do(bot, start())
    assert refusal.value.code == 160004
