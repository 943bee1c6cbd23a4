"""Re-indexing in a worker process: the command itself, and scripts in its place that misbehave."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.reindexing import Pass, Progress, Reindexing
from bot.workpool import Latest
from ingest.errors import DatelineError
from ingest.lock import writer_lock
from tests.bot.test_workpool import PATIENCE, on_a_loop
from tests.support import write_articles

SOURCE = {"source": "a", "new": 1, "updated": 2, "unchanged": 3, "gone": 4, "failed": 0, "errors": []}
FAILED = {"item": "x.json", "message": "it is not JSON", "hint": ""}
REPORT = {"sources": [SOURCE, SOURCE | {"failed": 1, "errors": [FAILED]}], "passages_embedded": 9, "seconds": 1.5}
SUM = Pass(new=2, updated=4, unchanged=6, gone=8, failed=1, embedded=9, seconds=1.5, errors=("x.json: it is not JSON",))

BEGIN = "import json, os, signal, sys, time\ndef say(**line): print(json.dumps(line), flush=True)\n"
END = f"print({json.dumps(json.dumps(REPORT))})\n"
AT_WORK = "say(doing='Reading files', done=os.getpid(), total=None)\n"
HANG = f"{AT_WORK}time.sleep(60)\n"
IGNORE_SIGTERM = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"

Script = Callable[..., Reindexing]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Re-indexing by a script of these lines instead of the command."""

    def script(*lines: str, patience: float = PATIENCE) -> Reindexing:
        path = tmp_path / "script.py"
        path.write_text(BEGIN + "".join(lines))
        return Reindexing(tmp_path / "home", command=[sys.executable, str(path)], patience=patience)

    return script


class Running:
    """A pass under way, and the process at work on it."""

    def __init__(self, reindexing: Reindexing, task: asyncio.Task[Pass], process: int) -> None:
        self.reindexing = reindexing
        self.task = task
        self.process = process

    @classmethod
    async def begin(cls, reindexing: Reindexing) -> Running:
        """Until the script tells that it is at work."""
        told: asyncio.Queue[Progress] = asyncio.Queue()
        task = asyncio.create_task(reindexing.run(tell=told.put))
        async with asyncio.timeout(PATIENCE):
            return cls(reindexing, task, (await told.get()).done)

    async def error(self) -> DatelineError:
        """What the pass raises, and no process is left."""
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(DatelineError) as caught:
                await self.task
        self.check_over()
        return caught.value

    def check_over(self) -> None:
        assert not self.reindexing.is_running
        with pytest.raises(ProcessLookupError):
            os.kill(self.process, 0)


def processes(word: str) -> list[int]:
    """Those whose command line holds the word."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended
    return found


async def failure(reindexing: Reindexing, places: Sequence[str] = ()) -> DatelineError:
    async with asyncio.timeout(60):
        with pytest.raises(DatelineError) as caught:
            await reindexing.run(places)
    assert "\n" not in caught.value.message
    return caught.value


@on_a_loop
async def test_the_command_takes_in_a_folder_and_tells_how_far_it_is(tmp_path: Path, news: Path, models: Path) -> None:
    write_articles(news, 2)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "models").symlink_to(models)
    (news / "broken.json").write_text("{broken")
    (tmp_path / "bot.py").write_text("raise SystemExit('the wrong program')")  # in the current folder
    told: list[Progress] = []
    reindexing = Reindexing(tmp_path / "elsewhere")
    done = await reindexing.run([str(news)], told.append)
    assert told[0] == Progress("Reading files", 1, None)
    assert told[-1] == Progress("Indexing articles", 2, 2)
    assert done == Pass(2, 0, 0, 0, 1, embedded=2, seconds=done.seconds, errors=done.errors)
    assert done.errors[0].startswith(f"{news}/broken.json: line 1 is not JSON")
    assert (tmp_path / "elsewhere" / "archive.db").exists()
    assert not (tmp_path / "home").exists()


@on_a_loop
async def test_the_command_stopped_at_work_loses_nothing(tmp_path: Path, news: Path, models: Path) -> None:
    write_articles(news, 200)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(models)
    reindexing = Reindexing(tmp_path / "home")
    begun = asyncio.Event()
    task = asyncio.create_task(reindexing.run([str(news)], lambda _: begun.set()))
    await begun.wait()
    await reindexing.stop()
    with pytest.raises(DatelineError, match="nothing is lost"):
        await task
    done = await reindexing.run()
    assert done.new + done.unchanged == done.embedded == 200


@on_a_loop
async def test_another_writer_is_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LOCK_WAIT", "0")
    with writer_lock(tmp_path / "home", "somebody", wait=0):
        error = await failure(Reindexing(tmp_path / "home"))
    assert error.message.startswith(f"somebody (process {os.getpid()}, since ")
    assert "is writing" in error.message


@pytest.mark.parametrize("place", ["missing-folder", "--full"])
@on_a_loop
async def test_a_place_that_is_none_is_one_line_even_when_it_looks_like_an_option(tmp_path: Path, place: str) -> None:
    assert place in (await failure(Reindexing(tmp_path / "home"), [place])).message


@pytest.mark.parametrize("code", [0, 4])
@on_a_loop
async def test_the_report_is_summed_over_its_sources_even_when_items_failed(script: Script, code: int) -> None:
    assert await script(END, f"sys.exit({code})").run() == SUM


@pytest.mark.parametrize("code", [1, 2, 4, 5])
@on_a_loop
async def test_any_other_end_is_the_one_line_that_the_child_said(script: Script, code: int) -> None:
    said = f"print('a warning\\nerror: it is full (make room)', file=sys.stderr)\nsys.exit({code})\n"
    assert (await failure(script(AT_WORK, said))).message == "it is full (make room)"


@on_a_loop
async def test_a_crash_is_told_without_its_traceback_which_is_kept_for_the_log(script: Script) -> None:
    error = await failure(script("raise ValueError('private')\n"))
    assert error.message == "the re-indexing worker failed"
    assert "ValueError: private" in error.__notes__[0]


@on_a_loop
async def test_a_child_that_ends_well_without_a_report_is_a_failure(script: Script) -> None:
    assert (await failure(script(AT_WORK))).message == "the re-indexing worker failed"


@on_a_loop
async def test_a_command_that_cannot_be_started_is_an_error_and_not_the_last_word(
    tmp_path: Path, script: Script
) -> None:
    error = await failure(Reindexing(tmp_path, command=[str(tmp_path / "nothing")]))
    assert "cannot be started" in error.message
    reindexing = script(END)
    assert "cannot be started" in (await failure(reindexing, ["a\0b"])).message
    assert await reindexing.run() == SUM


@on_a_loop
async def test_a_long_report_and_a_talkative_child_hold_nothing_up(script: Script) -> None:
    failures = f"say(sources=[{SOURCE} | {{'errors': [{FAILED}] * 50_000}}], passages_embedded=0, seconds=0)\n"
    done = await script("sys.stderr.write('warning\\n' * 100_000)\n", failures).run()
    assert len(done.errors) == 50_000


@on_a_loop
async def test_what_a_library_prints_is_passed_over(script: Script) -> None:
    assert await script("print('hello\\n\\n[1]\\n3\\n{}')\n", END).run() == SUM


@on_a_loop
async def test_progress_is_passed_on_while_the_child_is_at_work(script: Script, tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    waits = f"while not os.path.exists({str(go_on)!r}): time.sleep(0.002)\n"
    reindexing = script("say(doing='Fetching pages', done=12, total=40)\n", waits, END)
    told: list[Progress] = []

    async def tell(progress: Progress) -> None:
        told.append(progress)
        assert reindexing.is_running
        go_on.touch()

    async with asyncio.timeout(PATIENCE):
        assert await reindexing.run(tell=tell) == SUM
    assert told == [Progress("Fetching pages", 12, 40)]
    assert not reindexing.is_running


@pytest.mark.parametrize("is_late", [False, True])
@on_a_loop
async def test_news_that_cannot_be_told_does_not_end_the_work(script: Script, is_late: bool) -> None:
    failed: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: failed.append(context["exception"]))
    gone = OSError("the message is gone")

    def tell(_: Progress) -> object:
        if not is_late:
            raise gone
        return late()

    async def late() -> None:
        await asyncio.sleep(0)
        raise gone

    assert await script(AT_WORK, AT_WORK, END).run(tell=tell) == SUM
    assert failed == [gone, gone]


@on_a_loop
async def test_slow_news_goes_through_latest_and_does_not_hold_up_the_end(script: Script) -> None:
    shown: list[Progress] = []

    async def show(progress: Progress) -> None:
        shown.append(progress)

    latest = Latest(asyncio.get_running_loop(), show, every=60.0)
    async with asyncio.timeout(PATIENCE):
        assert await script(AT_WORK * 100, END).run(tell=latest) == SUM
        await latest.close()
    assert len(shown) == 1


@on_a_loop
async def test_a_second_one_at_once_is_refused_and_the_first_goes_on(script: Script) -> None:
    running = await Running.begin(script(HANG))
    error = await failure(running.reindexing)
    assert (error.message, error.retryable) == ("a re-index is already running", True)
    assert running.reindexing.is_running
    os.kill(running.process, 0)
    await running.reindexing.stop()
    await running.error()


@on_a_loop
async def test_stopping_ends_the_child_and_the_next_one_can_begin(script: Script) -> None:
    running = await Running.begin(script(HANG))
    await running.reindexing.stop()
    running.check_over()
    error = await running.error()
    assert (error.message, error.retryable) == ("the re-indexing worker was stopped; nothing is lost", True)
    again = await Running.begin(running.reindexing)
    await again.reindexing.stop()
    await again.error()


@on_a_loop
async def test_stopping_what_does_not_run_does_nothing(script: Script) -> None:
    reindexing = script(END)
    await reindexing.stop()
    assert await reindexing.run() == SUM
    await reindexing.stop()


@on_a_loop
async def test_a_cancelled_pass_ends_the_child_first(script: Script) -> None:
    running = await Running.begin(script(HANG))
    running.task.cancel()
    await asyncio.wait([running.task])
    assert running.task.cancelled()
    running.check_over()


@on_a_loop
async def test_a_pass_that_takes_too_long_for_its_caller_is_ended(script: Script) -> None:
    reindexing = script(HANG)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reindexing.run()
    assert not reindexing.is_running


@on_a_loop
async def test_a_child_that_puts_its_work_away_when_told_to_end_has_the_time(script: Script, tmp_path: Path) -> None:
    away = f"os.write(1, b'x' * 200_000); open({str(tmp_path / 'away')!r}, 'w').close(); sys.exit(0)"
    running = await Running.begin(script(f"signal.signal(signal.SIGTERM, lambda *_: exec({away!r}))\n", HANG))
    await running.reindexing.stop()
    assert (tmp_path / "away").exists()
    await running.error()


@on_a_loop
async def test_a_child_that_does_not_end_when_told_is_killed(script: Script) -> None:
    running = await Running.begin(script(IGNORE_SIGTERM, HANG, patience=0.05))
    async with asyncio.timeout(PATIENCE):
        await running.reindexing.stop()
    await running.error()


@on_a_loop
async def test_told_twice_nobody_waits_for_a_child_that_does_not_end(script: Script) -> None:
    running = await Running.begin(script(IGNORE_SIGTERM, HANG, patience=3600.0))
    first = asyncio.create_task(running.reindexing.stop())
    await asyncio.sleep(0.02)
    assert running.reindexing.is_running
    async with asyncio.timeout(PATIENCE):
        await running.reindexing.stop()
    await first
    await running.error()


@pytest.mark.skipif(not Path("/proc").exists(), reason="it looks for the processes there")
@pytest.mark.parametrize("turns", range(8))
@on_a_loop
async def test_stopped_while_it_starts_no_child_is_left(script: Script, tmp_path: Path, turns: int) -> None:
    reindexing = script(HANG)
    task = asyncio.create_task(reindexing.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await reindexing.stop()
    assert processes(str(tmp_path / "script.py")) == []
    task.cancel()
    await asyncio.wait([task])


@on_a_loop
async def test_a_child_killed_from_outside_is_told_as_stopped_with_nothing_lost(script: Script) -> None:
    half_a_line = 'print(\'{"sources": [\', end="", flush=True)\n'
    running = await Running.begin(script(half_a_line, "print()\n", HANG))
    os.kill(running.process, signal.SIGKILL)
    error = await running.error()
    assert (error.message, error.retryable) == ("the re-indexing worker was stopped; nothing is lost", True)


@on_a_loop
async def test_the_child_has_the_same_environment_but_for_the_token_and_the_home(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("discord_token", "secret")
    monkeypatch.setenv("DATELINE_HOME", "/elsewhere")
    monkeypatch.setenv("DATELINE_CONTACT", "news@example.org")
    seen = tmp_path / "seen"
    write = f"json.dump([dict(os.environ), sys.argv[1:], os.getcwd(), os.getsid(0) == os.getpid()], open({str(seen)!r}, 'w'))\n"
    await script(write, END).run(["a place"])
    environment, words, folder, is_apart = json.loads(seen.read_text())
    expected = {name: value for name, value in os.environ.items() if name.upper() != "DISCORD_TOKEN"}
    assert environment == expected | {"DATELINE_HOME": str(tmp_path / "home")}
    assert words == ["reindex", "--json", "--progress", "--", "a place"]
    assert (folder, is_apart) == (str(tmp_path), True)
