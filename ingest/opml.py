"""Lists of feeds as OPML, the format that feed readers exchange. Pure.

A folder is a tag. OPML holds a feed's address, name, language and tags; the other fields of a source are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.parsers import expat

from ingest.errors import UsageError
from ingest.extract import clean
from ingest.records import Source, SourceKind

MAX_DEPTH = 100  # folders in folders; people have two or three
HINT = "export it again as OPML from where it comes"
NOT_XML = re.compile("[\ufffe\uffff]")  # the characters that `clean` leaves and XML 1.0 forbids


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file lists. feeds: each address once. skipped: how many others are not web addresses."""

    feeds: tuple[Source, ...]
    skipped: int


def parse(data: bytes) -> Outlines:
    """The feeds of an OPML file; a feed that stands in several folders has the tags of all.

    Raises:
        UsageError: it is not XML, not OPML, nested too deeply, or declares entities, which can grow without end.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: an encoding it cannot read
        raise UsageError(f"it is not XML: {error}", hint=HINT) from error
    return Outlines(tuple(reader.feeds.values()), reader.skipped)


def unparse(sources: Iterable[Source]) -> bytes:
    """The feeds among the sources as OPML 2.0, in UTF-8: those without tags, then a folder for each first tag."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Dateline"
    body = ElementTree.SubElement(root, "body")
    folders: dict[str, list[ElementTree.Element]] = {"": []}
    for source in sources:
        if source.kind is SourceKind.FEED:
            folder, *others = [tag for tag in map(_line, source.tags) if tag] or [""]
            folders.setdefault(folder, []).append(_outline(source, others))
    body.extend(folders.pop(""))
    for folder, outlines in folders.items():
        ElementTree.SubElement(body, "outline", text=folder, title=folder).extend(outlines)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


class _Reader:
    """Gathers the feeds while expat reads; of the file nothing else is kept."""

    def __init__(self) -> None:
        self.feeds: dict[str, Source] = {}
        self.skipped = 0
        self._is_opml = False
        self._folders: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self._is_opml and name.lower() != "opml":
            raise UsageError(f"it is not OPML: it begins with <{_line(name)[:40]}>", hint=HINT)
        self._is_opml = True
        if name.lower() != "outline":
            return
        if len(self._folders) == MAX_DEPTH:
            raise UsageError(f"its folders are nested more than {MAX_DEPTH} deep", hint="move the feeds further out")
        values = {key.lower(): _line(value) for key, value in attributes.items()}
        address = values.get("xmlurl", "")
        self._folders.append("" if address else _name(values))
        if _is_web_address(address):
            self._keep(_feed(address, values, self._folders))
        elif address:
            self.skipped += 1

    def end(self, name: str) -> None:
        """An element ends."""
        if name.lower() == "outline":
            self._folders.pop()

    def _keep(self, feed: Source) -> None:
        known = self.feeds.setdefault(feed.location, feed)
        self.feeds[feed.location] = replace(known, tags=tuple(dict.fromkeys(known.tags + feed.tags)))


def _feed(address: str, values: Mapping[str, str], folders: Iterable[str]) -> Source:
    """A feed's source. A name that is only its address is no name, a language that is `unknown` no language."""
    name, language = _name(values), values.get("language", "")
    categories = (words.strip().lstrip("/ ") for words in values.get("category", "").split(","))
    return Source(
        SourceKind.FEED,
        address,
        outlet="" if name == address else name,
        language="" if language == "unknown" else language,
        tags=tuple(dict.fromkeys(tag for tag in (*folders, *categories) if tag)),
    )


def _outline(source: Source, categories: Iterable[str]) -> ElementTree.Element:
    location = _line(source.location)
    name = _line(source.outlet) or location
    optional = {"language": _line(source.language), "category": ",".join(categories)}
    attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": location}
    return ElementTree.Element("outline", attributes | {key: value for key, value in optional.items() if value})


def _name(values: Mapping[str, str]) -> str:
    return values.get("title") or values.get("text", "")


def _line(words: str) -> str:
    """One line without anything invisible, as it may stand in a terminal and in XML."""
    return " ".join(clean(NOT_XML.sub("", words)).split())


def _is_web_address(words: str) -> bool:
    try:
        parts = urlsplit(words)
    except ValueError:  # an IPv6 address that is none
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _refuse_entities(name: str, *_: object) -> None:
    raise UsageError(f"it declares the XML entity {_line(name)[:40]!r}, which no list of feeds needs", hint=HINT)
