"""What tests share: an embedding that can be reasoned about, and a newsroom in a temporary folder."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import json
import math
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.reader import Reader, Span
from index.records import Filter

DIMENSIONS = 512
NAME = re.compile(r"(?<=\w )[A-Z][\w’-]+(?: [A-Z][\w’-]+)*")  # not what a sentence begins with


class BagOfWords:
    """Hashes each word to a dimension, so that texts with words in common are near each other.

    pause: seconds each document takes, to be killed in the middle. texts: how many were embedded.
    """

    fingerprint = "bag-of-words"
    window = 254

    def __init__(self, pause: float = 0.0) -> None:
        self._pause = pause
        self.texts = 0

    def load(self) -> None:
        """There is nothing to load."""

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += len(texts)
        time.sleep(self._pause * len(texts))
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.0] * DIMENSIONS
        for word in re.findall(r"\w+", text.casefold()):
            vector[int(hashlib.md5(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1.0  # noqa: S324
        length = math.sqrt(sum(value * value for value in vector)) or 1.0
        return [value / length for value in vector]


class FirstFigure:
    """A reader that marks the first number of each stretch, else its first name, else all of it.

    Score: -4..4, by the share of the question's words that the stretch holds.
    """

    fingerprint = "first-figure"

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:  # noqa: ARG002
        asked = set(re.findall(r"\w+", question.casefold()))
        return [self._mark(asked, text, *stretch) for stretch in within]

    def _mark(self, asked: set[str], text: str, start: int, end: int) -> Span:
        found = re.compile(r"\d[\d,.]*\d|\d").search(text, start, end) or NAME.search(text, start, end)
        held = asked.intersection(re.findall(r"\w+", text[start:end].casefold()))
        return Span(*(found.span() if found else (start, end)), 8 * len(held) / max(1, len(asked)) - 4)


class Noting:
    """A reader that writes down the headlines of what it reads."""

    def __init__(self, reader: Reader) -> None:
        self.fingerprint = reader.fingerprint
        self.load = reader.load
        self.titles: list[str] = []
        self._reader = reader

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:
        self.titles.append(title)
        return self._reader.read(question, title, text, within)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two unit vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def app_at(home: Path, embedder: BagOfWords | None = None) -> App:
    """An app over a home folder, with the bag-of-words embedding."""
    return App(Settings(dateline_home=home), embedder or BagOfWords())


def index(app: App, *paths: Path, full: bool = False) -> list[str]:
    """Take in these paths and bring the indexes up; the statuses of the items."""
    from ingest.sources import recognise

    with app.writing("a test"):
        outcomes = list(app.intake.reindex([recognise(str(path)) for path in paths], full=full))
        app.indexing.sync(full=full)
    return [str(outcome.status) for outcome in outcomes]


def contents(app: App) -> dict[str, object]:
    """Everything the three stores hold, comparable between two homes that read the same files."""
    archive = app.archive
    ids = sorted({change.article for change in archive.changes(0, 10**6)})
    articles = archive.articles(ids)
    pages = [zip(places.items(), vectors, strict=True) for places, vectors in app.vectors.chroma.pages()]
    where = Filter()
    return {
        "articles": {id_: (one.revision, one.state, one.title) for id_, one in articles.items()},
        "texts": archive.texts([(one.id, one.revision) for one in articles.values()]),
        "vectors": {id_: (place, vector.tolist()) for page in pages for (id_, place), vector in page},
        "flat": app.vectors.flat.held(ids),
        "keywords": {one.id: one for one in app.keywords.search("town report mayor bridge nobody", 10**6, where)},
        "keyword ids": app.keywords.ids(),
        "positions": (app.vectors.position, app.keywords.position, archive.seq),
    }


def write_articles(folder: Path, number: int) -> None:
    """So many short articles, each about a town of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(number):
        record = {
            "title": f"Report from town {n}",
            "text": f"The mayor of Town{n} opened a bridge. It cost {n + 10} million crowns.\nNobody was hurt in Town{n}.",
            "outlet": "The Daily" if n % 2 else "The Weekly",
            "published": f"2024-11-{n % 28 + 1:02}",
        }
        (folder / f"{n:04}.json").write_text(json.dumps(record))


def die_at(target: str, call: int) -> None:
    """Make the n-th call of a method, such as `index.keywords.KeywordIndex.apply`, end this process with SIGKILL."""
    module, owner, name = target.rsplit(".", 2)
    holder = getattr(importlib.import_module(module), owner)
    method, calls = getattr(holder, name), itertools.count(1)

    def dying(*arguments: object, **named: object) -> object:
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments, **named)

    setattr(holder, name, dying)


if __name__ == "__main__":
    # A process to be killed: python -m tests.support HOME FOLDER PAUSE [METHOD CALL]
    home, folder, pause, *moment = sys.argv[1:]
    if moment:
        die_at(moment[0], int(moment[1]))
    with app_at(Path(home), BagOfWords(float(pause))) as killed:
        index(killed, Path(folder))
