"""Which passages come out, and in which order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from index.keywords import KeywordIndex
from index.records import Candidate, Filter, Hit
from index.retrieve import fuse
from tests.reports import BUDGET, FIRE, MORE, SAME_FIRE, edited
from tests.support import index, write_articles


def search(app: App, words: str, where: Filter | None = None, limit: int = 10) -> list[Hit]:
    return app.retriever.search(words, app.embedder.embed_query(words), limit, where or Filter())


def candidate(name: str) -> Candidate:
    return Candidate(name, name, 1, 0, 1, 1.0)


rankings = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


@given(rankings)
def test_fusion_keeps_every_candidate_once_in_falling_order(names: list[list[str]]) -> None:
    fused = fuse([candidate(name) for name in ranking] for ranking in names)
    assert {one.id for one, _ in fused} == {name for ranking in names for name in ranking}
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
    assert len(fused) == len({one.id for one, _ in fused})


def test_fusion_prefers_what_both_rankings_name() -> None:
    first, second = [candidate("a"), candidate("b")], [candidate("c"), candidate("b")]
    assert fuse([first, second])[0][0].id == "b"


def test_a_hit_is_the_archives_own_text(app: App, news: Path) -> None:
    write_articles(news, 8)
    index(app, news)
    hit = search(app, "mayor of Town3")[0]
    revision = app.archive.revision(hit.article.id, hit.passage.revision)
    assert revision is not None
    assert revision.text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert "Town3" in hit.passage.text


def test_outlet_and_window_keep_others_out(app: App, news: Path) -> None:
    write_articles(news, 28)
    index(app, news)
    since, until = (datetime(2024, 11, day, tzinfo=UTC) for day in (5, 9))
    hits = search(app, "mayor opened a bridge", Filter(("The Daily",), since, until))
    assert sorted(hit.article.published.day for hit in hits if hit.article.published) == [6, 8]


@pytest.mark.parametrize("ahead", [-12, -5, 0, 14])
def test_a_date_without_a_time_is_that_day_by_the_clock_of_the_bounds(app: App, news: Path, ahead: int) -> None:
    for day in ("2024-11-11", "2024-11-12", "2024-11-13", ""):
        (news / f"{day}.json").write_text(json.dumps({"text": f"A heron of {day or 'no day'}.", "published": day}))
    index(app, news)
    since = datetime(2024, 11, 12, tzinfo=timezone(timedelta(hours=ahead)))
    where = Filter(since=since, until=since + timedelta(days=1))
    assert [Path(hit.article.id).stem for hit in search(app, "heron", where)] == ["2024-11-12"]
    # The flat index filters exactly; what the others find is narrowed afterwards, and they may miss none.
    stores = (app.vectors.flat, app.vectors.chroma)
    exact, *wide = ({Path(one.article).stem for one in store.search([1.0] * 512, 10, where)} for store in stores)
    wide.append({Path(one.article).stem for one in app.keywords.search("heron", 10, where)})
    assert exact == {"2024-11-12"}
    assert all("2024-11-12" in found and "" not in found for found in wide)


def test_a_time_counts_to_the_moment(app: App, news: Path) -> None:
    for hour in (4, 5):
        record = {"text": f"A heron at {hour}.", "published": f"2024-11-12T{hour:02}:30:00Z"}
        (news / f"{hour}.json").write_text(json.dumps(record))
    index(app, news)
    since = datetime(2024, 11, 12, tzinfo=timezone(timedelta(hours=-5)))
    assert [Path(hit.article.id).stem for hit in search(app, "heron", Filter(since=since))] == ["5"]


def test_a_narrow_filter_finds_what_the_best_fifty_do_not_hold(app: App, news: Path) -> None:
    write_articles(news, 120)
    (news / "rare.json").write_text(
        json.dumps(
            {"text": "A heron was counted on the roof of the station.", "outlet": "Rare", "published": "2023-01-02"}
        )
    )
    index(app, news)
    hits = search(app, "the mayor opened a bridge", Filter(outlets=("Rare",)))
    assert [Path(hit.article.id).stem for hit in hits] == ["rare"]


def test_an_undated_article_is_outside_every_window(app: App, news: Path) -> None:
    (news / "a.json").write_text(json.dumps({"text": "The walrus came ashore."}))
    index(app, news)
    assert search(app, "walrus")
    assert not search(app, "walrus", Filter(since=datetime(1990, 1, 1, tzinfo=UTC)))


def test_an_undated_article_that_may_answer_does_so_beside_those_of_the_window(app: App, news: Path) -> None:
    write_articles(news, 28)
    (news / "undated.json").write_text(json.dumps({"text": "The mayor of Walrusville opened a zoo."}))
    index(app, news)
    where = Filter(since=datetime(2024, 11, 5, tzinfo=UTC), until=datetime(2024, 11, 7, tzinfo=UTC), undated=True)
    hits = search(app, "the mayor of Walrusville", where)
    assert sorted(Path(hit.article.id).stem for hit in hits) == ["0004", "0005", "undated"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_copies_of_a_report_are_shown_once(app: App, news: Path) -> None:
    text = " ".join(f"The committee of Town{n} met on Monday and agreed on nothing at all." for n in range(4))
    for name in ("one", "two"):
        (news / f"{name}.json").write_text(json.dumps({"text": text, "title": name}))
    index(app, news)
    assert len(search(app, "committee agreed on nothing")) == 1


def publish(folder: Path, **texts: str) -> None:
    """One article for each outlet, on the days from 1 November."""
    for day, (outlet, text) in enumerate(texts.items(), 1):
        record = {"text": text, "title": f"As {outlet} has it", "outlet": outlet, "published": f"2024-11-{day:02}"}
        (folder / f"{outlet}.json").write_text(json.dumps(record))


COPIES = {"Courier": FIRE, "Ledger": edited(FIRE, 0.1, 1), "Observer": f"{MORE}\n{edited(FIRE, 0.05, 2)}"}


def test_one_article_of_a_story_is_shown_and_the_others_are_named(app: App, news: Path) -> None:
    publish(news, **COPIES, Post=SAME_FIRE)
    index(app, news)
    hits = search(app, "fire in the rope works at Port Elsin")
    shown = {hit.article.outlet: hit for hit in hits}
    assert len(shown) == 2
    assert "Post" in shown
    assert shown["Post"].also == ()
    (story,) = shown.keys() - {"Post"}
    assert shown[story].also_in == tuple(sorted(COPIES.keys() - {story}))


def test_every_passage_of_the_article_that_is_shown_may_answer(app: App, news: Path) -> None:
    long = "\n".join([FIRE, MORE, BUDGET])
    publish(news, Courier=long, Ledger=long.replace("crowns", "marks"))
    index(app, news)
    hits = search(app, "the council, the fire in Elsin and the budget of Thornbury")
    assert len({hit.article.id for hit in hits}) == 1
    assert len(hits) > 1
    assert all(len(hit.also) == 1 for hit in hits)


def test_a_copy_outside_the_filter_is_not_named(app: App, news: Path) -> None:
    publish(news, **COPIES)
    index(app, news)
    where = Filter(until=datetime(2024, 11, 3, tzinfo=UTC))
    hits = search(app, "fire in the rope works", where)
    assert {hit.article.outlet for hit in hits} | {name for hit in hits for name in hit.also_in} == {
        "Courier",
        "Ledger",
    }


def test_a_copy_that_is_gone_or_removed_is_not_named(app: App, news: Path) -> None:
    publish(news, **COPIES)
    index(app, news)
    app.archive.mark_gone([str(news / "Ledger.json")])
    app.archive.remove(str(news / "Observer.json"))
    (hit,) = {hit.article.id: hit for hit in search(app, "fire in the rope works")}.values()
    assert (hit.article.outlet, hit.also) == ("Courier", ())


def test_a_copy_is_named_though_it_is_not_among_the_hits(app: App, news: Path) -> None:
    write_articles(news, 60)
    publish(news, Courier=FIRE, Ledger=f"{MORE}\n{FIRE}")
    index(app, news)
    (hit,) = search(app, "the mayor opened a bridge, a fire in the old rope works at Port Elsin", limit=1)
    assert len(hit.also) == 1


def test_a_takedown_takes_effect_before_the_indexes_know(app: App, news: Path) -> None:
    write_articles(news, 2)
    index(app, news)
    app.archive.remove(str(news / "0001.json"))
    assert all(not hit.article.id.endswith("0001.json") for hit in search(app, "mayor of Town1"))


@pytest.mark.parametrize(
    "words", ["title:x AND (", "the of and", '"unbalanced', "[a TO", "*", "a:b^3~", "🙂", "-" * 900]
)
def test_a_question_is_text_and_never_a_query_language(app: App, news: Path, words: str) -> None:
    write_articles(news, 2)
    index(app, news)
    assert len(search(app, words)) == 2


def test_words_match_by_stem_and_without_accents(tmp_path: Path, app: App, news: Path) -> None:
    (news / "a.json").write_text(json.dumps({"text": "Jürgen Stock supervised the flights."}))
    index(app, news)
    keywords = KeywordIndex(tmp_path / "home" / "keywords")
    assert keywords.search("jurgen supervising", 5, Filter())
    assert keywords.terms("The flights were supervised") == ["flight", "supervis"]
