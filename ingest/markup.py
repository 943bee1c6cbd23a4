"""HTML, parsed rather than searched with patterns: a page can be made so that a pattern never ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "div", "dd", "dt", "figcaption", "footer", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}
)


class Page:
    """One HTML document or fragment; broken markup is read as a browser would."""

    def __init__(self, html: str) -> None:
        from lxml.etree import HTMLParser, ParserError, XMLSyntaxError
        from lxml.html import document_fromstring

        try:
            # Bytes, for lxml takes no text that declares an encoding.
            parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
            self._root: Any = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
        except (ParserError, XMLSyntaxError, ValueError):
            self._root = None

    @property
    def title(self) -> str:
        """What it calls itself, in one line."""
        found = None if self._root is None else self._root.find(".//title")
        return " ".join((found.text or "").split()) if found is not None else ""

    @property
    def text(self) -> str:
        """Its words, a line for each block, without scripts and styles."""
        from lxml.etree import iterwalk

        if self._root is None:
            return ""
        parts: list[str] = []
        hidden = 0  # how many of the elements around this place are not shown
        for event, element in iterwalk(self._root, events=("start", "end")):
            skip = element.tag in {"script", "style", "title", "noscript"}
            if event == "start":
                hidden += skip
                parts += ["\n"] if element.tag in BLOCKS else []
                parts += [element.text] if element.text and not hidden else []
            else:
                hidden -= skip
                parts += ["\n"] if element.tag in BLOCKS else []
                parts += [element.tail] if element.tail and not hidden else []
        return "".join(parts)

    def linked_data(self) -> Iterator[dict[str, Any]]:
        """Every JSON-LD node, those inside a graph or a list too."""
        for script in [] if self._root is None else self._root.iter("script"):
            if "ld+json" in script.get("type", "").casefold():
                try:
                    yield from _nodes(json.loads(script.text or ""))
                except (ValueError, RecursionError):
                    continue

    def feeds(self, base: str) -> list[str]:
        """The feeds it offers, those of comments left out."""
        found = []
        for link in [] if self._root is None else self._root.iter("link"):
            target = link.get("href", "").strip()
            is_feed = "alternate" in link.get("rel", "").casefold().split() and link.get("type", "") in FEED_TYPES
            if is_feed and target and "comment" not in f"{link.get('title', '')}{target}".casefold():
                try:
                    found.append(urljoin(base, target))
                except ValueError:  # such as an IPv6 address that is none
                    continue
        return list(dict.fromkeys(found))


def plain(html: str) -> str:
    """The words of some HTML, a line for each block."""
    return Page(html).text if "<" in html or "&" in html else html


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for one in content:
            yield from _nodes(one)
    elif isinstance(content, dict):
        yield content
        yield from _nodes(content.get("@graph", []))
