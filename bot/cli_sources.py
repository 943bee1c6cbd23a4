"""The command line: where articles come from."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Column, Table
from rich.text import Text

from bot import render
from bot.cli_index import STDIN, Json, both
from ingest.errors import UsageError
from ingest.records import Source, SourceKind

if TYPE_CHECKING:
    from ingest.webstate import Run

Several = list[str] | None

sources_commands = typer.Typer(help="Where articles come from.", no_args_is_help=True)


@sources_commands.command(name="list")
def list_sources(context: typer.Context, as_json: Json = False) -> None:
    """Show the sources."""
    app, terminal = both(context)
    sources = app.sources.load()
    runs = app.web_state.last_runs()
    rows = [
        Row(source, len(app.web_state.articles_of(source.location)), runs.get(source.location)) for source in sources
    ]
    if as_json:
        terminal.json({"sources": [row.as_json() for row in rows]})
        return
    headings = ("kind", Column("location", overflow="fold"), "outlet", "tags", "articles", "last look", "next", "error")
    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row.as_text()))
    terminal.result(table if sources else "no sources yet")


@sources_commands.command(name="add")
def add_source(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(help="A file, a folder, or a web address: a feed, a site, a sitemap, a page.")
    ],
    outlet: Annotated[str, typer.Option(help="Name this outlet, whatever the articles say.")] = "",
    language: Annotated[str, typer.Option(help="Their language, such as de, whatever they say.")] = "",
    include: Annotated[Several, typer.Option(help="Only URLs or titles like '*/sport/*'; may be repeated.")] = None,
    exclude: Annotated[Several, typer.Option(help="No URLs or titles like this; may be repeated.")] = None,
    every: Annotated[int | None, typer.Option(min=1, metavar="MINUTES", help="Between two looks, else 60.")] = None,
    summary_only: Annotated[bool, typer.Option("--summary-only", help="Take what a feed says; fetch no page.")] = False,
    private: Annotated[
        bool, typer.Option("--private", help="Leave an article that another source has to that source.")
    ] = False,
    tag: Annotated[Several, typer.Option(help="A word of your own, to sort by; may be repeated.")] = None,
) -> None:
    """Add a source; `dateline reindex` then reads it."""
    app, terminal = both(context)
    with app.writing("dateline sources add"):
        with terminal.busy(f"Looking at {place}"):
            found, what = app.intake.find_source(place)
        listed = [one for one in app.sources.load() if (one.kind, one.location) == (found.kind, found.location)]
        if private and listed and not listed[0].private:
            raise UsageError(f"{listed[0].location} is read already, for everyone", hint="leave out --private")
        options = {
            "outlet": outlet,
            "language": language,
            "include": tuple(include or ()),
            "exclude": tuple(exclude or ()),
            "interval": every,
            "summary_only": summary_only,
            "private": private,
            "tags": tuple(tag or ()),
        }
        given: dict[str, Any] = {name: value for name, value in options.items() if value}
        source = replace(listed[0] if listed else found, **given)
        if listed:
            app.sources.replace(listed[0], source)
        else:
            app.sources.add(source)
    if what:
        terminal.note(Text(f"{place}: {what}"))
    done = "already there:" if [source] == listed else "changed" if listed else "added"
    terminal.result(Text(f"{done} {source.kind} {source.location}"))


@sources_commands.command(name="remove")
def remove_source(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="Its location, or enough of its end.")],
    articles: Annotated[
        bool, typer.Option("--articles", help="Its articles answer no more; they come back when it is added again.")
    ] = False,
) -> None:
    """Take a source off the list; its articles stay, unless you say otherwise."""
    app, terminal = both(context)
    with app.writing("dateline sources remove"):
        source = app.sources.find(place)
        if articles:
            with terminal.busy("Taking its articles out of the indexes"):
                withdrawn = app.intake.withdraw(source)
                app.indexing.sync()
        app.sources.remove(source.location)
    told = f"{withdrawn:,} articles withdrawn" if articles else "its articles stay"
    terminal.result(Text(f"removed {source.kind} {source.location}; {told}"))


@sources_commands.command(name="import")
def import_sources(
    context: typer.Context, file: Annotated[str, typer.Argument(help="An OPML file; `-` is standard input.")]
) -> None:
    """Add the feeds of an OPML file, as feed readers export it; its folders become tags."""
    from ingest import opml

    app, terminal = both(context)
    try:
        found = opml.parse(sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", hint="check the path") from error
    except UsageError as error:
        raise UsageError(f"{file}: {error.message}", hint=error.hint) from error
    with app.writing("dateline sources import"):
        added = app.sources.extend(found.feeds)
    counts = {
        "added": added,
        "already there": len(found.feeds) - added,
        "skipped: not a web address": found.skipped,
    }
    terminal.result(_counts(counts))


@sources_commands.command(name="export")
def export_sources(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output when not named.")] = None,
) -> None:
    """Write the feeds as OPML; a feed's first tag becomes its folder."""
    from ingest import opml

    app, terminal = both(context)
    sources = app.sources.load()
    feeds = [source for source in sources if source.kind is SourceKind.FEED]
    told = _counts({"exported": len(feeds), "left out: not a feed": len(sources) - len(feeds)})
    if file is None:
        typer.echo(opml.unparse(feeds), nl=False)
        terminal.note(told)
        return
    try:
        file.write_bytes(opml.unparse(feeds))
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="check the path") from error
    terminal.result(told)


@dataclass(frozen=True, slots=True)
class Row:
    """What `sources list` shows of one source. articles: live ones from it."""

    source: Source
    articles: int
    run: Run | None

    def as_text(self) -> tuple[str, ...]:
        """One cell for each column."""
        from ingest.pipeline import next_due

        one, run = self.source, self.run
        last = f"{run.started:%Y-%m-%d %H:%M}" if run else ""
        soon = f"{next_due(one, {run.source: run}):%Y-%m-%d %H:%M}" if run else "now"
        due = "ended" if one.ended else soon
        error = run.error if run else ""
        return one.kind, one.location, one.outlet, ", ".join(one.tags), str(self.articles), last, due, error

    def as_json(self) -> dict[str, Any]:
        """All its fields, and how it fares."""
        from ingest.pipeline import next_due

        run = self.run
        return asdict(self.source) | {
            "articles": self.articles,
            "last_look": render.stamp(run.started) if run else None,
            "next_due": render.stamp(next_due(self.source, {run.source: run})) if run else None,
            "error": run.error if run else "",
        }


def _counts(counts: dict[str, int]) -> str:
    """Such as `12 added, 3 already there`."""
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count) or "there are no feeds"
