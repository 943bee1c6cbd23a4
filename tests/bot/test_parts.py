"""Verifying, dates in words, links and matching: the small pure parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cite import text_fragment
from bot.evaluate import matches
from bot.records import Citation, Verdict
from bot.render import stamp
from bot.timewindow import parse_now, parse_since, parse_until
from bot.verify import judge
from ingest.errors import UsageError
from ingest.records import Article, Revision, State

NOW = datetime(2024, 11, 12, 15, 30, tzinfo=UTC)
TEXT = "It rained. Almost 24,000 flights were supervised."
ARTICLE = Article("a", 1, State.LIVE, "/a", "T", "O", (), "", "en", NOW, None, NOW, NOW)
REVISION = Revision("a", 1, "0" * 64, TEXT, NOW)
CITATION = Citation(1, TEXT[11:], 11, len(TEXT), "a", 1, "T", "O", "", NOW, "")


def test_a_quotation_holds_only_where_it_stands() -> None:
    assert judge(CITATION, ARTICLE, REVISION) is Verdict.VERIFIED
    for wrong in ({"start": 10}, {"end": 40}, {"quote": CITATION.quote.replace("24,000", "42,000")}, {"quote": ""}):
        assert judge(replace(CITATION, **wrong), ARTICLE, REVISION) is Verdict.MISMATCH


def test_what_became_of_the_article_is_told() -> None:
    assert judge(CITATION, replace(ARTICLE, revision=2), REVISION) is Verdict.SUPERSEDED
    assert judge(CITATION, replace(ARTICLE, state=State.GONE), REVISION) is Verdict.GONE
    assert judge(CITATION, replace(ARTICLE, state=State.REMOVED), replace(REVISION, text="")) is Verdict.REMOVED
    assert judge(CITATION, None, None) is judge(CITATION, ARTICLE, None) is Verdict.MISSING


@given(st.text(), st.integers(-5, 30), st.integers(-5, 30), st.text())
def test_nothing_but_the_very_characters_is_ever_verified(text: str, start: int, end: int, quote: str) -> None:
    citation = replace(CITATION, start=start, end=end, quote=quote)
    holds = judge(citation, ARTICLE, replace(REVISION, text=text)).holds
    assert holds == (bool(quote) and text[start:end] == quote)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2024-11-03", "2024-11-03", "2024-11-04"),
        ("3 Nov 2024", "2024-11-03", "2024-11-04"),
        ("yesterday", "2024-11-11", "2024-11-12"),
        ("2 weeks ago", "2024-10-29", "2024-10-30"),
        ("2024-11-03T10:00", "2024-11-03T10:00:00Z", "2024-11-03T10:00:00Z"),
    ],
)
def test_a_day_counts_in_full_and_a_time_exactly(words: str, since: str, until: str) -> None:
    assert (stamp(parse_since(words, NOW)), stamp(parse_until(words, NOW))) == (since, until)


@pytest.mark.parametrize("words", ["", "rain", "2024-13-45", "the day after"])
def test_words_that_name_no_date_are_refused(words: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        parse_since(words, NOW)
    with pytest.raises(UsageError, match="not a date"):
        parse_now(words)


def test_a_link_opens_at_the_quotation() -> None:
    assert text_fragment("", "x") == ""
    short = text_fragment("https://x.example/a#top", "It cost 8.4 million, half-price.")
    assert short == "https://x.example/a#:~:text=It%20cost%208.4%20million%2C%20half%2Dprice."
    long = text_fragment("https://x.example/a", "one two three four five six seven eight nine ten")
    assert long == "https://x.example/a#:~:text=one%20two%20three%20four,seven%20eight%20nine%20ten"


def test_every_group_needs_one_alias() -> None:
    assert matches([["8.4 million", "8,400,000"], ["Calder"]], "The CALDER bridge cost 8.4 million.")
    assert not matches([["8.4 million"], ["Tollen"]], "The Calder bridge cost 8.4 million.")
    assert not matches([], "anything")
