"""Logs of a service: one line a record, for a collector or for a person, and never a secret in it.

No question is logged by our own code.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from secrets import choice
from typing import TextIO
from urllib.parse import quote as percent_encode

OURS = ("bot", "index", "ingest")
OF_RECONNECTING = ("discord.client", "discord.gateway")
HIDDEN = "•••"
UNAMBIGUOUS = "23456789abcdefghijkmnpqrstuvwxyz"

_EXACT = 2**53  # where JSON readers, jq and JavaScript among them, begin to round numbers such as Discord's ids
# An interaction's or a webhook's token in an address, and a bot's: its id, a time and a signature, in base64url.
_TOKEN = re.compile(
    r"""(/(?:interactions|webhooks)/\d+/)[^\s/?#"'<>)]+|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}""", re.ASCII
)

Redact = Callable[[str], str]


def configure(stream: TextIO, secrets: Collection[str], *, as_json: bool) -> None:
    """Log to the stream and nowhere else: INFO of our own packages and of reconnecting, WARNING of all others.

    secrets: what is hidden wherever it stands. as_json: one object a line, else a line to be read, and tracebacks.
    What is given in `extra=` is part of the line.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines(_redactor(secrets), as_json=as_json))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS + OF_RECONNECTING:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.raiseExceptions = False  # when the stream fails, it would print the record's secrets on stderr


def error_id() -> str:
    """A new name for an error, to be shown in place of it and found in the log."""
    return "".join(choice(UNAMBIGUOUS) for _ in range(8))


class _Lines(logging.Formatter):
    """Formats a record with its extra values."""

    def __init__(self, redact: Redact, *, as_json: bool) -> None:
        super().__init__()
        self._redact = redact
        self._write: Callable[[dict[str, object]], str] = json.dumps if as_json else _readable
        self._standard = {*vars(logging.makeLogRecord({})), "asctime", "message"}

    def format(self, record: logging.LogRecord) -> str:
        try:
            return self._write(self._fields(record))
        except Exception as error:  # noqa: BLE001 - whatever it is, the line must not be lost without a word
            about = {
                "name": record.name,
                "levelname": record.levelname,
                "msg": f"the log line of {record.pathname}:{record.lineno} cannot be formatted",
                "exc_info": (type(error), error, error.__traceback__),
            }
            return self._write(self._fields(logging.makeLogRecord(about)))

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        """What is told of a record, in order and without secrets."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": self._redact(record.name),
            "message": self._redact(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in self._standard:
                fields.setdefault(self._redact(name), self._clean(value))
        if record.exc_info:
            fields["traceback"] = self._redact(self.formatException(record.exc_info))
        return fields

    def _clean(self, value: object) -> object:
        """The value as JSON can hold it, without secrets."""
        if isinstance(value, Mapping):
            return {self._redact(str(name)): self._clean(one) for name, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(one) for one in value]
        shown = str(value)
        redacted = self._redact(shown)
        is_plain = value is None or (isinstance(value, int | float) and abs(value) < _EXACT)
        return value if is_plain and redacted == shown else redacted


def _redactor(secrets: Collection[str]) -> Redact:
    """What hides these secrets, as they are, in a repr or in an address, and all that looks like a Discord token."""
    bare = {secret.strip(" \t\r\n'\"") for secret in secrets} - {""}  # a file's line end, an env file's quotes
    forms = {form for one in bare for form in (one, repr(one)[1:-1], percent_encode(one, safe=""))}
    longest_first = sorted(map(re.escape, forms), key=len, reverse=True)
    known = re.compile("|".join(longest_first) or "(?!)")
    return lambda text: _TOKEN.sub(rf"\1{HIDDEN}", known.sub(HIDDEN, text))


def _readable(fields: dict[str, object]) -> str:
    """One line, and the traceback's own below it."""
    traceback = fields.pop("traceback", None)
    head = [fields.pop(name) for name in ("time", "level", "logger", "message")]
    tail = [f"{name}={value}" for name, value in fields.items()]
    line = " ".join(map(str, head + tail))
    return "\n".join(map(_visible, [line] if traceback is None else [line, *str(traceback).split("\n")]))


def _visible(line: str) -> str:
    """The line with whatever could break it, or steer a terminal, written out."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
