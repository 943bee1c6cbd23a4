"""A claim is shown as soon as it is proven, while the language model still writes; and no longer than it is needed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field

from bot.language_model import LanguageModel
from ingest.errors import LanguageModelError
from tests.bot.conftest import FLIGHTS, Run, Tell, claims
from tests.llmserver import HOLD, LlmServer, Script, breaks_off, gives_up, llm_server, says

QUESTION = "How many flights were supervised, and how many people were arrested?"
NOW = ("--now", "2024-12-01")
FIRST = "Border police supervised almost 24,000 flights in six days."
SECOND = "In all, 2,517 people were arrested."
FIRST_LINE = f'[1] "border police supervised almost 24,000 flights in six days" -> {FIRST}\n'
SECOND_LINE = f'[1] "In all, 2,517 people were arrested" -> {SECOND}\n'
HALF_LINE = SECOND_LINE.rstrip()[:-12]
PROGRAM = (
    "from functools import partial; from bot import cli; from bot.app import App; from tests.support import BagOfWords; "
    "cli.App = partial(App, embedder=BagOfWords()); cli.main()"
)
FACES = {
    "text": ("ask", QUESTION, *NOW),
    "json": ("ask", QUESTION, *NOW, "--json"),
    "chat": ("chat", *NOW),
    "chat json": ("chat", *NOW, "--json"),
}
ROOT = Path(__file__).parents[2]

every_face = pytest.mark.parametrize("words", FACES.values(), ids=FACES.keys())
pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture(autouse=True)
def _model(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(FLIGHTS)
    monkeypatch.setenv("LLM_MODEL", "openai:test")
    monkeypatch.setenv("LLM_TIMEOUT", "60")


@contextmanager
def dateline(server: LlmServer, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`dateline …` in a process of its own, its output in pipes; a chat is asked the question."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LLM_BASE_URL": server.openai, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin
        try:
            if words[0] == "chat":
                process.stdin.write(f"{QUESTION}\n")
                process.stdin.flush()
            yield process
        finally:
            process.kill()


def shown(line: str) -> str:
    """What a line of output claims."""
    return str(json.loads(line)["claim"]) if line.startswith("{") else line.strip().partition(" [")[0]


@every_face
def test_a_claim_is_printed_while_the_model_still_writes_the_next(words: tuple[str, ...]) -> None:
    with llm_server(says(FIRST_LINE, HOLD, SECOND_LINE)) as server, dateline(server, *words) as process:
        assert process.stdout
        first = process.stdout.readline()
        server.go.set()  # only now the second claim is sent
        rest, _ = process.communicate(timeout=60)
    assert [shown(first), shown(rest.splitlines()[0])] == [FIRST, SECOND]


def test_ctrl_c_leaves_what_is_shown_and_ends_the_request() -> None:
    with llm_server(says(FIRST_LINE, HOLD, SECOND_LINE)) as server, dateline(server, *FACES["text"]) as process:
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=60)
        assert server.gone.wait(5)
    assert (shown(first), rest, process.returncode) == (FIRST, "", 130)
    assert "Traceback" not in said


def test_a_claim_beyond_the_limit_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with llm_server(says(FIRST_LINE, SECOND_LINE, HOLD, SECOND_LINE)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        done = run(*FACES["json"], "--limit", "1")
    found = json.loads(done.out.splitlines()[-1])
    assert (claims(done), found["text"], found["note"]) == ([FIRST], f"{FIRST} [1]", None)
    assert found["tokens"]["estimated"]  # the provider would have told them at the end
    assert "2,517" not in done.out


def test_the_last_claim_that_is_wanted_ends_the_reply(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_TIMEOUT", "1")
    with llm_server(says(FIRST_LINE, HOLD, SECOND_LINE)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        found = json.loads(run(*FACES["json"], "--limit", "1").out.splitlines()[-1])
        assert server.gone.wait(5)
    assert (found["text"], found["note"]) == (f"{FIRST} [1]", None)


@every_face
@pytest.mark.parametrize(
    ("script", "told"),
    [
        (breaks_off(FIRST_LINE, HALF_LINE), "the language model broke off in the middle"),
        (gives_up(FIRST_LINE, HALF_LINE), "the language model has an error of its own"),
    ],
    ids=["broken off", "given up"],
)
def test_of_a_reply_that_ends_amid_the_second_claim_the_first_is_shown_with_a_note(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], script: Script, told: str
) -> None:
    with llm_server(script) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        done = run(*words, stdin=QUESTION.encode())
    first, *_, last = done.out.rstrip().splitlines()
    assert (done.code, done.err, shown(first)) == (0, "", FIRST)
    assert told in last
    assert "2,517" not in done.out


def test_a_chat_goes_on_after_a_reply_that_broke_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with llm_server(breaks_off(FIRST_LINE), says(QUESTION), says(SECOND_LINE)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        done = run(*FACES["chat json"], stdin=f"{QUESTION}\n{QUESTION}\n".encode())
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line.get("claim") for line in lines] == [FIRST, None, SECOND, None]
    assert [bool(line["note"]) for line in lines if "note" in line] == [True, False]


@pytest.mark.parametrize("half", ["In all, 2,517 people", "In all, 2,517 people were"])
@pytest.mark.parametrize("provider", ["openai", "ollama", "anthropic"])
def test_half_a_claim_is_not_shown_when_the_model_stops_at_its_limit(
    run: Run, monkeypatch: pytest.MonkeyPatch, provider: str, half: str
) -> None:
    monkeypatch.setenv("LLM_MODEL", f"{provider}:test")
    cut = says(FIRST_LINE, SECOND_LINE.replace(f"{SECOND}\n", half), length=True)
    with llm_server(cut) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.base_url(provider))
        done = run(*FACES["json"])
    assert claims(done) == [FIRST]


class Deaf(FakeListChatModel):
    """Misses the first word that it shall stop, as a client may before Python 3.12 when a piece comes just then."""

    closed: threading.Event = Field(default_factory=threading.Event)

    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        try:
            yield piece("24,000 ")
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(2)
            yield piece("flights")
            await asyncio.sleep(2)
        finally:
            self.closed.set()


def piece(text: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text))


def test_a_request_ends_when_its_reader_leaves_though_the_client_missed_it() -> None:
    model = Deaf(responses=[])
    reply = LanguageModel(model).stream([("human", QUESTION)])
    assert next(reply) == "24,000 "
    reply.close()
    assert model.closed.wait(1)


def test_a_deadline_holds_though_the_client_missed_it() -> None:
    with pytest.raises(LanguageModelError, match=r"was not done after 0\.1 s"):
        list(LanguageModel(Deaf(responses=[]), timeout=0.1).stream([("human", QUESTION)]))
