"""The list of sources: a TOML file that people may edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.errors import NotFoundError, StorageError, UsageError
from ingest.files import check_suffix
from ingest.records import Source, SourceKind


class SourceList:
    """Sources in a TOML file. Comments and order are kept; a missing file is an empty list."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> list[Source]:
        """All sources, in the file's order.

        Raises:
            UsageError: the file is not TOML, or an entry is incomplete.
        """
        try:
            return [
                Source(SourceKind(entry["kind"]), str(entry["location"]))
                for entry in self._document().get("source", [])
            ]
        except (KeyError, ValueError, TypeError) as error:
            raise UsageError(
                f"{self._path} has an entry without a usable {error}", hint="each needs kind and location"
            ) from error

    def add(self, source: Source) -> bool:
        """Add a source at the end; False when it is listed already."""
        import tomlkit

        if source in self.load():
            return False
        document = self._document()
        entry = tomlkit.table()
        entry["kind"], entry["location"] = source.kind.value, source.location
        document.setdefault("source", tomlkit.aot()).append(entry)
        self._write(document)
        return True

    def remove(self, words: str) -> Source:
        """Take a source off the list, by its location or the only one that ends with these characters.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        sources = self.load()
        matches = [s for s in sources if s.location == words] or [s for s in sources if s.location.endswith(words)]
        if len(matches) != 1:
            count = "no source is" if not matches else f"{len(matches)} sources are"
            raise NotFoundError(f"{count} called {words!r}", hint="`dateline sources list` shows them")
        document = self._document()
        del document["source"][sources.index(matches[0])]
        self._write(document)
        return matches[0]

    def _document(self) -> Any:
        import tomlkit
        from tomlkit.exceptions import ParseError

        try:
            return tomlkit.parse(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return tomlkit.document()
        except ParseError as error:
            raise UsageError(f"{self._path} is not TOML: {error}", hint="mend that line by hand") from error

    def _write(self, document: Any) -> None:
        import tomlkit

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_text(tomlkit.dumps(document), "utf-8")
            draft.replace(self._path)
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be written: {error.strerror}", hint="check the permissions of DATELINE_HOME"
            ) from error


def recognise(words: str) -> Source:
    """The source that a person means by a path.

    Raises:
        UsageError: there is nothing at the path, its kind of file is not read, or it is a web address.
    """
    if words.startswith(("http://", "https://")):
        raise UsageError(f"web addresses are not read yet: {words}", hint="save the page, and name the file")
    path = Path(words).expanduser().resolve()
    if path.is_dir():
        return Source(SourceKind.FOLDER, str(path))
    if path.exists():
        check_suffix(path)
        return Source(SourceKind.FILE, str(path))
    raise UsageError(f"there is nothing at {words}", hint="check the path")
