"""Re-indexing while the bot serves: on command and by the clock, in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.discord_client import DatelineBot
from bot.reindexing import Reindexing
from ingest.records import Source, SourceKind
from ingest.webstate import Run
from tests.bot.child import COMMAND
from tests.bot.discord.test_admin import PATIENCE, said, wait_until
from tests.bot.test_reindexing import AT_WORK, BEGIN, END, HANG, processes
from tests.discordserver import Channel, DiscordServer, Guild, Interaction, User

QUESTION = {"question": "how many flights were supervised?"}
TRAINS = {"question": "how many trains ran to the coast?"}
SUM = "2 new, 4 updated, 6 unchanged, 8 gone; 9 passages embedded, 2 s"
SECRETS = "print('error: /srv/secret.toml: https://other.example is no TOML', file=sys.stderr)\nsys.exit(2)\n"

Script = Callable[..., Path]


@pytest.fixture
def script(bot: DatelineBot, tmp_path: Path) -> Script:
    """Let the bot run these lines instead of our command line."""

    def script(*lines: str) -> Path:
        path = tmp_path / "script.py"
        path.write_text(BEGIN + "".join(lines))
        command = [sys.executable, str(path)]
        bot.desk.sources._reindexing = Reindexing(tmp_path / "home", command=command, patience=PATIENCE)
        return path

    return script


def reindex(server: DiscordServer, user: User, channel: Channel) -> Interaction:
    return server.slash("reindex", user=user, channel=channel)


def refused(given: Interaction) -> str:
    """Why nothing was done, told to its user alone; nothing public is left of it."""
    [told] = given.wait_followups()
    assert told.ephemeral
    assert given.message is not None
    assert given.message.deleted
    return told.text


def test_answers_go_on_meanwhile_and_know_the_new_articles_right_after(
    server: DiscordServer, bot: DatelineBot, channel: Channel, ann: User, manager: User, news: Path, tmp_path: Path
) -> None:
    go_on = tmp_path / "go on"
    waits = f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.01)\n"
    command = [*COMMAND[:2], waits + COMMAND[2]]
    bot.desk.sources._reindexing = Reindexing(tmp_path / "home", command=command)
    bot.desk._app.sources.add(Source(SourceKind.FOLDER, str(news)))
    begun = reindex(server, manager, channel)
    wait_until(lambda: bot.desk.sources.is_reindexing)
    (news / "trains.json").write_text(
        '{"title": "Coast line", "text": "On Sunday 318 trains ran to the coast.", "outlet": "Coast Daily"}'
    )
    assert "24,000" in server.slash("ask", user=ann, channel=channel, options=QUESTION).wait_response().text
    assert "318" not in server.slash("ask", user=ann, channel=channel, options=TRAINS).wait_response().text
    assert "a re-index is running" in said(server.slash("status", user=ann, channel=channel), "Last look")
    go_on.touch()
    assert said(begun, "passages embedded").startswith("1 new, 0 updated, 1 unchanged; 1 passages embedded, ")
    assert not begun.ephemeral
    assert "318" in server.slash("ask", user=ann, channel=channel, options=TRAINS).wait_response().text
    offered = server.autocomplete("ask", "outlet", "Coast", user=ann, channel=channel)
    assert [one["value"] for one in offered] == ["Coast Daily"]
    assert "running" not in said(server.slash("status", user=ann, channel=channel), "2 articles of 2 outlets")


def test_progress_is_edited_into_one_message_once_a_second_at_most(
    server: DiscordServer, script: Script, channel: Channel, ann: User, manager: User
) -> None:
    busy = "for number in range(150):\n  say(doing='Fetching pages', done=number, total=1500)\n  time.sleep(0.01)\n"
    script(busy, END)
    begun = reindex(server, manager, channel)
    assert said(begun, "passages embedded") == f"{SUM}\n-# 1 could not be read"
    shown = [state for state in begun.history if "Fetching pages" in state.text]
    assert shown[0].text.endswith(" of 1,500")
    assert 2 <= len(shown) <= 1 + (begun.history[-1].at - begun.sent)
    assert channel.visible_to(ann) == [begun.message]


def test_a_second_one_is_refused_in_another_guild_and_a_second_time_in_the_same(
    server: DiscordServer, script: Script, bot: DatelineBot, channel: Channel, abroad: Channel, manager: User
) -> None:
    script(HANG)
    first = reindex(server, manager, channel)
    first.wait_response()
    assert refused(reindex(server, manager, abroad)).startswith("A re-index is already running")
    again = reindex(server, manager, channel)
    assert again.wait_response().text.startswith("That was often; try again in ")
    assert again.ephemeral
    asyncio.run_coroutine_threadsafe(bot.desk.sources.stop(), bot.loop).result(PATIENCE)
    assert "nothing is lost" in refused(first)


def test_of_failures_only_the_guilds_own_sources_are_named(
    server: DiscordServer,
    script: Script,
    bot: DatelineBot,
    guild: Guild,
    channel: Channel,
    abroad: Channel,
    manager: User,
) -> None:
    app = bot.desk._app
    assert abroad.guild is not None
    for outlet, owner in {"ours.example": guild, "theirs.example": abroad.guild}.items():
        app.sources.add(Source(SourceKind.FEED, f"https://{outlet}?key=s3cr3t", outlet, private=True))
        app.community.claim_outlet(outlet, owner.id)
        app.web_state.record(
            Run(f"https://{outlet}?key=s3cr3t", datetime.now(UTC), 1.0, 0, 0, 0, 0, 1, "it *answered* 404")
        )
    script(END)
    text = said(reindex(server, manager, channel), "passages embedded")
    assert "- ours.example: 0 articles, looked at <t:" in text
    assert "it \\*answered\\* 404" in text
    assert not [word for word in ("theirs", "s3cr3t", "x.json") if word in text]


def test_a_child_that_fails_is_told_as_an_id_and_explained_in_the_log(
    server: DiscordServer, script: Script, channel: Channel, manager: User, caplog: pytest.LogCaptureFixture
) -> None:
    script(SECRETS)
    text = refused(reindex(server, manager, channel))
    assert "secret" not in text
    assert text.startswith("Something went wrong; it is noted as ")
    assert "/srv/secret.toml" in caplog.text


def test_an_interaction_that_expires_is_followed_by_a_message_in_the_channel(
    server: DiscordServer, script: Script, channel: Channel, ann: User, manager: User, tmp_path: Path
) -> None:
    go_on = tmp_path / "go on"
    script(AT_WORK, f"while not os.path.exists({str(go_on)!r}): time.sleep(0.01)\n", END)
    begun = reindex(server, manager, channel)
    begun.wait_response()
    begun.expire()
    go_on.touch()
    ended = server.world.wait_for(
        lambda: [message for message in channel.visible_to(ann) if SUM in message.text], "the end", PATIENCE
    )
    assert len(ended) == 1


def test_the_clock_goes_on_after_a_failure_which_is_one_warning(
    script: Script, bot: DatelineBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    runs = tmp_path / "runs"
    failing_first = f"path = {str(runs)!r}\nopen(path, 'a').write('x')\nif os.path.getsize(path) == 1: sys.exit(1)\n"
    script(failing_first, END)
    with caplog.at_level(logging.WARNING):
        bot.loop.call_soon_threadsafe(lambda: bot._reindex.change_interval(seconds=0.05))
        wait_until(lambda: runs.exists() and len(runs.read_text()) > 2)
    assert [record.levelname for record in caplog.records if "by the clock" in record.message] == ["WARNING"]


@pytest.mark.skipif(not Path("/proc").exists(), reason="it looks for the processes there")
def test_the_end_of_the_bot_is_the_end_of_the_child(
    server: DiscordServer, script: Script, bot: DatelineBot, channel: Channel, manager: User
) -> None:
    path = script(HANG)
    begun = reindex(server, manager, channel)
    begun.wait_response()
    assert len(processes(str(path))) == 1
    asyncio.run_coroutine_threadsafe(bot.shut_down(PATIENCE), bot.loop).result(PATIENCE)
    assert processes(str(path)) == []
    assert "nothing is lost" in refused(begun)
