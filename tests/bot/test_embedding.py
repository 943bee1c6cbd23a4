"""Which embedder a home uses: questions and passages are always embedded by the same one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.app import App
from bot.config import Settings
from bot.embedding import EmbeddingModel
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from index.onnx_embedder import Manifest, OnnxEmbedder
from index.records import Filter
from ingest.errors import ModelError
from tests.bot.conftest import Run
from tests.support import BagOfWords, app_at, index, write_articles

ROOT = Path(__file__).parents[2]
STOCK = "all-MiniLM-L6-v2@53aa51172d14"
INT8 = f"{STOCK}/int8-1"


class Uncompiled(BagOfWords):
    """As if the packaged model had embedded."""

    fingerprint = STOCK


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """A home with the compiled model, and nothing else."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(models)
    return tmp_path / "home"


@pytest.fixture
def old(home: Path, news: Path) -> Path:
    """A home whose vectors were made with the model as it is."""
    write_articles(news, 2)
    with app_at(home, Uncompiled()) as app:
        index(app, news)
    return home


def never() -> None:
    pytest.fail("there was nothing to compile")


def test_new_vectors_are_the_compiled_models(home: Path, news: Path) -> None:
    write_articles(news, 2)
    with App(Settings(dateline_home=home)) as app:
        assert app.compile_model(full=False, announce=never) == ""
        index(app, news)
        assert isinstance(app.embedder, OnnxEmbedder)
        assert app.vectors.made_with == app.embedder.fingerprint == INT8


def test_an_old_index_goes_on_with_its_model_until_all_is_embedded_anew(old: Path) -> None:
    with App(Settings(dateline_home=old)) as app:
        assert app.compile_model(full=False, announce=never) == ""
        assert isinstance(app.embedder, SentenceTransformerEmbedder)
        app.vectors.check_model()
        app.sync(full=True)
        assert app.vectors.made_with == app.embedder.fingerprint == INT8


def test_who_goes_on_with_the_old_model_while_another_embeds_anew_is_told_to_start_again(old: Path) -> None:
    with app_at(old, Uncompiled()) as app:
        vector = app.embedder.embed_query("Town1")
        assert app.retriever.search("Town1", vector, 1, Filter())
        embed_anew = "import sys; from tests.bot.test_embedding import *; embed_anew(Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", embed_anew, str(old)], check=True, cwd=ROOT)
        with pytest.raises(ModelError, match=f"made with the model {INT8}, not {STOCK}") as refused:
            app.retriever.search("Town1", vector, 1, Filter())
        assert "start this program again" in refused.value.hint


def embed_anew(home: Path) -> None:
    """What another process does."""
    with App(Settings(dateline_home=home)) as app:
        app.sync(full=True)


def test_a_compiled_model_that_is_lost_is_missed_and_compiled_again(tmp_path: Path, models: Path) -> None:
    model = EmbeddingModel(DEFAULT_MODEL, tmp_path / "models")
    with pytest.raises(ModelError, match="missing") as missed:
        model.embedder(INT8)
    assert "dateline reindex" in missed.value.hint
    announced: list[bool] = []

    def put_back() -> None:
        announced.append(True)
        shutil.copytree(models, tmp_path / "models")

    assert model.compile(INT8, put_back) == ""
    assert announced
    assert model.embedder(INT8).fingerprint == INT8


def test_a_model_that_cannot_be_compiled_is_not_tried_again(tmp_path: Path, models: Path) -> None:
    made = next(models.glob("*/manifest.json")).parent
    (tmp_path / "models" / made.name).mkdir(parents=True)
    Manifest(STOCK, "none", "a GPU is used").save(tmp_path / "models" / made.name)
    model = EmbeddingModel(DEFAULT_MODEL, tmp_path / "models")
    assert model.compile(None, never) == ""
    assert isinstance(model.embedder(None), SentenceTransformerEmbedder)


def test_vectors_of_another_model_do_not_have_this_one_compiled(tmp_path: Path) -> None:
    model = EmbeddingModel(DEFAULT_MODEL, tmp_path / "models")
    assert model.compile("another@0123456789ab/int8-1", never) == ""


def test_where_compiling_fails_it_says_why_and_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, news: Path, models: Path
) -> None:
    monkeypatch.setattr(cli, "App", App)  # with the packaged model
    made = next(models.glob("*/manifest.json")).parent
    (tmp_path / "home" / "models" / f"{made.name}.lock").mkdir(parents=True)
    done = run("reindex", str(news), "--json", "--progress")
    assert done.code == 0
    assert "Compiling the embedding model (once)" in done.out
    assert done.err.startswith("the embedding model is used as it is, which takes longer: ")
    assert done.err.count("\n") == 1


def test_asking_loads_neither_torch_nor_what_compiles(samples: App) -> None:
    heavy = ["torch", "sentence_transformers", "transformers", "onnx"]
    program = (
        "import sys, json; from bot import cli; sys.argv = ['dateline', 'ask', 'how many flights were screened?']\n"
        "try: cli.main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        f"print(json.dumps([name for name in {heavy} if name in sys.modules]))"
    )
    environment = {"DATELINE_HOME": str(samples.settings.dateline_home)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert "almost 24,000 flights" in done.stdout
    assert json.loads(done.stdout.splitlines()[-1]) == []
