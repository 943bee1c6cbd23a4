"""The command line: what ties it together, and looking things up. Asking is in `cli_ask.py`."""

from __future__ import annotations

import gc
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot import render
from bot.app import App
from bot.cli_ask import ask_commands
from bot.cli_discord import discord_commands
from bot.cli_eval import evaluate
from bot.cli_index import Json, both, index_commands
from bot.cli_reindex import reindex
from bot.cli_sources import sources_commands
from bot.config import load_settings
from bot.terminal import Terminal
from ingest.errors import DatelineError, NotFoundError, UsageError
from ingest.records import Article, Revision

INTERRUPTED = 130  # what typer exits with on Ctrl-C

cli = typer.Typer(
    name="dateline",
    help="Answers questions about the news, and proves every answer with a checked quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
    kept = app.journal.find(answer)
    checks = [check(citation, app.archive) for citation in kept.citations]
    if as_json:
        terminal.json(render.checks_json(answer, kept.question, checks) | {"made_by": kept.configuration})
    else:
        terminal.result(render.checks_text(kept.question, checks))
    if not all(one.verdict.holds for one in checks):
        raise typer.Exit(1)


ask_commands(cli)
discord_commands(cli)
cli.command(name="eval")(evaluate)
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
    finally:
        gc.freeze()  # or Python looks through all that was loaded, a tenth of a second, just before it is let go


def _show_history(terminal: Terminal, article: Article, revisions: list[Revision], *, as_json: bool) -> None:
    from bot.render_history import history_json, history_text

    if as_json:
        terminal.json(history_json(article, revisions))
    else:
        terminal.result(history_text(article, revisions))


def _span(words: str, length: int) -> tuple[int, int] | None:
    if not words:
        return None
    first, _, last = words.replace("–", "-").partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal() and int(first) < int(last) <= length):
        raise UsageError(f"--span {words!r} is no span of its {length:,} characters", hint="write it as 1204-1245")
    return int(first), int(last)
