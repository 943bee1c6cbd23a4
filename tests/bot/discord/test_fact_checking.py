"""*Fact-check this*, in the menu of a message."""

from __future__ import annotations

import pytest

from tests.discordserver import Channel, DiscordServer, User

pytestmark = pytest.mark.usefixtures("bot")
MENU = "Fact-check this"


@pytest.mark.parametrize(
    ("claim", "verdict", "quoted"),
    [
        ("In all, 2,517 people were arrested, said Jürgen Stock.", "a report says so", "2,517"),
        ("In all, 3,400 people were arrested, said Jürgen Stock.", "a report says otherwise", "**2,517**"),
        ("The Harbour museum bought a painting.", "no report in the archive says so", ""),
    ],
)
def test_each_statement_is_compared_with_the_reports(
    server: DiscordServer, channel: Channel, ann: User, bob: User, claim: str, verdict: str, quoted: str
) -> None:
    checked = server.context_menu(MENU, server.say(channel, ann, claim), bob)
    shown = checked.wait_response()
    assert checked.ephemeral
    assert verdict in shown.text
    assert quoted in shown.text
    assert ("> “" in shown.text) == bool(quoted)


def test_a_message_that_states_nothing_says_so(server: DiscordServer, channel: Channel, ann: User, bob: User) -> None:
    shown = server.context_menu(MENU, server.say(channel, ann, "lol ok"), bob).wait_response()
    assert shown.text == "This message states nothing that could be compared with reports."


def test_what_a_message_says_pings_nobody(server: DiscordServer, channel: Channel, ann: User, bob: User) -> None:
    claim = server.say(
        channel, ann, f"@everyone the mayor of <@{bob.id}> **resigned** on Monday, [look](https://evil.example)"
    )
    shown = server.context_menu(MENU, claim, bob).wait_response()
    assert shown.pings == frozenset()
    assert "evil" not in shown.text


def test_it_works_in_a_direct_message(server: DiscordServer, ann: User) -> None:
    claim = server.say(server.direct(ann), ann, "2,517 people were arrested.")
    assert "2,517" in server.context_menu(MENU, claim, ann).wait_response().text
