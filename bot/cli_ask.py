"""The command line: asking, in one question or in a conversation, and searching."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot import render
from bot.app import App
from bot.cli_index import Json, both
from bot.terminal import Terminal
from bot.timewindow import parse_now
from bot.typed import typed_filter
from index.records import Filter
from ingest.errors import UsageError

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.records import Answer, Citation, Claim, Question

ABSTAINED = 3
SENTENCES = 3
GOODBYES = {"exit", "quit", "bye", ":q"}

Since = Annotated[str, typer.Option(help="Only articles published on or after: 2024-11-12, yesterday, '2 weeks ago'.")]
Until = Annotated[str, typer.Option(help="Only articles published on or before.")]
Outlet = Annotated[list[str] | None, typer.Option(help="Only this outlet; may be repeated.")]
Now = Annotated[str, typer.Option(help="The asker's clock, for evaluation: 2024-11-12T09:30.")]
AnyTime = Annotated[bool, typer.Option("--any-time", help="Search all dates, whatever time the question names.")]
Quote = Annotated[bool, typer.Option("--no-llm", help="Answer in the articles' own words.")]


def ask_commands(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (ask, chat, search):
        cli.command()(command)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    as_json: Json = False,
    since: Since = "",
    until: Until = "",
    any_time: AnyTime = False,
    outlet: Outlet = None,
    limit: Annotated[int, typer.Option(min=1, max=SENTENCES, help="Sentences at most.")] = SENTENCES,
    no_llm: Quote = False,
    now: Now = "",
) -> None:
    """Answer a question, with quotations that were checked against the articles."""
    from bot.records import Question

    app, terminal = both(context)
    asked = _clock(now)
    where = _filter(app, since, until, outlet, asked)
    asking = Question(question, asked, where, any_time)
    answer = _answer(app.assistant, terminal, asking, limit, as_json=as_json, no_llm=no_llm)
    if not answer.answered:
        raise typer.Exit(ABSTAINED)


def chat(
    context: typer.Context,
    as_json: Json = False,
    since: Since = "",
    until: Until = "",
    any_time: AnyTime = False,
    outlet: Outlet = None,
    no_llm: Quote = False,
    now: Now = "",
) -> None:
    """Ask one question after another; a follow-up is read with what came before. An empty line is skipped."""
    from bot.records import Question

    app, terminal = both(context)
    where = _filter(app, since, until, outlet, _clock(now))
    assistant, conversation = app.assistant, app.conversation(list(app.archive.outlets()), own_words=no_llm)
    for line in _lines(terminal):
        question = conversation.question(Question(line, _clock(now), where, any_time))
        try:
            answer = _answer(assistant, terminal, question, SENTENCES, as_json=as_json, no_llm=no_llm)
        except UsageError as error:
            terminal.error(render.error_text(error))
            continue
        conversation.keep(answer)


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
    asked = _clock("")
    where = _filter(app, since, until, outlet, asked)
    with terminal.busy("Searching"):
        hits = app.assistant.search(Question(words, asked, where), limit)
    if as_json:
        terminal.json(render.hits_json(hits))
    else:
        terminal.result(render.hits_text(hits))


def _clock(now: str) -> datetime:
    """The asker's, in the asker's zone."""
    return parse_now(now) if now else datetime.now().astimezone()


def _answer(
    assistant: Assistant, terminal: Terminal, question: Question, limit: int, *, as_json: bool, no_llm: bool
) -> Answer:
    """Ask, and show: what a language model says claim by claim, as each is proven, and then the rest."""
    from bot.render_answer import answer_json, answer_text, claim_json, claim_text, question_text

    busy = terminal.busy("Reading the reports")
    told = 0

    def tell(claim: Claim, citations: Sequence[Citation]) -> None:
        nonlocal told
        busy.stop()
        if as_json:
            terminal.json(claim_json(claim, citations))
        else:
            terminal.result((Text() if told else question_text(question)) + claim_text(claim, citations))
        told += 1

    with busy:
        answer = assistant.ask(question, limit, own_words=no_llm, tell=tell)
    if as_json:
        terminal.json(answer_json(answer))
    else:
        terminal.result(answer_text(answer, told))
    return answer


def _lines(terminal: Terminal) -> Iterator[str]:
    """What a person types, or what a pipe holds, until the end or a goodbye."""
    asking = sys.stdin.isatty()
    if asking:
        import readline  # noqa: F401 - arrow keys and history in input()

        terminal.note("Ask about the news. An empty line is skipped; Ctrl-D or “quit” ends.")
    while True:
        try:
            line = (input("? ") if asking else _piped()).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line.casefold() in GOODBYES:
            return
        if line:
            yield line


def _piped() -> str:
    line = sys.stdin.buffer.readline()
    if not line:
        raise EOFError
    return line.decode(errors="replace")


def _filter(app: App, since: str, until: str, outlets: list[str] | None, now: datetime) -> Filter:
    return typed_filter(app.archive.outlets() if outlets else (), outlets or (), since, until, now)
