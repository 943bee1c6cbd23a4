"""The vector index may live in a Chroma server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from ingest.errors import StorageError
from tests.support import BagOfWords, index, write_articles


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a real Chroma server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path / "server")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def test_a_chroma_server_serves_as_well_as_a_folder(server: str, tmp_path: Path, news: Path) -> None:
    write_articles(news, 4)
    with App(Settings(dateline_home=tmp_path / "home", chroma_url=server), BagOfWords()) as app:
        assert index(app, news) == ["new"] * 4
        assert index(app, news, full=True) == ["unchanged"] * 4
        assert (len(app.vectors), app.indexing.disagreements()) == (4, {})


def test_a_server_that_is_not_there_is_one_clear_error(tmp_path: Path, news: Path) -> None:
    write_articles(news, 1)
    settings = Settings(dateline_home=tmp_path / "home", chroma_url="http://127.0.0.1:1")
    with App(settings, BagOfWords()) as app, pytest.raises(StorageError, match="Could not connect"):
        index(app, news)
