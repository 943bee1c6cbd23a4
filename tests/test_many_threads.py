"""Many threads ask one app at once, while another process changes what it answers from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.records import Answer, Question
from bot.verify import check
from index.embed import SentenceTransformerEmbedder
from index.records import Filter, Hit
from tests.support import app_at, index, write_articles

ROOT = Path(__file__).parents[1]
THREADS = 8
QUESTIONS = [
    "how many flights were screened?",
    "who is the Secretary General of Interpol?",
    "how many people were displaced by the Ardle flood?",
    "what did the repair of Calder Bridge cost?",
    "how many wolves were counted?",
    "who was elected mayor of Thornbury?",
    "who won the World Cup?",
    "what happened on 12 November?",
]
# Corrects every third article again and again, once it is told to: python -c CORRECTING HOME [bag-of-words]
CORRECTING = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from bot.app import App
from bot.config import Settings
from ingest.records import ParsedArticle
from tests.support import BagOfWords

with App(Settings(dateline_home=Path(sys.argv[1])), BagOfWords() if sys.argv[2:] else None) as app:
    app.embedder.embed_query("ready")
    input()
    ids = sorted({change.article for change in app.archive.changes(0, 1000)})
    texts = {article.id: (article, app.archive.texts([(article.id, article.revision)])[article.id, article.revision])
             for article in app.archive.articles(ids).values()}
    for number in count():
        for article_id in ids[number % 3 :: 3]:
            article, text = texts[article_id]
            fields = {name: getattr(article, name) for name in ("title", "outlet", "url", "published")}
            parsed = ParsedArticle(article_id, f"This is correction {number}.\\n{text}", **fields)
            app.archive.put(parsed, article.origin, datetime.now(UTC))
        app.sync()
"""


@contextmanager
def correcting(home: Path, *words: str) -> Iterator[Callable[[], None]]:
    """A process that corrects articles, killed at the end. Gives what starts it, and tells later whether it runs."""
    command = [sys.executable, "-c", CORRECTING, str(home), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)

    def go_on() -> None:
        assert process.poll() is None
        if process.stdin and not process.stdin.closed:
            process.stdin.write(b"\n")
            process.stdin.close()

    try:
        yield go_on
    finally:
        process.kill()
        process.wait()


def ask(app: App, words: str) -> Answer:
    """The answer, every citation of which holds."""
    answer = app.assistant.ask(Question(words, datetime(2024, 12, 1, tzinfo=UTC)))
    assert all(check(citation, app.archive).verdict.holds for citation in answer.citations)
    return answer


def stands(app: App, hit: Hit) -> bool:
    """Whether the passage is the archive's own text."""
    passage = hit.passage
    revision = app.archive.revision(passage.article, passage.revision)
    return revision is not None and revision.text[passage.start : passage.end] == passage.text


def said(answer: Answer) -> tuple[object, ...]:
    """All of an answer but its id and its timings."""
    return answer.claims, answer.citations, answer.nearest, answer.confidence, answer.passages


def test_threads_are_answered_as_one_is_and_during_a_reindex_too(samples: App, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(samples.settings.dateline_home, home)
    with (
        App(Settings(dateline_home=home), samples.embedder) as app,
        correcting(home) as go_on,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        alone = {words: said(ask(samples, words)) for words in QUESTIONS}
        together = pool.map(lambda words: ask(app, words), QUESTIONS * 2)
        assert [said(answer) for answer in together] == [alone[words] for words in QUESTIONS * 2]
        before, revisions = app.keywords.position, set()
        for _ in range(60):
            go_on()
            for answer in pool.map(lambda words: ask(app, words), QUESTIONS):
                revisions |= {citation.revision for citation in answer.citations}
            if app.keywords.position > before and max(revisions) > 1:
                break
        assert max(revisions) > 1


def test_threads_search_while_another_process_reindexes(tmp_path: Path, news: Path) -> None:
    write_articles(news, 30)
    with (
        app_at(tmp_path / "home") as app,
        correcting(tmp_path / "home", "bag-of-words") as go_on,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        index(app, news)
        before = app.keywords.position
        towns = [f"Town{n}" for n in range(30)]

        def search(town: str) -> list[Hit]:
            return app.retriever.search(town, app.embedder.embed_query(town), 30, Filter())

        while app.keywords.position < before + 200:
            go_on()
            for hits in pool.map(search, towns):
                assert hits
                assert all(stands(app, hit) for hit in hits)


def test_threads_embed_as_one_does() -> None:
    embedder = SentenceTransformerEmbedder()
    texts = [" ".join(["harbour"] * (n % 40 + 1)) for n in range(120)]
    alone = {text: embedder.embed_query(text) for text in texts[:40]}
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(embedder.embed_query, texts)) == [alone[text] for text in texts]
