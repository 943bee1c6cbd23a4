"""One pass over the sources: read what changed, keep it, and notice what is gone."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest import files
from ingest.archive import Archive
from ingest.errors import ItemError
from ingest.files import Item
from ingest.records import Outcome, ParsedArticle, Source, SourceKind, Status
from ingest.webstate import Run, WebState

# Part of each file's stamp: when extraction changes, files are read anew.
EXTRACTION = "1"

STDIN = "-"
SECONDS_PER_TRANSACTION = 0.2  # a commit costs about as much as a small file


def reindex(archive: Archive, sources: Sequence[Source], now: datetime, *, full: bool = False) -> Iterator[Outcome]:
    """Take in what is new and changed in these sources; one outcome an item.

    A file whose bytes are known is not parsed again, unless `full`. A transaction keeps whole files, so that a killed
    pass has taken in whole files only, and the next one goes on.
    """
    taken: dict[str, str] = {}
    for source in sources:
        yield from _SourcePass(archive, source, now, full, taken).run()


def recorded(
    outcomes: Iterable[Outcome], sources: Sequence[Source], state: WebState, started: datetime
) -> Iterator[Outcome]:
    """Pass the outcomes on, and at their end write down how each source's run went."""
    clock = time.monotonic()
    counts = {source.location: Counter[Status]() for source in sources}
    errors: dict[str, str] = {}
    for outcome in outcomes:
        counts[outcome.source][outcome.status] += 1
        if outcome.error:
            errors.setdefault(outcome.source, outcome.error.message)
        yield outcome
    seconds = time.monotonic() - clock
    for location, count in counts.items():
        by_name = {str(status): count[status] for status in Status}
        state.record(Run(source=location, started=started, seconds=seconds, error=errors.get(location, ""), **by_name))


def due(sources: Sequence[Source], runs: Mapping[str, Run], now: datetime) -> list[Source]:
    """The sources whose interval has passed since their last run."""
    return [source for source in sources if not source.ended and next_due(source, runs) <= now]


def next_due(source: Source, runs: Mapping[str, Run]) -> datetime:
    """When to look at a source again."""
    last = runs.get(source.location)
    return last.started + timedelta(minutes=source.interval) if last else datetime.min.replace(tzinfo=UTC)


def take_in(archive: Archive, parsed: ParsedArticle, now: datetime) -> Outcome:
    """Keep one article that came on standard input."""
    return Outcome(STDIN, parsed.id, archive.put(parsed, parsed.id, now), parsed.id)


class _SourcePass:
    """One source, once. taken: where each article of this pass came from, by id."""

    def __init__(self, archive: Archive, source: Source, now: datetime, full: bool, taken: dict[str, str]) -> None:
        self._archive = archive
        self._source = source.location
        self._is_folder = source.kind is SourceKind.FOLDER
        self._now = now
        self._full = full
        self._taken = taken

    def run(self) -> Iterator[Outcome]:
        """The source's files, then those that vanished. A folder that is not there may come back: nothing vanished."""
        if self._is_folder and not Path(self._source).is_dir():
            hint = f"is its disk mounted? If it is gone for good: dateline sources remove {self._source}"
            error = ItemError("the folder is not there, its articles were left as they are", hint=hint)
            yield Outcome(self._source, self._source, Status.FAILED, error=error)
            return
        known, live = self._archive.stamps(self._source), self._archive.live_by_origin(self._source)
        present = set[str]()
        paths = files.find(Path(self._source))
        while some := self._some(paths, known, live):
            present.update(str(path) for path, _ in some)
            for _, outcomes in some:
                yield from outcomes
        for origin in known.keys() - present:
            yield from self._vanished(origin)

    def _some(
        self, paths: Iterator[Path], known: Mapping[str, str], live: Mapping[str, list[str]]
    ) -> list[tuple[Path, list[Outcome]]]:
        """The next files with their outcomes: as many as are read in a moment, kept together."""
        until = time.monotonic() + SECONDS_PER_TRANSACTION
        some = []
        with self._archive.transaction():
            for path in paths:
                some.append((path, self._file(path, known.get(str(path)), live.get(str(path), []))))
                if time.monotonic() > until:
                    break
        return some

    def _file(self, path: Path, known: str | None, live: Sequence[str]) -> list[Outcome]:
        """known: the stamp of the bytes that were read before. live: the articles they gave, when the pass began."""
        origin = str(path)
        try:
            data = files.load(path)
        except ItemError as error:
            return [Outcome(self._source, origin, Status.FAILED, error=error)]
        digest = hashlib.sha256(EXTRACTION.encode() + data).hexdigest()
        if digest == known and not self._full:
            own = [article for article in live if self._taken.setdefault(article, origin) == origin]
            return [Outcome(self._source, origin, Status.UNCHANGED, article) for article in sorted(own)]
        before = self._archive.live_ids(origin)
        outcomes = [self._item(origin, item) for item in files.read(path, data)]
        failed = any(outcome.status is Status.FAILED for outcome in outcomes)
        if not failed:
            # Only a file that was read to its end can tell that an article is no longer in it.
            seen = {outcome.article for outcome in outcomes}
            gone = sorted(before - seen)
            self._archive.mark_gone(gone)
            outcomes += [Outcome(self._source, origin, Status.GONE, article) for article in gone]
        self._archive.stamp(origin, self._source, digest if not failed else "")
        return outcomes

    def _item(self, origin: str, item: Item) -> Outcome:
        parsed = item.result
        if isinstance(parsed, ItemError):
            return Outcome(self._source, item.name, Status.FAILED, error=parsed)
        first = self._taken.setdefault(parsed.id, origin)
        if first != origin:
            error = ItemError(f"its id is already used by {first}", hint="the first one was kept")
            return Outcome(self._source, item.name, Status.FAILED, error=error)
        return Outcome(self._source, item.name, self._archive.put(parsed, origin, self._now), parsed.id)

    def _vanished(self, origin: str) -> Iterator[Outcome]:
        with self._archive.transaction():
            gone = sorted(self._archive.live_ids(origin))
            self._archive.mark_gone(gone)
            self._archive.forget(origin)
        for article in gone:
            yield Outcome(self._source, origin, Status.GONE, article)
