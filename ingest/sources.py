"""The list of sources: a TOML file that people may edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from ingest.errors import NotFoundError, StorageError, UsageError
from ingest.files import check_suffix
from ingest.records import Source, SourceKind

DEFAULTS: dict[str, Any] = {field.name: "" if field.default is MISSING else field.default for field in fields(Source)}
WANTED = {
    str: "text in quotes",
    int: "a whole number from 1",
    bool: "true or false",
    tuple: "a list of texts in quotes",
}


class SourceList:
    """Sources in a TOML file. Comments and order are kept; a missing file is an empty list."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> list[Source]:
        """All sources, in the file's order.

        Raises:
            UsageError: the file is not TOML, or an entry cannot be used; both are named.
        """
        return self._sources(self._document())

    def add(self, source: Source) -> bool:
        """Add a source at the end; False when its kind and location are listed already."""
        return self.extend([source]) == 1

    def extend(self, sources: Iterable[Source]) -> int:
        """Add those sources whose kind and location are not listed yet; how many they were."""
        import tomlkit

        document = self._document()
        known = {(source.kind, source.location) for source in self._sources(document)}
        new: dict[tuple[str, str], Source] = {}
        for source in sources:
            if (source.kind, source.location) not in known:
                new.setdefault((source.kind, source.location), source)
        tables = document.setdefault("source", tomlkit.aot())
        for source in new.values():
            table = tomlkit.item(_entry(source))
            table.trivia.indent = "\n"
            tables.append(table)
        if new:
            self._write(document)
        return len(new)

    def find(self, words: str) -> Source:
        """The source with this location, or the only one whose location ends with these characters.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        sources = self.load()
        matches = [s for s in sources if s.location == words] or [s for s in sources if s.location.endswith(words)]
        if len(matches) != 1:
            count = "no source is" if not matches else f"{len(matches)} sources are"
            raise NotFoundError(f"{count} called {words!r}", hint="`dateline sources list` shows them")
        return matches[0]

    def remove(self, words: str) -> Source:
        """Take a source off the list, named as in `find`.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        found = self.find(words)
        document = self._document()
        _take_out(document, self._sources(document).index(found))
        self._write(document)
        return found

    def replace(self, old: Source, new: Source) -> None:
        """Put a source in the place of another, as when it has moved; nothing when that is not listed."""
        document = self._document()
        sources = self._sources(document)
        if old in sources:
            _change(document["source"][sources.index(old)], _entry(new))
            self._write(document)

    def _sources(self, document: Any) -> list[Source]:
        from tomlkit.items import AoT

        tables = document.get("source", AoT([]))
        if not isinstance(tables, AoT):
            raise UsageError(f"{self._path}: `source` is no list", hint="begin each source with a line [[source]]")
        sources = []
        for number, table in enumerate(tables, 1):
            try:
                sources.append(_source(table.unwrap()))
            except ValueError as error:
                raise UsageError(
                    f"{self._path}, source {number} ({table.get('location')!r}): {error}", hint="mend it by hand"
                ) from error
        return sources

    def _document(self) -> Any:
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            return tomlkit.parse(self._path.read_text("utf-8").rstrip() + "\n")
        except FileNotFoundError:
            return tomlkit.document()
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be read: {error.strerror}", hint="check its permissions"
            ) from error
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise UsageError(f"{self._path} is not TOML: {error}", hint="mend that line by hand") from error

    def _write(self, document: Any) -> None:
        import tomlkit

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_bytes(tomlkit.dumps(document).lstrip("\n").encode())
            draft.replace(self._path)
        except UnicodeEncodeError as error:
            raise UsageError("a source cannot be kept: its text is not UTF-8", hint="use other characters") from error
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be written: {error.strerror}", hint="check the permissions of DATELINE_HOME"
            ) from error


def is_web_address(words: str) -> bool:
    """Whether a person means a place on the web."""
    return words.casefold().startswith(("http://", "https://"))


def recognise(words: str) -> Source:
    """The source that a person means by a path.

    Raises:
        UsageError: there is nothing at the path, or its kind of file is not read.
    """
    path = Path(words).expanduser().resolve()
    if path.is_dir():
        return Source(SourceKind.FOLDER, str(path))
    if path.exists():
        check_suffix(path)
        return Source(SourceKind.FILE, str(path))
    raise UsageError(f"there is nothing at {words}", hint="check the path")


def _source(entry: Mapping[str, Any]) -> Source:
    """What one table of the file says.

    Raises:
        ValueError: what is wrong with it, in words.
    """
    values = {name: _value(name, value) for name, value in entry.items()}
    missing = [name for name in ("kind", "location") if not values.get(name)]
    if missing:
        raise ValueError(f"it has no {missing[0]}")
    if values["kind"] not in list(SourceKind):
        raise ValueError(f"kind must be one of {', '.join(SourceKind)}, not {values['kind']!r}")
    return Source(**values | {"kind": SourceKind(values["kind"])})


def _value(name: str, value: Any) -> Any:
    """A field as `Source` has it; a text alone is a list of one."""
    if name not in DEFAULTS:
        raise ValueError(f"there is no field {name!r}; there are {', '.join(DEFAULTS)}")
    wanted = type(DEFAULTS[name])
    if wanted is tuple:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            return tuple(texts)
    elif type(value) is wanted and (wanted is not int or value >= 1):  # True is an int, but no number of minutes
        return value
    raise ValueError(f"{name} must be {WANTED[wanted]}, not {value!r}")


def _entry(source: Source) -> dict[str, Any]:
    """The fields that differ from their defaults, as TOML has them."""
    values = {name: getattr(source, name) for name, default in DEFAULTS.items() if getattr(source, name) != default}
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return values | lists | {"kind": source.kind.value}


def _change(table: Any, entry: Mapping[str, Any]) -> None:
    """Give a table these fields and no others; new ones stand below the old ones, and above any comment."""
    import tomlkit

    for name in table.keys() - entry.keys():
        del table[name]
    added = {name: value for name, value in entry.items() if name not in table}
    table.update({name: value for name, value in entry.items() if name in table})
    end = _end(table)
    table.value.body[end:end] = tomlkit.item(added).value.body


def _take_out(document: Any, number: int) -> None:
    """Delete one table, but no comment below it: TOML counts it to this table, people to the next one."""
    from tomlkit.items import Comment

    tables = document["source"]
    below = tables[number].value.body[_end(tables[number]) :]
    comments = [(key, item) for key, item in below if isinstance(item, Comment)]
    body = tables[number - 1].value.body if number else document.body
    place = len(body) if number else next(place for place, (key, _) in enumerate(body) if key == "source")
    if len(tables) > 1:
        del tables[number]
    else:
        del document["source"]
    body[place:place] = comments


def _end(table: Any) -> int:
    """Where in a table's body its last field ends; comments and blank lines follow."""
    return max(place for place, (key, _) in enumerate(table.value.body, 1) if key is not None)
