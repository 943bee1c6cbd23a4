"""A hidden outlet neither answers nor is named, and does not keep others from answering."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import App
from bot.records import Question
from index.records import Filter, Hit
from ingest.records import Article, State
from tests.reports import FIRE, MORE, edited
from tests.support import app_at, index

NOW = datetime(2024, 12, 1, tzinfo=UTC)
PRIVATE, PUBLIC = "Guild Notes", "Harbour Post"
WORDS = "how many herons were counted on the roof of the station"
HIDDEN = Filter(hidden=(PRIVATE,))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Of one outlet two hundred articles that match the question best, of another a single one that matches."""
    folder = tmp_path_factory.mktemp("crowded")
    news = folder / "news"
    news.mkdir()
    for number in range(200):
        text = f"How many herons were counted on the roof of the station? {number + 300} herons were counted."
        write(news, f"private{number}", PRIVATE, text)
    write(news, "public", PUBLIC, "Last spring 73 herons were seen by the ferry, and nobody knows why they came.")
    with app_at(folder / "home") as app:
        index(app, news)
        yield app


def write(folder: Path, name: str, outlet: str, text: str, published: str = "2024-11-12") -> None:
    record = {"title": f"From {name}", "text": text, "outlet": outlet, "published": published}
    (folder / f"{name}.json").write_text(json.dumps(record))


def search(app: App, where: Filter, words: str = WORDS, limit: int = 10) -> list[Hit]:
    return app.retriever.search(words, app.embedder.embed_query(words), limit, where)


def outlets_named(hits: list[Hit]) -> set[str]:
    return {article.outlet for hit in hits for article in (hit.article, *hit.also)}


def test_the_crowd_would_win_if_it_were_not_hidden(crowded: App) -> None:
    assert outlets_named(search(crowded, Filter())) == {PRIVATE}


@pytest.mark.parametrize("limit", [1, 10])
@pytest.mark.parametrize(
    "where",
    [
        HIDDEN,
        Filter(hidden=("Nobody", PRIVATE)),
        Filter(outlets=(PRIVATE, PUBLIC), hidden=(PRIVATE,)),
        Filter(since=NOW - timedelta(days=60), until=NOW, hidden=(PRIVATE,)),
        Filter(since=NOW - timedelta(days=60), undated=True, hidden=(PRIVATE,)),
    ],
)
def test_the_only_article_that_is_not_hidden_is_found(crowded: App, where: Filter, limit: int) -> None:
    assert [hit.article.outlet for hit in search(crowded, where, limit=limit)] == [PUBLIC]


def test_each_index_leaves_hidden_outlets_out_by_itself(crowded: App) -> None:
    near = crowded.vectors.search(crowded.embedder.embed_query(WORDS), 10, HIDDEN)
    worded = crowded.keywords.search(WORDS, 10, HIDDEN)
    assert [Path(one.article).stem for one in near] == ["public"]
    assert [Path(one.article).stem for one in worded] == ["public"]


def test_who_asks_for_a_hidden_outlet_gets_nothing(crowded: App) -> None:
    where = Filter(outlets=(PRIVATE,), hidden=(PRIVATE,))
    assert search(crowded, where) == []
    answer = crowded.assistant.ask(Question(WORDS, NOW, where))
    assert (answer.answered, answer.nearest, answer.passages) == (False, (), ())


@pytest.mark.parametrize("words", [WORDS, "how many herons were counted in November?", "herons", "who won the cup?"])
def test_nothing_of_a_hidden_outlet_is_in_an_answer(crowded: App, words: str) -> None:
    answer = crowded.assistant.ask(Question(words, NOW, HIDDEN))
    assert PRIVATE not in repr(answer).replace(repr(HIDDEN), "")
    assert outlets_named(list(answer.passages)) == {PUBLIC}


def test_another_article_of_a_story_answers_when_the_best_is_hidden(app: App, news: Path) -> None:
    write(news, "private", PRIVATE, FIRE)
    write(news, "courier", "Courier", f"{MORE}\n{edited(FIRE, 0.05, 2)}", "2024-11-13")
    write(news, "ledger", "Ledger", f"{MORE}\n{edited(FIRE, 0.1, 1)}", "2024-11-14")
    index(app, news)
    words = FIRE.split(".")[0]
    assert search(app, Filter(), words)[0].article.outlet == PRIVATE
    hits = search(app, HIDDEN, words)
    assert outlets_named(hits) == {"Courier", "Ledger"}
    assert len({hit.article.id for hit in hits}) == 1
    assert all(len(hit.also) == 1 for hit in hits)


def test_a_story_that_only_hidden_outlets_share_is_one_report(app: App, news: Path) -> None:
    write(news, "private", PRIVATE, edited(FIRE, 0.05, 2))
    write(news, "courier", "Courier", FIRE)
    index(app, news)
    words = "a fire in the rope works"
    assert any(hit.also for hit in search(app, Filter(), words))
    assert not any(hit.also for hit in search(app, HIDDEN, words))


def test_copies_do_not_fill_the_places_of_others_beside_a_hidden_outlet(app: App, news: Path) -> None:
    for number in range(60):
        write(news, f"private{number}", PRIVATE, f"A heron, a heron and a heron at roof {number}.")
    for number in range(12):
        write(news, f"copy{number}", f"Copy {number}", "A heron and a heron on the roof of the old station.")
    write(news, "public", PUBLIC, "Of the many birds on the island, not one is a heron, said the keeper on Monday.")
    index(app, news)
    assert PUBLIC in outlets_named(search(app, HIDDEN, "heron"))


names = st.sampled_from(["a", "b", "c", ""])
several = st.lists(names, max_size=3).map(tuple)


@given(names, several, several, st.booleans())
def test_what_is_hidden_is_never_admitted(
    outlet: str, outlets: tuple[str, ...], hidden: tuple[str, ...], dated: bool
) -> None:
    article = Article("a", 1, State.LIVE, "/a", "", outlet, (), "", "en", NOW if dated else None, None, NOW, NOW)
    where = Filter(outlets, hidden=hidden)
    assert where.admits(article) == (outlet not in hidden and (not outlets or outlet in outlets))
    assert where.widened.admits(article) == where.admits(article)
