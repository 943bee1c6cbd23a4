"""What proving costs, on the samples: milliseconds for ten claims, and from a model's first line to the first claim."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from bot.app import App
from bot.config import Settings
from bot.generate import Desk
from bot.lookup import Stopwatch
from bot.prompting import Sheet
from bot.protocol import Draft, DraftQuote
from bot.prove import Excerpt
from bot.records import Citation, Claim, Question
from ingest.chunk import sentences

QUESTION = Question("how many flights were screened?", datetime(2024, 12, 1, tzinfo=UTC))
CLAIMS = 10
REPEATS = 50


class FirstLine(BaseCallbackHandler):
    """Notes when the first line of a model's answer is complete."""

    def __init__(self) -> None:
        self.moment = 0.0

    def on_llm_new_token(self, token: str, **_: object) -> None:
        """LangChain calls it for each piece."""
        if "\n" in token and not self.moment:
            self.moment = time.perf_counter()


def measure(home: Path) -> None:
    """Measure over a home that holds the samples, and print."""
    with App(Settings(dateline_home=home)) as app:
        found, _ = app.lookup.look(QUESTION, Stopwatch())
        texts = app.archive.texts({(hit.passage.article, hit.passage.revision) for hit in found.passages})
        excerpts = [Excerpt(hit, texts[hit.passage.article, hit.passage.revision]) for hit in found.passages]
        drafts = _drafts(excerpts)
        proofs = [_prove(app, excerpts, drafts) for _ in range(REPEATS)]
        waits = [_first_claim(home, drafts) for _ in range(5)]
    print(f"proof of {CLAIMS} claims  {statistics.median(proofs):7.2f} ms  {max(proofs):.2f} ms at most")
    print(f"line to claim       {statistics.median(waits):7.2f} ms  {max(waits):.2f} ms at most")


def _drafts(excerpts: Sequence[Excerpt]) -> list[Draft]:
    """A claim for the first sentence of each passage."""
    drafts = []
    for number, excerpt in enumerate(excerpts, 1):
        text = excerpt.hit.passage.text
        words = next(text[one.start : one.end] for one in sentences(text) if one.end - one.start > 60)
        drafts.append(Draft(words, (DraftQuote(number, words),)))
    return drafts[:CLAIMS]


def _prove(app: App, excerpts: Sequence[Excerpt], drafts: Sequence[Draft]) -> float:
    """Milliseconds from drafts to cited claims, comparing with the archive included."""
    context = "\n".join(excerpt.hit.passage.text for excerpt in excerpts)
    desk = Desk(Sheet((("human", context),), tuple(excerpts), 0), app.archive, app.keywords.terms, CLAIMS, _silently)
    started = time.perf_counter()
    desk.take(drafts)
    elapsed = time.perf_counter() - started
    if len(desk.claims) != len(drafts):
        raise RuntimeError(f"not proven: {desk.failed}")
    return 1000 * elapsed


def _first_claim(home: Path, drafts: Sequence[Draft]) -> float:
    """Milliseconds between the end of a model's first line and the first claim told."""
    lines = "\n".join(f'[{draft.quotes[0].passage}] "{draft.quotes[0].words}" -> {draft.text}' for draft in drafts)
    clock, told = FirstLine(), []
    model = GenericFakeChatModel(messages=iter([AIMessage(lines + "\n")]), callbacks=[clock])
    with App(Settings(dateline_home=home), chat_model=model) as app:
        app.assistant.ask(QUESTION, tell=lambda _claim, _citations: told.append(time.perf_counter()))
    return 1000 * (told[0] - clock.moment)


def _silently(_claim: Claim, _citations: Sequence[Citation]) -> None:
    """Tell nobody."""
