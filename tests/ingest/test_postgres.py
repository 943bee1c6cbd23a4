"""The archive may live in PostgreSQL. Runs where a PostgreSQL server is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.app import App
from bot.config import Settings
from tests.support import BagOfWords, index, write_articles

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [
    Path(found).parent for found in [shutil.which("pg_ctl")] if found
]
AS_ROOT = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # PostgreSQL refuses to run as root

pytestmark = pytest.mark.skipif(not SERVERS, reason="no PostgreSQL server is installed")


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own, on loopback."""
    folder = Path(mkdtemp(prefix="dateline-pg-", dir="/tmp"))
    if AS_ROOT:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, options = str(folder / "data"), f"-p {port} -k {folder} -h 127.0.0.1"

    def pg(name: str, *words: str) -> None:
        command = [*AS_ROOT, str(SERVERS[-1] / name), "-D", data, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)

    pg("initdb", "-A", "trust", "-U", "dateline")
    pg("pg_ctl", "-o", options, "-w", "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql+psycopg://dateline@127.0.0.1:{port}/postgres"
    finally:
        pg("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_postgresql_serves_as_well_as_a_file(database: str, tmp_path: Path, news: Path) -> None:
    write_articles(news, 4)
    settings = Settings(dateline_home=tmp_path / "home", dateline_database_url=database)
    with App(settings, BagOfWords()) as app:
        assert index(app, news) == ["new"] * 4
        (news / "0001.json").unlink()
        assert sorted(index(app, news)) == ["gone", "unchanged", "unchanged", "unchanged"]
        assert app.indexing.disagreements() == {}
        assert (app.archive.statistics().live, app.journal.count()) == (3, 0)
