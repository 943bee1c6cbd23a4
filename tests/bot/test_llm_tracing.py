"""Who sees what a language model is asked: LangChain's callbacks, LangSmith if it is told to; and what made an answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import LLMResult
from langchain_core.tracers.context import register_configure_hook

from bot.calibration import Calibration
from prompts import fingerprint
from tests.bot.conftest import Report, Run, Tell, keep
from tests.llmserver import fails, llm_server, says

FLIGHTS = Report(
    "Meridian Post",
    "2024-11-12",
    "Operation at borders ends",
    "Police from 116 countries took part. At airports, border police supervised almost 24,000 flights in six days.",
)
QUESTION = "How many flights were supervised at the airports?"
CLAIM = "Border police supervised almost 24,000 flights in six days."
GOOD = f'[1] "border police supervised almost 24,000 flights in six days" -> {CLAIM}'
FOLLOW_UP = "In how many days were flights supervised?"
NOW = ("--now", "2024-12-01")
KEY = "sk-made-up"
PROGRAM = (
    "from functools import partial; from bot import cli; from bot.app import App; from tests.support import BagOfWords; "
    "cli.App = partial(App, embedder=BagOfWords()); cli.main()"
)
ROOT = Path(__file__).parents[2]
HANDLER: ContextVar[BaseCallbackHandler | None] = ContextVar("a handler for all of LangChain", default=None)
register_configure_hook(HANDLER, inheritable=True)

MadeBy = Callable[..., str]

pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture(autouse=True)
def _model(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(FLIGHTS)
    for name in [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LLM_MODEL", "openai:test")
    monkeypatch.setenv("LLM_API_KEY", KEY)
    monkeypatch.setenv("LLM_TIMEOUT", "5")


class Watcher(BaseCallbackHandler):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chat_model_start(self, *_: Any, name: str = "", **__: Any) -> None:
        self.seen.append(f"start of {name}")

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        self.seen.append(f"end with {response.generations[0][0].text}")

    def on_llm_error(self, *_: Any, **__: Any) -> None:
        self.seen.append("failure")


class Breaks(BaseCallbackHandler):
    """Cannot bear anything."""

    def on_chat_model_start(self, *_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    on_llm_new_token = on_llm_end = on_chat_model_start


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """A handler for all that LangChain does in this process."""
    handler = Watcher()
    token = HANDLER.set(handler)
    yield handler
    HANDLER.reset(token)


def test_a_callback_sees_each_call_with_its_name(watcher: Watcher, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with llm_server(says(GOOD), says(FOLLOW_UP), fails(500)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        run("chat", *NOW, stdin=f"{QUESTION}\nIn how many days?".encode())
    assert watcher.seen == [
        "start of dateline",
        f"end with {GOOD}",
        "start of dateline follow-up",
        f"end with {FOLLOW_UP}",
        "start of dateline",
        "failure",
    ]


def test_a_callback_sees_nothing_when_no_model_is_asked(watcher: Watcher, run: Run) -> None:
    assert run("ask", QUESTION, *NOW, "--no-llm").code == 0
    assert watcher.seen == []


def test_a_callback_that_fails_costs_no_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    token = HANDLER.set(Breaks())
    try:
        with llm_server(says(GOOD)) as server:
            monkeypatch.setenv("LLM_BASE_URL", server.openai)
            done = run("ask", QUESTION, *NOW, "--json")
    finally:
        HANDLER.reset(token)
    found = json.loads(done.out.splitlines()[-1])
    assert (done.code, found["text"], found["note"]) == (0, f"{CLAIM} [1]", None)


class Smith(ThreadingHTTPServer):
    """A LangSmith of our own. taken: what was sent to it."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        super().__init__(("127.0.0.1", 0), Taker)


class Taker(BaseHTTPRequestHandler):
    """Takes what LangSmith's client sends."""

    server: Smith

    def do_POST(self) -> None:
        self.server.taken.append(self.rfile.read(int(self.headers["Content-Length"])).decode(errors="replace"))
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture
def smith(monkeypatch: pytest.MonkeyPatch) -> Iterator[Smith]:
    """Where LangSmith's client would send traces, with a key: all but the word that it may."""
    server = Smith()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("LANGSMITH_API_KEY", "any")
    yield server
    server.shutdown()
    server.server_close()


def in_a_process(*words: str, stdin: str = "") -> str:
    """What `dateline …` prints, in a process of its own: LangSmith's client reads its variables once per process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, *words]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("variable", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_where_langsmiths_variables_say_so_each_call_is_traced_but_no_key(
    smith: Smith, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "true")
    with llm_server(says(GOOD), says(FOLLOW_UP), says(GOOD)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        printed = in_a_process("chat", *NOW, stdin=f"{QUESTION}\nIn how many days?")
        assert f"Bearer {KEY}" in server.requests[0].headers["authorization"]
    traced = "".join(smith.taken)
    assert printed.count(CLAIM) == 2
    # A call that is slow is told twice: when it begins, and when it has ended.
    calls = set(re.findall(r'"id":"([^"]+)"[^{}]*"name":"(dateline[^"]*)"', traced))
    assert sorted(name for _, name in calls) == ["dateline", "dateline", "dateline follow-up"]
    assert QUESTION in traced
    assert CLAIM in traced
    assert KEY not in traced


@pytest.mark.parametrize(
    ("variables", "options"),
    [({}, ()), ({"LANGSMITH_TRACING": "false"}, ()), ({"LANGSMITH_TRACING": "true"}, ("--no-llm",))],
    ids=["by default", "when switched off", "without a model"],
)
def test_nothing_is_traced(
    smith: Smith, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], options: tuple[str, ...]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with llm_server(says(GOOD)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        assert "24,000 flights" in in_a_process("ask", QUESTION, *NOW, *options)
        assert len(server.requests) == (0 if options else 1)
    assert smith.taken == []


@pytest.fixture
def made_by(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeBy]:
    """Asks, and says what the answer that is kept was made with."""
    with llm_server(says(GOOD)) as server:
        monkeypatch.setenv("LLM_BASE_URL", server.openai)

        def made_by(*options: str) -> str:
            answer = json.loads(run("ask", QUESTION, *NOW, "--json", *options).out.splitlines()[-1])
            return str(run("verify", answer["id"], "--json").json["made_by"])

        yield made_by


def test_an_answer_names_its_model_prompts_thresholds_and_embedder(made_by: MadeBy, tmp_path: Path) -> None:
    calibration = Calibration(intercept=20.0, threshold=0.25)
    keep(calibration, tmp_path / "home")
    named = made_by()
    for part in ("openai:test@127.0.0.1:", fingerprint(), str(calibration), "bag-of-words"):
        assert part in named
    assert "threshold=0.25" in named
    assert KEY not in named


def test_the_same_settings_make_the_same_fingerprint_and_each_of_these_another(
    made_by: MadeBy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = made_by()
    assert made_by() == first
    quoted = made_by("--no-llm")
    monkeypatch.setenv("LLM_MODEL", "openai:other")
    other_model = made_by()
    keep(Calibration(intercept=20.0, threshold=0.25), tmp_path / "home")
    other_threshold = made_by()
    assert len({first, quoted, other_model, other_threshold}) == 4
    assert other_model == first.replace("openai:test", "openai:other")
    assert quoted == first.partition(" openai:test")[0]
