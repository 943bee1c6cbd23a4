"""Bytes to article fields and clean text. Nothing here reads or writes a file."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.errors import ItemError
from ingest.furniture import split_page, strip_furniture
from ingest.urls import canonical

BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
SAMPLE_BYTES = 4096
DATE_FIELDS = ("published", "date", "updated")
FULL_TIMESTAMP = re.compile(
    r"""(?:article:published_time|datePublished)["'][^>{}]{0,40}?(?:content=|:)\s*["'](?P<published>\d{4}-[^"']+)["']"""
)
MODIFIED_TIMESTAMP = re.compile(
    r"""(?:article:modified_time|dateModified)["'][^>{}]{0,40}?(?:content=|:)\s*["'](?P<updated>\d{4}-[^"']+)["']"""
)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # but line ends, tabs and page breaks


@dataclass(frozen=True, slots=True)
class Fields:
    """What one article says of itself.

    id: as its file gives it, empty when it does not. doubts: what it says that was not believed. flags: as in
    `ParsedArticle`.
    """

    text: str
    title: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    language: str = "en"
    published: datetime | None = None
    updated: datetime | None = None
    id: str = ""
    doubts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def decode(data: bytes) -> str:
    """Bytes to text, whatever the encoding.

    Raises:
        ItemError: the bytes are empty or are not text.
    """
    if not data.strip():
        raise ItemError("it is empty", hint="an article needs at least one sentence")
    for bom, encoding in BOMS.items():
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    head = data[:SAMPLE_BYTES]
    if b"\x00" in head:
        return _decode_wide(data, head)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data)
    controls = len(_CONTROL.findall(text, 0, SAMPLE_BYTES))
    if controls > len(text[:SAMPLE_BYTES]) // 100 or text.startswith("%PDF-"):
        raise _binary()
    return text


def clean(text: str) -> str:
    """Text as the archive keeps it: one paragraph a line, plain blanks, nothing invisible; typography stays.

    Idempotent. Dropped are soft hyphens, zero-width, bidirectional and tag characters, and controls: they can
    hide text from a reader or move a terminal's cursor.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\u2028\u2029\f\v\x85]", "\n", text)
    hidden = (c for c in set(text) if c not in "\n\t" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"})
    text = text.translate(dict.fromkeys(map(ord, hidden)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def from_plain(text: str) -> Fields:
    """An article as a person pastes it from a news page: headline, perhaps a byline, body, furniture."""
    page = split_page(clean(text).split("\n"))
    published, authors, outlet = parse_byline(page.byline)
    return _fields("\n".join(page.body), title=page.headline, authors=authors, outlet=outlet, published=published)


def from_markdown(text: str) -> Fields:
    """Markdown with optional YAML front matter (title, outlet, authors, published, updated, url, language, id)."""
    import yaml

    front: dict[str, Any] = {}
    match = re.match(r"\ufeff?---\r?\n(.*?)\r?\n---\r?\n", text, re.S)
    if match:
        try:
            # BaseLoader: a date stays the text that was written, and is parsed like every other.
            loaded = yaml.load(match.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - it builds strings only
        except yaml.YAMLError as error:
            raise ItemError("its front matter is not YAML", hint="put values with a colon in quotes") from error
        front = loaded if isinstance(loaded, dict) else {}
        text = text[match.end() :]
    lines = _markdown_lines(text)
    if front.get("title"):
        lines = [line for line in lines if line != clean(str(front["title"]))]
        return from_mapping(front | {"text": "\n".join(lines)})
    page = from_plain("\n".join(lines))
    fallback = {"title": page.title, "authors": list(page.authors), "outlet": page.outlet}
    return from_mapping(fallback | front | {"text": page.text}, page.published)


def from_html(html: str, url: str = "") -> Fields:
    """A web page's article and metadata, by trafilatura.

    Raises:
        ItemError: no article text was found on the page.
    """
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url or None, include_comments=False)
    text = (getattr(found, "text", None) or "") if found is not None else ""
    # Not extensive: that takes the year of a copyright line for the date of the article.
    meta = trafilatura.extract_metadata(html, default_url=url or None, extensive=False)
    title = clean(meta.title or "")
    lines = [line for line in clean(text).split("\n") if line != title]
    if not any(lines):
        raise ItemError("no article text was found on the page", hint="is it a front page, or drawn by a script?")
    return _fields(
        "\n".join(strip_furniture(lines)),
        title=title,
        authors=tuple(clean(author) for author in (meta.author or "").split(";") if author.strip()),
        outlet=clean(meta.sitename or ""),
        url=canonical(meta.url or url),
        language=_language(html),
        published=_timestamp(FULL_TIMESTAMP, html) or parse_date(meta.date or ""),
        updated=_timestamp(MODIFIED_TIMESTAMP, html),
    )


def from_mapping(record: Mapping[str, Any], published: datetime | None = None) -> Fields:
    """An article from named fields; only text is required. published: when the record does not say.

    Raises:
        ItemError: text is missing, or a field is of the wrong type.
    """
    authors = record.get("authors", record.get("author")) or ()
    if isinstance(authors, str):
        authors = (authors,)
    if not isinstance(authors, list | tuple) or not all(isinstance(author, str) for author in authors):
        raise ItemError("its field 'authors' is neither a text nor a list of texts")
    text = _text(record, "text")
    if not text.strip():
        raise ItemError("it has no 'text'", hint="text is the one field an article must have")
    dates, doubts = _dates(record)
    return _fields(
        "\n".join(strip_furniture(clean(text).split("\n"))),
        title=clean(_text(record, "title")),
        outlet=clean(_text(record, "outlet")),
        authors=tuple(clean(author) for author in authors),
        url=canonical(_text(record, "url")),
        language=_text(record, "language") or "en",
        published=dates.get("published") or dates.get("date") or published,
        updated=dates.get("updated"),
        id=_text(record, "id"),
        doubts=doubts,
    )


def from_unknown(text: str) -> Fields:
    """One article whose kind nobody named, as on standard input: a JSON object, a web page, or plain text."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "{":
        try:
            record = json.loads(text)
        except json.JSONDecodeError:
            return from_plain(text)
        return from_mapping(record)
    return from_html(text) if start == "<" else from_plain(text)


def parse_date(words: str) -> datetime | None:
    """A date that names its day, month and year, as an aware UTC time; None for anything else."""
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError:
        if not re.search(r"\d", words):
            return None
        import dateparser

        settings: Any = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
        found = dateparser.parse(words, languages=["en"], settings=settings)
        if found is None:
            return None
        moment = found
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_byline(line: str) -> tuple[datetime | None, tuple[str, ...], str]:
    """`By Ana Reyes | Harbour Courier | 12 November 2024` to (date, authors, outlet)."""
    parts = [part.strip() for part in re.split(r"\s*[|·•]\s*|\s+[—–]\s+", line) if part.strip()]
    published = next((date for part in parts if (date := parse_date(part))), None)
    named = [re.sub(r"^by\s+", "", part, flags=re.I) for part in parts if parse_date(part) is None]
    return published, tuple(named[:1]), named[1] if len(named) > 1 else ""


def _fields(text: str, **fields: Any) -> Fields:
    """Fields whose text is known to say something."""
    if not any(character.isalnum() for character in text):
        raise ItemError("it holds no article text, only page furniture", hint="paste the article's body too")
    return Fields(text=text, **fields)


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and name == "id":
        return str(value)
    if not isinstance(value, str):
        raise ItemError(f"its field {name!r} is not a text")
    return value


def _dates(record: Mapping[str, Any]) -> tuple[dict[str, datetime], tuple[str, ...]]:
    """The dates of a record by field, and a line for each that is none."""
    named = {name: words for name in DATE_FIELDS if (words := _text(record, name))}
    dates = {name: date for name, words in named.items() if (date := parse_date(words))}
    doubts = (f"its {name} {named[name][:40]!r} is not a date" for name in named if name not in dates)
    return dates, tuple(doubts)


def _timestamp(pattern: re.Pattern[str], html: str) -> datetime | None:
    match = pattern.search(html)
    return parse_date(match.group(1)) if match else None


def _language(html: str) -> str:
    match = re.search(r"<html[^>]*\blang=[\"']?([A-Za-z]{2})", html[:SAMPLE_BYTES])
    return match.group(1).lower() if match else "en"


def _markdown_lines(text: str) -> list[str]:
    """The text of each heading, paragraph and list item, without markup; images are left out."""
    from markdown_it import MarkdownIt

    lines = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "inline":
            kept = "".join(
                " " if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or ()
                if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
            )
            lines.append(clean(kept))
        elif token.type in {"fence", "code_block"}:
            lines += clean(token.content).split("\n")
    return [line for line in lines if line]


def _decode_wide(data: bytes, head: bytes) -> str:
    """UTF-16 without a byte order mark: in western text every other byte is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if max(even, odd) > half * 0.7 and min(even, odd) < half * 0.05:
        try:
            return data.decode("utf-16-be" if even > odd else "utf-16-le")
        except UnicodeDecodeError:
            pass
    raise _binary()


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["cp1252", "latin_1"]).best()
    if best is None:
        raise _binary()
    return str(best)


def _binary() -> ItemError:
    return ItemError("it is binary, not text", hint="Dateline reads .txt, .md, .html, .json and .jsonl")
