"""Blocking work is bounded, refused politely, and never holds up the loop: real threads, held and let go by events."""

from __future__ import annotations

import asyncio
import functools
import itertools
import re
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workpool import Busy, Latest, Load, WorkPool

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0  # seconds after which a test is stuck

ANN, BEN, EVE = 1, 2, 3


class Held:
    """Work that goes on until it is let go."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.began = threading.Event()
        self.may_end = threading.Event()

    def __call__(self) -> str:
        self.began.set()
        assert self.may_end.wait(PATIENCE)
        return self.name

    async def until_it_began(self) -> None:
        assert await asyncio.to_thread(self.began.wait, PATIENCE)


class Asking:
    """A pool, and what was asked of it."""

    def __init__(self, pool: WorkPool) -> None:
        self.pool = pool
        self.held: list[Held] = []

    async def hold(self, user: int, name: str = "") -> tuple[Held, asyncio.Task[str]]:
        """Ask for work that goes on until it is let go."""
        work = Held(name)
        self.held.append(work)
        task = asyncio.create_task(self.pool.run(user, work))
        await asyncio.sleep(0)
        return work, task

    async def refusal(self, user: int) -> str:
        """What it says when it refuses this user."""
        with pytest.raises(Busy) as caught:
            await self.pool.run(user, pytest.fail, "it ran")
        assert caught.value.retryable
        assert "\n" not in caught.value.message
        return caught.value.message


@asynccontextmanager
async def asking(**sizes: Any) -> AsyncIterator[Asking]:
    """A pool that is all done at the end, once the held work is let go."""
    ours = Asking(WorkPool(**sizes))
    try:
        yield ours
    finally:
        for work in ours.held:
            work.may_end.set()
        assert await ours.pool.drain(PATIENCE)
        assert ours.pool.busy == Load(0, 0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.002)


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*args: Any, **named: Any) -> None:
        asyncio.run(test(*args, **named))

    return run


@on_a_loop
async def test_a_function_is_called_in_another_thread_and_what_it_returns_comes_back() -> None:
    def add(one: int, other: int) -> tuple[int, int]:
        return one + other, threading.get_ident()

    async with asking() as ours:
        total, thread = await ours.pool.run(ANN, add, 2, 3)
    assert total == 5
    assert thread != threading.get_ident()


@pytest.mark.parametrize("error", [KeyError("no"), TimeoutError("its own"), SystemExit(3), asyncio.CancelledError()])
@on_a_loop
async def test_what_a_function_raises_comes_back_and_the_worker_goes_on(error: BaseException) -> None:
    def fail() -> None:
        raise error

    async with asking(workers=1) as ours:
        with pytest.raises(type(error)) as caught:
            await ours.pool.run(ANN, fail)
        assert caught.value is error
        assert await ours.pool.run(ANN, str.upper, "on") == "ON"


@on_a_loop
async def test_an_iteration_that_ends_in_a_function_does_not_leave_its_asker_waiting() -> None:
    async with asking() as ours:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await ours.pool.run(ANN, next, iter(()))


@on_a_loop
async def test_what_is_beyond_the_workers_waits_its_turn_first_come_first_served() -> None:
    async with asking(workers=1) as ours:
        order: list[str] = []
        first, _ = await ours.hold(ANN, "first")
        tasks = [
            asyncio.create_task(ours.pool.run(user, order.append, name))
            for user, name in [(BEN, "second"), (ANN, "third"), (BEN, "fourth")]
        ]
        await first.until_it_began()
        assert ours.pool.busy == Load(1, 3)
        assert order == []
        first.may_end.set()
        await asyncio.gather(*tasks)
        assert order == ["second", "third", "fourth"]


@on_a_loop
async def test_when_every_place_is_taken_the_next_is_told_that_many_are_asking() -> None:
    async with asking(workers=1, waiting=2) as ours:
        first, done = await ours.hold(ANN, "first")
        await ours.hold(BEN)
        await ours.hold(BEN)
        assert await ours.refusal(EVE) == "many are asking just now; try again in about 15 s"
        first.may_end.set()
        assert await done == "first"
        await ours.hold(EVE)
        assert ours.pool.busy == Load(1, 2)


@on_a_loop
async def test_a_pool_without_waiting_places_takes_what_its_workers_can_do() -> None:
    async with asking(workers=2, waiting=0) as ours:
        await ours.hold(ANN)
        await ours.hold(BEN)
        assert (await ours.refusal(EVE)).startswith("many are asking")
        assert ours.pool.busy == Load(2, 0)


@on_a_loop
async def test_one_user_may_have_three_at_work_or_waiting_and_others_are_not_kept_out() -> None:
    async with asking(workers=2) as ours:
        first, done = await ours.hold(ANN)
        await ours.hold(ANN)
        await ours.hold(ANN)
        assert ours.pool.busy == Load(2, 1)
        assert await ours.refusal(ANN) == "too many at once from you; try again in about 5 s"
        await ours.hold(BEN)
        first.may_end.set()
        await done
        await ours.hold(ANN)
        assert (await ours.refusal(ANN)).startswith("too many at once from you")


@on_a_loop
async def test_the_wait_that_is_told_follows_how_long_recent_work_took() -> None:
    async with asking(workers=1, per_user=1) as ours:
        for _ in range(20):
            await ours.pool.run(ANN, str)
        await ours.hold(ANN)
        assert (await ours.refusal(ANN)).endswith("try again in about 1 s")


@on_a_loop
async def test_what_waits_too_long_is_refused_and_never_runs() -> None:
    async with asking(workers=1, limit=0.05) as ours:
        stuck, late = await ours.hold(ANN)
        waiting, also_late = await ours.hold(BEN)
        with pytest.raises(Busy, match=r"^that took longer than 0\.05 s; try again in about \d+ s$"):
            await also_late
        await asyncio.wait([late])
        assert ours.pool.busy == Load(1, 0)
        stuck.may_end.set()
        await until(lambda: ours.pool.busy == Load(0, 0))
        assert not waiting.began.is_set()
        assert isinstance(late.exception(), Busy)


@on_a_loop
async def test_work_that_takes_too_long_is_refused_at_once_and_keeps_its_place_until_it_ends() -> None:
    async with asking(workers=1, waiting=1, per_user=1, limit=0.05) as ours:
        stuck, late = await ours.hold(ANN)
        with pytest.raises(Busy, match="that took longer"):
            await late
        assert not stuck.may_end.is_set()
        assert ours.pool.busy == Load(1, 0)
        assert (await ours.refusal(ANN)).startswith("too many at once from you")
        next_one, _ = await ours.hold(BEN)
        assert ours.pool.busy == Load(1, 1)
        assert not next_one.began.is_set()
        stuck.may_end.set()
        await next_one.until_it_began()
        assert ours.pool.busy == Load(1, 0)


@on_a_loop
async def test_who_leaves_while_waiting_frees_the_place_and_the_work_never_runs() -> None:
    async with asking(workers=1, waiting=1) as ours:
        first, done = await ours.hold(ANN, "first")
        unwanted, waiting = await ours.hold(BEN)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert ours.pool.busy == Load(1, 0)
        _, last = await ours.hold(EVE)
        first.may_end.set()
        ours.held[-1].may_end.set()
        assert (await done, await last) == ("first", "")
        assert not unwanted.began.is_set()


@on_a_loop
async def test_who_leaves_while_at_work_does_not_make_room_for_a_fifth_thread() -> None:
    async with asking(workers=1) as ours:
        work, asker = await ours.hold(ANN)
        await work.until_it_began()
        asker.cancel()
        await asyncio.wait([asker])
        waiting, _ = await ours.hold(BEN)
        assert ours.pool.busy == Load(1, 1)
        assert not waiting.began.is_set()
        work.may_end.set()
        await waiting.until_it_began()


@on_a_loop
async def test_draining_ends_what_is_at_work_and_refuses_what_waits_and_what_comes() -> None:
    async with asking(workers=1) as ours:
        work, done = await ours.hold(ANN, "done")
        unwanted, refused = await ours.hold(BEN)
        draining = asyncio.create_task(ours.pool.drain(PATIENCE))
        with pytest.raises(Busy, match=r"^I am restarting"):
            await refused
        assert not draining.done()
        assert (await ours.refusal(EVE)).startswith("I am restarting")
        work.may_end.set()
        assert await draining
        assert await done == "done"
        assert not unwanted.began.is_set()


@on_a_loop
async def test_draining_gives_up_what_takes_too_long_and_says_so() -> None:
    async with asking(workers=1) as ours:
        work, task = await ours.hold(ANN)
        assert not await ours.pool.drain(0.02)
        with pytest.raises(Busy, match="restarting"):
            await task
        assert ours.pool.busy == Load(1, 0)
        work.may_end.set()
        await until(lambda: ours.pool.busy == Load(0, 0))


def test_work_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = (
        "import asyncio, threading\n"
        "from bot.workpool import Busy, WorkPool\n"
        "async def main():\n"
        "    pool = WorkPool()\n"
        "    asking = asyncio.create_task(pool.run(1, threading.Event().wait))\n"
        "    await asyncio.sleep(0)\n"
        "    print(await pool.drain(0.02))\n"
        "    print(type((await asyncio.gather(asking, return_exceptions=True))[0]) is Busy)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\nTrue\n", "")


class Crowd:
    """Work of which many may be done at once: counts how many were, and which were done."""

    def __init__(self) -> None:
        self.most = 0
        self.done: list[int] = []
        self._at_work = 0
        self._counting = threading.Lock()

    def __call__(self, number: int) -> int:
        with self._counting:
            self._at_work += 1
            self.most = max(self.most, self._at_work)
        time.sleep(0.002)
        with self._counting:
            self._at_work -= 1
            self.done.append(number)
        return number


async def slowest_turn(is_over: asyncio.Event) -> float:
    """The longest, in seconds, that the loop took to come round."""
    slowest = 0.0
    while not is_over.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0)
        slowest = max(slowest, time.perf_counter() - began)
        await asyncio.sleep(0.001)
    return slowest


@pytest.mark.parametrize(
    "user_of", [lambda number: number // 4, lambda number: number % 50], ids=["in rows", "in turn"]
)
@on_a_loop
async def test_of_200_questions_by_50_users_at_once_each_is_done_or_refused(user_of: Callable[[int], int]) -> None:
    crowd, is_over, asked = Crowd(), asyncio.Event(), list(range(200))
    watching = asyncio.create_task(slowest_turn(is_over))
    taken = []
    async with asking() as ours:
        while asked:
            asks = [ours.pool.run(user_of(number), crowd, number) for number in asked]
            outcomes = await asyncio.gather(*asks, return_exceptions=True)
            refused = [number for number, one in zip(asked, outcomes, strict=True) if isinstance(one, Busy)]
            assert [one for one in outcomes if not isinstance(one, Busy)] == [n for n in asked if n not in refused]
            taken.append(len(asked) - len(refused))
            asked = refused
    assert taken[0] == 44
    assert sorted(crowd.done) == list(range(200))
    assert crowd.most <= 4
    is_over.set()
    sys.stdout.write(f"slowest turn of the loop: {await watching * 1000:.1f} ms\n")


ACTIONS = st.lists(st.tuples(st.sampled_from(["ask", "ask", "end", "leave"]), st.integers(0, 4)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_whatever_comes_the_oldest_are_at_work_and_the_bounds_hold(actions: list[tuple[str, int]]) -> None:
    async def play() -> None:
        async with asking(workers=2, waiting=3, per_user=2) as ours:
            live: list[tuple[int, Held, asyncio.Task[str]]] = []  # by age: the first two are at work
            for action, which in actions:
                if action == "ask":
                    theirs = sum(user == which for user, *_ in live)
                    if theirs == 2 or len(live) == 5:
                        assert re.match("too many" if theirs == 2 else "many are", await ours.refusal(which))
                    else:
                        live.append((which, *await ours.hold(which)))
                elif action == "end" and which < min(len(live), 2):
                    _, work, task = live.pop(which)
                    work.may_end.set()
                    await asyncio.wait([task])
                elif action == "leave" and which < len(live):
                    live[which][2].cancel()
                    await asyncio.wait([live[which][2]])
                    if which >= 2:
                        live.pop(which)
                await until(lambda: ours.pool.busy == Load(min(len(live), 2), max(len(live) - 2, 0)))
                for _, work, _ in live[:2]:
                    await work.until_it_began()
                assert not any(work.began.is_set() for _, work, _ in live[2:])

    asyncio.run(play())


@on_a_loop
async def test_progress_shows_the_first_and_the_newest_value_and_skips_those_in_between() -> None:
    shown: list[int] = []
    may_go_on = asyncio.Event()

    async def show(value: int) -> None:
        shown.append(value)
        await may_go_on.wait()

    def report(values: Iterable[int]) -> None:
        for value in values:
            latest(value)

    latest = Latest(asyncio.get_running_loop(), show, every=0.0)
    await asyncio.to_thread(latest, 1)
    await until(lambda: shown == [1])
    await asyncio.to_thread(report, range(2, 1000))
    await asyncio.sleep(0.02)
    assert shown == [1]  # never two at once
    may_go_on.set()
    await until(lambda: len(shown) > 1)
    assert shown == [1, 999]
    await asyncio.to_thread(latest, 1000)
    await until(lambda: shown == [1, 999, 1000])
    await latest.close()


@on_a_loop
async def test_a_worker_that_reports_all_the_time_wakes_the_loop_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, shown, woken = asyncio.get_running_loop(), asyncio.Queue[int](), []
    wake = loop.call_soon_threadsafe

    def count(callback: Callable[[], object]) -> None:
        woken.append(callback)
        wake(callback)

    latest = Latest(loop, shown.put)
    monkeypatch.setattr(loop, "call_soon_threadsafe", count)
    for value in range(1000):
        latest(value)
    monkeypatch.undo()
    assert await shown.get() == 999
    assert len(woken) == 1
    await latest.close()


@on_a_loop
async def test_progress_is_shown_no_more_often_than_asked() -> None:
    moments: list[float] = []

    async def show(_value: int) -> None:
        moments.append(time.monotonic())

    def report() -> None:
        number = 0
        while len(moments) < 4:
            latest(number := number + 1)

    latest = Latest(asyncio.get_running_loop(), show, every=0.05)
    async with asyncio.timeout(PATIENCE):
        await asyncio.to_thread(report)
    await latest.close()
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 0.049


@on_a_loop
async def test_closing_progress_waits_for_what_is_being_shown_and_shows_no_more() -> None:
    shown: list[str] = []
    may_go_on = asyncio.Event()

    async def show(value: str) -> None:
        await may_go_on.wait()
        shown.append(value)

    latest = Latest(asyncio.get_running_loop(), show, every=60.0)
    await asyncio.to_thread(latest, "under way")
    await asyncio.sleep(0)
    await asyncio.to_thread(latest, "dropped")
    closing = asyncio.create_task(latest.close())
    await asyncio.sleep(0.02)
    assert not closing.done()
    may_go_on.set()
    async with asyncio.timeout(PATIENCE):  # and not for the 60 s
        await closing
    await asyncio.to_thread(latest, "too late")
    await asyncio.sleep(0.02)
    assert shown == ["under way"]


@on_a_loop
async def test_progress_that_cannot_be_shown_is_told_to_the_loop_and_the_next_is_tried() -> None:
    shown: list[int] = []
    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: told.append(context["exception"]))
    gone = OSError("the message is gone")

    async def show(value: int) -> None:
        if value == 1:
            raise gone
        shown.append(value)

    latest = Latest(loop, show, every=0.0)
    await asyncio.to_thread(latest, 1)
    await until(lambda: told == [gone])
    await asyncio.to_thread(latest, 2)
    await until(lambda: shown == [2])
    await latest.close()
