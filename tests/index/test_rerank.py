"""A cross-encoder, tiny and untrained but real, orders passages; nothing is fetched for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.lookup import PASSAGES, RERANKED
from bot.records import Question
from index.embed import default_model_folder
from index.records import Filter, Hit
from index.rerank import CrossEncoderReranker
from ingest.errors import ModelError
from tests.support import BagOfWords, Noting, index, write_articles

WORDS = "report of a bridge for millions of crowns"
NOW = datetime(2024, 11, 27, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with weights that nothing but the seed decides."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(default_model_folder())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.3,  # ten times the usual, so that scores differ
    )
    config.num_labels = 1
    torch.manual_seed(1)
    place = tmp_path_factory.mktemp("cross-encoder")
    BertForSequenceClassification(config).save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


@pytest.fixture
def reranking(tmp_path: Path, news: Path, folder: Path) -> Iterator[App]:
    """An app over more reports than are read, with the cross-encoder."""
    write_articles(news, RERANKED + 5)
    with App(Settings(dateline_home=tmp_path / "home", reranker_model=str(folder)), BagOfWords()) as opened:
        index(opened, news)
        yield opened


def retrieved(app: App, text: str, limit: int) -> list[Hit]:
    return app.retriever.search(text, app.embedder.embed_query(text), limit, Filter())


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def test_hits_come_out_in_the_order_of_the_models_own_scores(reranking: App, folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    hits = retrieved(reranking, WORDS, RERANKED)
    pairs = [(WORDS, f"{hit.passage.header}\n{hit.passage.text}") for hit in hits]
    scores = CrossEncoder(str(folder), local_files_only=True).predict(pairs).tolist()
    assert len(set(scores)) == RERANKED
    ranked = CrossEncoderReranker(str(folder)).rerank(WORDS, hits)
    assert ids(ranked) == ids([hit for _, hit in sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])])
    assert ids(ranked) != ids(hits)


def test_the_reranker_chooses_which_passages_are_found_and_read(
    reranking: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"who wrote the {WORDS}?"
    question = Question(text, NOW)
    reader = Noting(reranking.reader)
    monkeypatch.setattr(reranking, "reader", reader)
    assert reranking.reranker is not None
    best = reranking.reranker.rerank(text, retrieved(reranking, text, RERANKED))[:PASSAGES]
    reranking.assistant.answer(question)
    assert reader.titles == [hit.article.title for hit in best]
    assert set(ids(best)) != set(ids(retrieved(reranking, text, PASSAGES)))
    # Words that are no question are not read, so that nothing else decides on their order.
    found = reranking.assistant.search(replace(question, text=WORDS))
    assert ids(found) == ids(reranking.reranker.rerank(WORDS, retrieved(reranking, WORDS, RERANKED))[:PASSAGES])


def test_without_a_reranker_the_order_is_that_of_retrieval(app: App, news: Path) -> None:
    write_articles(news, PASSAGES + 2)
    index(app, news)
    assert app.reranker is None
    found = app.assistant.search(Question(WORDS, NOW))
    assert ids(found) == ids(retrieved(app, WORDS, PASSAGES))


def test_fewer_hits_are_the_first_of_more(app: App, news: Path) -> None:
    write_articles(news, PASSAGES + 2)
    question = Question("what did the bridge in Town9 cost?", NOW)
    (news / "asks.json").write_text(json.dumps({"title": question.text, "text": f"{question.text} He did not say."}))
    index(app, news)
    ten = ids(app.assistant.search(question))
    assert ten[0] != ids(retrieved(app, question.text, 1))[0]  # of what matches best, nothing answers
    assert ids(app.assistant.search(question, limit=1)) == ten[:1]
    assert ids(app.assistant.search(question, limit=3)) == ten[:3]
    assert ids(app.assistant.search(question, limit=PASSAGES + 2))[:PASSAGES] == ten
    assert ids(app.assistant.answer(question).passages) == ten


def test_nothing_is_loaded_to_order_nothing() -> None:
    assert CrossEncoderReranker("no such model").rerank("rain?", []) == []


@pytest.mark.parametrize("name", ["nobody/no-such-model", "empty"])
def test_a_model_that_cannot_be_loaded_is_one_clear_line_and_nothing_is_fetched(
    app: App, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from huggingface_hub import constants

    Path("empty").mkdir()
    write_articles(news, 1)
    index(app, news)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # it must not be this that keeps it from the network
    with (
        App(Settings(dateline_home=tmp_path / "home", reranker_model=name), BagOfWords()) as opened,
        pytest.raises(ModelError) as caught,
    ):
        opened.assistant.ask(Question("who opened a bridge?", NOW))
    assert caught.value.message.startswith(f"the reranker {name!r} cannot be loaded: ")
    assert "\n" not in caught.value.message
    assert "RERANKER_MODEL" in caught.value.hint
    assert app.journal.count() == 0
