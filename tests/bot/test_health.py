"""The sign of life: real files, a real reader beside a writer."""

from __future__ import annotations

import itertools
import json
import logging
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health import Health, Pulse, judge

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
WELL = Pulse(at=NOW, ready=True, latency_ms=41, guilds=3, at_work=1, waiting=0, change=17)
READER = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from bot.health import judge
path, seen = Path(sys.argv[1]), set()
print("reading", flush=True)
while len(seen) < 100:
    if wrong := judge(path, datetime.fromisoformat(sys.argv[2]), timedelta(days=1)):
        sys.exit(wrong)
    seen.add(path.read_text())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "discord.health"


def test_the_file_says_how_the_bot_does(path: Path) -> None:
    Health(path).write(WELL)
    assert json.loads(path.read_text()) == {
        "at": "2026-01-31T12:00:00+00:00",
        "ready": True,
        "latency_ms": 41,
        "guilds": 3,
        "at_work": 1,
        "waiting": 0,
        "change": 17,
    }
    assert list(path.parent.iterdir()) == [path]


def test_a_young_file_of_a_connected_bot_is_well(path: Path) -> None:
    Health(path).write(replace(WELL, latency_ms=None))
    assert judge(path, NOW) == ""
    assert judge(path, NOW + timedelta(seconds=60)) == ""
    assert judge(path, NOW + timedelta(minutes=5), oldest=timedelta(minutes=5)) == ""
    assert judge(path, (NOW + timedelta(seconds=60)).astimezone()) == ""


@pytest.mark.parametrize("later", [timedelta(seconds=61), timedelta(days=400), timedelta(seconds=-61)])
def test_an_old_file_is_of_a_bot_that_hangs_and_so_is_one_of_the_future(path: Path, later: timedelta) -> None:
    Health(path).write(replace(WELL, ready=False))
    assert judge(path, NOW + later) == "the bot hangs: its last sign of life is of 2026-01-31 12:00:00+00:00"


def test_a_bot_without_a_connection_is_not_well(path: Path) -> None:
    health = Health(path)
    health.write(replace(WELL, ready=False, latency_ms=None))
    assert judge(path, NOW) == "the bot is not connected to Discord, as of 2026-01-31 12:00:00+00:00"
    health.write(WELL)
    assert judge(path, NOW) == ""


def test_a_bot_that_ended_does_not_run(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    health = Health(path)
    assert judge(path, NOW) == f"the bot does not run: there is no {path}"
    health.write(WELL)
    health.remove()
    assert judge(path, NOW) == f"the bot does not run: there is no {path}"
    assert list(path.parent.iterdir()) == []
    health.remove()
    assert caplog.records == []


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b'{"at": "2026-01-31T12:0',
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"at": "2026-01-31T12:00:00+00:00"}',
        b'{"at": "2026-01-31T12:00:00", "ready": true}',
        b'{"at": "yesterday", "ready": true}',
        b'{"at": 1769860800, "ready": true}',
        b'{"at": "2026-01-31T12:00:00+00:00", "ready": "yes"}',
    ],
)
def test_a_torn_or_foreign_file_is_called_so(path: Path, contents: bytes) -> None:
    path.write_bytes(contents)
    assert judge(path, NOW) == f"{path} is not a health file"


Json = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one, max_size=3))
At = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.text() | Json


@given(
    contents=st.binary() | st.fixed_dictionaries({"at": At, "ready": Json}).map(lambda one: json.dumps(one).encode())
)
def test_whatever_stands_in_the_file_the_judgement_is_one_line(
    tmp_path_factory: pytest.TempPathFactory, contents: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.health"
    path.write_bytes(contents)
    assert len(judge(path, NOW).splitlines()) == 1


@pytest.mark.parametrize("name", [".", "file/health"])
def test_a_path_that_holds_no_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    wrong = judge(tmp_path / name, NOW)
    assert wrong.startswith(f"{tmp_path / name} cannot be read: ")
    assert wrong.endswith("directory")


def test_a_disk_that_fails_is_told_once_until_it_works_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    health = Health(path)
    path.mkdir()  # nobody, not even root, can put a file there
    for _ in range(3):
        health.write(WELL)
    (record,) = caplog.records
    assert (record.levelno, record.name) == (logging.WARNING, "bot.health")
    assert record.getMessage() == f"the health file {path} cannot be written: Is a directory"
    path.rmdir()
    health.write(WELL)
    assert judge(path, NOW) == ""
    path.unlink()
    path.mkdir()
    health.write(WELL)
    assert len(caplog.records) == 2


def test_a_file_that_cannot_be_deleted_does_not_disturb_the_end(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir()
    Health(path).remove()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_what_a_killed_writer_left_does_not_stop_the_next(path: Path) -> None:
    path.with_name("discord.health.new").write_text('{"at": "20')
    health = Health(path)
    health.write(WELL)
    assert judge(path, NOW) == ""
    path.with_name("discord.health.new").write_text('{"at": "20')
    health.remove()
    assert list(path.parent.iterdir()) == []


def test_a_reader_beside_a_writer_never_sees_a_torn_file(path: Path) -> None:
    health = Health(path)
    health.write(WELL)
    program = [sys.executable, "-c", READER, str(path), NOW.isoformat()]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        for change in itertools.count():
            health.write(replace(WELL, change=change))
            if change >= 500 and reader.poll() is not None:
                break
        assert reader.communicate()[1] == ""
    assert reader.returncode == 0


def test_a_late_pulse_does_not_bring_a_deleted_file_back(tmp_path: Path) -> None:
    health = Health(tmp_path / "health.json")
    health.write(WELL)
    health.remove()
    health.write(WELL)
    assert list(tmp_path.iterdir()) == []
