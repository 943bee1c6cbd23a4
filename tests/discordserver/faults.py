"""What goes wrong at Discord, by script."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(slots=True)
class Fault:
    """An answer to the next requests of one kind, in place of what they ask for.

    path: with * for any part. times: how many more. retry_after: seconds, of a 429. code: Discord's, for other errors.
    """

    method: str
    path: str
    status: int
    times: int = 1
    retry_after: float = 0.2
    code: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Whether it hits this request."""
        return self.times > 0 and self.method == method and fnmatchcase(path, self.path)


class Faults:
    """Those that are still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let it happen from now on."""
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The first that hits this request, which then has one time fewer."""
        with self._lock:
            for fault in self._faults:
                if fault.meets(method, path):
                    fault.times -= 1
                    return fault
        return None
