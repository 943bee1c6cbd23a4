"""Re-indexing in a process of its own, for a program with an event loop that has better things to do."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from ingest.errors import DatelineError, ItemError
from ingest.records import Status

COMMAND = (sys.executable, "-P", "-m", "bot")  # -P: nothing is imported from the current folder
OUR_OWN = frozenset({"DISCORD_TOKEN", "DATELINE_HOME"})  # settings that are not handed down
LONGEST_LINE = 1 << 30  # bytes: the report names every item that failed
TAIL = 1 << 14  # bytes of what the child says on stderr


class Progress(NamedTuple):
    """What is being done, how many are done, and of how many if that is known."""

    doing: str
    done: int
    total: int | None


Tell = Callable[[Progress], object]
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did with the items of all its sources. errors: a line for each item that failed."""

    new: int
    updated: int
    unchanged: int
    gone: int
    failed: int
    embedded: int
    seconds: float
    errors: tuple[str, ...]


def _silently(_progress: Progress) -> None:
    """Tell nobody."""


class Reindexing:
    """Runs `dateline reindex`, and other commands that write, as child processes: one after the other.

    home: where its archive lives. patience: seconds that it has to end when it is told to, before it is killed.
    Should this process be killed, the child ends by itself when it next has something to tell.
    """

    def __init__(self, home: Path, *, command: Sequence[str] = COMMAND, patience: float = 5.0) -> None:
        self._home = home
        self._command = command
        self._patience = patience
        self._work: asyncio.Task[Pass] | None = None
        self._turn = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether a re-index is at work."""
        return self._work is not None and not self._work.done()

    async def run(self, places: Sequence[str] = (), tell: Tell = _silently) -> Pass:
        """Take in what is new and changed, as the command does. Cancelled, it ends the child first.

        tell: called, and awaited if it is to be, with each line of progress, before the next is read. Wrap one that
        takes its time in `Latest`.

        Raises:
            DatelineError: one is running already, or this one failed or was stopped.
        """
        if self.is_running:
            raise DatelineError("a re-index is already running", hint="wait for it to end", retryable=True)
        self._work = asyncio.create_task(self._run(places, tell))
        try:
            return await self._work
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if asking and asking.cancelling():
                raise
            raise _stopped() from None

    async def stop(self) -> None:
        """End the pass under way, if there is one; a second call does not wait for the child to end by itself."""
        if self._work and self.is_running:
            self._work.cancel()
            await asyncio.wait([self._work])

    async def idle(self) -> None:
        """Wait until no re-index is running; whoever goes on from here without waiting can run one."""
        while self._work and self.is_running:
            await asyncio.wait([self._work])

    async def command(self, *words: str) -> None:
        """Run `dateline` with these words, once nothing else that writes is under way. Cancelled, it ends the child.

        Raises:
            DatelineError: it failed, or was stopped from outside.
        """
        _, said, code = await self._child(words, _tail)
        if code:
            raise _failure(code, said)

    async def _run(self, places: Sequence[str], tell: Tell) -> Pass:
        words = ["reindex", "--json", "--progress", "--", *places]
        report, said, code = await self._child(words, partial(_follow, tell=tell))
        if report and code in {0, ItemError.exit_code}:
            return _summed(report)
        raise _failure(code, said)

    async def _child(
        self, words: Sequence[str], read: Callable[[asyncio.StreamReader], Awaitable[Read]]
    ) -> tuple[Read, str, int]:
        """What was read of its results, the end of what it said else, and its exit code."""
        async with self._turn:
            process = await self._start(words)
            stdout, stderr = cast(asyncio.StreamReader, process.stdout), cast(asyncio.StreamReader, process.stderr)
            try:
                return await asyncio.gather(read(stdout), _tail(stderr), process.wait())
            finally:
                if process.returncode is None:
                    await self._end(process)

    async def _start(self, words: Sequence[str]) -> Process:
        handed_down = {name: value for name, value in os.environ.items() if name.upper() not in OUR_OWN}
        try:
            return await asyncio.create_subprocess_exec(
                *(*self._command, *words),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                env=handed_down | {"DATELINE_HOME": str(self._home)},
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C is for this process, which then ends the child
            )
        except (OSError, ValueError) as error:
            raise DatelineError("the re-indexing worker cannot be started", retryable=True) from error

    async def _end(self, process: Process) -> None:
        """Ask the child to end, and kill it when it does not in time, or when this is cancelled."""
        process.terminate()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _follow(lines: asyncio.StreamReader, tell: Tell) -> dict[str, Any]:
    """Pass on the progress; the report, empty if there was none."""
    report: dict[str, Any] = {}
    async for line in lines:
        match _parsed(line):
            case {"doing": str(doing), "done": int(done), "total": int() | None as total}:
                await _pass_on(tell, Progress(doing, done, total))
            case {"sources": list()} as found:
                report = found
    return report


def _parsed(line: bytes) -> Any:
    """What a line says; nothing if it was cut off, or a library wrote it."""
    try:
        return json.loads(line)
    except ValueError:
        return None


async def _pass_on(tell: Tell, progress: Progress) -> None:
    try:
        telling = tell(progress)
        if isawaitable(telling):
            await telling
    except Exception as error:  # noqa: BLE001 - news is a courtesy: the work goes on without it
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": "a report of progress failed", "exception": error})


async def _tail(stream: asyncio.StreamReader) -> str:
    """The end of what is said; the rest is read as well, as a full pipe would hold the child up."""
    kept = b""
    while said := await stream.read(TAIL):
        kept = (kept + said)[-TAIL:]
    return kept.decode(errors="replace")


def _summed(report: dict[str, Any]) -> Pass:
    """The report of the command, all sources together."""
    sources = report["sources"]
    return Pass(
        **{str(status): sum(source[status] for source in sources) for status in Status},
        embedded=report["passages_embedded"],
        seconds=report["seconds"],
        errors=tuple(f"{one['item']}: {one['message']}" for source in sources for one in source["errors"]),
    )


def _failure(code: int, said: str) -> DatelineError:
    """Why there is no report. All that the child said is in the error's notes, which a log shows."""
    if code < 0:
        error = _stopped()
    else:
        errors = [line.removeprefix("error: ") for line in said.splitlines() if line.startswith("error: ")]
        error = DatelineError(errors[-1] if errors else "the re-indexing worker failed")
    error.add_note(f"exit code {code}\n{said}")
    return error


def _stopped() -> DatelineError:
    message = "the re-indexing worker was stopped; nothing is lost"
    return DatelineError(message, hint="start it again to go on", retryable=True)
