"""What the ingest package produces: sources, articles, revisions, passages, and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from ingest.errors import DatelineError


class SourceKind(StrEnum):
    """Where articles come from."""

    FILE = "file"
    FOLDER = "folder"
    FEED = "feed"
    SITE = "site"
    SITEMAP = "sitemap"
    PAGE = "page"

    @property
    def is_web(self) -> bool:
        """Whether it is fetched rather than read from disk."""
        return self not in {SourceKind.FILE, SourceKind.FOLDER}


@dataclass(frozen=True, slots=True)
class Source:
    """One place that articles are taken from. location: an absolute path, or a URL.

    outlet, language: used instead of what the articles say, when not empty. include, exclude: patterns such as
    `*/sport/*`, compared with URL and title; an article needs one of the former, if any, and none of the latter.
    interval: minutes between two looks. summary_only: the feed's headline and summary are taken, pages are not
    fetched. tags: for people, and for OPML folders. ended: the server said that it is gone for good. private: it never
    takes an article from another source, which may be for more people.
    """

    kind: SourceKind
    location: str
    outlet: str = ""
    language: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    interval: int = 60
    summary_only: bool = False
    tags: tuple[str, ...] = ()
    ended: bool = False
    private: bool = False

    def wants(self, url: str, title: str) -> bool:
        """Whether an article passes the patterns, whatever the case."""

        def matches(patterns: tuple[str, ...]) -> bool:
            words = (url.casefold(), title.casefold())
            return any(fnmatchcase(word, pattern.casefold()) for pattern in patterns for word in words)

        return (not self.include or matches(self.include)) and not matches(self.exclude)


class State(StrEnum):
    """Whether an article may answer: live may, gone stays citable but marked, removed never again."""

    LIVE = "live"
    GONE = "gone"
    REMOVED = "removed"


class Status(StrEnum):
    """What one pass did with one item."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """What a file or page says, before the archive has seen it.

    id: the canonical URL, else `path` or `path#item`. text: clean text, paragraphs separated by
    one newline, no furniture. published, updated: time-zone aware, or None when the source does not say.
    flags: what a reader should know of it, such as "feed summary" or a date that was doubted.
    """

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    language: str = "en"
    published: datetime | None = None
    updated: datetime | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the archive knows it. revision: the number of the current one, from 1.

    origin: the file or URL it was read from. story: shared by copies of one report, the first of their ids; empty
    for an article without copies.
    flags: as in `ParsedArticle`. All times are time-zone aware, in UTC.
    """

    id: str
    revision: int
    state: State
    origin: str
    title: str
    outlet: str
    authors: tuple[str, ...]
    url: str
    language: str
    published: datetime | None
    updated: datetime | None
    first_seen: datetime
    last_seen: datetime
    story: str = ""
    flags: tuple[str, ...] = ()

    @property
    def byline(self) -> str:
        """Whom to name for it: the outlet, else the authors, else the file's name."""
        return self.outlet or ", ".join(self.authors) or self.origin.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article's text. sha256: of the UTF-8 text, in hex. fetched: aware, UTC."""

    article: str
    number: int
    sha256: str
    text: str
    fetched: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: `revision.text[start:end] == text`.

    header: context that is embedded with the text and never cited. id: hash of (article, header, text),
    so that unchanged text keeps its id across revisions.
    """

    id: str
    article: str
    revision: int
    start: int
    end: int
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change log that the derived indexes follow. seq: grows by at least 1."""

    seq: int
    article: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one item of one source.

    item: path, `path:line` or URL. error: set when status is failed.
    """

    source: str
    item: str
    status: Status
    article: str | None = None
    error: DatelineError | None = None
