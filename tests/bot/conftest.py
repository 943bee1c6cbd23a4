"""Running `dateline …` in the tests' own process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest

from bot import cli
from bot.app import App
from tests.support import BagOfWords


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


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


def one_line(result: Result) -> bool:
    return result.err.count("\n") == 1 and "Traceback" not in result.err and result.err.startswith("error: ")
