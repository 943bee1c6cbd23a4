"""What an outlet publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum


class Kind(StrEnum):
    """What is found at an article's address."""

    ARTICLE = "article"
    PAYWALL = "paywall"
    CONSENT = "consent wall"
    SOFT_404 = "page not found, with status 200"
    THIN = "one sentence"
    LIVE = "live blog"


class Charset(Enum):
    """A page's (real encoding, the header's charset, the meta tag's charset)."""

    UTF8 = ("utf-8", "utf-8", "utf-8")
    HEADER_SAYS_UTF8 = ("windows-1252", "utf-8", None)
    HEADER_SAYS_1252 = ("utf-8", "windows-1252", "utf-8")
    META_ONLY = ("windows-1252", None, "windows-1252")
    UNDECLARED_1252 = ("windows-1252", None, None)


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """One entry of a live blog."""

    time: datetime
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """changed: when the server last saw it change, for Last-Modified. canonical: another address, or empty.

    status: what its pages answer. listed: in the feeds and on the front page; in the sitemap while status is 200.
    """

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime | None
    changed: datetime
    updated: datetime | None = None
    author: str = "Ana Reyes"
    section: str = "world"
    summary: str = ""
    canonical: str = ""
    kind: Kind = Kind.ARTICLE
    charset: Charset = Charset.UTF8
    updates: tuple[LiveUpdate, ...] = ()
    status: int = 200
    listed: bool = True

    @property
    def path(self) -> str:
        return f"/news/{self.slug}"

    @property
    def modified(self) -> datetime | None:
        return self.updated or self.published

    @property
    def lead(self) -> str:
        """Its summary, or else its first sentence."""
        return self.summary or self.paragraphs[0].partition(". ")[0].rstrip(".") + "."


@dataclass(frozen=True, slots=True)
class Masthead:
    """What every page of an outlet shows. furniture: one "Most read" headline a line."""

    name: str
    base: str
    furniture: str
    feeds: bool
    link_query: str
    full_text: bool

    def link(self, article: Article) -> str:
        """The address that feeds and front pages give for an article."""
        return self.base + article.path + (f"?{self.link_query}" if self.link_query else "")
