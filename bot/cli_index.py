"""The command line: looking after the archive and its indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot import render
from bot.app import App
from bot.terminal import Terminal

if TYPE_CHECKING:
    from ingest.webstate import Run

STDIN = "-"
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def both(context: typer.Context) -> tuple[App, Terminal]:
    """What every command works with."""
    app, terminal = context.obj
    return app, terminal


def index_commands(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (remove, status, doctor):
        cli.command()(command)


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
            app.indexing.sync()
    if as_json:
        terminal.json({"article": found.id, "state": "removed"})
    else:
        terminal.result(f"removed {found.id}")


def status(context: typer.Context, as_json: Json = False) -> None:
    """Say what is indexed, and how fresh it is."""
    app, terminal = both(context)
    held, seq, position = app.archive.statistics(), app.archive.seq, app.keywords.position
    sources = app.sources.load()
    runs = app.web_state.last_runs()
    fresh = sorted(((one.location, runs.get(one.location)) for one in sources), key=lambda pair: _order(pair[1]))
    rows: dict[str, object] = {
        "home": str(app.settings.dateline_home),
        "sources": len(sources),
        "articles": held.live,
        "gone": held.gone,
        "removed": held.removed,
        "revisions": held.revisions,
        "passages": len(app.keywords) if position else 0,
        "newest": render.stamp(held.newest),
        "last_seen": render.stamp(held.last_seen),
        "answers": app.journal.count(),
        "dropped_claims": len(app.journal.dropped()),
        "changes_not_indexed": app.archive.pending(position),
        "change": seq,
    }
    if as_json:
        looks = [
            {
                "source": place,
                "last_look": render.stamp(run.started) if run else None,
                "error": run.error if run else "",
            }
            for place, run in fresh
        ]
        terminal.json(rows | {"outlets": held.outlets, "freshness": looks})
        return
    outlets = ", ".join(f"{name or 'unnamed'} {count}" for name, count in held.outlets.items())
    terminal.result(_grid(rows | {"outlets": outlets}))
    for place, run in fresh:
        terminal.result(Text(f"{place}: {_freshness(run)}"))


def doctor(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild an index that disagrees.")] = False,
    as_json: Json = False,
) -> None:
    """Check that both indexes hold exactly the archive's passages."""
    app, terminal = both(context)
    with app.writing("dateline doctor"):
        with terminal.busy("Comparing the indexes with the archive"):
            wrong = app.indexing.disagreements()
        repaired = bool(wrong) and repair
        if repaired:
            with terminal.progress() as tell:
                app.indexing.rebuild(list(wrong), progress=lambda done, total: tell("Rebuilding", done, total))
            wrong = app.indexing.disagreements()
    if as_json:
        found = {name: {"missing": lacks, "extra": extra} for name, (lacks, extra) in wrong.items()}
        terminal.json({"agree": not wrong, "repaired": repaired, "disagreements": found})
    else:
        for name, (lacks, extra) in wrong.items():
            terminal.result(f"{name}: {lacks} passages missing, {extra} that should not be there")
        terminal.result(_verdict(wrong, repaired))
    if wrong:
        raise typer.Exit(1)


def _freshness(run: Run | None) -> str:
    """How the last look at a source went, in words."""
    if run is None:
        return "not looked at yet"
    told = f"looked at {run.started:%Y-%m-%d %H:%M} UTC"
    return f"FAILING, {told}: {run.error}" if run.error else told


def _order(run: Run | None) -> tuple[bool, datetime]:
    """Failing sources before the others, and those looked at longest ago first."""
    return not (run and run.error), run.started if run else datetime.min.replace(tzinfo=UTC)


def _grid(rows: dict[str, object]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        table.add_row(name.replace("_", " "), "–" if value is None else str(value))
    return table


def _verdict(wrong: dict[str, tuple[int, int]], repaired: bool) -> str:
    if wrong:
        return "the indexes disagree with the archive (dateline doctor --repair rebuilds them)"
    return "rebuilt; both indexes agree with the archive" if repaired else "both indexes agree with the archive"
