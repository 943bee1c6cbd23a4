"""What comes back from the web: responses, their decoding, and what is wrong with them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from ingest.errors import ItemError

MOST_BYTES = 10 * 2**20  # of a page, feed or sitemap, decompressed


class FetchError(ItemError):
    """A page could not be had. not_before: when the server wants to be asked again, if it said so."""

    def __init__(
        self, message: str, *, hint: str = "", retryable: bool = False, not_before: datetime | None = None
    ) -> None:
        super().__init__(message, hint=hint, retryable=retryable)
        self.not_before = not_before


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. url: where it was found after all redirects. headers: names in small letters.

    moved_to: where it has moved for good, empty when it has not. status: 200 to 299, 304, or an error that will
    not change by asking again now, such as 404.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved_to: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it has a body to read."""
        return 200 <= self.status < 300

    @property
    def etag(self) -> str:
        """Its validator, to be sent back with the next request."""
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        """The same as a date."""
        return self.headers.get("last-modified", "")

    def fresh_until(self, now: datetime) -> datetime | None:
        """Until when the server vouches for it (RFC 9111, section 4.2.1), None when it does not say."""
        control = self.headers.get("cache-control", "").casefold()
        if "no-cache" in control or "no-store" in control:
            return None
        age = re.search(r"max-age=(\d{1,9})", control)
        return now + timedelta(seconds=int(age.group(1))) if age else None


class Fetcher(Protocol):
    """Whatever gets pages from the web."""

    def get(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "") -> Response:
        """Ask for a page, conditionally when a validator is given.

        Raises:
            ItemError: it cannot be had.
        """
        ...


def inflate(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """The decoded body of a response, at most so many bytes.

    Raises:
        FetchError: it is larger, cut off, or in an encoding that was not asked for.
    """
    if encoding.casefold() not in {"", "identity", "gzip", "x-gzip"}:
        raise FetchError(f"it is encoded as {encoding[:40]}, which was not asked for")
    engine = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding.casefold().endswith("gzip") else None
    body = bytearray()
    for chunk in chunks:
        try:
            body += engine.decompress(chunk, most + 1 - len(body)) if engine else chunk
        except zlib.error as error:
            raise FetchError("its compressed body is damaged") from error
        if len(body) > most:
            raise FetchError(f"it has more than {most / 2**20:.1f} MiB", hint="is it an article?")
    if engine and not engine.eof:
        raise FetchError("its compressed body is cut off", retryable=True)
    return bytes(body)


def retry_after(words: str, now: datetime) -> datetime | None:
    """The moment that a Retry-After header names, in seconds or as an HTTP date (RFC 9110, section 10.2.3)."""
    if words.strip().isdecimal():
        return now + timedelta(seconds=min(int(words), 31 * 24 * 3600))
    try:
        moment = parsedate_to_datetime(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
