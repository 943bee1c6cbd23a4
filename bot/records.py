"""What the bot package produces: answers made of claims, each resting on citations."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from index.records import Filter, Hit

MAX_QUESTION_CHARACTERS = 1000


class Mode(StrEnum):
    """Who worded the answer: the articles themselves, or a language model."""

    QUOTE = "quote"
    LLM = "llm"


class Reason(StrEnum):
    """Why there is no answer."""

    NOTHING = "nothing"  # no report is about it
    SILENT = "silent"  # reports mention it, but do not say what is asked
    OLDER = "older"  # what is known is from before the time that is asked about
    UNPROVEN = "unproven"  # a language model answered, but the reports do not bear what it said


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time that a question names: since ≤ t < until, aware; None is open. words: its own for it."""

    words: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a language model read and wrote, and in how many calls.

    cached: of the input; reasoning: of the output. estimated: whether we counted, because the provider did not say.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    calls: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cached + other.cached,
            self.reasoning + other.reasoning,
            self.calls + other.calls,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which articles, and when. asked: the asker's clock, aware, in the asker's zone.

    any_time: whether to search all dates, whatever time the question names. read_as: the question that a follow-up
    stands for, empty when it stands for itself. borrows: whether that holds facts from earlier answers, which a
    refusal must not repeat. usage: what it cost to have a language model read it, None when it was not asked.
    """

    text: str
    asked: datetime
    where: Filter = field(default_factory=Filter)
    any_time: bool = False
    read_as: str = ""
    borrows: bool = False
    usage: Usage | None = None

    @property
    def words(self) -> str:
        """What is looked up and read."""
        return self.read_as or self.text


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in one revision of one article: `revision.text[start:end] == quote`. n: its number, from 1.

    also: the other outlets that ran the same report, by name. answer: where in the revision's text the words
    that answer stand, inside the quote; None when no single ones do.
    """

    n: int
    quote: str
    start: int
    end: int
    article: str
    revision: int
    title: str
    outlet: str
    url: str
    published: datetime | None
    link: str
    also: tuple[str, ...] = ()
    answer: tuple[int, int] | None = None

    @property
    def answer_words(self) -> str:
        """The words that answer, empty when no single ones do."""
        start, end = self.answer or (self.start, self.start)
        return self.quote[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim of a language model that was not shown. quotes: the words that it named for it; reason: what failed."""

    text: str
    quotes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Headline:
    """An article named without being quoted, when there is no answer."""

    title: str
    outlet: str
    published: datetime | None
    url: str
    article: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One to three claims with their citations, or none and the nearest headlines.

    confidence: 0..1, that the claims answer the question; log_odds: the same before calibration. as_of: publication
    date of the newest article cited, or of the one that answers before the time asked about. timings_ms: embed,
    search, answer, total. window: the time that was searched. differing: the citations, newest first, whose reports
    give different answers. reason: why there is none. passages: those that were read, best first. note: why a language
    model did not word it, or not to the end, in one line. dropped: what the model claimed without proof. usage: what
    it cost; None when none was asked.
    """

    id: str
    question: Question
    mode: Mode
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Headline, ...]
    confidence: float
    as_of: datetime | None
    timings_ms: dict[str, int]
    window: Window | None = None
    differing: tuple[int, ...] = ()
    reason: Reason | None = None
    log_odds: float = -math.inf
    passages: tuple[Hit, ...] = ()
    note: str = ""
    dropped: tuple[Dropped, ...] = ()
    usage: Usage | None = None

    @property
    def answered(self) -> bool:
        """Whether there is at least one verified claim."""
        return bool(self.claims)

    @property
    def text(self) -> str:
        """The claims with their markers, as shown: `Almost 24,000 flights were supervised. [1]`."""
        return " ".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}" for claim in self.claims)


class Verdict(StrEnum):
    """What re-checking a citation against the archive found."""

    VERIFIED = "verified"
    SUPERSEDED = "verified, changed since"
    GONE = "verified, gone at the source"
    REMOVED = "removed from the archive"
    MISSING = "no longer in the archive"
    MISMATCH = "the quote is not there"

    @property
    def holds(self) -> bool:
        """Whether the quote still stands, character by character, where the citation says."""
        return self in {Verdict.VERIFIED, Verdict.SUPERSEDED, Verdict.GONE}


@dataclass(frozen=True, slots=True)
class Check:
    """One citation of a kept answer, re-checked. newest: the article's current revision, 0 when unknown."""

    citation: Citation
    verdict: Verdict
    newest: int
