"""What the index package produces: candidates from one index, and hits from both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from ingest.records import Article, Passage

FURTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles may answer. outlets: exact names, empty for all. since ≤ published < until, aware.

    hidden: outlets whose articles may not answer and are not named, whatever `outlets` says.

    An article without a published date passes when neither bound is set, or `undated` says so. A date without a time is kept as
    midnight in UTC, and means that day by the clock of the bounds.
    """

    outlets: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    undated: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return not self.outlets and not self.hidden and self.since is None and self.until is None

    def admits(self, article: Article) -> bool:
        """Whether this article may answer."""
        if article.outlet in self.hidden or (self.outlets and article.outlet not in self.outlets):
            return False
        if self.since is None and self.until is None:
            return True
        if article.published is None:
            return self.undated
        return (self.since is None or _by_clock_of(self.since, article.published) >= self.since) and (
            self.until is None or _by_clock_of(self.until, article.published) < self.until
        )

    @property
    def widened(self) -> Filter:
        """What an index that compares moments may look for, so that no article is missed that this admits."""
        since, until = self.since and self.since - FURTHEST_ZONE, self.until and self.until + FURTHEST_ZONE
        return replace(self, since=since, until=until)


def _by_clock_of(bound: datetime, published: datetime) -> datetime:
    is_day = published.astimezone(UTC).time() == time()
    return published.astimezone(UTC).replace(tzinfo=bound.tzinfo) if is_day else published


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage as one index names it: where it stands, not what it says.

    score: higher is better; cosine in -1..1 from vectors, BM25 (≥ 0) from keywords.
    """

    id: str
    article: str
    revision: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the archive confirmed, with how well it matches.

    score: reciprocal rank fusion, 0 to about 0.033. cosine: of question and passage, 0 when only keywords
    found it. text of the passage is the archive's own. also: the other live articles of its story.
    """

    passage: Passage
    article: Article
    score: float
    cosine: float
    also: tuple[Article, ...] = ()

    @property
    def also_in(self) -> tuple[str, ...]:
        """The other outlets that ran the same report, by name."""
        return tuple(sorted({one.byline for one in self.also} - {self.article.byline}))
