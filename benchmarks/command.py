"""Runs commands and functions in processes of their own, and measures them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import ParamSpec, TypeVar

DATELINE = Path(sys.executable).with_name("dateline")
PAGES_PER_MEGABYTE = 2**20 / os.sysconf("SC_PAGE_SIZE")
SECONDS_BETWEEN_LOOKS = 0.02

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command.

    seconds: wall time. megabytes: the most memory that it and its children held together. lines: of standard output,
    each with the seconds after which it came.
    """

    seconds: float
    megabytes: float
    lines: tuple[tuple[float, str], ...]

    @property
    def output(self) -> str:
        """All of standard output."""
        return "".join(line for _, line in self.lines)


def dateline(home: Path, *words: str, **settings: str) -> Measured:
    """Run our own command over a home folder and wait for its end.

    Raises:
        CalledProcessError: as `run` says.
    """
    return run(str(DATELINE), "-q", *words, DATELINE_HOME=str(home), **settings)


def run(*words: str, **settings: str) -> Measured:
    """Run a command and wait for its end.

    Raises:
        CalledProcessError: it ended with a status other than 0, 3 (an abstention) and 4 (some articles were refused).
    """
    started = time.perf_counter()
    process = subprocess.Popen(words, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 - it was asked for just above
    with Watch(process.pid) as watch:
        lines = tuple((time.perf_counter() - started, line) for line in process.stdout)
    if process.wait() not in {0, 3, 4}:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Measured(time.perf_counter() - started, watch.megabytes, lines)


def alone(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function returns that runs in a new process, so that what others loaded is neither seen nor counted."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments, **named).result()


class Watch:
    """Looks at what a process and its children hold, and keeps the most. Linux only: elsewhere that is 0.

    Not what the system says at a process's end, which counts what the process that started it held.
    """

    def __init__(self, process: int) -> None:
        self.megabytes = 0.0
        self._process = process
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            self.megabytes = max(self.megabytes, sum(map(resident, family(self._process))))


def resident(process: int) -> float:
    """Megabytes of memory that a process holds; what it shares with others is counted in each. 0 if it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) / PAGES_PER_MEGABYTE
    return 0.0


def family(process: int) -> Iterator[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(file.read_text().rpartition(")")[2].split()[1])  # its name may hold anything
            children.setdefault(parent, []).append(int(file.parent.name))
    found = [process]
    for one in found:
        found += children.get(one, [])
        yield one
