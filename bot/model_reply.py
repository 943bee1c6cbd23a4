"""What a language model answers, read as it writes, until a deadline.

The model is asked in LangChain's asynchronous form, on an event loop in a thread of its own: only so can a request be
ended while it waits for the network, at the deadline or when its reader leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import aclosing
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

from bot.model_errors import explain
from bot.records import Usage
from ingest.errors import LanguageModelError

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

CHARACTERS = 200_000  # of an answer that are read at most
CANCEL_AGAIN = 0.1  # seconds

Piece = tuple[str, Usage]  # some text, maybe none, and what it cost
Put = Callable[[Piece | LanguageModelError | None], None]


class Reply(Iterator[str]):
    """An answer in pieces, as they come. Closing it, or letting go of it, ends the request."""

    def __init__(self, open_stream: Callable[[], AsyncGenerator[AIMessageChunk]], model: str, timeout: float) -> None:
        self._request = _Request(open_stream, model, timeout)
        self._pieces = self._request.read()

    def __next__(self) -> str:
        """The next piece, which is never empty.

        Raises:
            LanguageModelError: the model failed, or its time is over.
        """
        return next(self._pieces)

    @property
    def usage(self) -> Usage:
        """Of what was read so far, without tokens while the provider has not told them; complete after the last piece."""
        return self._request.usage

    @property
    def is_cut(self) -> bool:
        """Whether it ended at a limit, and so maybe in the middle of a sentence; known after the last piece."""
        return self._request.is_cut

    def close(self) -> None:
        """End the request, if it has not ended."""
        self._pieces.close()


class _Request:
    """What asks the model. It knows nothing of the reply, which therefore ends as soon as nobody holds it."""

    def __init__(self, open_stream: Callable[[], AsyncGenerator[AIMessageChunk]], model: str, timeout: float) -> None:
        self.usage = Usage(calls=1)
        self.is_cut = False
        self._has_begun = False
        self._open_stream = open_stream
        self._model = model
        self._timeout = timeout

    def read(self) -> Generator[str]:
        """Its pieces."""
        arrived: SimpleQueue[Piece | LanguageModelError | None] = SimpleQueue()
        request = asyncio.run_coroutine_threadsafe(self._in_time(arrived.put), _loop())
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

    @property
    def _waited(self) -> str:
        """What there is to say when its time is over."""
        how = "was not done after" if self._has_begun else "said nothing for"
        return f"the language model {how} {self._timeout:g} s"

    async def _in_time(self, put: Put) -> None:
        """Request, until it is done, its time is over, or the reader leaves."""
        request = asyncio.create_task(self._request(put))
        try:
            await asyncio.wait([request], timeout=self._timeout)
            if not request.done():
                put(explain(TimeoutError(), self._model, self._waited))
        finally:
            while not request.done():  # a client may miss that it is cancelled: it is told again
                request.cancel()
                await asyncio.wait([request], timeout=CANCEL_AGAIN)

    async def _request(self, put: Put) -> None:
        """Put each piece, and at the end what failed, or None."""
        left = CHARACTERS
        end = None
        try:
            async with aclosing(self._open_stream()) as chunks:
                async for chunk in chunks:
                    self._has_begun = True
                    text = _text(chunk)[:left]
                    left -= len(text)
                    self.is_cut = self.is_cut or not left or _is_at_limit(chunk)
                    put((text, _usage(chunk)))
                    if not left:
                        break
        except Exception as error:  # noqa: BLE001 - any client, any HTTP library and LangChain itself may raise here
            self.is_cut = type(error).__name__ == "LengthFinishReasonError"  # then read what there is
            end = None if self.is_cut else explain(error, self._model, self._waited)
        finally:
            put(end)


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
