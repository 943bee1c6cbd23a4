"""How OpenAI, Ollama and Anthropic put a model's answer on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol


class Thought(str):
    """A piece of reasoning, which is not part of the answer."""

    __slots__ = ()


HOLD: Final = Thought("wait until the server's `go` is set")


@dataclass(frozen=True, slots=True)
class Talk:
    """An answer to be written. read: tokens of the prompt, of which `cached`; reasoning: tokens of that.

    include_usage: what a client of OpenAI asks for. length: whether the model stopped at its limit.
    """

    model: str
    pieces: tuple[str, ...]
    read: int
    cached: int
    reasoning: int
    length: bool
    include_usage: bool

    @property
    def text(self) -> str:
        return "".join(piece for piece in self.pieces if not isinstance(piece, Thought))

    @property
    def wrote(self) -> int:
        """Tokens of the answer: its words, and the reasoning."""
        return len(self.text.split()) + self.reasoning


class Dialect(Protocol):
    """One provider's way. streams: whether it does so unasked. error: a body; trouble: what a stream tells of one."""

    type: str
    streams: bool

    def start(self, talk: Talk) -> bytes: ...
    def piece(self, talk: Talk, text: str) -> bytes: ...
    def end(self, talk: Talk) -> bytes: ...
    def whole(self, talk: Talk) -> dict[str, Any]: ...
    def error(self, status: int, message: str) -> dict[str, Any]: ...
    def trouble(self, message: str) -> bytes: ...


def parts(dialect: Dialect, talk: Talk) -> Iterator[bytes]:
    """The stream without its end; HOLD for itself."""
    yield dialect.start(talk)
    for piece in talk.pieces:
        yield HOLD.encode() if piece is HOLD else dialect.piece(talk, piece)


class OpenAI:
    """POST /v1/chat/completions."""

    type = "text/event-stream"
    streams = False

    def start(self, talk: Talk) -> bytes:
        return self._chunk(talk, {"role": "assistant", "content": ""})

    def piece(self, talk: Talk, text: str) -> bytes:
        return self._chunk(talk, {"reasoning_content" if isinstance(text, Thought) else "content": text})

    def end(self, talk: Talk) -> bytes:
        last = self._chunk(talk, {}, self._reason(talk))
        usage = {**self._head(talk), "object": "chat.completion.chunk", "choices": [], "usage": self._usage(talk)}
        return last + (_event(usage) if talk.include_usage else b"") + b"data: [DONE]\n\n"

    def whole(self, talk: Talk) -> dict[str, Any]:
        message = {"role": "assistant", "content": talk.text}
        choice = {"index": 0, "message": message, "finish_reason": self._reason(talk)}
        return {**self._head(talk), "object": "chat.completion", "choices": [choice], "usage": self._usage(talk)}

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"error": {"message": message, "type": f"error_{status}", "code": None, "param": None}}

    def trouble(self, message: str) -> bytes:
        return _event(self.error(500, message))

    def _head(self, talk: Talk) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "created": 1700000000, "model": talk.model}

    def _chunk(self, talk: Talk, delta: dict[str, str], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _event({**self._head(talk), "object": "chat.completion.chunk", "choices": [choice]})

    def _reason(self, talk: Talk) -> str:
        return "length" if talk.length else "stop"

    def _usage(self, talk: Talk) -> dict[str, Any]:
        return {
            "prompt_tokens": talk.read,
            "completion_tokens": talk.wrote,
            "total_tokens": talk.read + talk.wrote,
            "prompt_tokens_details": {"cached_tokens": talk.cached},
            "completion_tokens_details": {"reasoning_tokens": talk.reasoning},
        }


class Ollama:
    """POST /api/chat."""

    type = "application/x-ndjson"
    streams = True

    def start(self, talk: Talk) -> bytes:  # noqa: ARG002 - the others need it
        return b""

    def piece(self, talk: Talk, text: str) -> bytes:
        said = {"content": "", "thinking": text} if isinstance(text, Thought) else {"content": text}
        return self._line(talk, said, done=False)

    def end(self, talk: Talk) -> bytes:
        return self._line(talk, {"content": ""}, **self._last(talk))

    def whole(self, talk: Talk) -> dict[str, Any]:
        return {**self._head(talk), "message": {"role": "assistant", "content": talk.text}, **self._last(talk)}

    def error(self, status: int, message: str) -> dict[str, Any]:  # noqa: ARG002 - the others need it
        return {"error": message}

    def trouble(self, message: str) -> bytes:
        return json.dumps(self.error(500, message)).encode() + b"\n"

    def _head(self, talk: Talk) -> dict[str, Any]:
        return {"model": talk.model, "created_at": "2024-11-12T09:00:00Z"}

    def _last(self, talk: Talk) -> dict[str, Any]:
        reason = "length" if talk.length else "stop"
        return {"done": True, "done_reason": reason, "prompt_eval_count": talk.read, "eval_count": talk.wrote}

    def _line(self, talk: Talk, said: dict[str, str], **more: Any) -> bytes:
        return json.dumps({**self._head(talk), "message": {"role": "assistant", **said}, **more}).encode() + b"\n"


class Anthropic:
    """POST /v1/messages. Each piece is a content block of its own, which is allowed and saves counting."""

    type = "text/event-stream"
    streams = False

    def __init__(self) -> None:
        self._blocks = 0

    def start(self, talk: Talk) -> bytes:
        message = {**self._message(talk), "content": [], "stop_reason": None, "usage": self._usage(talk, 1)}
        return _named({"type": "message_start", "message": message})

    def piece(self, talk: Talk, text: str) -> bytes:  # noqa: ARG002 - the others need it
        kind = "thinking" if isinstance(text, Thought) else "text"
        empty = {"type": kind, kind: "", **({"signature": ""} if kind == "thinking" else {})}
        where = {"index": self._blocks}
        self._blocks += 1
        return (
            _named({"type": "content_block_start", **where, "content_block": empty})
            + _named({"type": "content_block_delta", **where, "delta": {"type": f"{kind}_delta", kind: text}})
            + _named({"type": "content_block_stop", **where})
        )

    def end(self, talk: Talk) -> bytes:
        delta = {"stop_reason": self._reason(talk), "stop_sequence": None}
        last = {"type": "message_delta", "delta": delta, "usage": self._usage(talk, talk.wrote)}
        return _named(last) + _named({"type": "message_stop"})

    def whole(self, talk: Talk) -> dict[str, Any]:
        content = [{"type": "text", "text": talk.text}]
        reason, usage = self._reason(talk), self._usage(talk, talk.wrote)
        return {**self._message(talk), "content": content, "stop_reason": reason, "usage": usage}

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"type": "error", "error": {"type": f"error_{status}", "message": message}}

    def trouble(self, message: str) -> bytes:
        return _named(self.error(500, message))

    def _message(self, talk: Talk) -> dict[str, Any]:
        return {"id": "msg_1", "type": "message", "role": "assistant", "model": talk.model, "stop_sequence": None}

    def _reason(self, talk: Talk) -> str:
        return "max_tokens" if talk.length else "end_turn"

    def _usage(self, talk: Talk, wrote: int) -> dict[str, Any]:
        return {
            "input_tokens": talk.read - talk.cached,
            "cache_read_input_tokens": talk.cached,
            "output_tokens": wrote,
            "output_tokens_details": {"thinking_tokens": talk.reasoning},
        }


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _named(data: dict[str, Any]) -> bytes:
    return b"event: " + data["type"].encode() + b"\n" + _event(data)
