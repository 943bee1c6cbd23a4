"""What the index package produces: candidates from one index, and hits from both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from ingest.records import Article, Passage


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

    def admits(self, article: Article) -> bool:
        """Whether this article may answer."""
        if not self.admits_outlet(article.outlet):
            return False
        if self.since is None and self.until is None:
            return True
        if article.published is None:
            return self.undated
        is_day = article.published.astimezone(UTC).time() == time()
        since, until = self.since, self.until
        if is_day:
            since, until = since and by_its_own_clock(since), until and by_its_own_clock(until)
        return (since is None or article.published >= since) and (until is None or article.published < until)

    def admits_outlet(self, outlet: str) -> bool:
        """Whether articles of this outlet may answer."""
        return outlet not in self.hidden and (not self.outlets or outlet in self.outlets)

    @property
    def widened(self) -> Filter:
        """What an index that compares moments may look for, so that no article is missed that this admits."""
        since = self.since and min(self.since, by_its_own_clock(self.since))
        until = self.until and max(self.until, by_its_own_clock(self.until))
        return replace(self, since=since, until=until)


def by_its_own_clock(bound: datetime) -> datetime:
    """What dates without a time, kept as midnight in UTC, are compared with: the bound's time of day, as if in UTC."""
    return bound.replace(tzinfo=UTC)


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
