"""What is read out of a page, a paste, a record; and what is left out."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ItemError
from ingest.extract import clean, decode, from_html, from_mapping, from_markdown, from_plain, from_unknown, parse_date

PASTED = """Bridge opens after long delay

by valley news cr

The bridge at Tollen opened on Monday.

Advertisement

About 4,000 people walked across it. “We waited,” said the mayor.

Read more: How the cables were hung

You may also like

Ten walks in the rain

Leave a Comment"""

PAGE = """<!doctype html><html lang="en-GB"><head><title>Bridge opens | The Ledger</title>
<link rel="canonical" href="https://ledger.example/bridge?utm_source=x">
<meta property="og:title" content="Bridge opens"><meta property="og:site_name" content="The Ledger">
<meta name="author" content="Sam Thorne">
<meta property="article:published_time" content="2024-11-12T08:30:00+01:00">
<meta property="article:modified_time" content="2024-11-13T10:00:00+01:00"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Bridge opens</h1>
<p>The bridge at Tollen opened on Monday after two years of work, and about 4,000 people walked across it.</p>
<p>It cost 8.4 million crowns, which is a quarter more than the council had planned when the work was begun.</p>
<p>Lorries above eighteen tonnes stay banned until the last two cables have been replaced in the spring.</p>
</article><aside><h2>Most read</h2><ul><li>Ten walks in the rain</li></ul></aside>
<footer>© 2024 The Ledger. All rights reserved.</footer></body></html>"""


def test_a_pasted_page_gives_headline_author_and_body_only() -> None:
    fields = from_plain(PASTED)
    assert fields.title == "Bridge opens after long delay"
    assert fields.authors == ("valley news cr",)
    assert fields.text.split("\n") == [
        "The bridge at Tollen opened on Monday.",
        "About 4,000 people walked across it. “We waited,” said the mayor.",
    ]


@pytest.mark.parametrize(
    "byline",
    [
        "By Ana Reyes | Harbour Courier | 12 November 2024",
        "By Ana Reyes · Harbour Courier · Nov 12, 2024",
        "By Ana Reyes — Harbour Courier — 2024-11-12",
    ],
)
def test_a_byline_names_author_outlet_and_date(byline: str) -> None:
    fields = from_plain(f"A headline\n\n{byline}\n\nThe body of the report.")
    assert (fields.authors, fields.outlet) == (("Ana Reyes",), "Harbour Courier")
    assert fields.published == datetime(2024, 11, 12, tzinfo=UTC)
    assert fields.text == "The body of the report."


def test_a_paste_without_byline_keeps_its_first_sentence() -> None:
    fields = from_plain(
        "A headline\nBy noon the river had risen to four metres, and the whole village was awake.\nMore."
    )
    assert fields.text.startswith("By noon the river")
    assert fields.published is None


def test_a_single_long_paragraph_is_body_and_lends_its_first_words_as_title() -> None:
    text = "The council met on Monday. " * 12
    fields = from_plain(text)
    assert fields.text == text.strip()
    assert fields.title.startswith("The council met on Monday.")


def test_a_furniture_heading_between_paragraphs_does_not_end_the_article() -> None:
    long = "The second half of the report goes on, and is long enough to be taken for " + "prose, " * 10 + "{}."
    lines = ["Headline", "First paragraph of it.", "Related articles", long.format("one"), long.format("two")]
    assert from_plain("\n".join(lines)).text.split("\n")[1:] == [long.format("one"), long.format("two")]


def test_a_sentence_about_cookies_is_not_furniture() -> None:
    body = "The bakery sold 900 cookies. Readers share this view. Advertisement income fell."
    assert from_plain(f"Headline\n{body}").text == body


@pytest.mark.parametrize(
    "text", ["Advertisement", "You may also like\nLeave a Comment", "Share this\n© 2024 The Ledger"]
)
def test_an_article_of_only_furniture_is_refused(text: str) -> None:
    with pytest.raises(ItemError) as refused:
        from_plain(text)
    assert "no article text" in refused.value.message
    assert refused.value.hint


def test_html_gives_metadata_and_body_without_the_page_around_it() -> None:
    fields = from_html(PAGE)
    assert (fields.title, fields.outlet, fields.authors) == ("Bridge opens", "The Ledger", ("Sam Thorne",))
    assert fields.url == "https://ledger.example/bridge"
    assert fields.language == "en"
    assert fields.published == datetime(2024, 11, 12, 7, 30, tzinfo=UTC)
    assert fields.updated == datetime(2024, 11, 13, 9, 0, tzinfo=UTC)
    assert "8.4 million crowns" in fields.text
    for furniture in ("Most read", "Ten walks", "rights reserved", "Sport"):
        assert furniture not in fields.text


def test_a_page_without_article_is_refused() -> None:
    with pytest.raises(ItemError, match="no article text"):
        from_html("<html><body><nav><a href='/'>Home</a></nav></body></html>")


def test_markdown_takes_front_matter_and_drops_markup() -> None:
    text = "---\ntitle: Fake honey\noutlet: Radio\npublished: 2024-10-25T06:30:00+01:00\nauthors: [B. Roe]\n---\n"
    fields = from_markdown(
        text + "# Fake honey\n\nOf *42* jars, **23** held [syrup](https://x.example).\n\n- one\n- two\n"
    )
    assert (fields.title, fields.outlet, fields.authors) == ("Fake honey", "Radio", ("B. Roe",))
    assert fields.published == datetime(2024, 10, 25, 5, 30, tzinfo=UTC)
    assert fields.text.split("\n") == ["Of 42 jars, 23 held syrup.", "one", "two"]


def test_markdown_without_front_matter_reads_like_a_paste() -> None:
    fields = from_markdown("# Keeper retires\n\nBy B. Roe | Radio | 30 November 2024\n\nHe lived there for 31 years.")
    assert (fields.title, fields.outlet) == ("Keeper retires", "Radio")
    assert fields.published == datetime(2024, 11, 30, tzinfo=UTC)
    assert fields.text == "He lived there for 31 years."


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"title": "x"}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x", "title": []}, "title"),
        ({"text": "x", "authors": 3}, "authors"),
    ],
)
def test_a_record_with_a_wrong_field_is_refused_by_name(record: dict[str, object], complaint: str) -> None:
    with pytest.raises(ItemError, match=complaint):
        from_mapping(record)


def test_a_date_that_is_none_is_doubted_and_the_article_kept() -> None:
    fields = from_mapping({"text": "It rained.", "published": "the other day"})
    assert fields.published is None
    assert fields.doubts == ("its published 'the other day' is not a date",)


@pytest.mark.parametrize("words", ["yesterday", "3 days ago", "November 2024", "Monday", "", "8", "12:30"])
def test_a_date_needs_day_month_and_year(words: str) -> None:
    assert parse_date(words) is None


def test_standard_input_is_recognised_by_its_first_character() -> None:
    assert from_unknown('{"text": "From a record.", "title": "T"}').title == "T"
    assert from_unknown(PAGE).title == "Bridge opens"
    assert from_unknown("Headline\n\nThe body of it.").text == "The body of it."


NEWS = "Café owners in Zürich paid €3 — “too much”, they said. " * 3
WESTERN = "Café owners in Zürich paid three francs too much, they said; señor Núñez agreed. " * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_news_in_any_usual_encoding_reads_right(encoding: str) -> None:
    assert decode(NEWS.encode(encoding)).lstrip("\ufeff") == NEWS


def test_latin_1_reads_right() -> None:
    assert decode(WESTERN.encode("latin-1")) == WESTERN


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"%PDF-1.7\n%\xe2\xe3",
        bytes(range(256)) * 8,
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ItemError, match="binary"):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"  \n\t "])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(ItemError, match="empty"):
        decode(data)


def test_clean_folds_blanks_and_drops_what_cannot_be_seen() -> None:
    assert clean("one\u00a0two\r\n\r\nso\u00adft \u200bzero\x1b[31m “q”\ufeff") == "one two\nsoft zero[31m “q”"


@given(st.text())
def test_clean_is_idempotent_and_leaves_no_control_characters(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not [c for c in once if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs"}]
    assert "\n\n" not in once


@given(st.text(min_size=1).filter(lambda text: bool(clean(text)) and "\x00" not in text))
def test_utf_8_with_a_mark_is_always_read_back(text: str) -> None:
    assert decode(text.encode("utf-8-sig", errors="replace")) == text.encode("utf-8", errors="replace").decode()
