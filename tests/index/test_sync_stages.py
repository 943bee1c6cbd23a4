"""Reading, embedding and writing go on at once; whatever ends one of them ends all, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from bot.app import App
from index import sync as syncing
from index.sync import BATCHES_AHEAD, Batch, Write, ahead, sync
from ingest.archive import Archive
from ingest.errors import StorageError
from ingest.records import Article, ParsedArticle, Passage
from tests.support import BagOfWords, app_at, contents, index, write_articles

NOON = datetime(2024, 11, 12, 12, tzinfo=UTC)
PATIENCE = 30.0  # seconds, for what comes at once when all is well


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")


@pytest.fixture
def article_by_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "ARTICLES_PER_BATCH", 1)


def put(archive: Archive, *names: str) -> None:
    for name in names:
        archive.put(ParsedArticle(id=name, text=f"Something is said of {name}."), f"/{name}", NOON)


class Steps:
    """A chunker and an index in one, which note each step. waits: for which step another one waits."""

    def __init__(self, waits: dict[str, str]) -> None:
        self.position = 0
        self.taken: list[str] = []
        self._waits = waits
        self._done = {step: Event() for step in waits.values()}

    def chunk(self, article: Article, _text: str) -> list[Passage]:
        self._take(f"read {article.id}")
        return []

    def prepare(self, batch: Batch) -> Write:
        (name,) = batch.articles
        self._take(f"embed {name}")
        return lambda: self._write(name, batch.seq)

    def _write(self, name: str, seq: int) -> None:
        self._take(f"write {name}")
        self.position = seq

    def _take(self, step: str) -> None:
        if step in self._waits:
            assert self._done[self._waits[step]].wait(PATIENCE), f"{step} before {self._waits[step]}"
        self.taken.append(step)
        if step in self._done:
            self._done[step].set()


@pytest.mark.usefixtures("article_by_article")
def test_one_article_is_read_while_another_is_embedded_and_a_third_written(
    archive: Archive,
) -> None:
    put(archive, *"abc")
    steps = Steps({"embed a": "read b", "write a": "embed b", "embed b": "read c"})
    told: list[tuple[int, int]] = []
    sync(archive, [steps], steps.chunk, lambda done, total: told.append((done, total)))
    for kind in ("read", "embed", "write"):
        assert [step for step in steps.taken if step.startswith(kind)] == [f"{kind} {name}" for name in "abc"]
    assert steps.position == archive.seq
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.usefixtures("article_by_article")
def test_what_is_taken_in_while_others_are_indexed_is_indexed_too(archive: Archive) -> None:
    put(archive, "a")
    steps, arriving = Steps({}), iter("bcd")

    def more() -> bool:
        name = next(arriving, "")
        if name:
            put(archive, name)
        return bool(name)

    sync(archive.for_another_thread(), [steps], steps.chunk, more=more)
    assert steps.position == archive.seq == 4
    assert archive.changes(steps.position, 10) == []


def test_no_more_is_made_ahead_than_was_said() -> None:
    made, enough = 0, Event()

    def items() -> Generator[int]:
        nonlocal made
        while True:
            made += 1
            if made == 1 + BATCHES_AHEAD:
                enough.set()
            yield made

    ready = ahead(items())
    assert next(ready) == 1
    assert enough.wait(PATIENCE)
    ready.close()
    assert made == 1 + BATCHES_AHEAD


class Failing(BagOfWords):
    """Fails at its third call of one kind, until it is mended."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where, self._calls = where, 0

    def count(self, texts: Sequence[str]) -> list[int]:
        self._fail("reading")
        return super().count(texts)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self._fail("embedding")
        return super().embed_documents(texts)

    def _fail(self, where: str) -> None:
        if where == self.where:
            self._calls += 1
            if self._calls == 3:
                raise StorageError(f"no more {where}")


@pytest.mark.usefixtures("article_by_article")
@pytest.mark.parametrize("stage", ["reading", "embedding", "writing", "telling"])
def test_what_fails_in_one_stage_ends_all_is_raised_once_and_loses_nothing(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    write_articles(news, 20)
    before = threading.active_count()
    with app_at(tmp_path / "home", Failing(stage)) as app:
        if stage == "writing":
            monkeypatch.setattr(app.keywords, "_write_position", _fail_at_the_third(app.keywords._write_position))
        stopping = _fail_at_the_third(lambda *_: None, KeyboardInterrupt()) if stage == "telling" else None
        index_nothing_yet(app, news)
        with pytest.raises((StorageError, KeyboardInterrupt)):
            app.indexing.sync(progress=stopping)
        assert threading.active_count() == before
        assert app.vectors.position < app.archive.seq
        monkeypatch.undo()
        app.indexing.sync()
        with app_at(tmp_path / "calm") as calm:
            index(calm, news)
            assert contents(app) == contents(calm)


def index_nothing_yet(app: App, news: Path) -> None:
    from ingest.sources import recognise

    assert len(list(app.intake.reindex([recognise(str(news))], full=False))) == 20


def _fail_at_the_third(call: Callable[..., None], error: BaseException | None = None) -> Callable[..., None]:
    calls = iter(range(1, 1000))

    def failing(*arguments: object) -> None:
        if next(calls) == 3:
            raise error or StorageError("the disk is full")
        call(*arguments)

    return failing


@pytest.mark.usefixtures("article_by_article")
def test_an_article_that_changes_again_before_the_first_change_is_written_ends_right(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["It was raining in Ardle.", "The sun was out in Calder.", "It was raining in Ardle."]
    both_prepared, prepared, prepare = Event(), [], app.vectors.prepare

    def change(text: str) -> None:
        app.archive.put(ParsedArticle(id="a", text=text), "/a", NOON)

    def change_again(article: Article, text: str) -> list[Passage]:
        if text == texts[1]:
            change(texts[2])  # seen in the next batch
        return app.indexing._chunker(article, text)

    def both_before_any_is_written(batch: Batch) -> Write:
        write = prepare(batch)
        prepared.append([passage.text for passage in batch.passages])
        if len(prepared) == 2:
            both_prepared.set()

        def waiting() -> None:
            assert both_prepared.wait(PATIENCE)
            write()

        return waiting

    change(texts[0])
    app.indexing.sync()
    change(texts[1])
    monkeypatch.setattr(app.vectors, "prepare", both_before_any_is_written)
    sync(app.archive, [app.vectors, app.keywords], change_again)
    assert prepared == [[texts[1]], [texts[2]]]
    assert app.indexing.disagreements() == {}
    assert app.vectors.position == app.keywords.position == app.archive.seq
    assert len(app.vectors) == len(app.keywords) == 1
