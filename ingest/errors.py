"""The one family of errors: what went wrong, what to do about it, and whether trying again may help."""

from __future__ import annotations

from typing import ClassVar


class DatelineError(Exception):
    """An expected failure that a person can act on.

    message: one line saying what went wrong. hint: one line saying what to do, may be empty.
    retryable: the same call may succeed later. exit_code: what the command line returns for it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = retryable


class UsageError(DatelineError):
    """What the person typed cannot be acted on: a bad date, an empty question, an unknown option value."""

    exit_code = 2


class NotFoundError(DatelineError):
    """Nothing has the id or source that was named."""


class NothingIndexedError(DatelineError):
    """A question was asked before anything was taken in."""

    exit_code = 5


class ItemError(DatelineError):
    """One file, line or page could not be taken in; the others can."""

    exit_code = 4


class StorageError(DatelineError):
    """The archive or an index cannot be read or written (disk full, read-only, damaged)."""


class LockedError(DatelineError):
    """Another process is writing."""


class ModelError(DatelineError):
    """The embedding model is missing, altered, or not the one the index was made with."""


class LanguageModelError(DatelineError):
    """The language model cannot be used, or failed: not installed, wrong key, busy, silent, unreachable.

    Only a setting that cannot be used ends a command; of a failure, the answer has a note.
    """

    exit_code = 2
