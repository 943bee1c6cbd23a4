"""The command line: asking. Taking articles in is in `cli_index.py`, their sources are in `cli_sources.py`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import render
from bot.app import App
from bot.cli_index import Json, both, index_commands
from bot.cli_reindex import reindex
from bot.cli_sources import sources_commands
from bot.config import load_settings
from bot.terminal import Terminal
from bot.timewindow import parse_now, parse_since, parse_until
from index.records import Filter
from ingest.errors import DatelineError, NotFoundError, UsageError
from ingest.records import Article, Revision

ABSTAINED = 3
INTERRUPTED = 130  # what typer exits with on Ctrl-C

cli = typer.Typer(
    name="dateline",
    help="Answers questions about the news, and proves every answer with a checked quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Since = Annotated[str, typer.Option(help="Only articles published on or after: 2024-11-12, yesterday, '2 weeks ago'.")]
Until = Annotated[str, typer.Option(help="Only articles published on or before.")]
Outlet = Annotated[list[str] | None, typer.Option(help="Only this outlet; may be repeated.")]
Now = Annotated[str, typer.Option(help="The asker's clock, for evaluation: 2024-11-12T09:30.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@cli.callback()
def options(
    context: typer.Context,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print results and errors only.")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Open what the command will need; nothing is loaded before it is used."""
    context.obj = context.with_resource(App(load_settings())), Terminal(quiet=quiet)


@cli.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    as_json: Json = False,
    since: Since = "",
    until: Until = "",
    outlet: Outlet = None,
    limit: Annotated[int, typer.Option(min=1, max=3, help="Sentences at most.")] = 3,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="Answer in the articles' own words.")] = False,  # noqa: ARG001
    now: Now = "",
) -> None:
    """Answer a question, with quotations that were checked against the articles."""
    from bot.records import Question

    app, terminal = both(context)
    asked = parse_now(now) if now else datetime.now(UTC)
    where = _filter(app, since, until, outlet, asked)
    with terminal.busy("Reading the reports"):
        answer = app.assistant.ask(Question(question, asked, where), limit)
    if as_json:
        terminal.json(render.answer_json(answer))
    else:
        terminal.result(render.answer_text(answer))
    if not answer.answered:
        raise typer.Exit(ABSTAINED)


@cli.command()
def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="What to look for: a text, not a query language.")],
    as_json: Json = False,
    since: Since = "",
    until: Until = "",
    outlet: Outlet = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Passages at most.")] = 10,
) -> None:
    """Show the passages that match best, without an answer."""
    from bot.records import Question

    app, terminal = both(context)
    asked = datetime.now(UTC)
    where = _filter(app, since, until, outlet, asked)
    with terminal.busy("Searching"):
        hits = app.assistant.search(Question(words, asked, where), limit)
    if as_json:
        terminal.json(render.hits_json(hits))
    else:
        terminal.result(render.hits_text(hits))


@cli.command()
def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="An article's id, or enough of it.")],
    revision: Annotated[int, typer.Option(min=0, help="Which revision; 0 for the current one.")] = 0,
    span: Annotated[str, typer.Option(help="Characters to mark, such as 1204-1245.")] = "",
    history: Annotated[bool, typer.Option("--history", help="Show what each revision changed.")] = False,
    as_json: Json = False,
) -> None:
    """Show an article, with a cited span marked, or what became of its text."""
    if history and (revision or span):
        raise UsageError("--history shows every revision", hint="leave out --revision and --span")
    app, terminal = both(context)
    found = app.archive.find(article)
    if history:
        _show_history(terminal, found, app.archive.revisions(found.id), as_json=as_json)
        return
    version = app.archive.revision(found.id, revision or found.revision)
    if version is None:
        raise NotFoundError(f"it has no revision {revision}", hint=f"it has 1 to {found.revision}")
    if as_json:
        terminal.json(render.article_json(found, version))
    else:
        terminal.result(render.article_text(found, version, _span(span, len(version.text))))


@cli.command()
def verify(
    context: typer.Context,
    answer: Annotated[str, typer.Argument(help="The id below an answer, such as a_1f2e3d4c5b.")],
    as_json: Json = False,
) -> None:
    """Re-check every quotation of a kept answer against the archive."""
    from bot.verify import check

    app, terminal = both(context)
    question, citations = app.journal.citations(answer)
    checks = [check(citation, app.archive) for citation in citations]
    if as_json:
        terminal.json(render.checks_json(answer, question, checks))
    else:
        terminal.result(render.checks_text(question, checks))
    if not all(one.verdict.holds for one in checks):
        raise typer.Exit(1)


@cli.command(name="eval")
def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Questions with their answers, one JSON object a line.")],
    as_json: Json = False,
) -> None:
    """Score a set of questions against this index."""
    from bot.evaluate import evaluate as score
    from bot.evaluate import read_cases, report_json, report_text

    app, terminal = both(context)
    cases = read_cases(file)
    with terminal.progress() as tell:
        report = score(app.assistant, cases, lambda done: tell("Asking", done, len(cases)))
    if as_json:
        terminal.json(report_json(report))
    else:
        terminal.result(report_text(report))


cli.command()(reindex)
index_commands(cli)
cli.add_typer(sources_commands, name="sources")


def main() -> None:
    """Run a command; every expected failure becomes one line and an exit code."""
    try:
        # Standalone, so that typer itself words what was typed wrongly and exits with 2.
        cli()
    except DatelineError as error:
        Terminal().error(render.error_text(error))
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            Terminal().error("stopped; nothing was lost: run it again to go on")
        raise


def _show_history(terminal: Terminal, article: Article, revisions: list[Revision], *, as_json: bool) -> None:
    from bot.render_history import history_json, history_text

    if as_json:
        terminal.json(history_json(article, revisions))
    else:
        terminal.result(history_text(article, revisions))


def _filter(app: App, since: str, until: str, outlets: list[str] | None, now: datetime) -> Filter:
    where = Filter(
        outlets=tuple(_outlet(app, name) for name in outlets or ()),
        since=parse_since(since, now) if since else None,
        until=parse_until(until, now) if until else None,
    )
    if where.since and where.until and where.since >= where.until:
        raise UsageError("--since is later than --until", hint="swap them")
    return where


def _outlet(app: App, name: str) -> str:
    """The outlet as the archive spells it."""
    known = app.archive.outlets()
    for outlet in known:
        if outlet.casefold() == name.strip().casefold():
            return outlet
    some = ", ".join(outlet for outlet in list(known)[:5] if outlet)
    raise UsageError(f"no article is by an outlet called {name!r}", hint=f"there are: {some}" if some else "")


def _span(words: str, length: int) -> tuple[int, int] | None:
    if not words:
        return None
    first, _, last = words.replace("–", "-").partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal() and int(first) < int(last) <= length):
        raise UsageError(f"--span {words!r} is no span of its {length:,} characters", hint="write it as 1204-1245")
    return int(first), int(last)
