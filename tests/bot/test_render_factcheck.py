"""How findings look in Discord, within its limits, with all text of others as data."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bearing import Stance
from bot.discord_text import AIM, MOST
from bot.factcheck import Finding
from bot.records import Citation
from bot.render_discord import Page
from bot.render_factcheck import FOOTER, factcheck_page
from tests.bot.test_render_discord import TRICKS, plain, seen, utf16, without_ours

NEWER = datetime(2024, 11, 18, 14, 30, tzinfo=UTC)
QUOTE = "The flood displaced 1,320 people."
CITED = Citation(1, QUOTE, 100, 133, "c", 1, "Flood", "Courier", "", NEWER, "https://c.example/1", (), (120, 125))
SO = Finding("The flood displaced 1,320 people.", Stance.SUPPORTED, replace(CITED, answer=None))
OTHERWISE = Finding("The flood displaced 9 people.", Stance.CONFLICT, replace(CITED, n=2))
NOBODY_KNOWS = Finding("Pigs can fly over Ness.", Stance.UNKNOWN)


def test_each_claim_is_followed_by_what_reports_say_and_by_their_words() -> None:
    shown = factcheck_page([SO, OTHERWISE, NOBODY_KNOWS])
    supported, conflict, unknown = shown.text.split("\n\n")
    assert supported.splitlines()[:3] == [
        "**The flood displaced 1,320 people.**",
        "✅ a report says so",
        f"> “{QUOTE}” [1]",
    ]
    assert conflict.splitlines()[:3] == [
        "**The flood displaced 9 people.**",
        "❌ a report says otherwise",
        "> “The flood displaced **1,320** people.” [2]",
    ]
    for quoted in (supported, conflict):
        assert "Courier" in quoted.splitlines()[3]
        assert "[Flood](<https://c.example/1>)" in quoted.splitlines()[3]
    assert unknown.splitlines() == [
        "**Pigs can fly over Ness.**",
        "❔ no report in the archive says so, or otherwise",
    ]
    assert shown.footer == FOOTER


def test_a_message_that_states_nothing_is_told_so() -> None:
    assert factcheck_page([]) == Page("This message states nothing that could be compared with reports.", "")


def test_text_of_others_is_data() -> None:
    cited = replace(CITED, quote=TRICKS, title=TRICKS, outlet=TRICKS, link="", answer=None, also=(TRICKS,))
    text = factcheck_page([Finding(TRICKS, Stance.CONFLICT, cited)]).text
    assert seen(text).count(TRICKS) == 4  # the outlet is cut
    assert not re.search(r"[*_~|`<@\\]", without_ours(text).replace("> ", ""))


def test_a_long_claim_is_cut_at_a_word() -> None:
    text = factcheck_page([replace(NOBODY_KNOWS, claim="Pigs can fly. " * 50)]).text
    assert re.fullmatch(r"\*\*(?:Pigs can fly(?:\\\.|\.)? ?)+(?:Pigs|Pigs can)?…\*\*", text.splitlines()[0])
    assert utf16(text) < 400


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("unit", ["word ", "*_", "😀", "\U00020000 ", "a\n"])
@pytest.mark.parametrize("link", ["https://c.example/" + "x" * 2_000, "https://c.example/" + "ü" * 300, ""])
def test_whatever_is_long_every_finding_stands_whole_within_the_limit(number: int, unit: str, link: str) -> None:
    long = unit * 900
    also = tuple(f"{long[:60]} {n}" for n in range(9))
    cited = replace(CITED, quote=long, title=long, outlet=long, url=link, link=link, also=also, answer=(130, 140))
    text = factcheck_page([Finding(long, Stance.CONFLICT, replace(cited, n=n + 1)) for n in range(number)]).text
    assert utf16(text) <= AIM + 2 <= MOST
    shown = text.split("\n\n")
    assert text.endswith("\n…") or len(shown) == number
    for finding in shown:
        assert finding.count("“") == finding.count("”") == 1
        assert finding.count("](<") == finding.count(">)")


def test_an_address_gives_way_to_the_words() -> None:
    far = replace(CITED, link="https://c.example/1#:~:text=" + "x" * 1_500, url="https://c.example/1")
    text = factcheck_page([Finding("It is so and so.", Stance.CONFLICT, far)] * 5).text
    assert text.count("The flood displaced **1,320** people.") == 5
    assert text.count("(<https://c.example/1>)") == 5


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=3_000)), min_size=1, max_size=5)
)
def test_any_texts_make_a_page_within_the_limit(texts: list[tuple[str, str]]) -> None:
    findings = [Finding(claim, Stance.SUPPORTED, replace(CITED, quote=quote, answer=None)) for claim, quote in texts]
    text = factcheck_page(findings).text
    assert utf16(text) <= MOST
    assert len(plain(text)) > 0
