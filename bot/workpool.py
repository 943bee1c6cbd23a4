"""Blocking work off the event loop: a bounded pool of threads that refuses what is too much, and news of work under way.

Only the loop's thread counts and decides; the workers take a job, do it, and tell the loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from queue import SimpleQueue
from statistics import fmean
from threading import Thread
from time import monotonic
from typing import Any, Generic, NamedTuple, TypeVar, TypeVarTuple

from bot.phrases import Phrase
from ingest.errors import DatelineError

RECENT = 20  # jobs whose durations tell how long the next may take
FIRST_GUESS = 5.0  # seconds that a job takes, until some are done

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Busy(DatelineError):  # noqa: N818 - a refusal, not a failure
    """The pool does not take the work, or gave it up; its message is for the one who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=True)


class Load(NamedTuple):
    """How many jobs are at work and how many wait."""

    at_work: int
    waiting: int


@dataclass(eq=False, slots=True)
class _Job:
    """What somebody asked for. The outcome is there when it is over."""

    user_id: int
    work: Callable[[], object]
    loop: asyncio.AbstractEventLoop
    outcome: Future[Any] = field(default_factory=Future)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class WorkPool:
    """Runs blocking functions for the users of one event loop.

    First come, first served: as each user has only a few, nobody waits long behind one other.

    workers: jobs at work at most. waiting: jobs that wait at most. per_user: jobs of one user, at work or waiting.
    limit: seconds that each may take, from when it was asked for.
    """

    def __init__(self, *, workers: int = 4, waiting: int = 40, per_user: int = 3, limit: float = 60.0) -> None:
        self._workers = workers
        self._places = workers + waiting
        self._per_user = per_user
        self._limit = limit
        self._is_open = True
        self._at_work: set[_Job] = set()
        self._waiting: deque[_Job] = deque()
        self._durations = deque([FIRST_GUESS], maxlen=RECENT)
        self._ready: SimpleQueue[_Job | None] = SimpleQueue()
        for number in range(workers):
            # Not an executor: Python waits for its threads at exit, and so for one that hangs.
            Thread(target=self._work, name=f"work {number}", daemon=True).start()

    @property
    def busy(self) -> Load:
        """What there is to do, for a report. Work that was given up counts until its thread is free."""
        return Load(len(self._at_work), len(self._waiting))

    async def run(self, user_id: int, function: Callable[[*Arguments], T], *args: *Arguments) -> T:
        """What the function returns, or raises, called in a thread.

        Raises:
            Busy: too much is asked for, by this user or by all, the time is over, or the pool is closing.
        """
        self._check_room(user_id)
        job = _Job(user_id, partial(function, *args), asyncio.get_running_loop())
        self._waiting.append(job)
        self._fill()
        try:
            async with asyncio.timeout(self._limit):
                await job.over.wait()
        except TimeoutError:
            seconds = self._wait(len(self._waiting))
            raise Busy(
                Phrase(
                    "that took longer than {limit:g} s; try again in about {seconds} s",
                    limit=self._limit,
                    seconds=seconds,
                )
            ) from None
        finally:
            with suppress(ValueError):
                self._waiting.remove(job)
        if not job.outcome.done():
            raise _restarting()
        result: T = job.outcome.result()
        return result

    async def drain(self, seconds: float) -> bool:
        """Take no more work, refuse what waits, and wait so long for what is at work; whether it was done in time.

        What is not done by then is given up.
        """
        self._is_open = False
        while self._waiting:
            job = self._waiting.popleft()
            job.outcome.set_exception(_restarting())
            job.over.set()
        for _ in range(self._workers):
            self._ready.put(None)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for job in tuple(self._at_work):
                    await job.over.wait()
        for job in self._at_work:
            job.over.set()
        return not self._at_work

    def _check_room(self, user_id: int) -> None:
        """Raise Busy when one more of this user is too much."""
        if not self._is_open:
            raise _restarting()
        theirs_at_work = sum(job.user_id == user_id for job in self._at_work)
        theirs_waiting = [place for place, job in enumerate(self._waiting) if job.user_id == user_id]
        if theirs_at_work + len(theirs_waiting) >= self._per_user:
            ahead = 0 if theirs_at_work else theirs_waiting[0]
            raise Busy(Phrase("too many at once from you; try again in about {seconds} s", seconds=self._wait(ahead)))
        if len(self._at_work) + len(self._waiting) >= self._places:
            seconds = self._wait(len(self._waiting))
            raise Busy(Phrase("many are asking just now; try again in about {seconds} s", seconds=seconds))

    def _wait(self, ahead: int) -> int:
        """In how many seconds a job with so many before it in the queue may be done."""
        return ceil(fmean(self._durations) * (1 + ahead / self._workers))

    def _fill(self) -> None:
        """Give the free workers what has waited longest."""
        while self._waiting and len(self._at_work) < self._workers:
            job = self._waiting.popleft()
            self._at_work.add(job)
            self._ready.put(job)

    def _end(self, job: _Job, seconds: float) -> None:
        """A worker is done with a job, whether or not anybody still waits for it."""
        self._durations.append(seconds)
        self._at_work.remove(job)
        job.over.set()
        self._fill()

    def _work(self) -> None:
        """Do one job after another, in a worker's thread."""
        while job := self._ready.get():
            began = monotonic()
            try:
                job.outcome.set_result(job.work())
            except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
                job.outcome.set_exception(error)
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                job.loop.call_soon_threadsafe(self._end, job, monotonic() - began)


def _restarting() -> Busy:
    return Busy(Phrase("I am restarting; try again in a minute"))


class Latest(Generic[T]):
    """Passes the newest of the values that a thread reports to a callback on the loop, one at a time.

    Any thread may call it, as often as it likes. A callback that fails is told to the loop's exception handler.

    every: seconds between two callbacks, at least; values that come in between are skipped but for the newest.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, callback: Callable[[T], Awaitable[object]], every: float = 1.0
    ) -> None:
        self._loop = loop
        self._callback = callback
        self._every = every
        self._newest: T
        self._has_news = False
        self._passing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def __call__(self, value: T) -> None:
        """Report a value; it returns at once."""
        self._newest = value
        if not self._has_news:  # set after the value and cleared before it is read: no value is missed
            self._has_news = True
            with suppress(RuntimeError):  # the loop is closed: nobody looks
                self._loop.call_soon_threadsafe(self._wake)

    async def close(self) -> None:
        """Begin no more callbacks, and wait for the one under way; a value that was not passed on is dropped."""
        self._closing.set()
        if self._passing:
            await asyncio.wait([self._passing])

    def _wake(self) -> None:
        if not self._passing or self._passing.done():
            self._passing = self._loop.create_task(self._pass_on())

    async def _pass_on(self) -> None:
        """Call back until there is nothing new, or it closes."""
        while self._has_news and not self._closing.is_set():
            self._has_news = False
            try:
                await self._callback(self._newest)
            except Exception as error:  # noqa: BLE001 - news is a courtesy: the work goes on without it
                self._loop.call_exception_handler({"message": "a report of progress failed", "exception": error})
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._closing.wait()
