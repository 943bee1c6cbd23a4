"""Every test runs offline, with a home folder of its own and no settings from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from bot.app import App
from bot.config import Settings
from tests.support import BagOfWords, app_at, index

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "articles"

os.environ["HF_HUB_OFFLINE"] = "1"
settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("untimed")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it starts in the background ignore it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that takes longest, so that at the end nobody waits for it alone."""
    items.sort(key=lambda item: "test_question_kinds" not in item.nodeid)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def embedder() -> BagOfWords:
    return BagOfWords()


@pytest.fixture
def app(tmp_path: Path, embedder: BagOfWords) -> Iterator[App]:
    with app_at(tmp_path / "home", embedder) as opened:
        yield opened


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder to write articles into."""
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home's `models`, with the packaged one compiled by its first reindex, once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first"
    with FileLock(home.with_suffix(".lock")):
        if not home.exists():
            (home / "news").mkdir(parents=True)
            command = [sys.executable, "-m", "bot", "reindex", str(home / "news"), "--json", "--progress"]
            environment = os.environ | {"DATELINE_HOME": str(home)}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
            assert '"Compiling the embedding model (once)"' in done.stdout
            assert done.stderr == ""
    return home / "models"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[App]:
    """The samples, indexed with the packaged model."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(models)
    with App(Settings(dateline_home=home)) as opened:
        assert set(index(opened, SAMPLES)) == {"new"}
        yield opened
