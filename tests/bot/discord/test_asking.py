"""Questions on Discord: by command, by mention, and in conversation."""

from __future__ import annotations

import pytest

from tests.discordserver import Channel, DiscordServer, User

pytestmark = pytest.mark.usefixtures("bot")
QUESTION = {"question": "how many flights were supervised?"}


def test_an_answer_quotes_the_report(server: DiscordServer, channel: Channel, ann: User) -> None:
    asked = server.slash("ask", user=ann, channel=channel, options=QUESTION)
    message = asked.wait_response()
    assert "border police supervised almost **24,000** flights" in message.text
    assert "Operation at borders ends — Meridian Post" in message.text
    assert not asked.ephemeral


def test_a_private_question_is_answered_to_its_asker_alone(server: DiscordServer, channel: Channel, ann: User) -> None:
    asked = server.slash("ask", user=ann, channel=channel, options={**QUESTION, "private": True})
    assert "24,000" in asked.wait_response().text
    assert asked.ephemeral


def test_a_mention_is_answered(server: DiscordServer, channel: Channel, ann: User) -> None:
    asked = server.mention(channel, ann, "how many flights were supervised?")
    assert "24,000" in server.wait_reply(asked).text


def test_a_reply_goes_on_with_the_conversation(server: DiscordServer, channel: Channel, ann: User) -> None:
    first = server.slash("ask", user=ann, channel=channel, options=QUESTION).wait_response()
    answer = server.wait_reply(server.say(channel, ann, "and arrests?", reply_to=first))
    assert "read as" in answer.text
