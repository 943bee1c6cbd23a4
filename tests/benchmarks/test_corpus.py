"""The newsroom that is measured: always the same, with the shares that its filters promise."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.corpus import SHARES, ClusteredEmbedder, articles, by_date, by_outlet, write_files
from benchmarks.figures import PER_SECOND, Figure, line
from index.records import Filter
from ingest import files
from ingest.duplicates import are_copies, wording
from ingest.records import ParsedArticle


@cache
def many() -> list[ParsedArticle]:
    return list(articles(1000))


def passing(where: Filter) -> int:
    since = where.since or datetime.min.replace(tzinfo=UTC)
    right = [one for one in many() if not where.outlets or one.outlet in where.outlets]
    return sum(one.published is not None and one.published >= since for one in right)


def test_fewer_articles_are_the_first_of_more_and_another_seed_makes_others() -> None:
    assert list(articles(5)) == many()[:5]
    assert not {one.text for one in articles(5, seed=1)} & {one.text for one in many()}


@pytest.mark.parametrize("share", SHARES)
def test_filters_keep_their_share_by_outlet_and_by_date(share: float) -> None:
    assert passing(by_outlet(share)) == pytest.approx(share * 1000, abs=2)
    assert passing(by_outlet(share)) >= 1
    assert passing(by_date(share)) == pytest.approx(share * 1000, abs=2)


def test_no_two_articles_tell_one_story() -> None:
    wordings = [wording(one.text) for one in many()[:60]]
    assert not any(are_copies(one, other) for one, other in combinations(wordings, 2))


def test_files_are_read_as_the_articles_they_were_written_from(tmp_path: Path) -> None:
    write_files(tmp_path, 3)
    read = [item.result for path in files.find(tmp_path) for item in files.read(path, path.read_bytes())]
    assert [told(one) for one in read if isinstance(one, ParsedArticle)] == [told(one) for one in many()[:3]]


def told(one: ParsedArticle) -> tuple[str, str, list[str], date | None]:
    return one.title, one.outlet, one.text.split(), one.published and one.published.date()


def test_a_text_has_always_the_same_unit_vector() -> None:
    one, again, other = ClusteredEmbedder().embed_documents(["a text", "a text", "another"])
    assert one == again != other
    assert math.hypot(*one) == pytest.approx(1)


def test_a_ratio_says_how_many_times_better_ours_is() -> None:
    assert Figure("cold", "cold ask", "s", 2, 10).ratio == 5
    assert Figure("indexing", "indexing", f"passages {PER_SECOND}", 100, 20).ratio == 5
    assert Figure("retrieval", "recall", "", 1, 0.5).ratio is None


def test_a_line_goes_through_its_points() -> None:
    assert line([(1, 5), (2, 7), (3, 9)]) == pytest.approx((2, 3, 1))
