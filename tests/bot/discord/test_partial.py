"""With a language model, a message grows by edits as its claims are proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from bot.calibration import Calibration
from tests.bot.conftest import FLIGHTS, keep
from tests.bot.discord.conftest import Publish
from tests.bot.discord.desks import bot_over, outcome
from tests.discordserver import Channel, DiscordServer, Message, User
from tests.llmserver import HOLD, LlmServer, Script, breaks_off, fails, llm_server, says, settings_for

QUESTION = "How many flights were supervised, how many people were arrested, and where were the police from?"
FIRST = "Border police supervised almost 24,000 flights in six days."
SECOND = "In all, 2,517 people were arrested."
THIRD = "Police from 116 countries took part."
FIRST_LINE = f'[1] "border police supervised almost 24,000 flights in six days" -> {FIRST}\n'
SECOND_LINE = f'[1] "In all, 2,517 people were arrested" -> {SECOND}\n'
THIRD_LINE = f'[1] "Police from 116 countries took part" -> {THIRD}\n'

WithModel = Callable[..., AbstractContextManager[LlmServer]]


@pytest.fixture
def with_model(server: DiscordServer, publish: Publish, tmp_path: Path) -> WithModel:
    """The bot, connected, with a language model that answers by these scripts."""
    home = tmp_path / "home"
    keep(Calibration(intercept=20.0), home)
    publish(FLIGHTS)

    @contextmanager
    def with_model(*scripts: Script, limit: float = 60.0) -> Iterator[LlmServer]:
        with llm_server(*scripts) as model:
            settings = settings_for(model, "openai", dateline_home=home, llm_timeout=20)
            with bot_over(server, home, settings=settings, limit=limit):
                yield model

    return with_model


def is_whole(message: Message) -> bool:
    return "· answer a_" in message.text


def test_a_claim_is_shown_while_the_model_still_writes_the_next(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User
) -> None:
    with with_model(says(FIRST_LINE, HOLD, SECOND_LINE)) as model:
        asked = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
        growing = asked.wait_response()
        assert growing.text == f"{FIRST} [1]\n…"
        assert not growing.widgets
        model.go.set()  # only now the second claim is sent
        text = asked.wait_for(is_whole).text
    assert text.startswith(f"{FIRST} [1]\n{SECOND} [2]\n")
    assert "…\n" not in text
    assert "worded by a language model" in text
    assert len(asked.history) == 3


def test_a_reply_to_a_mention_grows_too(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User
) -> None:
    with with_model(says(FIRST_LINE, HOLD, SECOND_LINE)) as model:
        growing = server.wait_reply(server.mention(channel, ann, QUESTION))
        assert growing.text == f"{FIRST} [1]\n…"
        model.go.set()
        server.world.wait_for(lambda: is_whole(growing), "the whole answer")
        assert f"{SECOND} [2]" in growing.text
    assert [message.author.name for message in channel.messages.values()] == ["ann", "Dateline"]


def test_a_message_grows_once_a_second_at_most(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User
) -> None:
    with with_model(says(FIRST_LINE, SECOND_LINE, THIRD_LINE, pause=0.4)):
        asked = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
        text = asked.wait_for(is_whole).text
    assert all(claim in text for claim in (FIRST, SECOND, THIRD))
    growing = [state for state in asked.history if state.text.endswith("…")]
    assert growing[0].text == f"{FIRST} [1]\n…"
    assert all(later.at - state.at > 0.9 for state, later in pairwise(growing))
    assert len(growing) < 3


@pytest.mark.parametrize(
    ("script", "shown", "note"),
    [
        (breaks_off(FIRST_LINE, SECOND_LINE[:-12]), f"{FIRST} [1]", "the language model broke off in the middle"),
        (fails(500), "> “In all, **2,517** people were arrested", "answered in the articles' own words"),
    ],
)
def test_when_the_model_fails_what_is_proven_stands_and_the_answer_says_so(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User, script: Script, shown: str, note: str
) -> None:
    with with_model(script):
        asked = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
        text = asked.wait_for(is_whole).text
    assert shown in text
    assert note in text
    assert SECOND not in text
    assert "…\n" not in text


def test_an_edit_that_must_wait_holds_up_no_claim(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User
) -> None:
    server.fault("PATCH", "/webhooks/*/messages/@original", 429, retry_after=0.3, times=2)
    with with_model(says(FIRST_LINE, SECOND_LINE)):
        asked = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
        text = asked.wait_for(is_whole).text
    assert f"{SECOND} [2]" in text


def test_when_its_time_is_over_what_was_shown_makes_room_for_the_reason(
    with_model: WithModel, server: DiscordServer, channel: Channel, ann: User
) -> None:
    with with_model(says(FIRST_LINE), says(FIRST_LINE, HOLD, SECOND_LINE), limit=3.0):
        outcome(server, server.slash("ask", user=ann, channel=channel, options={"question": QUESTION}))  # it has loaded
        growing = server.wait_reply(server.mention(channel, ann, QUESTION))
        assert growing.text == f"{FIRST} [1]\n…"
        asked = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
        [told] = asked.wait_followups()
        assert told.text.startswith("That took longer than 3 s; try again in about ")
        assert told.ephemeral
        assert asked.message is not None
        assert asked.message.deleted
        server.world.wait_for(lambda: "longer than 3 s" in growing.content, "the reason")
        assert growing.embeds == ()
