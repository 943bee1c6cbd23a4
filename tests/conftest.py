"""Every test runs offline, with a home folder of its own and no settings from outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from tests.support import BagOfWords, app_at, index

SAMPLES = Path(__file__).parents[1] / "samples" / "articles"

os.environ["HF_HUB_OFFLINE"] = "1"


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
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The samples, indexed with the packaged model."""
    with App(Settings(dateline_home=tmp_path_factory.mktemp("home"))) as opened:
        assert set(index(opened, SAMPLES)) == {"new"}
        yield opened
