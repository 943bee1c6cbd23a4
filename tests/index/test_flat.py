"""The flat index: what it holds, how it is searched, and what becomes of it when a writer dies."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import App
from index import flat as flat_module
from index.flat import FlatIndex, Place
from index.nearest import SHORTLIST, UNDATED, Columns, admitted, nearest, signs
from index.records import Filter
from ingest.records import Article, State
from tests.support import BagOfWords, app_at, index, write_articles

ROOT = Path(__file__).parents[2]
DIMENSIONS = 5
OUTLETS = ("Courier", "Ledger", "")
DAY = datetime(2024, 11, 12, tzinfo=UTC)


def search(app: App, words: str) -> list[str]:
    hits = app.retriever.search(words, app.embedder.embed_query(words), 5, Filter())
    return [Path(hit.article.id).stem for hit in hits]


def vector_of(name: str) -> list[float]:
    """A unit vector of its own for each name."""
    values = np.random.default_rng(list(name.encode())).standard_normal(DIMENSIONS)
    return (values / np.linalg.norm(values)).astype(np.float32).tolist()


def place_of(article: str, revision: int) -> Place:
    place = {"article": article, "revision": revision, "start": 3, "end": 2**31, "outlet": OUTLETS[revision % 3]}
    return place | ({"published": -revision} if revision % 2 else {})


# What some articles amount to: by article its revision and its passages; none for one that is gone.
batches = st.lists(
    st.dictionaries(
        st.sampled_from(["å", "b", "https://c.example/#é"]),
        st.tuples(st.integers(0, 9), st.sets(st.sampled_from("pqrs"))),
        min_size=1,
    ),
    max_size=8,
)


@contextmanager
def compacted_early() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat_module, "FEWEST_DEAD", 4)
        yield


@given(batches)
@settings(deadline=None, max_examples=25)
def test_any_sequence_of_batches_leaves_what_a_dict_would_hold(
    batches: list[dict[str, tuple[int, set[str]]]],
) -> None:
    with TemporaryDirectory() as folder, compacted_early():
        writing, reading = FlatIndex(Path(folder)), FlatIndex(Path(folder))
        held: dict[str, Place] = {}
        for position, batch in enumerate(batches, 1):
            places = {
                f"{article}{name}": place_of(article, n) for article, (n, names) in batch.items() for name in names
            }
            vectors = {one: vector_of(one) for one in places if one not in held}
            held = {one: place for one, place in held.items() if place["article"] not in batch} | places
            writing.apply(list(batch), places, vectors, {"position": position})
            assert json.loads(json.dumps(reading.held(["å", "b", "https://c.example/#é"]))) == held
            assert reading.ids() == set(held)
            assert reading.state is not None
            assert reading.state.position == position
            for one in held:
                (found, *_) = reading.search(vector_of(one), 1, Filter())
                assert (found.id, found.score) == (one, pytest.approx(1, abs=1e-5))
        assert len(list(Path(folder).glob("vectors.*"))) <= 1


moments = st.integers(-200_000, 200_000).map(lambda seconds: DAY + timedelta(seconds=seconds))
published = st.none() | moments | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))
zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))) | st.just(ZoneInfo("Europe/Berlin"))
bounds = st.none() | st.tuples(moments, zones).map(lambda one: one[0].replace(tzinfo=one[1]))
several = st.lists(st.sampled_from(OUTLETS), max_size=2).map(tuple)
filters = st.builds(Filter, several, bounds, bounds, st.booleans(), several)


@given(st.lists(st.tuples(st.sampled_from(OUTLETS), published), max_size=6), filters)
def test_the_columns_admit_what_the_filter_admits(rows: list[tuple[str, datetime | None]], where: Filter) -> None:
    seconds = np.array([int(moment.timestamp()) if moment else UNDATED for _, moment in rows], np.int64)
    columns = Columns(
        live=np.ones(len(rows), bool),
        article=np.zeros(len(rows), np.uint64),
        outlet=np.array([OUTLETS.index(outlet) for outlet, _ in rows], np.uint32),
        published=seconds,
        is_day=seconds % 86_400 == 0,
        signs=np.zeros((1, len(rows)), np.uint64),
    )
    articles = [
        Article("a", 1, State.LIVE, "/a", "", outlet, (), "", "en", moment, None, DAY, DAY) for outlet, moment in rows
    ]
    passes = [number for number, article in enumerate(articles) if where.admits(article)]
    assert admitted(columns, OUTLETS, where).tolist() == passes
    assert all(where.widened.admits(articles[number]) for number in passes)


def test_the_nearest_of_more_than_are_compared_are_those_of_all() -> None:
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((50, 384))
    vectors = centres[chance.integers(50, size=8 * SHORTLIST)] + chance.standard_normal((8 * SHORTLIST, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    empty = np.zeros(len(vectors), np.int64)
    columns = Columns(empty, empty, empty, empty, empty, signs(vectors))
    for rows in (np.arange(len(vectors)), np.arange(1, len(vectors), 2), np.arange(7)):
        for asked in vectors[:20]:
            found, cosines = nearest(columns, vectors, rows, asked.tolist(), 10)
            best = rows[np.argsort(-(vectors[rows] @ asked))[:10]]
            assert found.tolist() == best.tolist()
            assert cosines == pytest.approx(vectors[found] @ asked, abs=1e-6)


def test_searching_does_not_load_chroma(tmp_path: Path, news: Path) -> None:
    write_articles(news, 3)
    with app_at(tmp_path / "home") as app:
        index(app, news)
    program = (
        "import sys; from pathlib import Path; from index.records import Filter; from tests.support import app_at\n"
        "with app_at(Path(sys.argv[1])) as app:\n"
        "    hits = app.retriever.search('Town1', app.embedder.embed_query('Town1'), 5, Filter())\n"
        "    assert hits[0].cosine\n"
        "    app.sync()\n"
        "assert 'chromadb' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "home")], cwd=ROOT, check=True)


def test_an_index_made_before_is_searched_in_chroma_until_the_next_reindex(app: App, news: Path) -> None:
    write_articles(news, 5)
    index(app, news)
    shutil.rmtree(app.vectors.flat._folder)
    assert search(app, "bridge in Town1")[0] == "0001"
    assert app.vectors.flat.state is None
    embedder = app.embedder
    assert isinstance(embedder, BagOfWords)
    texts = embedder.texts
    assert index(app, news) == ["unchanged"] * 5
    assert embedder.texts == texts
    assert app.vectors.flat.ids() == app.vectors.ids()
    assert search(app, "bridge in Town1")[0] == "0001"


@pytest.mark.parametrize("damage", ["cut", "gone", "garbled"])
def test_a_damaged_flat_index_is_not_used_and_is_made_anew(app: App, news: Path, damage: str) -> None:
    write_articles(news, 5)
    index(app, news)
    folder = app.vectors.flat._folder
    (vectors,) = folder.glob("vectors.*")
    if damage == "cut":
        vectors.write_bytes(vectors.read_bytes()[:-1])
    elif damage == "gone":
        vectors.unlink()
    else:
        (folder / "state.json").write_text("{")
    assert search(app, "bridge in Town1")[0] == "0001"
    index(app, news)
    assert app.vectors.flat.ids() == app.vectors.ids()
    assert app.disagreements() == {}


@pytest.mark.parametrize("method", ["FlatIndex._append", "FlatIndex._commit"])
def test_a_writer_that_is_killed_in_it_leaves_all_as_it_was(tmp_path: Path, news: Path, method: str) -> None:
    home = tmp_path / "home"
    write_articles(news, 3)
    with app_at(home) as app:
        index(app, news)
        before = app.vectors.flat.ids()
    (news / "0002.json").unlink()
    (news / "late.json").write_text(json.dumps({"text": "A walrus was seen in Lateville this morning."}))
    command = [sys.executable, "-m", "tests.support", str(home), str(news), "0", f"index.flat.{method}", "1"]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    with app_at(home) as app:
        assert app.vectors.flat.ids() == before
        assert search(app, "bridge in Town1")[0] == "0001"
        index(app, news)
        assert app.vectors.flat.ids() == app.vectors.ids() != before
        assert app.disagreements() == {}


def test_what_a_killed_writer_left_is_written_over(tmp_path: Path) -> None:
    written = FlatIndex(tmp_path)
    written.apply(["a"], {"a1": place_of("a", 1)}, {"a1": vector_of("a1")}, {"position": 1})
    for file in tmp_path.glob("*.????????"):
        file.write_bytes(file.read_bytes() + b"left behind")
    written.apply(["b"], {"b1": place_of("b", 2)}, {"b1": vector_of("b1")}, {"position": 2})
    assert FlatIndex(tmp_path).held(["a", "b"]) == {"a1": place_of("a", 1), "b1": place_of("b", 2)}
    (found, *_) = FlatIndex(tmp_path).search(vector_of("b1"), 1, Filter())
    assert (found.id, found.score) == ("b1", pytest.approx(1, abs=1e-5))


def test_doctor_finds_and_mends_a_flat_index_that_lacks_something(app: App, news: Path) -> None:
    write_articles(news, 4)
    index(app, news)
    state = app.vectors.flat.state
    assert state is not None
    app.vectors.flat.apply([str(news / "0001.json")], {}, {}, {"position": state.position, "mark": state.mark})
    assert app.disagreements() == {"flat": (1, 0)}
    app.rebuild(["flat"])
    assert app.disagreements() == {}
