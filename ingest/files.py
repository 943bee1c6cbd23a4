"""Articles in files: .txt .md .html .json .jsonl, alone or in folders."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import extract
from ingest.errors import ItemError, UsageError
from ingest.extract import Fields
from ingest.records import ParsedArticle

MAX_BYTES = 64 * 2**20
WHOLE_FILE: dict[str, Callable[[str], Fields]] = {
    ".txt": extract.from_plain,
    ".md": extract.from_markdown,
    ".html": extract.from_html,
    ".htm": extract.from_html,
}
LIST_HINT = "write one article, or a list of them"
SUFFIXES = frozenset({*WHOLE_FILE, ".json", ".jsonl"})


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a file, or why it could not be read. name: `path`, `path:line` or `path[index]`."""

    name: str
    result: ParsedArticle | ItemError


def find(path: Path) -> Iterator[Path]:
    """The article files at a path: itself, or those in the folder and below, sorted; hidden ones are skipped."""
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(folder, name)


def check_suffix(path: Path) -> None:
    """Refuse a file of a kind that is not read.

    Raises:
        UsageError: its name ends otherwise.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"{path.name}: {path.suffix or 'a file without ending'} is not read",
            hint="use " + " ".join(sorted(SUFFIXES)),
        )


def load(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        ItemError: it is too large or cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ItemError(
                f"it has {size / 2**20:,.0f} MiB, {MAX_BYTES // 2**20} at most",
                hint="split it, one article a line (.jsonl)",
            )
        return path.read_bytes()
    except OSError as error:
        raise ItemError(
            f"it cannot be read: {error.strerror}", hint="check that it exists and its permissions"
        ) from error


def read(path: Path, data: bytes) -> Iterator[Item]:
    """Every article of a file. One that cannot be read does not keep the others out."""
    suffix = path.suffix.lower()
    try:
        text = extract.decode(data)
        if suffix in WHOLE_FILE:
            fields = WHOLE_FILE[suffix](text)
            yield from _items(str(path), fields, fields.url or str(path))
            return
        yield from _distinct(path, _json_lines(path, text) if suffix == ".jsonl" else _json_list(path, text))
    except ItemError as error:
        yield Item(str(path), error)


def read_one(data: bytes) -> ParsedArticle:
    """One article from standard input: a JSON object, a web page, or plain text.

    Raises:
        ItemError: it holds no article.
    """
    fields = extract.from_unknown(extract.decode(data))
    return to_article(fields, fields.url or f"stdin:{fields.id or _digest(fields.text)}")


def _distinct(path: Path, records: Iterator[tuple[str, Any]]) -> Iterator[Item]:
    """The articles of many records; of two with one id, the first."""
    places: dict[str, str] = {}
    for place, record in records:
        try:
            if isinstance(record, ItemError):
                raise record
            if not isinstance(record, dict):
                raise ItemError("it is not a JSON object", hint='an article is {"text": "…", …}')
            fields = extract.from_mapping(record)
            alone = place == str(path)
            key = fields.url or (str(path) if alone else f"{path}#{fields.id or _digest(fields.text)}")
            if key in places:
                raise ItemError(f"its id is already used at {places[key]}", hint="the first one was kept")
            places[key] = place
            yield from _items(place, fields, key)
        except ItemError as error:
            yield Item(place, error)


def _json_lines(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"{path}:{number}", json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                reason = getattr(error, "msg", "nested too deeply")
                yield f"{path}:{number}", ItemError(f"it is not JSON: {reason}", hint="one JSON object a line")


def _json_list(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise ItemError(f"line {error.lineno} is not JSON: {error.msg}", hint=LIST_HINT) from error
    except RecursionError as error:
        raise ItemError("it is nested too deeply", hint=LIST_HINT) from error
    if isinstance(content, list):
        yield from ((f"{path}[{index}]", record) for index, record in enumerate(content))
    else:
        yield str(path), content


def _items(place: str, fields: Fields, article_id: str) -> Iterator[Item]:
    """The article, and an error for whatever in it was not believed: it is taken in without that."""
    yield Item(place, to_article(fields, article_id))
    for doubt in fields.doubts:
        yield Item(place, ItemError(doubt, hint="it was taken in without; write dates as 2024-11-12T09:30:00Z"))


def to_article(fields: Fields, article_id: str) -> ParsedArticle:
    """What the archive takes, under this id."""
    return ParsedArticle(
        id=article_id,
        text=fields.text,
        title=fields.title,
        outlet=fields.outlet,
        authors=fields.authors,
        url=fields.url,
        language=fields.language,
        published=fields.published,
        updated=fields.updated,
        flags=fields.flags,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
