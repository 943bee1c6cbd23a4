"""Pictures of messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.discordserver import discord_server, running
from tests.discordserver.messages import EPHEMERAL
from tests.discordserver.picture import BUTTONS, LEFT, LINK, MARGIN, SCALE, SKIN, WIDEST_EMBED, draw
from tests.discordserver.trialbot import Bot

NOW = datetime(2024, 11, 12, 14, 3, tzinfo=UTC)
Show = Callable[..., Image.Image]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Draw a message whose embed says this, with these changes to the payload."""

    def show(text: str, **changes: Any) -> Image.Image:
        payload = {
            "author": {"username": "Dateline", "bot": True},
            "timestamp": NOW.isoformat(),
            "content": "",
            "embeds": [{"description": text, "footer": {"text": "as of 12 Nov 2024"}, "color": 0x12AB34}],
            "components": [],
            "flags": 0,
        }
        draw(payload | changes, tmp_path / "message.png", now=NOW)
        return Image.open(tmp_path / "message.png").convert("RGB")

    return show


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def holds(picture: Image.Image, colour: str) -> bool:
    """Whether a pixel has exactly this colour."""
    return rgb(colour) in {found for _, found in picture.getcolors(picture.width * picture.height) or []}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": [{"type": 2, "style": 2, **button} for button in buttons]}


def test_a_message_of_the_real_client_is_drawn(tmp_path: Path) -> None:
    with discord_server() as server, running(server, Bot):
        channel = server.channel(server.guild("Newsroom"), "general")
        asked = server.slash("report", user=server.user("ann"), channel=channel)
        payload = asked.wait_response().payload()
    draw(payload, tmp_path / "report.png", command="report")
    draw({**payload, "interaction_metadata": None}, tmp_path / "unasked.png")
    with Image.open(tmp_path / "report.png") as asked_for, Image.open(tmp_path / "unasked.png") as unasked:
        assert asked_for.width == unasked.width
        assert asked_for.height > unasked.height


def test_the_picture_grows_with_the_text_and_never_in_width(show: Show) -> None:
    short, long = show("flights"), show("flights " * 100)
    assert long.height > short.height
    assert long.width == short.width


@pytest.mark.parametrize("text", ["x" * 500, "flights " * 100, "**24,000** " * 50])
def test_text_stays_on_its_panel(show: Show, text: str) -> None:
    picture = show(text)
    beside = picture.crop((round((LEFT + WIDEST_EMBED) * SCALE), 0, picture.width, picture.height))
    assert len(beside.getcolors() or []) == 1


@pytest.mark.parametrize(
    ("marked", "plain"),
    [("**24,000** flights", "24,000 flights"), ("> said", "said"), ("-# said", "said"), ("- said", "said")],
)
def test_what_is_marked_looks_different(show: Show, marked: str, plain: str) -> None:
    assert show(marked).tobytes() != show(plain).tobytes()


def test_the_backslash_of_an_escaped_sign_is_not_seen(show: Show) -> None:
    assert show(r"\[sic\]").tobytes() == show("[sic]").tobytes()


def test_only_a_link_is_blue(show: Show) -> None:
    assert holds(show("[Six days](<https://post.example/6>)"), LINK)
    assert not holds(show("Six days"), LINK)


def test_an_embed_has_its_colour(show: Show) -> None:
    assert holds(show("flights"), "#12ab34")
    assert not holds(show("flights", embeds=[{"description": "flights"}]), "#12ab34")


@pytest.mark.parametrize("style", BUTTONS)
def test_a_button_has_the_colour_of_its_style_until_it_is_disabled(show: Show, style: int) -> None:
    for disabled in (False, True):
        picture = show("x", components=[row({"style": style, "label": "Share", "disabled": disabled})])
        inside = round((LEFT + 5) * SCALE), picture.height - round((MARGIN + 5) * SCALE)
        assert (picture.getpixel(inside) == rgb(BUTTONS[style])) is not disabled


@pytest.mark.parametrize("button", [{"label": "👍 Good"}, {"emoji": {"name": "👍"}}])
def test_a_thumb_is_drawn_up_or_down(show: Show, button: dict[str, Any]) -> None:
    up = show("x", components=[row(button)])
    down = show("x", components=[row({"label": "👎 Good"} if "label" in button else {"emoji": {"name": "👎"}})])
    assert holds(up, SKIN)
    assert holds(down, SKIN)
    assert up.tobytes() != down.tobytes()


def test_buttons_stand_in_a_row_and_rows_below_each_other(show: Show) -> None:
    more, share = {"label": "More"}, {"label": "Share"}
    one, beside, below = (
        show("x", components=rows) for rows in ([row(more)], [row(more, share)], [row(more), row(share)])
    )
    assert one.height == beside.height < below.height
    assert one.tobytes() != beside.tobytes()


def test_a_message_for_one_person_says_so(show: Show) -> None:
    told = show("x", flags=EPHEMERAL)
    assert told.height > show("x").height
    assert holds(told, LINK)  # to dismiss it


def test_the_day_is_told_of_a_message_that_is_not_of_today(show: Show) -> None:
    yesterday = (NOW - timedelta(days=1)).isoformat()
    assert show("x", timestamp=yesterday).tobytes() != show("x").tobytes()
