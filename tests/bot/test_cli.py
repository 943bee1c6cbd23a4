"""The command line: what it prints, where, and the exit code."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import pytest

from tests.bot.conftest import Run, one_line
from tests.support import BagOfWords, write_articles

SCREENED = "Border police supervised almost 24,000 flights at the crossings."


@pytest.fixture
def flights(news: Path) -> Path:
    path = news / "flights.json"
    record = {
        "title": "Six-day operation",
        "text": f"The operation lasted six days. {SCREENED} Jürgen Stock praised it.",
        "outlet": "Meridian Post",
        "published": "2024-11-12",
        "url": "https://post.example/operation",
    }
    path.write_text(json.dumps(record))
    return path


@pytest.mark.usefixtures("lenient")
def test_an_answer_quotes_the_article_and_verifies_later(run: Run, flights: Path) -> None:
    assert run("reindex", str(flights)).code == 0
    answer = run("ask", "how many flights were supervised by border police?", "--json")
    assert answer.code == 0
    citation = answer.json["citations"][0]
    assert citation["quote"] == SCREENED
    assert citation["link"].startswith("https://post.example/operation#:~:text=Border%20police%20supervised%20almost,")
    shown = run("show", "https://post.example/operation", "--json").json
    assert shown["text"][citation["start"] : citation["end"]] == SCREENED
    assert run("verify", answer.json["id"]).code == 0


@pytest.mark.usefixtures("lenient")
def test_ask_json_has_the_agreed_fields(run: Run, flights: Path) -> None:
    run("reindex", str(flights))
    answer = run("ask", "how many flights were supervised by border police?", "--json", "--since", "2024-11-01").json
    assert list(answer) == [
        *(
            "id",
            "question",
            "answered",
            "mode",
            "text",
            "window",
            "as_of",
            "confidence",
            "citations",
            "nearest",
            "timings_ms",
            "window_words",
            "read_as",
            "differing",
            "reason",
            "note",
            "dropped",
            "tokens",
        )
    ]
    assert list(answer["citations"][0]) == [
        *(
            "n",
            "quote",
            "start",
            "end",
            "article",
            "revision",
            "title",
            "outlet",
            "url",
            "published",
            "link",
            "also",
            "answer",
        )
    ]
    assert list(answer["timings_ms"]) == ["embed", "search", "answer", "total"]
    assert (answer["answered"], answer["mode"], answer["as_of"]) == (True, "quote", "2024-11-12")
    assert answer["window"] == {"since": "2024-11-01", "until": None}
    assert answer["text"].startswith(f"{SCREENED} [1]")


def test_a_question_without_evidence_is_abstained_from_with_the_nearest_headlines(run: Run, flights: Path) -> None:
    run("reindex", str(flights))
    answer = run("ask", "who won the chess championship in Reykjavik?", "--json")
    assert answer.code == 3
    assert answer.json["citations"] == []
    assert answer.json["nearest"][0]["title"] == "Six-day operation"
    assert "Nearest headlines" in run("ask", "who won the chess championship in Reykjavik?").out


@pytest.mark.usefixtures("lenient")
def test_verify_tells_of_a_correction_and_of_a_takedown(run: Run, flights: Path) -> None:
    run("reindex", str(flights))
    kept = run("ask", "how many flights were supervised by border police?", "--json").json["id"]
    flights.write_text(flights.read_text().replace("almost 24,000", "more than 21,000"))
    assert json.loads(run("reindex", "--json").out)["sources"][0]["updated"] == 1
    corrected = run("verify", kept, "--json")
    assert corrected.code == 0
    assert corrected.json["citations"][0]["verdict"] == "verified, changed since"
    assert corrected.json["citations"][0]["newest"] == 2
    assert run("show", "post.example", "--revision", "1").out.count("almost 24,000") == 1
    assert run("remove", "post.example").code == 0
    removed = run("verify", kept, "--json")
    assert removed.code == 1
    assert removed.json["citations"][0]["verdict"] == "removed from the archive"
    assert "24,000" not in run("show", "post.example").out
    assert run("ask", "how many flights were supervised by border police?").code == 3
    assert run("reindex", "--full").code == 0
    assert run("ask", "how many flights were supervised by border police?").code == 3


def test_the_history_tells_what_each_revision_changed_until_the_text_is_removed(run: Run, flights: Path) -> None:
    run("reindex", str(flights))
    flights.write_text(flights.read_text().replace("almost 24,000", "more than 21,000"))
    run("reindex")
    change = "six days. Border police supervised [-almost 24,000-]{+more than 21,000+} flights at the crossings."
    told = run("show", "post.example", "--history").out
    assert change in told
    assert told.count(", fetched 20") == 2
    shown = run("show", "post.example", "--history", "--json").json
    assert [list(one) for one in shown["history"]] == [["revision", "fetched", "sha256", "changes"]] * 2
    assert {"op": "replace", "old": "almost 24,000", "new": "more than 21,000"} in shown["history"][1]["changes"]
    assert " ".join(one["new"] for one in shown["history"][1]["changes"]) == shown["text"]
    run("remove", "post.example")
    removed = run("show", "post.example", "--history").out
    assert removed.count("its text was removed") == 2
    assert "000" not in removed


def test_eval_scores_questions_and_keeps_no_answer(run: Run, flights: Path, tmp_path: Path) -> None:
    run("reindex", str(flights))
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"question": "how many flights were supervised by border police?", "answers": [["24,000"]], "answerable": True},
        {"question": "who won the World Cup in Norway?", "answers": [], "answerable": False},
    ]
    questions.write_text("\n".join(map(json.dumps, lines)))
    report = run("eval", str(questions), "--json").json
    assert (report["first_sentence"], report["wrongly_answered"], report["auroc"]) == (1.0, 0.0, 1.0)
    assert run("status", "--json").json["answers"] == 0


def test_search_json_has_the_agreed_fields(run: Run, flights: Path) -> None:
    run("reindex", str(flights))
    hits = run("search", "flights", "--json").json["hits"]
    assert [list(hit) for hit in hits] == [
        [
            *(
                "rank",
                "score",
                "article",
                "revision",
                "start",
                "end",
                "text",
                "title",
                "outlet",
                "url",
                "published",
                "also",
            )
        ]
    ]


def test_reindex_json_counts_by_source(run: Run, news: Path) -> None:
    write_articles(news, 3)
    report = run("reindex", str(news), "--json").json
    assert report["passages_embedded"] == 3
    assert report["sources"] == [
        {"source": str(news), "new": 3, "updated": 0, "unchanged": 0, "gone": 0, "failed": 0, "errors": []}
    ]
    assert run("reindex", "--json").json["passages_embedded"] == 0


def test_a_broken_line_is_named_the_others_are_taken_in_and_the_code_is_4(run: Run, news: Path) -> None:
    lines = [json.dumps({"text": f"Report number {n} is here."}) for n in range(20)]
    lines[16] = "{broken"
    (news / "x.jsonl").write_text("\n".join(lines))
    result = run("reindex", str(news))
    assert result.code == 4
    assert f"{news}/x.jsonl:17: it is not JSON" in result.err
    assert result.out.startswith("19 new, 1 failed")


def test_a_dry_run_changes_nothing(run: Run, news: Path) -> None:
    write_articles(news, 2)
    assert run("reindex", str(news), "--dry-run").out.startswith("2 new")
    assert json.loads(run("status", "--json").out)["articles"] == 0
    assert run("sources", "list").out == "no sources yet\n"


def test_one_article_comes_on_standard_input(run: Run) -> None:
    assert run("reindex", "-", stdin=b"Walrus seen\n\nA walrus was seen in the harbour of Elsin.").out.startswith(
        "1 new"
    )
    assert "walrus was seen" in run("search", "walrus").out
    assert run("reindex", "-", stdin=b"").code == 4


def test_status_and_doctor_agree_after_a_reindex(run: Run, news: Path) -> None:
    write_articles(news, 4)
    run("reindex", str(news))
    status = run("status", "--json").json
    assert (status["articles"], status["passages"], status["changes_not_indexed"]) == (4, 4, 0)
    assert status["outlets"] == {"The Weekly": 2, "The Daily": 2}
    assert run("doctor", "--json").json == {"agree": True, "repaired": False, "disagreements": {}}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["reindex", "missing-folder"], 2),
        (["reindex", sys.executable], 2),
        (["reindex"], 2),
        (["reindex", "http://127.0.0.1:1/feed"], 4),
        (["reindex", "--watch", "--full"], 2),
        (["ask", "anything"], 5),
        (["search", "anything"], 5),
        (["show", "nothing"], 1),
        (["verify", "a_nothing"], 1),
        (["remove", "nothing"], 1),
        (["eval", "missing.jsonl"], 2),
    ],
)
def test_bad_input_is_one_clear_line_and_the_right_code(run: Run, words: list[str], code: int) -> None:
    result = run(*words)
    assert result.code == code
    assert one_line(result)
    assert result.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ["ask", ""],
        ["ask", "   "],
        ["ask", "word " * 5000],
        ["ask", "rain?", "--since", "the 45th of Nevember"],
        ["ask", "rain?", "--now", "tomorrow"],
        ["ask", "rain?", "--since", "2024-11-05", "--until", "2024-11-01"],
        ["ask", "rain?", "--outlet", "No Such Paper"],
        ["show", "flights", "--span", "9-5"],
        ["show", "flights", "--span", "0-99999"],
        ["show", "flights", "--history", "--revision", "1"],
        ["ask"],
        ["ask", "rain?", "--limit", "0"],
        ["nonsense"],
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(run: Run, flights: Path, words: list[str]) -> None:
    flights.write_text(flights.read_text().replace("post.example/operation", "post.example/flights"))
    run("reindex", str(flights))
    result = run(*words)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert result.out == ""


@pytest.mark.parametrize("question", ["the of and to", "title:x AND (", "how many \x1b[31mflights\x07"])
def test_odd_questions_are_only_text(run: Run, flights: Path, question: str) -> None:
    run("reindex", str(flights))
    result = run("ask", question)
    assert result.code in {0, 3}
    assert "\x1b" not in result.out


@pytest.mark.parametrize("command", ["ask", "search"])
def test_words_that_came_in_another_encoding_are_a_usage_error(run: Run, flights: Path, command: str) -> None:
    run("reindex", str(flights))
    result = run(command, "how many flights to M\udcfcnchen?")  # as Python passes on what is not UTF-8
    assert (result.code, one_line(result)) == (2, True)
    assert "UTF-8" in result.err


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LOCK_WAIT", "soon")
    result = run("status")
    assert (result.code, one_line(result)) == (1 + 1, True)
    assert "DATELINE_LOCK_WAIT" in result.err


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "DATELINE_DATABASE_URL cannot be used"),
        ("foo://host/name", "DATELINE_DATABASE_URL cannot be used"),
        ("mysql+pymysql://host/name", "the database driver pymysql is not installed (pip install pymysql)"),
        ("postgresql+psycopg://x@127.0.0.1:1/x", "the archive cannot be read or written"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str, complaint: str
) -> None:
    monkeypatch.setenv("DATELINE_DATABASE_URL", url)
    result = run("status")
    assert result.code in {1, 2}
    assert one_line(result)
    assert complaint in result.err


def test_a_home_that_cannot_be_written_is_one_clear_error(
    run: Run, flights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "file" / "home"))
    for words in (["reindex", str(flights)], ["status"], ["ask", "x"]):
        result = run(*words)
        assert result.code in {1, 5}
        assert one_line(result)


@pytest.mark.parametrize("bytes_at_most", [40_000, 400_000], ids=["archive", "indexes"])
def test_a_disk_that_takes_no_more_is_one_clear_error_and_loses_nothing(
    run: Run, news: Path, bytes_at_most: int
) -> None:
    write_articles(news, 300)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at_most, limits[1]))
    try:
        stopped = run("reindex", str(news))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (stopped.code, one_line(stopped), stopped.out) == (1, True, "")
    assert run("reindex", str(news)).code == 0
    assert run("status", "--json").json["articles"] == 300
    assert run("doctor").code == 0


def test_ctrl_c_is_one_line_and_loses_nothing(run: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(news, 3)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(BagOfWords, "embed_documents", interrupt)
        stopped = run("reindex", str(news))
    assert stopped.code == 130
    assert stopped.err.count("\n") == 1
    assert run("reindex", "--json").json["passages_embedded"] == 3
