"""Runs our own command, and measures it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

DATELINE = Path(sys.executable).with_name("dateline")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of `dateline`. seconds: wall time. megabytes: peak resident memory. output: standard output."""

    seconds: float
    megabytes: float
    output: str


def dateline(home: Path, *words: str, **settings: str) -> Measured:
    """Run a command over a home folder and wait for its end."""
    environment = {**os.environ, "DATELINE_HOME": str(home), **settings}
    started = time.perf_counter()
    process = subprocess.Popen([DATELINE, "-q", *words], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 - it was asked for just above
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, ["dateline", *words])
    return Measured(time.perf_counter() - started, usage.ru_maxrss / 1024, output)
