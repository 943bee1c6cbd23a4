"""A language model: any chat model of LangChain, read as it writes, with a deadline and errors that say what to do.

The model is asked in LangChain's asynchronous form, on an event loop in a thread of its own: only so can a request be
ended while it waits for the network, at the deadline or when its reader leaves.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from bot.model_errors import explain
from bot.records import Usage
from ingest.errors import LanguageModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

    from bot.config import Settings

CHARACTERS = 200_000  # of an answer that are read at most
WINDOW = 8192  # tokens, when nobody says
ANSWER_TOKENS = 1024  # that a model may write
REASONING_TOKENS = 8192  # that one may write which reasons first: its reasoning counts as well
EXTRAS = {"langchain-openai": "openai", "langchain-anthropic": "anthropic", "langchain-ollama": "ollama"}
EXAMPLE = "set LLM_MODEL to provider:name, such as openai:gpt-4o-mini, anthropic:claude-haiku-4-5 or ollama:llama3.1"
NO_KEY = "none"  # the clients insist on one, servers of one's own need none

Message = tuple[str, str]  # role ("system", "human" or "ai") and text
Piece = tuple[str, Usage]  # some text, maybe none, and what it cost


class Reply(Iterator[str]):
    """An answer in pieces, as they come. Closing it, or letting go of it, ends the request.

    usage: of what was read so far, without tokens while the provider has not told them; complete after the last piece.
    is_cut: whether it ended at a limit, and so maybe in the middle of a sentence; known after the last piece.
    """

    def __init__(self, open_stream: Callable[[], AsyncGenerator[AIMessageChunk]], model: str, timeout: float) -> None:
        self.usage = Usage(calls=1)
        self.is_cut = False
        self._open_stream = open_stream
        self._model = model
        self._timeout = timeout
        self._pieces = self._read()

    def __next__(self) -> str:
        """The next piece, which is never empty.

        Raises:
            LanguageModelError: the model failed, or its time is over.
        """
        return next(self._pieces)

    def close(self) -> None:
        """End the request, if it has not ended."""
        self._pieces.close()

    def _read(self) -> Generator[str]:
        arrived: SimpleQueue[Piece | LanguageModelError | None] = SimpleQueue()
        request = asyncio.run_coroutine_threadsafe(self._request(arrived.put), _loop())
        try:
            while (one := arrived.get()) is not None:
                if isinstance(one, LanguageModelError):
                    raise one
                text, usage = one
                self.usage += usage
                if text:
                    yield text
        finally:
            request.cancel()

    async def _request(self, put: Callable[[Piece | LanguageModelError | None], None]) -> None:
        """Put each piece, and at the end what failed, or None."""
        left = CHARACTERS
        end = None
        waited = f"the language model said nothing for {self._timeout:g} s"
        try:
            async with asyncio.timeout(self._timeout), aclosing(self._open_stream()) as chunks:
                async for chunk in chunks:
                    waited = f"the language model was not done after {self._timeout:g} s"
                    text = _text(chunk)[:left]
                    left -= len(text)
                    self.is_cut = self.is_cut or not left or _is_at_limit(chunk)
                    put((text, _usage(chunk)))
                    if not left:
                        break
        except Exception as error:  # noqa: BLE001 - any client, any HTTP library and LangChain itself may raise here
            self.is_cut = type(error).__name__ == "LengthFinishReasonError"  # then read what there is
            end = None if self.is_cut else explain(error, self._model, waited)
        finally:
            put(end)


class LanguageModel:
    """A chat model that answers within a time.

    name: of provider, model and server, without credentials. window: tokens of prompt and answer together.
    structured: whether it keeps to a JSON schema.
    """

    def __init__(self, model: BaseChatModel, *, name: str = "", timeout: float = 60.0, window: int = 0) -> None:
        profile = model.profile or {}
        self.name = name or type(model).__name__
        self.window = window or profile.get("max_input_tokens") or WINDOW
        self.structured = bool(profile.get("structured_output"))
        self._model = model
        self._timeout = timeout

    def stream(
        self, messages: Sequence[Message], schema: dict[str, Any] | None = None, run_name: str = "dateline"
    ) -> Reply:
        """What the model answers; it is asked when the first piece is wanted.

        schema: of the answer, as JSON schema; it counts when the model is `structured`. run_name: for tracing.
        """

        def open_stream() -> AsyncGenerator[AIMessageChunk]:
            writer = self._writer(schema if self.structured else None)
            chunks = writer.astream(list(messages), config={"run_name": run_name})
            return cast("AsyncGenerator[AIMessageChunk]", chunks)

        return Reply(open_stream, self.name, self._timeout)

    def _writer(self, schema: dict[str, Any] | None) -> Any:
        """What to stream from. LangChain would parse the answer at every piece: we take the model without its parser."""
        if schema is None:
            return self._model
        bound = self._model.with_structured_output({"title": "answer", **schema}, method="json_schema", strict=True)
        return cast("Any", bound).first


def open_language_model(settings: Settings) -> LanguageModel:
    """The model that LLM_MODEL and the other settings name; nothing is sent yet.

    With LLM_BASE_URL, a model without one of our providers is one of an OpenAI-compatible server.

    Raises:
        LanguageModelError: a setting cannot be used, the provider's package is not installed, or there is no key.
    """
    url, timeout = settings.llm_base_url.strip(), settings.llm_timeout
    host = _host(url)
    provider, name = _named(settings.llm_model, bool(url))
    key = settings.llm_api_key.get_secret_value() or (NO_KEY if url else "")
    common = {"base_url": url} if url else {}
    if provider == "ollama":
        window = settings.llm_context_tokens or WINDOW
        model = _make(provider, name, {**common, **_ollama_values(window, timeout, key)})
    else:
        window = settings.llm_context_tokens
        values = {**common, "timeout": timeout, "max_retries": 0, **({"api_key": key} if key else {})}
        if provider == "openai":
            values["stream_usage"] = True
        profile = _make(provider, name, values).profile or {}
        values["max_tokens"] = REASONING_TOKENS if profile.get("reasoning_output") else ANSWER_TOKENS
        if profile.get("temperature", bool(url)):
            values["temperature"] = 0.0
        model = _make(provider, name, values)
    at = f"@{host}" if host else ""
    return LanguageModel(model, name=f"{provider}:{name}{at}", timeout=timeout, window=window)


def _ollama_values(window: int, timeout: float, key: str) -> dict[str, Any]:
    """What ChatOllama is made with. Without num_ctx Ollama cuts a longer prompt, and does not say so."""

    def sign(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {key}"
        return request

    client = {"timeout": timeout, **({"auth": sign} if key not in {"", NO_KEY} else {})}  # a header would show in repr
    limits = {"num_ctx": window, "num_predict": ANSWER_TOKENS}
    return {**limits, "temperature": 0.0, "reasoning": False, "client_kwargs": client}


def _make(provider: str, name: str, values: dict[str, Any]) -> BaseChatModel:
    """LangChain's model. No error has a cause: those of pydantic show what they were given, the key too."""
    from langchain.chat_models import init_chat_model

    try:
        model = init_chat_model(name, model_provider=provider, **values)
    except ImportError as error:
        raise _not_installed(provider, str(error)) from None
    except Exception as error:  # noqa: BLE001 - each provider's client has errors of its own
        if str(error).startswith("Unsupported provider"):
            raise LanguageModelError(f"LangChain knows no provider {provider!r}", hint=EXAMPLE) from None
        if "api_key" in str(error).lower():
            raise _no_key(provider) from None
        raise LanguageModelError(
            f"the language model cannot be set up ({type(error).__name__})", hint="check LLM_MODEL and LLM_BASE_URL"
        ) from None
    secret = getattr(model, "anthropic_api_key", None)
    if secret is not None and not secret.get_secret_value():  # this client would notice when it is asked
        raise _no_key(provider)
    return cast("BaseChatModel", model)


def _no_key(provider: str) -> LanguageModelError:
    return LanguageModelError(
        "there is no key for the language model", hint=f"set LLM_API_KEY, or {provider.upper()}_API_KEY"
    )


def _not_installed(provider: str, said: str) -> LanguageModelError:
    """said: by LangChain, which names the package."""
    named = re.search(r"pip install ([\w-]+)", said)
    package = named.group(1) if named else f"langchain-{provider}"
    wanted = f'"dateline[{EXTRAS[package]}]"' if package in EXTRAS else package
    return LanguageModelError(f"{provider} models need {package}, which is not installed", hint=f"pip install {wanted}")


def _named(model: str, on_own_server: bool) -> tuple[str, str]:
    """Provider and name of a model.

    Raises:
        LanguageModelError: it is not written so.
    """
    provider, _, name = (part.strip() for part in model.partition(":"))
    provider = provider.lower()
    if on_own_server and provider not in EXTRAS.values() and model.strip():
        return "openai", model.strip()
    if not (provider and name):
        raise LanguageModelError(f"LLM_MODEL is not a provider and a name: {model!r}", hint=EXAMPLE)
    return provider, name


def _host(url: str) -> str:
    """The host and port of a base URL, without credentials; empty when there is none.

    Raises:
        LanguageModelError: it is no web address.
    """
    try:
        parts = urlsplit(url)
        if not url or (parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0):
            return parts.netloc.rpartition("@")[2]
    except ValueError:
        pass  # a port that is no number, or a bracket too many
    raise LanguageModelError("LLM_BASE_URL is no web address", hint="set it such as http://localhost:8000/v1")


def _text(chunk: AIMessageChunk) -> str:
    """The text of a chunk, without reasoning; for a model that answers by calling a tool, what it passes."""
    passed = (call["args"] or "" for call in getattr(chunk, "tool_call_chunks", ()))
    return str(chunk.text) or "".join(passed)


def _is_at_limit(chunk: AIMessageChunk) -> bool:
    """Whether the model stopped because it may write no more: as OpenAI, Ollama and Anthropic tell it."""
    ends = (chunk.response_metadata.get(name) for name in ("finish_reason", "done_reason", "stop_reason"))
    return not {"length", "max_tokens"}.isdisjoint(ends)


def _usage(chunk: AIMessageChunk) -> Usage:
    told = chunk.usage_metadata
    if told is None:
        return Usage()
    cached = told.get("input_token_details", {}).get("cache_read") or 0
    reasoning = told.get("output_token_details", {}).get("reasoning") or 0
    return Usage(told["input_tokens"], told["output_tokens"], cached, reasoning)


_starting = Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """The one loop for all models: the clients keep their connections open, and those belong to a loop."""
    with _starting:
        return _start_loop()


@cache
def _start_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="language models", daemon=True).start()
    return loop
