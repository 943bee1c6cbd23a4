"""A language model is read as it writes: through the real clients, over a loopback server with scripts."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, LLMResult

from bot.language_model import LanguageModel, Message, open_language_model
from bot.model_reply import CHARACTERS
from bot.records import Usage
from ingest.errors import LanguageModelError
from tests.llmserver import (
    ERROR,
    HOLD,
    MODELS,
    LlmServer,
    Script,
    Thought,
    answers,
    breaks_off,
    drips,
    fails,
    gives_up,
    is_silent,
    llm_server,
    says,
    settings_for,
)

KEY = "sk-not-to-be-seen"
ASKED: list[Message] = [("system", "Be short."), ("human", "How many flights?")]
SCHEMA = {"type": "object", "properties": {"claim": {"type": "string"}}, "required": ["claim"]}
OUTSIDE = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "OLLAMA_HOST", "OLLAMA_API_KEY")
TRACING = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_ENDPOINT", "LANGSMITH_API_KEY")

every_provider = pytest.mark.parametrize("provider", MODELS)


@pytest.fixture(autouse=True)
def _nothing_set_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*OUTSIDE, *TRACING):
        monkeypatch.delenv(name, raising=False)


def model_at(server: LlmServer, provider: str = "openai", **settings: Any) -> LanguageModel:
    return open_language_model(settings_for(server, provider, **settings))


def failure(script: Script, provider: str, **settings: Any) -> LanguageModelError:
    """What the model fails with, maybe after some text."""
    with llm_server(script) as server, pytest.raises(LanguageModelError) as caught:
        list(model_at(server, provider, **settings).stream(ASKED))
    return caught.value


@every_provider
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["plain", "structured"])
def test_a_piece_is_there_before_the_next_is_written(provider: str, schema: dict[str, Any] | None) -> None:
    with llm_server(says("24,000 ", HOLD, "flights")) as server:
        reply = model_at(server, provider).stream(ASKED, schema)
        assert next(reply) == "24,000 "
        server.go.set()
        assert list(reply) == ["flights"]


@every_provider
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["plain", "structured"])
def test_what_an_answer_cost_is_known_at_its_end(provider: str, schema: dict[str, Any] | None) -> None:
    with llm_server(says("four words ", "in all", cached=2, reasoning=3)) as server:
        reply = model_at(server, provider).stream(ASKED, schema)
        assert reply.usage == Usage(calls=1)
        assert "".join(reply) == "four words in all"
    told = provider != "ollama"  # which tells neither
    assert reply.usage == Usage(input=5, output=7, cached=2 * told, reasoning=3 * told, calls=1)


@every_provider
def test_reasoning_is_no_part_of_the_answer(provider: str) -> None:
    with llm_server(says(Thought("hm, 23,000?"), "24,000", Thought("sure"))) as server:
        assert "".join(model_at(server, provider).stream(ASKED)) == "24,000"


@every_provider
def test_all_messages_are_sent_in_order(provider: str) -> None:
    with llm_server(says("yes")) as server:
        list(model_at(server, provider).stream([*ASKED, ("ai", "24,000."), ("human", "Sure?")]))
        assert server.requests[0].prompt == "Be short.\n\nHow many flights?\n\n24,000.\n\nSure?"


def test_a_schema_is_sent_to_models_that_keep_to_one() -> None:
    with llm_server(says("{}")) as server:
        for provider, name in [("openai", "gpt-4o"), ("openai", "gpt-4"), ("anthropic", "claude-haiku-4-5")]:
            list(model_at(server, provider, llm_model=f"{provider}:{name}").stream(ASKED, SCHEMA))
        openai, without, anthropic = (request.body for request in server.requests)
    form = openai["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"] == {**SCHEMA, "additionalProperties": False}
    assert "response_format" not in without
    assert anthropic["output_config"]["format"]["schema"]["properties"] == SCHEMA["properties"]


def test_ollama_takes_a_schema_when_its_profile_says_so() -> None:
    from langchain_ollama import ChatOllama

    with llm_server(says('{"claim": ', HOLD, '"24,000"}')) as server:
        chat = ChatOllama(model="llama3.1", base_url=server.url, profile={"structured_output": True})
        reply = LanguageModel(chat).stream(ASKED, SCHEMA)
        assert next(reply) == '{"claim": '
        server.go.set()
        assert list(reply) == ['"24,000"}']
        assert server.requests[0].body["format"]["properties"] == SCHEMA["properties"]


def test_an_answer_that_is_cut_at_its_limit_is_read_so_far() -> None:
    with llm_server(says('{"claim": "24,0', length=True)) as server:
        assert list(model_at(server).stream(ASKED, SCHEMA)) == ['{"claim": "24,0']


def test_a_model_that_answers_by_a_tool_is_read_from_what_it_passes() -> None:
    class Toolsmith(GenericFakeChatModel):
        def bind_tools(self, tools: Any, **_: Any) -> Any:
            return self.bind(tools=tools)

        def _stream(self, *_: Any, tools: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
            name = tools[0]["title"]
            for args in ['{"claim": ', None, '"24,000"}']:
                call: Any = {"name": name, "args": args, "id": None, "index": 0, "type": "tool_call_chunk"}
                yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=[call]))

    chat = Toolsmith(messages=iter([]), profile={"structured_output": True})
    assert list(LanguageModel(chat).stream(ASKED, SCHEMA)) == ['{"claim": ', '"24,000"}']


@every_provider
@pytest.mark.parametrize(
    ("status", "said", "retryable"),
    [
        (400, "does not take the request (400)", False),
        (401, "did not accept the key (401)", False),
        (404, "there is no model '", False),
        (429, "is busy (429)", True),
        (500, "has an error of its own (500)", True),
        (503, "is busy (503)", True),
    ],
)
def test_a_refusal_says_what_it_is_about(provider: str, status: int, said: str, retryable: bool) -> None:
    error = failure(fails(status), provider)
    assert said in error.message
    assert error.retryable is retryable
    assert ERROR.splitlines()[0] not in f"{error.message}{error.hint}"


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_busy_model_says_how_long_it_asks_to_wait(provider: str) -> None:
    asked = "the language model is busy (429), it asks to wait 20 s"
    assert failure(fails(429, retry_after=20), provider).message == asked
    a_date = fails(429, retry_after="Tue, 12 Nov 2024 09:00:00 GMT")
    assert failure(a_date, provider).message == "the language model is busy (429)"


def test_a_busy_model_is_asked_once() -> None:
    with llm_server(fails(429)) as server:
        for provider in MODELS:
            with pytest.raises(LanguageModelError):
                list(model_at(server, provider).stream(ASKED))
        assert len(server.requests) == len(MODELS)


def test_a_missing_model_of_ollama_is_pulled_by_the_command_in_the_hint() -> None:
    assert failure(fails(404), "ollama").hint == "ollama pull llama3.1"


@every_provider
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["plain", "structured"])
@pytest.mark.parametrize(
    ("script", "said"),
    [(breaks_off, "broke off in the middle"), (gives_up, "has an error of its own")],
)
def test_half_an_answer_is_read_before_the_failure_is_told(
    provider: str, schema: dict[str, Any] | None, script: Any, said: str
) -> None:
    with llm_server(script("24,000 ", "fli")) as server:
        reply = model_at(server, provider).stream(ASKED, schema)
        assert [next(reply), next(reply)] == ["24,000 ", "fli"]
        with pytest.raises(LanguageModelError) as caught:
            next(reply)
        assert list(reply) == []
    assert caught.value.message == f"the language model {said}"
    assert caught.value.retryable


@every_provider
@pytest.mark.parametrize("script", [is_silent(), drips("too slow " * 50)], ids=["silent", "dripping"])
def test_time_runs_out(provider: str, script: Script) -> None:
    with llm_server(script) as server:
        with pytest.raises(LanguageModelError) as caught:
            list(model_at(server, provider, llm_timeout=0.3).stream(ASKED))
        assert server.gone.wait(10), "the request went on"
    assert caught.value.message.startswith("the language model ")
    assert caught.value.message.endswith(" 0.3 s")
    assert caught.value.retryable


@every_provider
def test_time_runs_out_in_the_middle(provider: str) -> None:
    with llm_server(says("24,000 ", HOLD, "flights")) as server:
        reply = model_at(server, provider, llm_timeout=1).stream(ASKED)
        assert next(reply) == "24,000 "
        with pytest.raises(LanguageModelError, match="the language model was not done after 1 s"):
            next(reply)
        assert server.gone.wait(10), "the request went on"


@every_provider
def test_nobody_answers_at_the_address(provider: str) -> None:
    with llm_server(says("late")) as server:
        model = model_at(server, provider)
        host = f"127.0.0.1:{server.server_port}"
    with pytest.raises(LanguageModelError) as caught:
        list(model.stream(ASKED))
    assert caught.value.message == f"the language model cannot be reached at {host}"
    assert caught.value.retryable


@every_provider
def test_something_that_is_no_language_model_answers(provider: str) -> None:
    error = failure(Script(status=203), provider)  # a success, but with a body of another kind
    assert error.message in {
        "what the language model sent cannot be read",
        "the language model has an error of its own",  # for Ollama's client, any {"error": …} is one
    }


@every_provider
def test_no_more_than_a_limit_is_read(provider: str) -> None:
    with llm_server(says("word " * 30_000, "word " * 30_000, HOLD)) as server:
        assert len("".join(model_at(server, provider).stream(ASKED))) == CHARACTERS
        assert server.gone.wait(10), "the request went on"


@every_provider
@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["plain", "structured"])
def test_leaving_ends_the_request(provider: str, schema: dict[str, Any] | None) -> None:
    with llm_server(says("24,000 ", HOLD, "flights")) as server:
        reply = model_at(server, provider).stream(ASKED, schema)
        assert next(reply) == "24,000 "
        reply.close()
        assert server.gone.wait(10), "the request went on"
        assert list(reply) == []


def test_letting_go_of_an_answer_ends_the_request() -> None:
    with llm_server(says("24,000 ", HOLD, "flights")) as server:
        for _ in model_at(server).stream(ASKED):
            break
        assert server.gone.wait(10), "the request went on"


def test_an_interrupt_from_the_keyboard_ends_the_request() -> None:
    with llm_server(says("24,000 ", HOLD)) as server:
        reply = model_at(server).stream(ASKED)
        next(reply)
        interrupt = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            next(reply)
        assert server.gone.wait(10), "the request went on"


def test_an_answer_that_is_never_read_is_never_asked_for() -> None:
    with llm_server(says("24,000")) as server:
        model_at(server).stream(ASKED).close()
        assert server.requests == []


@every_provider
def test_many_threads_ask_at_once_and_again(provider: str) -> None:
    with llm_server(answers(lambda prompt: f"{prompt}!")) as server:
        models = [model_at(server, provider), model_at(server, provider)]

        def ask(number: int) -> str:
            return "".join(models[number % 2].stream([("human", f"question {number}")]))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(24))) == [f"question {number}!" for number in range(24)]


def test_it_can_be_asked_from_within_an_event_loop() -> None:
    async def ask() -> list[str]:
        return list(LanguageModel(FakeListChatModel(responses=["ab"])).stream(ASKED))

    assert asyncio.run(ask()) == ["a", "b"]


@pytest.mark.parametrize(
    "chat",
    [
        GenericFakeChatModel(messages=iter([AIMessage("24,000 flights")])),
        FakeListChatModel(responses=["24,000 flights"]),
    ],
    ids=["generic", "list"],
)
def test_any_chat_model_of_langchain_will_do(chat: BaseChatModel) -> None:
    model = LanguageModel(chat, timeout=5)
    assert (model.name, model.window, model.structured) == (type(chat).__name__, 8192, False)
    assert "".join(model.stream(ASKED, SCHEMA)) == "24,000 flights"


def test_what_a_chat_model_raises_is_told_by_its_kind_alone() -> None:
    class Broken(FakeListChatModel):
        async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
            raise RuntimeError(f"{KEY} could not ask: How many flights?")
            yield

    with pytest.raises(LanguageModelError) as caught:
        next(LanguageModel(Broken(responses=[""])).stream(ASKED))
    assert caught.value.message == "the language model failed (RuntimeError)"
    assert KEY not in "".join(traceback.format_exception(caught.value))


@every_provider
@pytest.mark.parametrize("script", [fails(401), fails(500), breaks_off("24"), is_silent()], ids=str)
def test_no_error_shows_the_key_or_the_prompt(provider: str, script: Script) -> None:
    error = failure(script, provider, llm_api_key=KEY, llm_timeout=0.3)
    shown = "".join(traceback.format_exception(error)) + repr(error) + error.hint
    assert KEY not in shown
    assert "How many flights" not in shown
    assert "\n" not in error.message


@every_provider
def test_the_key_is_sent_but_seen_nowhere(provider: str) -> None:
    with llm_server(says("yes")) as server:
        settings = settings_for(server, provider, llm_api_key=KEY)
        model = open_language_model(settings)
        reply = model.stream(ASKED)
        list(reply)
        assert KEY in " ".join(server.requests[0].headers.values())
    for thing in (settings, model, reply, model.name, vars(model), vars(reply)):
        assert KEY not in f"{thing!r} {thing}"


class Watcher(BaseCallbackHandler):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chat_model_start(self, *_: Any, name: str = "", **__: Any) -> None:
        self.seen.append(f"start of {name}")

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        self.seen.append(f"end with {response.generations[0][0].text}")

    def on_llm_error(self, error: BaseException, **_: Any) -> None:
        self.seen.append(type(error).__name__)


def test_callbacks_see_a_run_with_its_name() -> None:
    watcher = Watcher()
    chat = FakeListChatModel(responses=["24,000"], callbacks=[watcher])
    list(LanguageModel(chat).stream(ASKED, run_name="dateline follow-up"))
    assert watcher.seen == ["start of dateline follow-up", "end with 24,000"]


class Tracer(BaseHTTPRequestHandler):
    """Takes what LangSmith's client sends."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.traces.append(body.decode(errors="replace"))  # type: ignore[attr-defined]
        self.do_GET()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.mark.parametrize("variables", [{}, {"LANGSMITH_TRACING": "true"}], ids=["off", "on"])
def test_a_run_is_traced_when_langsmiths_variables_say_so_and_only_then(variables: dict[str, str]) -> None:
    program = (
        "from bot.language_model import LanguageModel\n"
        "from langchain_core.language_models import FakeListChatModel\n"
        "chat = FakeListChatModel(responses=['24,000 flights'])\n"
        "print(''.join(LanguageModel(chat).stream([('human', 'How many?')], run_name='dateline answer')))\n"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tracer)
    server.traces = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    where = {"LANGSMITH_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "LANGSMITH_API_KEY": "any"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **where, **variables},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
    finally:
        server.shutdown()
        server.server_close()
    assert done.stdout == "24,000 flights\n"
    traced = "".join(server.traces)  # type: ignore[attr-defined]
    assert ("dateline answer" in traced) is bool(variables)
    assert bool(traced) is bool(variables)
