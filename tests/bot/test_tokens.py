"""Tokens are counted with the model's own vocabulary when it is at hand, else estimated; nothing is ever downloaded."""

from __future__ import annotations

import base64
import hashlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from tiktoken.load import load_tiktoken_bpe
from tiktoken_ext import openai_public  # type: ignore[import-untyped]

from bot.app import App
from bot.config import Settings
from bot.tokens import VOCABULARIES, TokenCounter, estimate, is_cached
from index.embed import SentenceTransformerEmbedder
from tests.conftest import SAMPLES

MODEL = "openai:gpt-4o"
URL, _ = VOCABULARIES["o200k_base"]
NAME = hashlib.sha1(URL.encode(), usedforsecurity=False).hexdigest()
MERGED = (b"th", b"the")

CHINESE = "边防警察在六天内检查了近两万四千个航班，逮捕了两千五百一十七人。"
EMOJI = "🚨✈️👮🏽‍♀️🇪🇺🎉"
TEXTS = st.text(st.characters())  # lone surrogates too: an article may hold anything


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where tiktoken keeps what it has downloaded: nothing so far."""
    folder = tmp_path / "vocabularies"
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    return folder


@pytest.fixture
def vocabulary(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a vocabulary that was downloaded: bytes, and `the`. It stands in for OpenAI's, which cannot be had offline."""
    words = [*(bytes([byte]) for byte in range(256)), *MERGED]
    data = b"\n".join(base64.b64encode(word) + b" %d" % rank for rank, word in enumerate(words))
    sha256 = hashlib.sha256(data).hexdigest()

    def small() -> dict[str, Any]:
        return {
            "name": "o200k_base",
            "pat_str": r"\w+|\W",
            "mergeable_ranks": load_tiktoken_bpe(URL, sha256),
            "special_tokens": {"<|endoftext|>": 999},
        }

    monkeypatch.setitem(VOCABULARIES, "o200k_base", (URL, sha256))
    monkeypatch.setattr(tiktoken.registry, "ENCODING_CONSTRUCTORS", {"o200k_base": small})
    cache.mkdir()
    (cache / NAME).write_bytes(data)
    return cache / NAME


@pytest.mark.usefixtures("vocabulary")
def test_with_the_models_vocabulary_tokens_are_counted_exactly() -> None:
    counter = TokenCounter(MODEL)
    assert not counter.estimated
    assert [counter.count(text) for text in ("", "the", "the bath", "💬")] == [0, 1, 5, 4]
    assert counter.count("the " * 50_000) == 100_000


@pytest.mark.usefixtures("vocabulary")
def test_an_article_that_spells_a_control_token_is_counted_as_text() -> None:
    assert TokenCounter(MODEL).count("<|endoftext|>") == len("<|endoftext|>")


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    "model",
    [
        "",
        "openai:my-own-model",
        "openai:gpt-4",  # its vocabulary is another one
        "openai:gpt-4o@127.0.0.1:8000",
        "anthropic:claude-haiku-4-5",
        "ollama:gpt-4o",
    ],
)
def test_another_models_tokens_are_estimated(model: str) -> None:
    counter = TokenCounter(model)
    assert counter.estimated
    assert counter.count("the bath") == estimate("the bath")


@pytest.mark.usefixtures("vocabulary")
def test_a_server_of_ones_own_may_have_any_vocabulary(tmp_path: Path) -> None:
    def tokens(**more: Any) -> TokenCounter:
        return App(Settings(dateline_home=tmp_path, llm_model=MODEL, llm_api_key=SecretStr("any"), **more)).tokens

    assert not tokens().estimated
    assert tokens(llm_base_url="http://127.0.0.1:8000/v1").estimated


@pytest.mark.parametrize("model", [MODEL, "openai:gpt-4"])
def test_without_the_vocabulary_they_are_estimated_and_nothing_is_fetched(cache: Path, model: str) -> None:
    counter = TokenCounter(model)
    assert counter.estimated
    assert counter.count("the bath") == estimate("the bath")
    assert not cache.exists()


def test_tiktoken_told_to_keep_nothing_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert TokenCounter(MODEL).estimated


def test_a_damaged_vocabulary_is_neither_used_nor_deleted(vocabulary: Path) -> None:
    vocabulary.write_bytes(damaged := vocabulary.read_bytes()[:-1])
    assert TokenCounter(MODEL).estimated
    assert vocabulary.read_bytes() == damaged


def test_the_older_variable_for_the_folder_counts_too(vocabulary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    monkeypatch.setenv("DATA_GYM_CACHE_DIR", str(vocabulary.parent))
    assert is_cached("o200k_base")


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_vocabularies_are_those_that_tiktoken_would_load(name: str) -> None:
    source = inspect.getsource(openai_public.ENCODING_CONSTRUCTORS[name])
    assert all(part in source for part in VOCABULARIES[name])


def test_english_news_are_rather_over_estimated_than_under() -> None:
    texts = [file.read_text() for file in SAMPLES.rglob("*") if file.is_file()]
    assert texts
    for text, pieces in zip(texts, SentenceTransformerEmbedder().count(texts), strict=True):
        assert pieces < estimate(text) < 2 * pieces


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Border police supervised almost 24,000 flights in six days.", 11, 30),
        (CHINESE, len(CHINESE), 2 * len(CHINESE)),
        (EMOJI, len(EMOJI), 3 * len(EMOJI)),
        ("a" * 200_000, 25_000, 100_000),
        ("24,000 flights. " * 12_500, 62_500, 150_000),
        ("航" * 200_000, 200_000, 400_000),
        ("🚨" * 200_000, 200_000, 600_000),
    ],
    ids=["English", "Chinese", "emoji", "one word", "long", "long Chinese", "long emoji"],
)
def test_an_estimate_is_within_reason(text: str, least: int, most: int) -> None:
    assert least <= estimate(text) <= most


@given(TEXTS, TEXTS)
def test_an_estimate_of_parts_is_that_of_the_whole_and_one_more_at_most(one: str, other: str) -> None:
    whole = estimate(one + other)
    assert whole <= estimate(one) + estimate(other) <= whole + 1
    assert max(estimate(one), estimate(other)) <= whole


@given(TEXTS)
def test_an_estimate_is_one_to_two_tokens_for_three_bytes(text: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    assert size / 3 <= estimate(text) <= size
    assert bool(estimate(text)) is bool(text)
