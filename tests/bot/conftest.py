"""Running `dateline …` in the tests' own process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot import cli
from bot.app import App
from bot.calibration import Calibration
from tests.support import BagOfWords


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Report(NamedTuple):
    """An article to write down. published: as in its file."""

    outlet: str
    published: str
    title: str
    text: str


FLIGHTS = Report(
    "Meridian Post",
    "2024-11-12",
    "Operation at borders ends",
    "Police from 116 countries took part. At airports, border police supervised almost 24,000 flights in six days. "
    "In all, 2,517 people were arrested, said Jürgen Stock.",
)

Run = Callable[..., Result]
Tell = Callable[..., None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `dateline …` in this process, with the bag-of-words embedding."""
    monkeypatch.setattr(cli, "App", partial(App, embedder=BagOfWords()))

    def run(*words: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["dateline", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def tell(run: Run, news: Path) -> Tell:
    """Take in these reports."""

    def tell(*reports: Report) -> None:
        for number, report in enumerate(reports):
            (news / f"{number}.json").write_text(json.dumps(report._asdict()))
        assert run("reindex", str(news)).code == 0

    return tell


@pytest.fixture
def lenient(tmp_path: Path) -> None:
    """Whatever is found is answered from: for tests of something else than the confidence."""
    keep(Calibration(intercept=20.0), tmp_path / "home")


@pytest.fixture
def strict(tmp_path: Path) -> None:
    """Nothing that is found is enough to answer from."""
    keep(Calibration(intercept=-20.0), tmp_path / "home")


def keep(calibration: Calibration, home: Path) -> None:
    """Make this the calibration of a home."""
    home.mkdir(exist_ok=True)
    calibration.save(home / "calibration.json")


def one_line(result: Result) -> bool:
    return result.err.count("\n") == 1 and "Traceback" not in result.err and result.err.startswith("error: ")


def answer(result: Result) -> dict[str, Any]:
    """The last line of `ask --json`: the whole answer."""
    found: dict[str, Any] = json.loads(result.out.splitlines()[-1])
    return found


def claims(result: Result) -> list[str]:
    """The claims of the lines before it, shown while a model wrote."""
    return [json.loads(line)["claim"] for line in result.out.splitlines()[:-1]]
