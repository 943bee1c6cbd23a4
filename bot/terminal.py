"""Where output goes: stdout for results, stderr for everything else, colour only on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from time import monotonic
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.status import Status

WIDE = 10_000
BETWEEN_LINES = 0.25  # seconds

Tell = Callable[[str, int, int | None], None]  # what is being done, how many are done, of how many
Showing = Callable[[], AbstractContextManager[Tell]]  # one of the ways to show it


class Terminal:
    """The two streams of one command. quiet: nothing but results and errors."""

    def __init__(self, *, quiet: bool = False) -> None:
        # In a pipe a table is as wide as its text.
        width = None if sys.stdout.isatty() else WIDE
        self._out = Console(highlight=False, width=width)
        self._err = Console(stderr=True, highlight=False)
        self._quiet = quiet

    def result(self, content: RenderableType) -> None:
        """Print what was asked for. In a pipe no line is broken."""
        self._out.print(content, soft_wrap=not self._out.is_terminal)

    def json(self, content: dict[str, Any]) -> None:
        """Print one object as one line, whatever the terminal."""
        self._out.out(json.dumps(content, ensure_ascii=False), highlight=False)

    def note(self, content: RenderableType) -> None:
        """Say something about the work, unless quiet."""
        if not self._quiet:
            self.error(content)

    def error(self, content: RenderableType) -> None:
        """Say what went wrong."""
        self._err.print(content, soft_wrap=not self._err.is_terminal)

    def busy(self, doing: str) -> Status:
        """Show that something of unknown length is going on, until it is left or stopped."""
        return Status(doing, console=Console(quiet=True) if self._is_still else self._err)

    @contextmanager
    def progress(self) -> Iterator[Tell]:
        """Progress bars that go away afterwards, one for each thing that is told to be done."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._err, transient=True, disable=self._is_still) as bar:
            tasks: dict[str, TaskID] = {}

            def tell(doing: str, done: int, total: int | None) -> None:
                if doing not in tasks:
                    tasks[doing] = bar.add_task(doing, total=None)
                bar.update(tasks[doing], completed=done, total=total)

            yield tell

    @contextmanager
    def progress_lines(self) -> Iterator[Tell]:
        """The same for a program: lines of JSON among the results."""
        lines = _ProgressLines(self.json)
        yield lines.tell
        lines.flush()

    @property
    def _is_still(self) -> bool:
        """Whether nothing may move: in a pipe, or when quiet."""
        return self._quiet or not self._err.is_terminal


class _ProgressLines:
    """Shows the first and the last step of each kind of work, and of those in between not too many.

    Several kinds may go on at once, each in a thread of its own; when another one begins, the others are up to date.
    """

    def __init__(self, show: Callable[[dict[str, Any]], None]) -> None:
        self._show = show
        self._held: dict[str, dict[str, Any]] = {}
        self._due: dict[str, float] = {}
        self._telling = Lock()

    def tell(self, doing: str, done: int, total: int | None) -> None:
        """Show this step, or hold it until a later one replaces it."""
        with self._telling:
            if doing not in self._due:
                self._flush()
            self._held[doing] = {"doing": doing, "done": done, "total": total}
            if monotonic() >= self._due.get(doing, 0.0):
                self._show(self._held.pop(doing))
                self._due[doing] = monotonic() + BETWEEN_LINES

    def flush(self) -> None:
        """Show the steps that are held."""
        with self._telling:
            self._flush()

    def _flush(self) -> None:
        for held in self._held.values():
            self._show(held)
        self._held = {}
