"""The packaged model, compiled: vectors that depend on their text alone, and files that are checked."""

from __future__ import annotations

import math
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.embed import SentenceTransformerEmbedder
from index.onnx_embedder import Manifest, OnnxEmbedder
from ingest.errors import ModelError
from tests.support import cosine

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
TEXTS = [" ".join(["harbour", "strike", str(n)] * (n % 8 + 1)) for n in range(32)]


@pytest.fixture(scope="module")
def folder(models: Path) -> Path:
    """Where the compiled model lies."""
    return next(file.parent for file in models.glob("*/manifest.json"))


@pytest.fixture(scope="module")
def embedder(folder: Path) -> OnnxEmbedder:
    return opened(folder)


def opened(folder: Path) -> OnnxEmbedder:
    manifest = Manifest.load(folder)
    assert manifest
    return OnnxEmbedder(folder, manifest, threads=4)


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_documents(TEXTS) == [embedder.embed_query(text) for text in TEXTS]
    assert embedder.embed_documents([]) == []


def test_threads_embed_as_one_does(embedder: OnnxEmbedder, folder: Path) -> None:
    alone = [embedder.embed_query(text) for text in TEXTS]
    fresh = opened(folder)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.embed_query, TEXTS)) == alone


def test_vectors_are_of_length_one_and_near_where_the_meaning_is(embedder: OnnxEmbedder) -> None:
    question, near, far = embedder.embed_documents(
        ["how many flights were screened?", "Police supervised 24,000 flights.", "The recipe needs two eggs."]
    )
    assert math.hypot(*question) == pytest.approx(1)
    assert cosine(question, near) > 0.5 > 0.2 > cosine(question, far)


def test_what_stands_beyond_the_window_is_not_read(embedder: OnnxEmbedder) -> None:
    assert embedder.window == 254
    fits, beyond = (embedder.embed_query(" ".join(["harbour"] * words)) for words in (254, 300))
    assert fits == beyond
    assert fits != embedder.embed_query(" ".join(["harbour"] * 253))


def test_word_pieces_are_counted_as_the_model_itself_counts_them(embedder: OnnxEmbedder) -> None:
    texts = [file.read_text() for file in SAMPLES.rglob("*") if file.is_file()]
    assert embedder.count(texts) == SentenceTransformerEmbedder().count(texts)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(file.read_bytes()[:-9]), lambda file: file.unlink()])
def test_a_damaged_file_is_noticed_and_the_remedy_told(folder: Path, tmp_path: Path, name: str, damage: object) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    damage(copy / name)  # type: ignore[operator]
    if name == "manifest.json" and not (copy / name).exists():
        assert Manifest.load(copy) is None
        return
    with pytest.raises(ModelError, match=f"{name} of the compiled embedding model is damaged") as noticed:
        opened(copy).embed_query("a")
    assert str(copy) in noticed.value.hint
