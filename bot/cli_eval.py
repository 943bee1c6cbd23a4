"""The command line: measuring how well questions are answered."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_index import Json, both
from ingest.errors import DatelineError, UsageError

if TYPE_CHECKING:
    from bot.evaluate import Score


def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Questions with their answers, one JSON object a line.")],
    as_json: Json = False,
    failures: Annotated[Path | None, typer.Option(help="Write what went wrong, one JSON object a line.")] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Fit this index's confidence to how these questions went.")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw risk against coverage, as .png or .svg.")] = None,
) -> None:
    """Score a set of questions against this index."""
    from bot.evaluate import calibrated, curve, read_cases
    from bot.evaluate import evaluate as score
    from bot.plot import plot_risk
    from bot.render_eval import report_json, report_text
    from bot.verify import check

    app, terminal = both(context)
    cases = read_cases(file)
    _require_outputs(file, failures, plot)
    assistant, archive = app.assistant, app.archive
    with terminal.progress() as tell:
        scores = score(
            assistant,
            cases,
            verified=lambda citation: check(citation, archive).verdict.holds,
            progress=lambda done: tell("Asking", done, len(cases)),
        )
    if as_json:
        terminal.json(report_json(scores))
    else:
        terminal.result(report_text(scores))
    if failures:
        terminal.note(_write_failures(failures, scores))
    if plot:
        plot_risk(plot, curve(scores), assistant.threshold)
    if calibrate:
        fitted = calibrated(scores)
        fitted.save(app.calibration_file)
        terminal.note(f"calibrated on {len(scores)} questions: {app.calibration_file}")
    _require_proof(scores)


def _require_outputs(questions: Path, failures: Path | None, plot: Path | None) -> None:
    """A long evaluation must not end in a file that cannot be written."""
    from bot.plot import require_plot

    if plot:
        require_plot(plot)
        _require_writable(plot)
    if failures:
        _require_writable(failures)
        if failures.resolve() == questions.resolve():
            raise UsageError(f"--failures {failures} would overwrite the questions", hint="choose another name")


def _require_writable(file: Path) -> None:
    if file.is_dir():
        raise UsageError(f"{file} cannot be written: it is a folder", hint="name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"{file} cannot be written: there is no folder {file.parent}", hint="make it first")
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise UsageError(f"{file} cannot be written: permission denied", hint="choose another place")


def _write_failures(file: Path, scores: list[Score]) -> str:
    """Write them, and say how many there are."""
    from bot.render_eval import failures_jsonl

    lines = failures_jsonl(scores)
    try:
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="check the path") from error
    return f"{len(lines)} of {len(scores)} went wrong: {file}"


def _require_proof(scores: list[Score]) -> None:
    total = sum(score.citations for score in scores)
    if broken := sum(len(score.broken) for score in scores):
        raise DatelineError(f"{broken} of {total} citations do not hold", hint="--failures FILE says which")
