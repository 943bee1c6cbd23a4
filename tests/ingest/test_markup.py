"""HTML as it comes: broken, hostile, or plain."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markup import Page, plain

HOSTILE = [
    '<script type="application/ld+json">{' * 50_000,
    "<style>a" * 50_000,
    "<title>a" * 50_000,
    "<" * 500_000,
    "<div>" * 50_000,
    "<link rel=alternate " * 20_000,
]


@pytest.mark.parametrize("html", HOSTILE, ids=lambda html: html[:8])
def test_a_page_made_to_keep_patterns_busy_is_read_all_the_same(html: str) -> None:
    page = Page(f"<html><body><p>Before it.</p>{html}")
    assert page.text.strip().startswith("Before it.")
    assert list(page.linked_data()) == page.feeds("https://news.example/") == []


def test_words_come_a_line_for_each_block_without_scripts_and_comments() -> None:
    html = "<h1>One</h1><p>Two <b>three</b><br>four &amp; five</p><script>x()</script><!-- no --><ul><li>six</li></ul>"
    lines = [line.strip() for line in plain(html).split("\n") if line.strip()]
    assert lines == ["One", "Two three", "four & five", "six"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<&")))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_linked_data_is_found_in_graphs_and_lists_and_broken_data_is_passed_over() -> None:
    nodes = [{"@graph": [{"@type": "NewsArticle"}]}, {"@type": "WebSite"}]
    scripts = "".join(f'<script type="application/ld+json">{text}</script>' for text in (json.dumps(nodes), "{broken"))
    kinds = [node.get("@type") for node in Page(f"<html><head>{scripts}</head></html>").linked_data()]
    assert kinds == [None, "NewsArticle", "WebSite"]


def test_feeds_are_those_of_the_articles() -> None:
    html = """<head><title> The
      Courier </title><link rel="alternate" type="application/rss+xml" href="/rss.xml">
      <link rel="alternate" type="application/atom+xml" title="Comments" href="/comments.xml">
      <link rel="alternate" type="application/rss+xml" href="http://[broken"><link rel="alternate" hreflang="de" href="/de">
      <link rel="alternate" type="application/rss+xml" href="/rss.xml"></head>"""
    page = Page(html)
    assert (page.title, page.feeds("https://news.example/a/")) == ("The Courier", ["https://news.example/rss.xml"])


@pytest.mark.parametrize("html", ["", " ", "<?xml version='1.0' encoding='latin-1'?><p>x</p>", "<p>x"])
def test_what_is_hardly_html_is_read_too(html: str) -> None:
    assert Page(html).text.strip() in {"", "x"}
