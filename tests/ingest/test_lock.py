"""One writer at a time, and the others are told who it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import LockedError, StorageError
from ingest.lock import writer_lock

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from ingest.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "dateline reindex", 0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(home: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(home), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    process = hold(tmp_path, 30)
    try:
        with pytest.raises(LockedError) as refused, writer_lock(tmp_path, "dateline remove", 0.1):
            pass
        assert refused.value.message.startswith(f"dateline reindex (process {process.pid}, since ")
        assert refused.value.retryable
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    process = hold(tmp_path, 0.5)
    with writer_lock(tmp_path, "dateline remove", 20):
        assert process.wait(timeout=5) == 0
    process.communicate()


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    process = hold(tmp_path, 30)
    process.kill()
    process.communicate()
    with writer_lock(tmp_path, "dateline reindex", 5):
        assert (tmp_path / "writer").read_text().startswith("dateline reindex (process")


def test_a_home_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made"), writer_lock(tmp_path / "file" / "home", "x", 0):
        pass
