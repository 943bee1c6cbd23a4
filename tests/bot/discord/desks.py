"""Bots whose desk a test can hold up or break, over a newsroom of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from bot.app import App
from bot.assistant import silently
from bot.config import Settings
from bot.discord_client import DatelineBot
from bot.generate import Tell
from bot.guilds import Asker, Wish
from bot.health import Health
from bot.newsdesk import HITS, NewsDesk
from bot.records import Answer
from bot.render_discord import Page
from bot.workpool import WorkPool
from index.records import Hit
from tests.bot.discord.conftest import Registered
from tests.discordserver import DiscordServer, Interaction, Message, running
from tests.support import BagOfWords

HOLD = 20.0  # seconds after which a held answer is made all the same, so that no failing test hangs


class HeldDesk(NewsDesk):
    """Answers and finds when it may. go: lets all through. at_work, most: how many are busy now, and were at most.

    begun: is released once for each that is begun.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)
        self.at_work = self.most = 0
        self._counting = threading.Lock()

    def ask(self, asker: Asker, wish: Wish, *, private: bool, tell: Tell = silently) -> tuple[Answer, Sequence[Page]]:
        """The answer, as soon as it may be given."""
        with self._held():
            return super().ask(asker, wish, private=private, tell=tell)

    def search(self, asker: Asker, wish: Wish, limit: int = HITS) -> list[Hit]:
        """The passages, as soon as they may be given."""
        with self._held():
            return super().search(asker, wish, limit)

    def wait_begun(self, times: int = 1) -> None:
        """Wait until so many more are begun."""
        for _ in range(times):
            assert self.begun.acquire(timeout=10)

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._counting:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        self.begun.release()
        self.go.wait(HOLD)
        try:
            yield
        finally:
            with self._counting:
                self.at_work -= 1


class Clock:
    """Tells the time, until it breaks: an error that nobody expects."""

    def __init__(self) -> None:
        self.is_broken = False

    def __call__(self) -> datetime:
        if self.is_broken:
            raise KeyError("the spring is broken")
        return datetime.now().astimezone()


@contextmanager
def bot_over(
    server: DiscordServer,
    home: Path,
    *,
    desk: Callable[[App], NewsDesk] = NewsDesk,
    settings: Settings | None = None,
    limit: float = 60.0,
) -> Iterator[DatelineBot]:
    """A connected bot over a home. limit: seconds that an answer may take."""
    with App(settings or Settings(dateline_home=home), BagOfWords()) as app:

        def build() -> DatelineBot:
            opened = desk(app)
            opened.open()
            return Registered(opened, WorkPool(limit=limit), Health(home / "discord-health.json"))

        with running(server, build) as bot:
            yield bot


def outcome(server: DiscordServer, asked: Interaction) -> Message:
    """What came of a question in the end: the response, or what is said in place of it."""

    def told() -> Message | None:
        shown = [*([asked.message] if asked.message else []), *asked.followups]
        standing = [message for message in shown if not (message.deleted or message.state.thinking)]
        return standing[-1] if standing else None

    return server.world.wait_for(told, f"an end of {asked.data}", 20)


def wait_until(ready: Callable[[], bool], seconds: float = HOLD) -> None:
    """Wait for what the server is not told of."""
    end = monotonic() + seconds
    while not ready():
        assert monotonic() < end
        sleep(0.01)
