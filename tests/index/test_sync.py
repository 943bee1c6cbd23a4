"""The indexes follow the archive, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.app import App
from index.records import Filter
from ingest.errors import ModelError
from ingest.sources import recognise
from tests.support import BagOfWords, app_at, contents, index, write_articles

ROOT = Path(__file__).parents[2]


def found(app: App, words: str) -> list[str]:
    hits = app.retriever.search(words, app.embedder.embed_query(words), 5, Filter())
    return [Path(hit.article.id).stem for hit in hits]


def test_an_unchanged_reindex_embeds_nothing(app: App, news: Path, embedder: BagOfWords) -> None:
    write_articles(news, 5)
    assert index(app, news) == ["new"] * 5
    embedded = embedder.texts
    assert index(app, news) == ["unchanged"] * 5
    assert embedder.texts == embedded == 5


def test_other_bytes_of_the_same_size_and_time_are_noticed(app: App, news: Path) -> None:
    write_articles(news, 2)
    index(app, news)
    path = news / "0001.json"
    before = path.stat()
    path.write_text(path.read_text().replace("Nobody", "Noboby"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert index(app, news) == ["unchanged", "updated"]


def test_an_unchanged_file_does_not_claim_an_article_that_another_one_took_over_before_it(app: App, news: Path) -> None:
    record = json.dumps({"url": "https://news.example/1", "text": "A bridge was opened in Ardle."})
    (news / "b.json").write_text(record)
    assert index(app, news) == ["new"]
    (news / "a.json").write_text(record)
    assert index(app, news) == ["updated"]
    assert index(app, news) == ["unchanged"]
    (news / "b.json").unlink()
    assert index(app, news) == ["unchanged"]


def test_a_reindex_of_what_is_unchanged_loads_no_model_and_opens_no_index(tmp_path: Path, news: Path) -> None:
    write_articles(news, 2)
    with app_at(tmp_path / "home") as app:
        index(app, news)
    told = "print(*sorted({'torch', 'chromadb', 'tantivy', 'onnxruntime'} & set(sys.modules)), file=sys.stderr)"
    script = f"import sys, atexit; from tests.bot import child; atexit.register(lambda: {told}); child.main()"
    environment = os.environ | {"DATELINE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", script, "reindex", str(news)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "2 unchanged; 0 passages embedded" in done.stdout
    assert done.stderr == "\n"


def test_a_correction_embeds_only_the_passages_it_changed(app: App, news: Path, embedder: BagOfWords) -> None:
    lines = [f"Paragraph {n} says {' '.join(f'word{n}x{m}' for m in range(60))}." for n in range(12)]
    path = news / "long.json"
    path.write_text(json.dumps({"title": "Long", "text": "\n".join(lines)}))
    index(app, news)
    before, held = embedder.texts, len(app.vectors)
    path.write_text(json.dumps({"title": "Long", "text": "\n".join([*lines[:-1], "The last one was corrected."])}))
    assert index(app, news) == ["updated"]
    assert 0 < embedder.texts - before <= 2 < held
    hits = app.retriever.search("word0x1", app.embedder.embed_query("word0x1"), 20, Filter())
    assert {hit.passage.revision for hit in hits} == {2}


def test_a_vanished_file_leaves_both_indexes_and_comes_back(app: App, news: Path) -> None:
    write_articles(news, 3)
    index(app, news)
    text = (news / "0001.json").read_text()
    (news / "0001.json").unlink()
    assert index(app, news) == ["unchanged", "unchanged", "gone"]
    assert "0001" not in found(app, "bridge in Town1")
    (news / "0001.json").write_text(text)
    assert "updated" in index(app, news)
    assert "0001" in found(app, "bridge in Town1")


def test_a_folder_that_is_not_there_takes_nothing_down(app: App, news: Path) -> None:
    write_articles(news, 2)
    index(app, news)
    sources = [recognise(str(news))]
    news.rename(news.with_name("unmounted"))
    (outcome,) = app.intake.reindex(sources, full=False)
    assert outcome.error is not None
    assert outcome.error.message.startswith("the folder is not there")
    assert app.archive.statistics().live == 2


@pytest.mark.parametrize("store", ["vectors", "keywords"])
def test_a_deleted_index_is_restored_by_the_next_reindex(tmp_path: Path, news: Path, store: str) -> None:
    write_articles(news, 4)
    with app_at(tmp_path / "home") as first:
        index(first, news)
        before = contents(first)
    shutil.rmtree(tmp_path / "home" / store)
    with app_at(tmp_path / "home") as second:
        index(second, news)
        assert contents(second) == before


def killed_reindex(home: Path, news: Path, *moment: str, pause: float = 0.0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support", str(home), str(news), str(pause), *moment]
    return subprocess.Popen(command, cwd=ROOT)


def check_that_the_next_pass_mends_it(killed: Path, news: Path, calm: Path) -> None:
    with app_at(killed) as again, app_at(calm) as undisturbed:
        index(again, news)
        index(undisturbed, news)
        assert contents(again) == contents(undisturbed)
        assert len(again.vectors) == len(again.keywords) == 150


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("ingest.archive.Archive.stamp", 70),
        ("index.chroma.ChromaStore._add", 2),
        ("index.keywords.KeywordIndex._write", 2),
        ("index.keywords.KeywordIndex._write_position", 2),
    ],
    ids=["reading", "embedding", "between the indexes", "committed but not recorded"],
)
def test_a_reindex_killed_in_a_step_and_run_again_ends_where_an_undisturbed_one_does(
    tmp_path: Path, news: Path, method: str, call: int
) -> None:
    write_articles(news, 150)
    process = killed_reindex(tmp_path / "killed", news, method, str(call))
    assert process.wait(timeout=60) == -signal.SIGKILL
    check_that_the_next_pass_mends_it(tmp_path / "killed", news, tmp_path / "calm")


@pytest.mark.parametrize("after", [0.3, 0.9, 1.6])
def test_a_reindex_killed_at_any_moment_and_run_again_ends_there_too(tmp_path: Path, news: Path, after: float) -> None:
    write_articles(news, 150)
    process = killed_reindex(tmp_path / "killed", news, pause=0.02)
    archive = tmp_path / "killed" / "archive.db"
    deadline = time.monotonic() + 30
    while not archive.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    check_that_the_next_pass_mends_it(tmp_path / "killed", news, tmp_path / "calm")


def test_asking_makes_no_index(app: App, news: Path, tmp_path: Path) -> None:
    write_articles(news, 2)
    index(app, news)
    app.vectors.clear()
    assert found(app, "bridge in Town1")[0] == "0001"
    assert not (tmp_path / "home" / "vectors").exists()
    assert index(app, news) == ["unchanged", "unchanged"]
    assert app.indexing.disagreements() == {}


def test_a_reader_sees_what_another_process_indexed_and_removed(app: App, news: Path, tmp_path: Path) -> None:
    write_articles(news, 3)
    index(app, news)
    assert "0002" in found(app, "bridge in Town2")
    (news / "0002.json").unlink()
    (news / "late.json").write_text(json.dumps({"text": "A walrus was seen in Lateville this morning."}))
    command = [sys.executable, "-m", "tests.support", str(tmp_path / "home"), str(news), "0"]
    subprocess.run(command, cwd=ROOT, check=True)
    assert found(app, "walrus in Lateville")[0] == "late"
    assert "0002" not in found(app, "bridge in Town2")


def test_a_reader_answers_while_another_process_is_between_the_indexes(app: App, news: Path, tmp_path: Path) -> None:
    write_articles(news, 3)
    index(app, news)
    assert "0002" in found(app, "bridge in Town2")
    (news / "0002.json").write_text(json.dumps({"text": "Nothing is known of a bridge in Town2."}))
    process = killed_reindex(tmp_path / "home", news, "index.keywords.KeywordIndex._write", "1")
    assert process.wait(timeout=60) == -signal.SIGKILL
    hits = app.retriever.search("bridge", app.embedder.embed_query("bridge in Town2"), 5, Filter())
    assert {Path(hit.article.id).stem: hit.passage.revision for hit in hits} == {"0000": 1, "0001": 1, "0002": 2}


def test_another_model_is_refused_until_everything_is_embedded_anew(tmp_path: Path, news: Path) -> None:
    write_articles(news, 2)
    with app_at(tmp_path / "home") as first:
        index(first, news)
    other = BagOfWords()
    other.fingerprint = "another-model"
    with app_at(tmp_path / "home", other) as second:
        with pytest.raises(ModelError) as refused:
            index(second, news)
        assert "reindex --full" in refused.value.hint
        index(second, news, full=True)
        assert found(second, "bridge in Town1")[0] == "0001"


def test_doctor_finds_and_mends_what_is_missing(app: App, news: Path) -> None:
    write_articles(news, 4)
    index(app, news)
    assert app.indexing.disagreements() == {}
    lost = sorted(app.vectors.ids())[:2]
    app.vectors.chroma._collection.delete(ids=lost)
    assert app.indexing.disagreements() == {"vectors": (2, 0)}
    app.indexing.rebuild(["vectors"])
    assert app.indexing.disagreements() == {}
