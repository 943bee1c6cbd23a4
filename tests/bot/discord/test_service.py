"""`dateline discord` as a process of its own: what it says, that it answers, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from discord import Permissions

from bot.calibration import Calibration
from tests.bot.child import ROOT
from tests.bot.conftest import FLIGHTS, Run, Tell, keep
from tests.bot.discord.desks import wait_until
from tests.bot.discord.test_partial import FIRST, FIRST_LINE, QUESTION, is_whole
from tests.discordserver import Channel, DiscordServer, Guild, User
from tests.llmserver import HOLD, llm_server, says

NEEDED = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    read_message_history=True,
)
UNREACHABLE = "http://127.0.0.1:9/api/v10"
LAUNCHER = """
import sys
sys.path.insert(0, {root!r})
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL
from tests.bot.child import main
Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = {api!r}, URL({gateway!r})
main()
"""


class Service:
    """The process. logged: the lines of its log so far; said: what else it wrote."""

    def __init__(self, launcher: Path, words: tuple[str, ...]) -> None:
        self.logged: list[dict[str, str]] = []
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(launcher), "discord", *words], stderr=subprocess.PIPE, text=True
        )
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            if line.startswith("{"):
                self.logged.append(json.loads(line))
            else:
                self.said.append(line)

    def wait_logged(self, words: str) -> dict[str, str]:
        """The first line of its log that says this."""
        wait_until(lambda: any(words in line["message"] for line in self.logged))
        return next(line for line in self.logged if words in line["message"])

    def wait_ended(self) -> int:
        """Its exit code, once it has ended and all that it wrote is read."""
        code = self.process.wait(10)
        self._reading.join()
        return code


Dateline = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def dateline(server: DiscordServer, tmp_path: Path, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> Dateline:
    """Run `dateline discord …` over a newsroom, with a token that is right, and Discord at this address."""
    keep(Calibration(intercept=20.0), tmp_path / "home")
    tell(FLIGHTS)
    monkeypatch.setenv("DISCORD_TOKEN", server.token)
    monkeypatch.setenv("DISCORD_REINDEX_MINUTES", "0")

    @contextmanager
    def dateline(*words: str, api: str = server.api_url) -> Iterator[Service]:
        launcher = tmp_path / "launcher.py"
        launcher.write_text(LAUNCHER.format(root=ROOT, api=api, gateway=server.gateway_url))
        service = Service(launcher, words)
        try:
            yield service
        finally:
            service.process.kill()
            service.wait_ended()

    return dateline


def test_what_is_missing_is_said_with_the_steps(run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    neither = run("discord")
    assert neither.code == 2
    assert "1. Open https://discord.com/developers/applications" in neither.err
    assert "nothing is indexed yet" in neither.err
    assert neither.err.endswith("error: DISCORD_TOKEN is not set (the steps are above)\n")
    monkeypatch.setenv("DISCORD_TOKEN", "x")
    no_index = run("discord")
    assert (no_index.code, no_index.err.count("\n")) == (5, 1)
    monkeypatch.delenv("DISCORD_TOKEN")
    tell(FLIGHTS)
    no_token = run("discord")
    assert no_token.code == 2
    assert "Developer" not in no_token.err.splitlines()[-1]
    assert "nothing is indexed" not in no_token.err


def test_it_registers_answers_tells_how_it_is_and_ends_with_the_answer_at_work(
    dateline: Dateline,
    run: Run,
    server: DiscordServer,
    channel: Channel,
    ann: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LLM_MODEL", "openai:test")
    with llm_server(says(FIRST_LINE), says(HOLD, FIRST_LINE)) as model:
        monkeypatch.setenv("LLM_BASE_URL", model.openai)
        with dateline("--sync") as service:
            invite = parse_qs(urlsplit(service.wait_logged("invite me")["url"]).query)
            assert invite["permissions"] == [str(NEEDED.value)]
            assert invite["scope"] == ["bot applications.commands"]
            server.gateway.wait_ready(20)
            assert "ask" in {command["name"] for command in server.world.commands[None].values()}
            first = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
            assert FIRST in first.wait_for(is_whole).text
            wait_until(
                lambda: run("discord", "--health").out == "the bot is well\n", seconds=10
            )  # not at the next beat
            second = server.slash("ask", user=ann, channel=channel, options={"question": QUESTION})
            wait_until(lambda: len(model.requests) == 2)
            service.process.send_signal(signal.SIGTERM)
            service.wait_logged("told to stop")
            model.go.set()
            assert FIRST in second.wait_for(is_whole).text
            assert service.wait_ended() == 0
    assert service.said == []
    assert not [line for line in service.logged if line["level"] not in ("INFO", "WARNING")]
    gone = run("discord", "--health")
    assert (gone.code, "does not run" in gone.err) == (1, True)


def test_it_registers_in_one_guild_and_says_when_it_is_put_out_for_good(
    dateline: Dateline, server: DiscordServer, guild: Guild
) -> None:
    with dateline("--sync", "--guild", str(guild.id)) as service:
        server.gateway.wait_ready(20)
        assert "ask" in {command["name"] for command in server.world.commands[guild.id].values()}
        assert None not in server.world.commands
        server.world.token = str(guild.id)  # another than it has
        with server.gateway.outage(forget=True):
            pass
        assert service.wait_ended() == 1, "".join(service.said)
    [said] = service.said
    assert said.startswith("error: Discord ended the connection for good: ")


@pytest.mark.parametrize(
    ("token", "words", "is_there", "code", "error"),
    [
        ("wrong", (), True, 2, "error: Discord does not accept DISCORD_TOKEN ("),
        ("", (), False, 1, "error: Discord cannot be reached: "),
        ("", ("--sync", "--guild", "1"), True, 2, "error: the commands cannot be registered in the guild 1 ("),
    ],
)
def test_what_keeps_it_from_serving_is_one_line(
    dateline: Dateline,
    server: DiscordServer,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    words: tuple[str, ...],
    is_there: bool,
    code: int,
    error: str,
) -> None:
    if token:
        monkeypatch.setenv("DISCORD_TOKEN", token)
    server.fault("PUT", "/applications/*/guilds/1/commands", 403, code=50001)
    with dateline(*words, api=server.api_url if is_there else UNREACHABLE) as service:
        assert service.wait_ended() == code, "".join(service.said)
    [said] = service.said
    assert said.startswith(error)
    assert [line for line in service.logged if line["level"] != "INFO"] == []
