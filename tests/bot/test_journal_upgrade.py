"""A journal from before the language model goes on to be read, verified and written."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.config import Settings
from bot.journal import Journal
from bot.records import Answer, Dropped, Mode, Question, Usage
from tests.bot.conftest import Run, Tell
from tests.bot.test_generate import FLIGHTS, NO_PROOF, NOW, QUESTION, QUOTE
from tests.llmserver import llm_server, says

ROOT = Path(__file__).parents[2]
SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE schema_version (component VARCHAR NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (component));
    CREATE TABLE answer (
        id VARCHAR NOT NULL, asked DATETIME NOT NULL, question VARCHAR NOT NULL, mode VARCHAR NOT NULL,
        claims JSON NOT NULL, citations JSON NOT NULL, configuration VARCHAR NOT NULL, PRIMARY KEY (id)
    );
    INSERT INTO schema_version VALUES ('journal', 1);
"""
START = FLIGHTS.text.index(QUOTE)
CITATION = {
    "n": 1,
    "quote": QUOTE,
    "start": START,
    "end": START + len(QUOTE),
    "article": "a",
    "revision": 1,
    "title": FLIGHTS.title,
    "outlet": FLIGHTS.outlet,
    "url": "",
    "published": "2024-11-12T00:00:00+00:00",
    "link": "",
}
DROPPED = (Dropped("It rained on 42 days.", ("rained on 24 days",), "“42” does not stand in the quoted words"),)
COLUMNS = ["id", "asked", "question", "mode", "claims", "citations", "configuration", "dropped", "usage"]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A journal of the time before, with one answer."""
    file = tmp_path / "home" / "journal.db"
    write_old(file, CITATION)
    return file


def write_old(file: Path, citation: dict[str, Any]) -> None:
    file.parent.mkdir(exist_ok=True)
    row = ("a_old", "2024-11-13 09:00:00.000000", QUESTION, "quote", json.dumps([[QUOTE, [1]]]))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, 'quote-1')", (*row, json.dumps([citation])))


def opened(file: Path) -> Journal:
    return Journal.open(f"sqlite:///{file}")


def schema(file: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """The columns of answers, and the versions."""
    with closing(sqlite3.connect(file)) as connection:
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(answer)")]
        return columns, list(connection.execute("SELECT * FROM schema_version"))


def new_answer(id_: str) -> Answer:
    """One that a language model gave, without a claim that held."""
    question = Question(QUESTION, datetime(2024, 12, 1, tzinfo=UTC))
    usage = Usage(input=700, output=20, calls=2)
    return Answer(id_, question, Mode.LLM, (), (), (), 0.0, None, {}, dropped=DROPPED, usage=usage)


def test_an_answer_of_that_time_is_kept_as_it_was(old: Path) -> None:
    with closing(opened(old)) as journal:
        kept = journal.find("a_old")
        assert (kept.question, kept.configuration) == (QUESTION, "quote-1")
        (citation,) = kept.citations
        assert (citation.quote, citation.published) == (QUOTE, datetime(2024, 11, 12, tzinfo=UTC))
        assert (journal.count(), journal.dropped()) == (1, [])


def test_an_answer_with_dropped_claims_is_kept_beside_it(old: Path) -> None:
    with closing(opened(old)) as journal:
        journal.keep(new_answer("a_new"), "quote-2")
        assert journal.find("a_new").configuration == "quote-2"
        assert journal.find("a_old").citations
        assert (journal.count(), journal.dropped()) == (2, list(DROPPED))


def test_opening_it_again_changes_nothing(old: Path) -> None:
    with closing(opened(old)) as journal:
        journal.keep(new_answer("a_new"), "quote-2")
    assert schema(old) == (COLUMNS, [("journal", 2)])
    with closing(opened(old)) as journal:
        assert (journal.count(), journal.dropped()) == (2, list(DROPPED))
    assert schema(old) == (COLUMNS, [("journal", 2)])


def test_a_new_journal_has_the_same_columns(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    opened(file).close()
    assert schema(file) == (COLUMNS, [("journal", 2)])


@pytest.mark.parametrize("statement", range(1, 6))
def test_an_upgrade_that_is_killed_anywhere_is_finished_by_the_next(old: Path, statement: int) -> None:
    program = (
        "import sys; from bot.journal import Journal; from tests.support import die_at\n"
        "die_at('sqlalchemy.Connection.execute', int(sys.argv[2])); Journal.open(sys.argv[1])"
    )
    words = [sys.executable, "-c", program, f"sqlite:///{old}", str(statement)]
    assert subprocess.run(words, check=False, cwd=ROOT).returncode == -signal.SIGKILL
    with closing(opened(old)) as journal:
        journal.keep(new_answer("a_new"), "quote-2")
        assert (journal.count(), journal.dropped()) == (2, list(DROPPED))
    assert schema(old) == (COLUMNS, [("journal", 2)])


@pytest.mark.parametrize("attempt", range(5))
def test_when_several_open_it_at_once_it_is_upgraded_once(old: Path, attempt: int) -> None:  # noqa: ARG001
    together = threading.Barrier(6)

    def count(_: int) -> int:
        together.wait()
        with closing(opened(old)) as journal:
            return journal.count()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(count, range(6))) == [1] * 6
    assert schema(old) == (COLUMNS, [("journal", 2)])


@pytest.mark.usefixtures("lenient")
def test_the_commands_go_on_with_it(run: Run, tell: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(FLIGHTS)
    home = tmp_path / "home"
    with App(Settings(dateline_home=home)) as app:
        article = app.archive.find("0.json").id
    write_old(home / "journal.db", CITATION | {"article": article})

    verified = run("verify", "a_old", "--json")
    assert (verified.code, verified.err) == (0, "")
    assert (verified.json["verified"], verified.json["made_by"]) == (True, "quote-1")

    with llm_server(says(NO_PROOF["wrong number"])) as server:
        monkeypatch.setenv("LLM_MODEL", "openai:test")
        monkeypatch.setenv("LLM_BASE_URL", server.openai)
        assert run("ask", QUESTION, "--now", NOW, "--json").json["dropped"] == 2
    status = run("status", "--json").json
    assert (status["answers"], status["dropped_claims"]) == (2, 2)

    wrong = CITATION | {"article": article, "quote": QUOTE.replace("24,000", "42,000")}
    with closing(sqlite3.connect(home / "journal.db")) as connection, connection:
        connection.execute("UPDATE answer SET citations = ? WHERE id = 'a_old'", (json.dumps([wrong]),))
    altered = run("verify", "a_old", "--json")
    assert (altered.code, altered.json["verified"]) == (1, False)
