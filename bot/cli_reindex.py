"""The command line: taking articles in, once or for as long as one likes."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from bot import render
from bot.app import App
from bot.cli_index import STDIN, Json, both
from bot.terminal import Showing, Tell, Terminal
from ingest.errors import ItemError, LockedError, UsageError
from ingest.records import Outcome, Source, Status

if TYPE_CHECKING:
    from bot.intake import Intake
    from ingest.archive import Archive

LONGEST_SLEEP = 60.0  # seconds, so that a changed list of sources is noticed
SHORTEST_SLEEP = 1.0
COMPILING = "Compiling the embedding model (once)"
BETWEEN_LOOKS = 0.5  # seconds, before what was taken in meanwhile is indexed


@dataclass(frozen=True, slots=True)
class Report:
    """What one pass did. sources: their locations. seconds: wall time."""

    sources: Sequence[str]
    outcomes: Sequence[Outcome]
    embedded: int
    seconds: float


def reindex(
    context: typer.Context,
    places: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders and web addresses to add first; `-` is one article on standard input."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read and embed everything anew.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep going, by each source's interval.")] = False,
    as_json: Json = False,
    progress: Annotated[
        bool,
        typer.Option("--progress", help="With --json: print a line for each step of progress, the report last."),
    ] = False,
) -> None:
    """Take in what is new and changed; with places, add them to the sources and read only these."""
    app, terminal = both(context)
    if watch and (dry_run or full):
        raise UsageError("--watch goes with neither --dry-run nor --full", hint="leave one of them out")
    if progress and not as_json:
        raise UsageError("--progress goes with --json only", hint="add --json")
    showing = terminal.progress_lines if progress else terminal.progress
    piped = sys.stdin.buffer.read() if STDIN in (places or ()) else None
    with app.writing("dateline reindex"):
        chosen = _chosen(app, terminal, places or (), keep=not dry_run)
        if not chosen and piped is None:
            raise UsageError("there are no sources yet", hint="name one: dateline reindex PATH_OR_URL")
        report = _one_pass(app, terminal, showing, chosen, piped, full=full, dry_run=dry_run)
    _tell(terminal, report, as_json=as_json)
    if watch:
        only = {source.location for source in chosen if places}
        _keep_going(app, terminal, showing, only, as_json=as_json)
    if any(outcome.status is Status.FAILED for outcome in report.outcomes):
        raise typer.Exit(ItemError.exit_code)


def _chosen(app: App, terminal: Terminal, places: Sequence[str], *, keep: bool) -> list[Source]:
    """The sources that were named, kept on the list; all of the list when none was."""
    if not places:
        return app.sources.load()
    found = []
    for place in places:
        if place != STDIN:
            with terminal.busy(f"Looking at {place}"):
                source, what = app.intake.find_source(place)
            if what:
                terminal.note(f"{place}: {what}")
            found.append(source)
    if keep:
        app.sources.extend(found)
    return found


def _one_pass(
    app: App,
    terminal: Terminal,
    showing: Showing,
    sources: Sequence[Source],
    piped: bytes | None,
    *,
    full: bool,
    dry_run: bool,
) -> Report:
    started = time.monotonic()
    with showing() as tell:
        outcomes = _read(app.archive, app.intake, tell, sources, piped, full=full, trial=dry_run)
        if dry_run:
            with app.archive.transaction(keep=False):
                done, embedded = list(outcomes), 0
        else:
            done, embedded = _read_and_index(app, terminal, tell, outcomes, full=full)
    names = [STDIN] * (piped is not None) + [source.location for source in sources]
    return Report(names, done, embedded, time.monotonic() - started)


def _read_and_index(
    app: App, terminal: Terminal, tell: Tell, outcomes: Generator[Outcome], *, full: bool
) -> tuple[list[Outcome], int]:
    """Take in, in another thread, while this one indexes what has come: the outcomes, and how much was embedded."""
    stopped = Event()

    def read() -> list[Outcome]:
        with closing(outcomes):
            return list(takewhile(lambda _: not stopped.is_set(), outcomes))

    def goes_on(patience: float = BETWEEN_LOOKS) -> bool:
        wait([reading], patience)
        if reading.done():
            reading.result()  # an error that ended it ends this, too
        return not reading.done()

    def indexed(done: int, total: int) -> None:
        goes_on(0)
        tell("Indexing articles", done, total)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            if why_not := app.compile_model(full=full, announce=lambda: tell(COMPILING, 0, None)):
                terminal.note(f"the embedding model is used as it is, which takes longer: {why_not}")
            embedded = app.sync(full=full, progress=indexed, more=goes_on)
        finally:
            stopped.set()
    return reading.result(), embedded


def _read(
    archive: Archive,
    intake: Intake,
    tell: Tell,
    sources: Sequence[Source],
    piped: bytes | None,
    *,
    full: bool,
    trial: bool,
) -> Generator[Outcome]:
    """Read standard input and the sources; an article that cannot be read does not keep the others out."""
    from ingest import files
    from ingest.pipeline import take_in

    if piped is not None:
        try:
            yield take_in(archive, files.read_one(piped), datetime.now(UTC))
        except ItemError as error:
            yield Outcome(STDIN, "standard input", Status.FAILED, error=error)
    on_disk = {source.location for source in sources if not source.kind.is_web}
    read = int(piped is not None)
    for outcome in intake.reindex(sources, full=full, trial=trial, tell=tell):
        yield outcome
        if outcome.source in on_disk:
            read += 1
            tell("Reading files", read, None)


def _keep_going(app: App, terminal: Terminal, showing: Showing, only: set[str], *, as_json: bool) -> None:
    """Look at each source again whenever its interval has passed, until somebody stops it. only: none for all."""
    from ingest.pipeline import due, next_due

    while True:
        sources = [source for source in app.sources.load() if not only or source.location in only]
        runs, now = app.web_state.last_runs(), datetime.now(UTC)
        waiting = due(sources, runs, now)
        if not waiting:
            soonest = min((next_due(source, runs) for source in sources if not source.ended), default=now)
            time.sleep(min(max((soonest - now).total_seconds(), SHORTEST_SLEEP), LONGEST_SLEEP))
            continue
        try:
            with app.writing("dateline reindex --watch"):
                report = _one_pass(app, terminal, showing, waiting, None, full=False, dry_run=False)
        except LockedError as error:
            terminal.note(render.error_text(error))
            time.sleep(SHORTEST_SLEEP)
            continue
        _tell(terminal, report, as_json=as_json)


def _tell(terminal: Terminal, report: Report, *, as_json: bool) -> None:
    if as_json:
        terminal.json(render.reindex_json(report.outcomes, report.sources, report.embedded, report.seconds))
        return
    failures = render.failures_text(report.outcomes)
    if failures:
        terminal.error(failures)
    counts = ((status, sum(outcome.status is status for outcome in report.outcomes)) for status in Status)
    told = ", ".join(f"{count:,} {status}" for status, count in counts if count) or "nothing new to read"
    terminal.result(f"{told}; {report.embedded:,} passages embedded, {report.seconds:.1f} s")
