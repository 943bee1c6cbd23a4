"""One address for each article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.urls import address_of, canonical, same_site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a?utm_source=x&id=3&fbclid=1#top", "https://news.example/a?id=3"),
        ("https://m.news.example/a", "https://news.example/a"),
        ("https://amp.news.example/a", "https://news.example/a"),
        ("https://news.example/amp/a", "https://news.example/a"),
        ("https://news.example/a/amp/", "https://news.example/a"),
        ("https://news.example/a.amp.html", "https://news.example/a.html"),
        ("https://news.example/a?amp=1", "https://news.example/a"),
        ("https://News.Example/A", "https://news.example/A"),
        ("https://news.example/champ/a", "https://news.example/champ/a"),
        ("https://www.news.example/", "https://www.news.example/"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
        ("ftp://news.example/a", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_variants_of_an_address_are_folded(url: str, expected: str) -> None:
    assert canonical(url) == expected


@given(
    st.from_regex(
        r"https?://[a-z]{1,9}\.(example|com)(/[a-zA-Z0-9._-]{0,9}){0,4}(\?[a-z]{1,5}=[a-z0-9]{0,5})?", fullmatch=True
    )
)
def test_folding_twice_changes_nothing_more(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@pytest.mark.parametrize(
    ("found", "named", "expected"),
    [
        ("https://news.example/a?utm_source=x", "https://news.example/b", "https://news.example/b"),
        ("https://m.bbc.co.uk/a", "https://www.bbc.co.uk/news/a", "https://www.bbc.co.uk/news/a"),
        ("https://evil.example/a", "https://reuters.com/world/a", "https://evil.example/a"),
        ("https://news.example/a", "https://news.example/", "https://news.example/a"),
        ("https://news.example/a", "", "https://news.example/a"),
    ],
)
def test_a_page_may_name_another_address_of_its_own_site_only(found: str, named: str, expected: str) -> None:
    assert address_of(found, named) == expected


def test_sites_are_told_apart_by_their_registered_domain() -> None:
    assert same_site("https://a.bbc.co.uk/", "https://b.bbc.co.uk/")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")
