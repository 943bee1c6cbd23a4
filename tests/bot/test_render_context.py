"""The paragraph around a quotation, as Discord shows it."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.discord_text import AIM
from bot.newsdesk import Context
from bot.records import Citation
from bot.render_context import NONE, context_pages
from bot.render_discord import Page
from tests.bot.test_render_discord import (
    ACTIVE,
    BRIGADE,
    FLOOD,
    NEWER_SHOWN,
    OLDER_SHOWN,
    ONE,
    TRICKS,
    TWO,
    citations,
    long_texts,
    only,
    seen,
    urls,
    utf16,
    without_ours,
)


def context(citation: Citation, before: str = "", after: str = "") -> Context:
    return Context(citation, before + citation.quote + after, len(before), len(before + citation.quote))


def test_a_quotation_is_bold_in_its_paragraph_and_below_stands_where_it_is_from() -> None:
    assert context_pages([context(ONE, "It rained. ", " Nobody was hurt."), context(TWO)]) == [
        Page(
            f"> “It rained. **{FLOOD}** Nobody was hurt.”\n"
            f"-# [1] [Flood](<https://c.example/1>) — Courier, {NEWER_SHOWN}, characters 100–133\n\n"
            f"> “**{BRIGADE}**”\n"
            f"-# [2] l.txt — Ledger, {OLDER_SHOWN}, characters 0–27",
            "",
        )
    ]


def test_a_quotation_of_several_lines_is_bold_in_each() -> None:
    lines = replace(ONE, quote="It rained.\nIt poured.")
    text = only(context_pages([context(lines, "So: ", " Then it snowed.")])).text
    assert text.startswith("> “So: **It rained.**\n> **It poured.** Then it snowed.”\n-# [1]")


def test_of_a_paragraph_of_50_000_characters_the_part_around_the_quotation_is_shown() -> None:
    page = only(context_pages([context(ONE, "before " * 3_500, " after" * 4_000)]))
    found = re.match(rf"> … “((?:before )+)\*\*{re.escape(FLOOD)}\*\*((?: after)+)” …\n-# \[1\] ", page.text)
    assert found is not None
    assert [len(found[1]) > 900, len(found[2]) > 900, utf16(page.text) < AIM] == [True] * 3


def test_contexts_that_do_not_fit_on_a_page_go_to_the_next_as_a_whole() -> None:
    pages = context_pages([context(replace(ONE, n=n), "before " * 100, " after" * 100) for n in (1, 2, 3)])
    assert [re.findall(r"^-# \[(\d)\]", page.text, re.M) for page in pages] == [["1", "2"], ["3"]]
    assert [page.text.count("> “before") for page in pages] == [2, 1]


def test_an_article_full_of_tricks_is_seen_as_it_is_written() -> None:
    tricky = replace(ONE, quote=TRICKS, title=TRICKS, outlet=TRICKS[:72])
    text = only(context_pages([context(tricky, f"# {TRICKS} ", f"\n> {TRICKS}")])).text
    assert not ACTIVE.search(without_ours(text))
    assert seen(text).splitlines()[:2] == [f"“# {TRICKS} {TRICKS}", f"> {TRICKS}”"]


def test_without_a_quotation_that_stands_it_says_so() -> None:
    assert context_pages([]) == [Page(NONE, "")]


@given(st.lists(st.builds(context, citations(1, long_texts, urls), long_texts, long_texts), max_size=4))
def test_any_context_fits_and_holds_no_markdown_but_ours(contexts: list[Context]) -> None:
    for page in context_pages(contexts):
        assert 0 < utf16(page.text) <= 4_096
        assert not ACTIVE.search(without_ours(page.text))
