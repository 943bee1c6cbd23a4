"""The README names every command that Discord is told of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.discordserver import DiscordServer
from tests.discordserver.commands import CHAT_INPUT, GROUP, SUBCOMMAND
from tests.discordserver.errors import Json

README = (Path(__file__).parents[3] / "README.md").read_text()


def names(command: Json) -> list[str]:
    """As a person types it: `sources add`; `*Fact-check this*` for one of a message's menu."""
    if command["type"] != CHAT_INPUT:
        return [f"*{command['name']}*"]
    below = [option["name"] for option in command["options"] if option["type"] in {SUBCOMMAND, GROUP}]
    return [f"{command['name']} {name}" for name in below] or [command["name"]]


@pytest.mark.usefixtures("bot")
def test_the_readme_names_every_command_of_discord(server: DiscordServer) -> None:
    section = README[README.index("## In Discord") : README.index("## Commands")]
    table = section[section.index("| In Discord |") : section.index("Below an answer")]
    named = set(re.findall(r"`/([a-z ]+)`|(\*[A-Z][^*]+\*)", table))
    registered = {name for command in server.world.commands[None].values() for name in names(command)}
    assert {slash or menu for slash, menu in named} == registered
