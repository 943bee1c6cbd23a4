"""A sign of life in a file, for whoever watches the bot from outside: written now and then, judged by its age."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the bot does at a moment, in a time zone.

    ready: connected to Discord. latency_ms: of the connection, where it is known. guilds: that it serves.
    at_work, waiting: jobs. change: the archive's sequence number.
    """

    at: datetime
    ready: bool
    latency_ms: int | None
    guilds: int
    at_work: int
    waiting: int
    change: int


class Health:
    """Keeps the file, for any thread. A disk that fails is a warning in the log: it stops no answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.new")
        self._has_failed = False
        self._has_ended = False
        self._changing = Lock()

    def write(self, pulse: Pulse) -> None:
        """Replace the file, in one step; not any more once it was deleted. Failures in a row are logged once."""
        with self._changing:
            if not self._has_ended:
                self._write(pulse)

    def remove(self) -> None:
        """Delete the file for good: the bot ends as it should."""
        with self._changing:
            self._has_ended = True
            try:
                self._draft.unlink(missing_ok=True)
                self._path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("the health file %s cannot be deleted: %s", self._path, error.strerror)

    def _write(self, pulse: Pulse) -> None:
        try:
            self._draft.write_text(json.dumps(asdict(pulse), default=datetime.isoformat) + "\n", "utf-8")
            self._draft.replace(self._path)
        except OSError as error:
            if not self._has_failed:
                log.warning("the health file %s cannot be written: %s", self._path, error.strerror)
            self._has_failed = True
        else:
            self._has_failed = False


def judge(path: Path, now: datetime, oldest: timedelta = timedelta(seconds=60)) -> str:
    """What is wrong with the bot whose file this is, in one line; empty when it is well."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        at, is_ready = datetime.fromisoformat(kept["at"]), kept["ready"]
        age = now - at
        if not isinstance(is_ready, bool):
            raise TypeError("neither ready nor not")
    except FileNotFoundError:
        return f"the bot does not run: there is no {path}"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"{path} is not a health file"
    if abs(age) > oldest:  # from the future too: a clock was set back, and the file would seem young for long
        return f"the bot hangs: its last sign of life is of {at.isoformat(' ', 'seconds')}"
    return "" if is_ready else f"the bot is not connected to Discord, as of {at.isoformat(' ', 'seconds')}"
