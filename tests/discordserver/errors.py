"""What Discord answers when it refuses: its own numbers and words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

REASONS = {
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
}


class DiscordError(Exception):
    """A request that is refused. errors: for a form, what is wrong with it and where."""

    def __init__(self, code: int, errors: Json | None = None) -> None:
        self.code = code
        self.status, self.reason = REASONS[code]
        self.errors = errors
        super().__init__(f"{self.status} ({code}): {self.reason}")

    @property
    def body(self) -> Json:
        """What is sent."""
        body: Json = {"code": self.code, "message": self.reason}
        return body if self.errors is None else {**body, "errors": self.errors}
