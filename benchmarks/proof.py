"""What proving costs, on the samples: ten claims, and from a model's first line to the first claim."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from benchmarks.command import alone
from benchmarks.corpus import SAMPLES, demo_home
from benchmarks.figures import Figure, Options, spread
from bot.app import App
from bot.config import Settings
from bot.generate import Desk
from bot.lookup import Stopwatch
from bot.prompting import Sheet
from bot.protocol import Draft, DraftQuote
from bot.prove import Excerpt
from bot.records import Citation, Claim, Question
from ingest.chunk import sentences

NOW = datetime(2024, 12, 1, tzinfo=UTC)
CLAIMS = 10
SHORTEST = 60  # characters of a sentence that is claimed


class Dictation(BaseChatModel):
    """Quotes the first sentence that it is shown, and notes when it has said so."""

    said: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "dictation"

    async def _astream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        passage = str(messages[-1].content).split("<passage 1 ")[1].split("\n\n", 1)[1]
        words = next(_long_sentences(passage))
        self.said = time.perf_counter()
        yield ChatGenerationChunk(message=AIMessageChunk(content=f'[1] "{words}" -> {words}\n'))

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError


def measure(options: Options) -> Iterator[Figure]:
    """Over the articles of the demo."""
    proofs, waits = alone(_measure, demo_home(options.cache))
    yield from spread("proof", f"proof of {CLAIMS} claims", proofs)
    yield from spread("proof", "a model's line to the first claim", waits)


def _measure(home: Path) -> tuple[list[float], list[float]]:
    questions = [
        Question(json.loads(line)["question"], NOW) for line in (SAMPLES / "questions.jsonl").read_text().splitlines()
    ]
    with App(Settings(dateline_home=home)) as app:
        proofs = list(_proofs(app, questions))
    model = Dictation()
    with App(Settings(dateline_home=home), chat_model=model) as app:
        return proofs, [wait for question in questions for wait in _first_claim(app, model, question)]


def _proofs(app: App, questions: Sequence[Question]) -> Iterator[float]:
    """Milliseconds from drafts to cited claims, comparing with the archive included; each sentence is claimed once."""
    used: set[str] = set()
    for question in questions:
        hits = app.lookup.look(question, Stopwatch())[0].passages
        texts = app.archive.texts({(hit.passage.article, hit.passage.revision) for hit in hits})
        excerpts = tuple(Excerpt(hit, texts[hit.passage.article, hit.passage.revision]) for hit in hits)
        quotes = {words: n for n, hit in enumerate(hits, 1) for words in _long_sentences(hit.passage.text)}
        fresh = [DraftQuote(n, words) for words, n in quotes.items() if words not in used][:CLAIMS]
        used.update(quote.words for quote in fresh)
        if len(fresh) == CLAIMS:
            yield _prove(app, excerpts, [Draft(quote.words.rstrip("."), (quote,)) for quote in fresh])


def _prove(app: App, excerpts: tuple[Excerpt, ...], drafts: Sequence[Draft]) -> float:
    context = "\n".join(excerpt.hit.passage.text for excerpt in excerpts)
    desk = Desk(Sheet((("human", context),), excerpts, 0), app.archive, app.keywords.terms, CLAIMS, _silently)
    started = time.perf_counter()
    desk.take(drafts)
    elapsed = time.perf_counter() - started
    if len(desk.claims) + len(desk.failed) != len(drafts):
        raise RuntimeError("a claim is missing")
    return 1000 * elapsed


def _first_claim(app: App, model: Dictation, question: Question) -> list[float]:
    """Milliseconds between the model's first line and the first claim told; none if that has no proof."""
    told: list[float] = []
    app.assistant.ask(question, limit=1, tell=lambda _claim, _citations: told.append(time.perf_counter()))
    return [1000 * (told[0] - model.said)] if told else []


def _long_sentences(text: str) -> Iterator[str]:
    yield from (text[one.start : one.end] for one in sentences(text) if one.end - one.start >= SHORTEST)


def _silently(_claim: Claim, _citations: Sequence[Citation]) -> None:
    """Tell nobody."""
