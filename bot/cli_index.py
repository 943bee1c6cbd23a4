"""The command line: taking articles in, and looking after the archive and its indexes."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot import render
from bot.app import App
from bot.terminal import Terminal
from ingest.errors import ItemError, UsageError
from ingest.records import Outcome, Source, Status
from ingest.sources import recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

STDIN = "-"
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

sources_commands = typer.Typer(help="Where articles come from.", no_args_is_help=True)


def both(context: typer.Context) -> tuple[App, Terminal]:
    """What every command works with."""
    app, terminal = context.obj
    return app, terminal


def index_commands(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (reindex, remove, status, doctor):
        cli.command()(command)


def reindex(
    context: typer.Context,
    places: Annotated[
        list[str] | None, typer.Argument(help="Files and folders to add first; `-` is one article on standard input.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read and embed everything anew.")] = False,
    as_json: Json = False,
) -> None:
    """Take in what is new and changed; with places, add them to the sources and read only these."""
    app, terminal = both(context)
    started = time.monotonic()
    chosen = [recognise(place) for place in places or () if place != STDIN]
    piped = sys.stdin.buffer.read() if STDIN in (places or ()) else None
    with app.writing("dateline reindex"):
        if not dry_run:
            for source in chosen:
                app.sources.add(source)
        sources = chosen if places else app.sources.load()
        if not sources and piped is None:
            raise UsageError("there are no sources yet", hint="name one: dateline reindex PATH")
        with app.archive.transaction(keep=False) if dry_run else nullcontext():
            outcomes = _read(app, terminal, sources, piped, full=full)
        embedded = 0
        if not dry_run:
            with terminal.progress("Indexing articles") as tell:
                embedded = app.sync(full=full, progress=tell)
    _report(terminal, outcomes, sources, piped is not None, embedded, time.monotonic() - started, as_json=as_json)
    if any(outcome.status is Status.FAILED for outcome in outcomes):
        raise typer.Exit(ItemError.exit_code)


def remove(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="An article's id, or enough of it.")],
    as_json: Json = False,
) -> None:
    """Take an article down: it leaves both indexes at once, and does not come back."""
    app, terminal = both(context)
    with app.writing("dateline remove"):
        found = app.archive.find(article)
        app.archive.remove(found.id)
        with terminal.busy("Taking it out of the indexes"):
            app.sync()
    if as_json:
        terminal.json({"article": found.id, "state": "removed"})
    else:
        terminal.result(f"removed {found.id}")


def status(context: typer.Context, as_json: Json = False) -> None:
    """Say what is indexed, and how fresh it is."""
    app, terminal = both(context)
    held, seq, position = app.archive.statistics(), app.archive.seq, app.keywords.position
    rows: dict[str, object] = {
        "home": str(app.settings.dateline_home),
        "sources": len(app.sources.load()),
        "articles": held.live,
        "gone": held.gone,
        "removed": held.removed,
        "revisions": held.revisions,
        "passages": len(app.keywords) if position else 0,
        "newest": render.stamp(held.newest),
        "last_seen": render.stamp(held.last_seen),
        "answers": app.journal.count(),
        "changes_not_indexed": app.archive.pending(position),
        "change": seq,
    }
    if as_json:
        terminal.json(rows | {"outlets": held.outlets})
        return
    outlets = ", ".join(f"{name or 'unnamed'} {count}" for name, count in held.outlets.items())
    terminal.result(_grid(rows | {"outlets": outlets}))


def doctor(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild an index that disagrees.")] = False,
    as_json: Json = False,
) -> None:
    """Check that both indexes hold exactly the archive's passages."""
    app, terminal = both(context)
    with app.writing("dateline doctor"):
        with terminal.busy("Comparing the indexes with the archive"):
            wrong = app.disagreements()
        repaired = bool(wrong) and repair
        if repaired:
            with terminal.progress("Rebuilding") as tell:
                app.rebuild(list(wrong), progress=tell)
            wrong = app.disagreements()
    if as_json:
        found = {name: {"missing": lacks, "extra": extra} for name, (lacks, extra) in wrong.items()}
        terminal.json({"agree": not wrong, "repaired": repaired, "disagreements": found})
    else:
        for name, (lacks, extra) in wrong.items():
            terminal.result(f"{name}: {lacks} passages missing, {extra} that should not be there")
        terminal.result(_verdict(wrong, repaired))
    if wrong:
        raise typer.Exit(1)


@sources_commands.command(name="list")
def list_sources(context: typer.Context, as_json: Json = False) -> None:
    """Show the sources."""
    app, terminal = both(context)
    sources = app.sources.load()
    if as_json:
        terminal.json({"sources": [{"kind": source.kind, "location": source.location} for source in sources]})
        return
    table = Table("kind", "location", box=None, pad_edge=False)
    for source in sources:
        table.add_row(source.kind, source.location)
    terminal.result(table if sources else "no sources yet")


@sources_commands.command(name="add")
def add_source(context: typer.Context, place: Annotated[str, typer.Argument(help="A file or folder.")]) -> None:
    """Add a source; `dateline reindex` then reads it."""
    app, terminal = both(context)
    source = recognise(place)
    with app.writing("dateline sources add"):
        added = app.sources.add(source)
    terminal.result(f"{'added' if added else 'already there:'} {source.kind} {source.location}")


@sources_commands.command(name="remove")
def remove_source(
    context: typer.Context, place: Annotated[str, typer.Argument(help="Its location, or enough of its end.")]
) -> None:
    """Take a source off the list; its articles stay."""
    app, terminal = both(context)
    with app.writing("dateline sources remove"):
        source = app.sources.remove(place)
    terminal.result(f"removed {source.kind} {source.location}; its articles stay")


def _read(app: App, terminal: Terminal, sources: Sequence[Source], piped: bytes | None, *, full: bool) -> list[Outcome]:
    """Read standard input and the sources; an article that cannot be read does not keep the others out."""
    from ingest import files
    from ingest.pipeline import take_in

    outcomes: list[Outcome] = []
    if piped is not None:
        try:
            outcomes.append(take_in(app.archive, files.read_one(piped), datetime.now(UTC)))
        except ItemError as error:
            outcomes.append(Outcome(STDIN, "standard input", Status.FAILED, error=error))
    with terminal.progress("Reading files") as tell:
        for outcome in app.reindex(sources, full=full):
            outcomes.append(outcome)
            tell(len(outcomes), None)
    return outcomes


def _report(
    terminal: Terminal,
    outcomes: Sequence[Outcome],
    sources: Sequence[Source],
    piped: bool,
    embedded: int,
    seconds: float,
    *,
    as_json: bool,
) -> None:
    names = [STDIN] * piped + [source.location for source in sources]
    if as_json:
        terminal.json(render.reindex_json(outcomes, names, embedded, seconds))
        return
    failures = render.failures_text(outcomes)
    if failures:
        terminal.error(failures)
    counts = ((status, sum(outcome.status is status for outcome in outcomes)) for status in Status)
    told = ", ".join(f"{count:,} {status}" for status, count in counts if count) or "nothing to read"
    terminal.result(f"{told}; {embedded:,} passages embedded, {seconds:.1f} s")


def _grid(rows: dict[str, object]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        table.add_row(name.replace("_", " "), "–" if value is None else str(value))
    return table


def _verdict(wrong: dict[str, tuple[int, int]], repaired: bool) -> str:
    if wrong:
        return "the indexes disagree with the archive (dateline doctor --repair rebuilds them)"
    return "rebuilt; both indexes agree with the archive" if repaired else "both indexes agree with the archive"
