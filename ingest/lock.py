"""One writer at a time: a lock on the home folder that says who holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ingest.database import make_folder
from ingest.errors import LockedError, StorageError


@contextmanager
def writer_lock(home: Path, command: str, wait: float) -> Iterator[None]:
    """Hold the home folder's writer lock. wait: seconds to wait for another writer.

    The operating system lets go of it when the process ends, however it ends.

    Raises:
        LockedError: another process still holds it; it is named.
        StorageError: the home folder cannot be written.
    """
    from filelock import FileLock, Timeout

    make_folder(home)
    holder = home / "writer"
    lock = FileLock(home / "writer.lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise LockedError(
            f"{_read(holder)} is writing", hint="wait for it to end, then try again", retryable=True
        ) from error
    except OSError as error:
        raise StorageError(
            f"{home} cannot be written: {error.strerror}", hint="check the permissions of DATELINE_HOME"
        ) from error
    try:
        holder.write_text(f"{command} (process {os.getpid()}, since {datetime.now().astimezone():%H:%M:%S})")
        yield
    finally:
        lock.release()


def _read(holder: Path) -> str:
    try:
        return holder.read_text() or "another process"
    except OSError:
        return "another process"
