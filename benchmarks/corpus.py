"""A large newsroom made of real sentences, and homes that hold it: what the measurements by size are taken on.

The sentences come from `../shared/eval`, or from the samples where that is not there. They are drawn anew for each
article, with other numbers, names and days: words are as frequent as in news, and no two articles tell one story.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import tempfile
from calendar import day_name, month_name
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.command import dateline
from bot.app import App
from bot.config import Settings
from index.records import Filter
from ingest.chunk import sentences
from ingest.records import ParsedArticle

if TYPE_CHECKING:
    import numpy as np

SAMPLES = Path(__file__).parents[1] / "samples"
NEWS = Path(__file__).parents[2] / "shared" / "eval"
NEWS_FILES = (NEWS / "rgb_dev" / "articles.jsonl", NEWS / "evotemp_dev" / "articles.jsonl")
CACHE = Path(tempfile.gettempdir()) / "dateline-benchmarks"
PASSAGES_PER_ARTICLE = 3.06  # measured on what `articles` makes, with ClusteredEmbedder.count
CHARACTERS = (660, 3150)  # of an article: from one passage to about six
SHARES = (0.5, 0.1, 0.01, 0.0001)  # of all articles; filters keep so many
SMALL_OUTLETS = 36  # they divide what is left by Zipf's law
ARTICLES_PER_TRANSACTION = 1000
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
PERIOD = timedelta(days=5 * 365)
# Multiples of an irrational number, modulo 1, fill 0..1 evenly from the first few on (Weyl, 1916).
OUTLET_STEP, DATE_STEP = 5**0.5, 2**0.5
DIMENSIONS, CLUSTERS = 384, 300
SPREAD = 0.8  # length of what a vector adds to its cluster's centre, which has length 1
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
DAYS, MONTHS = [*day_name], [name for name in month_name if name not in {"", "May"}]  # may is a verb, too
DAY = re.compile(rf"\b(?:{'|'.join(DAYS + MONTHS)})\b")


@dataclass(frozen=True, slots=True)
class Pool:
    """What articles are made of: distinct sentences, and the names in them."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]


def articles(count: int, seed: int = 0) -> Iterator[ParsedArticle]:
    """So many articles, the same for the same seed; fewer of them are the first of more."""
    its = pool()
    bounds = list(accumulate(share for _, share in outlets()))
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")  # noqa: S311 - it is to be repeatable
        text = _text(its, chance)
        place = number * OUTLET_STEP % 1
        # From rare to large, so that the first article of all is the rarest outlet's.
        outlet = next((name for (name, _), bound in zip(outlets(), bounds, strict=True) if place < bound), "Outlet 39")
        yield ParsedArticle(
            id=f"https://news.example/{seed}/{number}",
            text=text,
            title=_sentence(its, chance)[:90].rsplit(" ", 1)[0],
            outlet=outlet,
            url=f"https://news.example/{seed}/{number}",
            published=UNTIL - PERIOD * (number * DATE_STEP % 1) - timedelta(seconds=1),
        )


def outlets() -> list[tuple[str, float]]:
    """Each outlet with its share of all articles. The first four have those of `SHARES`, the rarest first."""
    rest, weights = 1 - sum(SHARES), [1 / rank for rank in range(1, SMALL_OUTLETS + 1)]
    small = [(f"Outlet {number}", rest * weight / sum(weights)) for number, weight in enumerate(weights, 4)]
    return [(outlet_of(share), share) for share in sorted(SHARES)] + small


def outlet_of(share: float) -> str:
    """The outlet that has this share of all articles, one of `SHARES`."""
    return f"Outlet {SHARES.index(share)}"


def by_outlet(share: float) -> Filter:
    """Keeps this share of all articles, one of `SHARES`, by outlet."""
    return Filter(outlets=(outlet_of(share),))


def by_date(share: float) -> Filter:
    """Keeps this share of all articles, 0..1, those published last."""
    return Filter(since=UNTIL - PERIOD * share, until=UNTIL)


def write_files(folder: Path, count: int, seed: int = 0) -> None:
    """So many articles as .txt files with a byline, a thousand to a folder."""
    for number, one in enumerate(articles(count, seed)):
        assert one.published is not None  # noqa: S101 - the corpus is dated
        place = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            place.mkdir(parents=True)
        byline = f"By the staff | {one.outlet} | {one.published.day} {one.published:%B %Y}"
        (place / f"{number:06}.txt").write_text(f"{one.title}\n\n{byline}\n\n{one.text}\n")


@cache
def pool() -> Pool:
    """The sentences of the development questions' articles in their order; of the samples, where those are not there."""
    lines = [line for file in NEWS_FILES if file.exists() for line in file.read_text().splitlines()]
    texts = [json.loads(line)["text"] for line in lines] or [file.read_text() for file in sample_files()]
    found: dict[str, None] = {}
    for text in (re.sub(r"[^\S\n]+", " ", text) for text in texts):
        spans = (text[span.start : span.end] for span in sentences(text))
        found |= dict.fromkeys(filter(_is_whole, spans))
    names = dict.fromkeys(name for one in found for name in NAME.findall(one))
    return Pool(tuple(found), tuple(names))


def questions() -> list[str]:
    """The development questions; those of the samples, where they are not there."""
    file = NEWS / "rgb_dev" / "questions.jsonl"
    lines = (file if file.exists() else SAMPLES / "questions.jsonl").read_text().splitlines()
    return [json.loads(line)["question"] for line in lines]


def sample_files() -> list[Path]:
    """The articles of the demo."""
    return sorted((SAMPLES / "articles").rglob("*.txt"))


def _is_whole(sentence: str) -> bool:
    return 40 <= len(sentence) <= 350 and sentence[0].isupper() and sentence[-1] in ".?!"


def _text(its: Pool, chance: random.Random) -> str:
    length, parts = chance.randint(*CHARACTERS), list[str]()
    while sum(map(len, parts)) < length:
        parts.append(_sentence(its, chance) + chance.choice(("\n", " ", " ")))
    return "".join(parts).strip()


def _sentence(its: Pool, chance: random.Random) -> str:
    """One of the pool, with other figures, days, and half of its names."""
    text = NAME.sub(
        lambda match: chance.choice(its.names) if chance.random() < 0.5 else match[0], chance.choice(its.sentences)
    )
    text = DAY.sub(lambda match: chance.choice(DAYS if match[0] in DAYS else MONTHS), text)
    return re.sub(r"\d+", lambda match: _figure(match[0], chance), text)


def _figure(figure: str, chance: random.Random) -> str:
    """Another number of as many digits; another year for a year."""
    if re.fullmatch("(19|20)[0-9]{2}", figure):
        return str(chance.randint(1980, 2025))
    return str(chance.randint(10 ** (len(figure) - 1), 10 ** len(figure) - 1))


class ClusteredEmbedder:
    """Unit vectors around a few hundred centres, by a hash of the text: as fast as vectors come.

    fingerprint: the model whose place they take, so that a home made with them opens with the real one.
    """

    window = 254

    def __init__(self, fingerprint: str = "clustered") -> None:
        self.fingerprint = fingerprint

    def load(self) -> None:
        """There is nothing to load."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """About as many word pieces as all-MiniLM-L6-v2 finds in news: one in four and a half characters."""
        return [2 * len(text) // 9 + 1 for text in texts]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text."""
        import numpy as np

        centres, rows = _centres(), []
        for text in texts:
            chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))
            vector = centres[chance.integers(CLUSTERS)] + SPREAD * _unit(chance.standard_normal(DIMENSIONS))
            rows.append(_unit(vector).tolist())
        return rows

    def embed_query(self, text: str) -> list[float]:
        """A vector near the centre that the question's hash chooses."""
        return self.embed_documents([text])[0]


@cache
def _centres() -> np.ndarray:
    import numpy as np

    return np.array([_unit(row) for row in np.random.default_rng(0).standard_normal((CLUSTERS, DIMENSIONS))])


def _unit(vector: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.asarray(vector / np.linalg.norm(vector))


@contextmanager
def embedding_into(home: Path) -> Iterator[App]:
    """An app that fills a home with clustered vectors.

    The home is first used as people use it, so that the embedding model is chosen and prepared there as ever: the
    vectors then stand for that model's, and the home can be asked with the real one.
    """
    if not (first := home / "first.txt").exists():
        home.mkdir(parents=True, exist_ok=True)
        first.write_text("A first article\n\nThe model is chosen when there is something to embed.\n")
    dateline(home, "reindex", str(first))
    settings = Settings(dateline_home=home)
    with App(settings) as real:
        embedder = ClusteredEmbedder(real.embedder.fingerprint)
    with App(settings, embedder) as app:
        yield app


def build(home: Path, passages: int, progress: Callable[[int, int], None] | None = None) -> None:
    """Fill a home with about so many passages, or finish one that was begun. progress: (articles indexed, of all)."""
    with embedding_into(home) as app, app.writing("benchmarks"):
        wanted, held = round(passages / PASSAGES_PER_ARTICLE), len(app.archive.live_ids("corpus"))
        missing = islice(articles(wanted), min(held, wanted), None)
        while some := list(islice(missing, ARTICLES_PER_TRANSACTION)):
            with app.archive.transaction():
                for one in some:
                    app.archive.put(one, "corpus", UNTIL)
        app.indexing.sync(progress=progress)


def home_of(passages: int, folder: Path = CACHE) -> Path:
    """The home with about so many passages. Made when it is not there, out of the next smaller one that is."""
    home = folder / str(passages)
    if (home / "complete").exists():
        return home
    smaller = [size for mark in folder.glob("*/complete") if (size := int(mark.parent.name)) < passages]
    if smaller and not home.exists():
        shutil.copytree(folder / str(max(smaller)), home, ignore=shutil.ignore_patterns("complete"))
    build(home, passages)
    (home / "complete").touch()
    return home


def demo_home(folder: Path = CACHE) -> Path:
    """A home with the articles of the demo."""
    home = folder / "demo"
    dateline(home, "reindex", str(SAMPLES / "articles"))
    return home
