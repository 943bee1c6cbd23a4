"""A model is compiled as far as its vectors stay its own: tiny and untrained here, but real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.compile import compile_model
from index.embed import SentenceTransformerEmbedder, default_model_folder
from index.onnx_embedder import Manifest, OnnxEmbedder
from ingest.errors import ModelError
from tests.support import cosine

ROOT = Path(__file__).parents[2]
TEXTS = ["how many flights were screened?", "The mayor opened a bridge.", "It rained. " * 40]
NEVER = 2.0  # no cosine is that high


def tiny(folder: Path, pooling: str = "mean", *, dense: bool = False) -> str:
    """A model with weights that nothing but the seed decides."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    tokenizer = AutoTokenizer.from_pretrained(default_model_folder())
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    torch.manual_seed(1)
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert"), max_seq_length=64), Pooling(32, pooling_mode=pooling)]
    if dense:
        modules.append(Dense(32, 16))
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return str(folder / "model")


def test_the_packaged_model_becomes_int8(models: Path) -> None:
    made = Manifest.load(next(file.parent for file in models.glob("*/manifest.json")))
    assert made
    assert (made.kind, made.fingerprint) == ("int8", "all-MiniLM-L6-v2@53aa51172d14/int8-1")
    assert 0.98 <= made.cosine <= 1
    assert not list(models.glob("*.unfinished"))


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_where_int8_is_too_far_off_it_stays_with_float32(tmp_path: Path, pooling: str) -> None:
    name, folder = tiny(tmp_path, pooling), tmp_path / "compiled"
    made = compile_model(name, folder, {"int8": NEVER, "float32": 0.999})
    assert (made.kind, made.pooling, made.window) == ("float32", pooling, 62)
    assert Manifest.load(folder) == made
    stock, compiled = SentenceTransformerEmbedder(name), OnnxEmbedder(folder, made)
    assert compiled.fingerprint == f"{stock.fingerprint}/float32-1"
    for one, other in zip(stock.embed_documents(TEXTS), compiled.embed_documents(TEXTS), strict=True):
        assert cosine(one, other) > 0.9999


def test_where_that_is_too_it_is_used_as_it_is_and_not_tried_again(tmp_path: Path) -> None:
    made = compile_model(tiny(tmp_path), tmp_path / "compiled", {"int8": NEVER, "float32": NEVER})
    assert made.kind == "none"
    assert "other vectors" in made.reason
    assert [file.name for file in (tmp_path / "compiled").iterdir()] == ["manifest.json"]
    assert compile_model("not looked at", tmp_path / "compiled") == made


def test_a_model_with_parts_that_are_not_known_is_used_as_it_is(tmp_path: Path) -> None:
    assert "Dense" in compile_model(tiny(tmp_path / "1", dense=True), tmp_path / "dense").reason
    assert "max" in compile_model(tiny(tmp_path / "2", "max"), tmp_path / "max").reason


def test_a_model_that_is_not_here_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        compile_model("nobody/no-such-model", tmp_path / "compiled")
    assert [file.name for file in tmp_path.iterdir()] == ["compiled.lock"]


def test_killed_in_the_middle_it_is_done_again(tmp_path: Path) -> None:
    name, folder = tiny(tmp_path), tmp_path / "compiled"
    command = [sys.executable, "-m", "index.compile", name, str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while not folder.with_suffix(".unfinished").exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert not folder.exists()
    assert compile_model(name, folder).kind != "none"
    assert not folder.with_suffix(".unfinished").exists()
