"""A language model: any chat model of LangChain, by one setting, with errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from bot.model_reply import Reply
from ingest.errors import LanguageModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

    from bot.config import Settings

WINDOW = 8192  # tokens, when nobody says
ANSWER_TOKENS = 1024  # that a model may write
REASONING_TOKENS = 8192  # that one may write which reasons first: its reasoning counts as well
EXTRAS = {"langchain-openai": "openai", "langchain-anthropic": "anthropic", "langchain-ollama": "ollama"}
EXAMPLE = "set LLM_MODEL to provider:name, such as openai:gpt-4o-mini, anthropic:claude-haiku-4-5 or ollama:llama3.1"
NO_KEY = "none"  # the clients insist on one, servers of one's own need none

Message = tuple[str, str]  # role ("system", "human" or "ai") and text


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
