"""Sitemaps: the pages they list, and the sitemaps they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from ingest.errors import ItemError
from ingest.extract import parse_date

MOST_ENTRIES = 50_000  # the protocol's own limit, https://www.sitemaps.org/protocol.html


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page. title: from a news sitemap. changed: when it was published or last changed."""

    url: str
    title: str = ""
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages a sitemap lists, newest first and undated last, and the sitemaps that an index refers to."""

    entries: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def parse(data: bytes) -> Sitemap:
    """Read a sitemap or a sitemap index.

    Raises:
        ItemError: it is no sitemap.
    """
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - expat limits entities, and resolves none from outside
    except ElementTree.ParseError as error:
        raise ItemError(f"it is no sitemap: {error}") from error
    kind = _name(root)
    if kind not in {"urlset", "sitemapindex"}:
        raise ItemError("it is no sitemap")
    entries = sorted(
        (entry for element in root[:MOST_ENTRIES] if (entry := _entry(element))),
        key=lambda entry: -(entry.changed.timestamp() if entry.changed else 0.0),
    )
    return Sitemap(sitemaps=tuple(entries)) if kind == "sitemapindex" else Sitemap(entries=tuple(entries))


def _entry(element: ElementTree.Element) -> SitemapEntry | None:
    fields: dict[str, str] = {}
    for child in element.iter():
        if child.text and child.text.strip():
            fields.setdefault(_name(child), child.text.strip())
    if "loc" not in fields:
        return None
    changed = parse_date(fields.get("lastmod") or fields.get("publication_date") or "")
    return SitemapEntry(fields["loc"], fields.get("title", ""), changed)


def _name(element: ElementTree.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]
