"""What went wrong with a language model, in one line: whatever its provider's client raised.

Only the kind of the failure is told: what a provider writes about it may hold the key or the prompt. Kinds are known by
status and by the names of classes, so that no provider's package is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.errors import LanguageModelError

BROKEN = {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionResetError", "BrokenPipeError"}
UNREACHABLE = {"ConnectError", "ConnectTimeout", "ConnectionError", "APIConnectionError", "ProxyError"}
UNREADABLE = {"ValueError", "TypeError", "LookupError", "AttributeError", "APIResponseValidationError"}
TROUBLE = {"APIError", "ResponseError"}  # told in the middle of a stream, and so without a status


def explain(error: Exception, model: str, waited: str) -> LanguageModelError:
    """The error for what a client raised while it was asked.

    model: its name, such as "ollama:llama3.1". waited: what is to be said when time ran out.
    """
    if status := _status(error):
        return _refused(status, error, model)
    kinds = {kind.__name__ for one in _causes(error) for kind in type(one).__mro__}
    if kinds & BROKEN:
        return LanguageModelError("the language model broke off in the middle", retryable=True)
    if "ConnectTimeout" not in kinds and any("Timeout" in kind for kind in kinds):
        return LanguageModelError(waited, hint="set LLM_TIMEOUT to more seconds", retryable=True)
    if kinds & UNREACHABLE:
        return LanguageModelError(
            f"the language model cannot be reached{_host(error)}",
            hint="is it running, and is LLM_BASE_URL right?",
            retryable=True,
        )
    if UNREADABLE & {kind.__name__ for kind in type(error).__mro__}:
        return LanguageModelError("what the language model sent cannot be read", hint="is LLM_BASE_URL right?")
    if kinds & TROUBLE:
        return LanguageModelError("the language model has an error of its own", retryable=True)
    return LanguageModelError(f"the language model failed ({type(error).__name__})")


def _refused(status: int, error: Exception, model: str) -> LanguageModelError:
    """The error for an HTTP status of 400 or more."""
    if status in {401, 403}:
        return LanguageModelError(f"the language model did not accept the key ({status})", hint="check LLM_API_KEY")
    if status == 404:
        provider, _, name = model.partition("@")[0].partition(":")
        pull = f"ollama pull {name}" if provider == "ollama" else "check LLM_MODEL and LLM_BASE_URL"
        return LanguageModelError(f"there is no model '{name or provider}' (404)", hint=pull)
    if status in {429, 503, 529}:
        seconds = _retry_after(error)
        asks = f", it asks to wait {seconds} s" if seconds else ""
        return LanguageModelError(f"the language model is busy ({status}){asks}", retryable=True)
    if status >= 500:
        return LanguageModelError(f"the language model has an error of its own ({status})", retryable=True)
    return LanguageModelError(
        f"the language model does not take the request ({status})", hint="is LLM_CONTEXT_TOKENS more than it can read?"
    )


def _status(error: Exception) -> int:
    """The HTTP status that it failed with; 0 when it is not about one."""
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return status
    return 0


def _retry_after(error: Exception) -> str:
    """The seconds that a server asks to wait, as it wrote them; empty when it did not say, or gave a date."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    return asked if asked.isascii() and asked.isdigit() and len(asked) < 6 else ""


def _host(error: Exception) -> str:
    """ " at" the host that was asked; empty when it is not known."""
    for one in _causes(error):
        try:
            url = one.request.url  # type: ignore[attr-defined] # of httpx and of what wraps it
            return f" at {url.host}:{url.port}" if url.port else f" at {url.host}"
        except (AttributeError, RuntimeError):
            continue
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it came from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
