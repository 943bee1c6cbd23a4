"""A body that is being checked: what is wrong with it, and where."""

from __future__ import annotations

from collections.abc import Sized
from urllib.parse import urlsplit

from tests.discordserver.errors import DiscordError, Json


class Form:
    """One part of a body. All parts of a body share their errors, and `close` raises them."""

    def __init__(self, path: tuple[str, ...] = (), errors: Json | None = None) -> None:
        self.path = path
        self._errors: Json = {} if errors is None else errors

    def at(self, *path: str | int) -> Form:
        """A part of this part."""
        return Form((*self.path, *map(str, path)), self._errors)

    def refuse(self, code: str, message: str) -> None:
        """Say that this part is wrong."""
        inner = self._errors
        for step in self.path:
            inner = inner.setdefault(step, {})
        inner.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, value: object, most: int, *, least: int = 0) -> None:
        """A text with so many characters, not counting the white space around it."""
        if not isinstance(value, str):
            self.refuse("STRING_TYPE_CONVERT", "Could not interpret the value as string.")
        elif least and not value.strip():
            self.refuse("BASE_TYPE_REQUIRED", "This field is required")
        elif len(value.strip()) > most:
            self.refuse("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def count(self, values: Sized, most: int, *, least: int = 0) -> None:
        """A list of so many."""
        if not least <= len(values) <= most:
            self.refuse("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def url(self, url: str, schemes: set[str]) -> None:
        """An address that can be opened."""
        parts = urlsplit(url)
        if parts.scheme not in schemes:
            self.refuse("URL_TYPE_INVALID_SCHEME", f"Scheme {parts.scheme!r} must be one of {tuple(sorted(schemes))}.")
        elif not parts.netloc or " " in url:
            self.refuse("URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def close(self) -> None:
        """Raise if anything is wrong."""
        if self._errors:
            raise DiscordError(50035, self._errors)


def flat(errors: Json, path: str = "") -> list[tuple[str, str]]:
    """What the errors of a form say, each with where it stands."""
    found = [(path, error["message"]) for error in errors.get("_errors", ())]
    for step, inner in errors.items():
        if step != "_errors":
            found += flat(inner, f"{path}.{step}".lstrip("."))
    return found
