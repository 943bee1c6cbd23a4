"""The demo, with the real model: from the samples to cited answers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.records import Answer, Question
from index.embed import SentenceTransformerEmbedder
from ingest.errors import ModelError

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "articles"


def ask(samples: App, question: str) -> Answer:
    answer = samples.assistant.ask(Question(question, datetime(2024, 12, 1, tzinfo=UTC)))
    for citation in answer.citations:
        revision = samples.archive.revision(citation.article, citation.revision)
        assert revision is not None
        assert revision.text[citation.start : citation.end] == citation.quote
    return answer


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how many flights were screened?", "almost 24,000 flights"),
        ("how many people were arrested?", "2,517"),
        ("who is the Secretary General of Interpol?", "Stock"),
        ("how many people were displaced by the Ardle flood?", "1,"),
        ("what did the repair of Calder Bridge cost?", "8.4 million"),
        ("how many wolves were counted?", "73"),
        ("who was elected mayor of Thornbury?", "Delphine Asher"),
        ("when was Lantern launched?", "2 June"),
    ],
)
def test_the_samples_answer_with_a_quotation_that_is_in_the_article(samples: App, question: str, first: str) -> None:
    answer = ask(samples, question)
    assert answer.answered
    assert first in answer.claims[0].text


@pytest.mark.parametrize(
    "question",
    [
        "who won the World Cup?",
        "what is the capital of Mongolia?",
        "how tall is the Eiffel Tower?",
        "who painted Guernica?",
    ],
)
def test_what_the_samples_do_not_say_is_abstained_from(samples: App, question: str) -> None:
    answer = ask(samples, question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.nearest


def test_furniture_is_never_indexed(samples: App) -> None:
    texts = samples.archive.texts([(change.article, 1) for change in samples.archive.changes(0, 1000)]).values()
    furniture = ("You may also like", "Leave a Comment", "Most read", "We use cookies", "Read more:", "Advertisement")
    assert not [line for text in texts for line in furniture if line in text]


def test_the_wire_report_is_found_once_though_two_outlets_ran_it(samples: App) -> None:
    words = "undersea cable cut by a ship's anchor"
    question = Question(words, datetime(2024, 12, 1, tzinfo=UTC))
    hits = samples.assistant.search(question)
    assert sum("anchor cut the undersea cable" in hit.passage.text for hit in hits) == 1


def test_the_langchain_retriever_returns_citable_documents(samples: App) -> None:
    from index.langchain_adapter import DatelineEmbeddings, DatelineRetriever

    retriever = DatelineRetriever(retriever=samples.retriever, embedder=samples.embedder, limit=3)
    documents = retriever.invoke("how many flights were screened?")
    assert len(documents) == 3
    place = documents[0].metadata
    revision = samples.archive.revision(place["article"], place["revision"])
    assert revision is not None
    assert revision.text[place["start"] : place["end"]] == documents[0].page_content
    assert len(DatelineEmbeddings(samples.embedder).embed_query("flights")) == 384


def test_an_altered_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embed.DEFAULT_SHA256", dict.fromkeys(("model.safetensors", "tokenizer.json"), "0" * 64))
    with pytest.raises(ModelError, match="not the published one"):
        SentenceTransformerEmbedder().count(["a"])


def test_a_model_that_is_not_here_is_one_clear_error() -> None:
    with pytest.raises(ModelError) as refused:
        SentenceTransformerEmbedder("nobody/no-such-model").embed_query("a")
    assert "nothing is downloaded" in refused.value.hint


def test_the_installed_command_answers_in_a_pipe_without_colour(tmp_path: Path, models: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(models)
    command = Path(sys.executable).with_name("dateline")
    environment = {"DATELINE_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1", "PATH": "/usr/bin:/bin"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([command, *words], capture_output=True, text=True, env=environment, check=False)

    taken_in = run("reindex", str(SAMPLES / "meridian-post"), "--json")
    assert (taken_in.returncode, taken_in.stderr) == (0, "")
    assert json.loads(taken_in.stdout)["sources"][0]["new"] == 4
    answer = run("ask", "how many flights were screened?")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "almost 24,000 flights" in answer.stdout
    assert "Meridian Post, 12 Nov 2024, chars " in answer.stdout
    assert "\x1b" not in answer.stdout
