"""What LLM_MODEL and its companions may say: what cannot be used is one clear line, what works is shown the same way."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Result, Run, Tell, one_line
from tests.bot.test_generate import CLAIM, COURT, FLIGHTS, GOOD, NO_PROOF, NOW, QUESTION, QUOTE, answer, claims
from tests.llmserver import LlmServer, Script, fails, llm_server, says

USAGE = 2
KEY = "sk-not-to-be-seen"
ROOT = Path(__file__).parents[2]
OUTSIDE = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OLLAMA_HOST")
EXAMPLE = "(set LLM_MODEL to provider:name, such as openai:gpt-4o-mini, anthropic:claude-haiku-4-5 or ollama:llama3.1)"
RECORDS = json.dumps({"claims": [{"claim": CLAIM, "quotes": [{"passage": 1, "quote": QUOTE}]}]})

AskAt = Callable[..., tuple[Result, LlmServer]]

pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture(autouse=True)
def _indexed(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    tell(FLIGHTS, COURT)


@pytest.fixture
def ask_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> AskAt:
    """Ask a model on a server of one's own; what is printed, and the server with what it was sent."""

    def ask_at(model: str, *scripts: Script, provider: str = "openai", **settings: str) -> tuple[Result, LlmServer]:
        with llm_server(*scripts) as server:
            values = {"llm_model": model, "llm_base_url": server.base_url(provider), **settings}
            for name, value in values.items():
                monkeypatch.setenv(name.upper(), value)
            return run("ask", QUESTION, "--now", NOW, "--json"), server

    return ask_at


UNUSABLE = {
    "no provider": (
        {"LLM_MODEL": "gpt-4o"},
        f"LLM_MODEL is not a provider and a name: 'gpt-4o' {EXAMPLE}",
    ),
    "no name": (
        {"LLM_MODEL": "openai:"},
        f"LLM_MODEL is not a provider and a name: 'openai:' {EXAMPLE}",
    ),
    "unknown provider": (
        {"LLM_MODEL": "nobody:gpt-4o"},
        f"LangChain knows no provider 'nobody' {EXAMPLE}",
    ),
    "not installed": (
        {"LLM_MODEL": "mistralai:mistral-small"},
        "mistralai models need langchain-mistralai, which is not installed (pip install langchain-mistralai)",
    ),
    "not installed, of another name": (
        {"LLM_MODEL": "bedrock:nova"},
        "bedrock models need langchain-aws, which is not installed (pip install langchain-aws)",
    ),
    "no key for OpenAI": (
        {"LLM_MODEL": "openai:gpt-4o"},
        "there is no key for the language model (set LLM_API_KEY, or OPENAI_API_KEY)",
    ),
    "no key for Anthropic": (
        {"LLM_MODEL": "anthropic:claude-haiku-4-5"},
        "there is no key for the language model (set LLM_API_KEY, or ANTHROPIC_API_KEY)",
    ),
    "no address": (
        {"LLM_MODEL": "openai:gpt-4o", "LLM_BASE_URL": "my-server"},
        "LLM_BASE_URL is no web address (set it such as http://localhost:8000/v1)",
    ),
}

every_unusable_setting = pytest.mark.parametrize(("settings", "told"), UNUSABLE.values(), ids=UNUSABLE.keys())


@pytest.fixture
def unusable(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has these settings, and LangChain's packages for Mistral and AWS are missing."""
    for package in ("langchain_mistralai", "langchain_aws"):
        monkeypatch.setitem(sys.modules, package, None)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@every_unusable_setting
@pytest.mark.usefixtures("unusable")
@pytest.mark.parametrize("words", [["ask", QUESTION], ["chat"]], ids=["ask", "chat"])
def test_a_setting_that_cannot_be_used_is_one_clear_line(run: Run, words: list[str], told: str) -> None:
    done = run(*words, stdin=QUESTION.encode())
    assert (one_line(done), done.out) == (True, "")
    assert done.err == f"error: {told}\n"
    assert done.code == USAGE


@every_unusable_setting
@pytest.mark.usefixtures("unusable", "told")
def test_what_asks_no_model_goes_on_whatever_is_set(run: Run) -> None:
    done = run("ask", QUESTION, "--now", NOW, "--no-llm", "--json")
    assert (done.code, done.err, done.json["mode"], done.json["note"]) == (0, "", "quote", None)
    assert "almost 24,000 flights" in done.json["text"]
    assert run("chat", "--now", NOW, "--no-llm", stdin=QUESTION.encode()).code == 0
    assert run("search", QUESTION, "--json").json["hits"]
    assert run("status").code == 0


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
def test_an_extra_that_is_not_installed_is_told_by_the_command_that_installs_it(provider: str) -> None:
    program = (
        "import sys; from functools import partial; from bot import cli; from tests.support import BagOfWords\n"
        "sys.modules[f'langchain_{sys.argv[1]}'] = None  # as if it was not there\n"
        "cli.App = partial(cli.App, embedder=BagOfWords())\n"
        "sys.argv[1:] = sys.argv[2:]; cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, provider, "ask", QUESTION],
        env={**os.environ, "LLM_MODEL": f"{provider}:any", "LLM_API_KEY": "any"},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    package = f"langchain-{provider}"
    remedy = f'pip install "dateline[{provider}]"'
    assert done.stderr == f"error: {provider} models need {package}, which is not installed ({remedy})\n"
    assert done.returncode == USAGE


def test_where_nobody_listens_the_articles_own_words_answer_and_one_line_says_why(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server(says(GOOD)) as server:
        host = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("LLM_MODEL", "openai:test")
    monkeypatch.setenv("LLM_BASE_URL", f"http://{host}/v1")
    done = run("ask", QUESTION, "--now", NOW)
    told = f"the language model cannot be reached at {host}; answered in the articles' own words"
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == told
    assert "almost 24,000 flights" in done.out


def test_a_name_alone_is_a_model_of_the_server_that_is_set(ask_at: AskAt) -> None:
    done, server = ask_at("my-model:7b", says(GOOD))
    assert (server.requests[0].path, server.requests[0].body["model"]) == ("/v1/chat/completions", "my-model:7b")
    assert answer(done)["text"] == f"{CLAIM} [1]"


FORMS = {
    "lines, OpenAI": ("openai", "test", GOOD),
    "lines, Anthropic": ("anthropic", "test", GOOD),
    "JSON, OpenAI": ("openai", "gpt-4o", RECORDS),
    "JSON, Anthropic": ("anthropic", "claude-haiku-4-5", RECORDS),
}


@pytest.mark.parametrize(("provider", "name", "text"), FORMS.values(), ids=FORMS.keys())
def test_claims_are_proven_and_shown_the_same_in_whatever_form_they_come(
    ask_at: AskAt, provider: str, name: str, text: str
) -> None:
    pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
    done, server = ask_at(f"{provider}:{name}", says(*pieces), provider=provider)
    found = answer(done)
    (citation,) = found["citations"]
    assert (done.code, done.err, claims(done)) == (0, "", [CLAIM])
    assert (found["mode"], found["text"], found["note"], found["dropped"]) == ("llm", f"{CLAIM} [1]", None, 0)
    assert (citation["outlet"], citation["quote"]) == (FLIGHTS.outlet, QUOTE)
    assert FLIGHTS.text[citation["start"] : citation["end"]] == QUOTE
    assert (schema(server.requests[0].body) is not None) == (text == RECORDS)
    assert ("Answer with a JSON object" in server.requests[0].prompt) == (text == RECORDS)


def schema(body: dict[str, Any]) -> Any:
    """The form that a request asks for, as OpenAI and Anthropic have it."""
    return body.get("response_format") or body.get("output_config")


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (CLAIM.replace("24,000", "42,000"), QUOTE),
        (CLAIM, QUOTE.replace("24,000", "42,000")),
    ],
    ids=["wrong number", "invented quotation"],
)
def test_a_claim_in_json_without_proof_is_not_shown(ask_at: AskAt, claim: str, quote: str) -> None:
    wrong = RECORDS.replace(CLAIM, claim).replace(QUOTE, quote)
    done, server = ask_at("openai:gpt-4o", says(wrong))
    found = answer(done)
    assert (done.code, claims(done), found["reason"], found["dropped"]) == (3, [], "unproven", 2)
    assert "42,000" not in done.out
    assert all(schema(request.body) for request in server.requests)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
@pytest.mark.parametrize(
    "script", [says(GOOD), says(NO_PROOF["wrong number"]), fails(401), fails(500)], ids=["good", "bad", "401", "500"]
)
def test_the_key_is_sent_and_then_nowhere_to_be_found(
    ask_at: AskAt, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture, provider: str, script: Script
) -> None:
    caplog.set_level(logging.DEBUG)
    done, server = ask_at(f"{provider}:test", script, provider=provider, llm_api_key=KEY)
    assert KEY in " ".join(server.requests[0].headers.values())
    kept = run("verify", answer(done)["id"], "--json")
    assert "127.0.0.1" in kept.json["made_by"]
    assert KEY not in done.out + done.err + kept.out + kept.err + caplog.text
    files = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert [file.name for file in files if KEY.encode() in file.read_bytes()] == []
    assert "journal.db" in {file.name for file in files}


def test_credentials_in_an_address_are_told_to_nobody(ask_at: AskAt, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done, server = ask_at("openai:test", says(GOOD))
    made_by = run("verify", answer(done)["id"], "--json").json["made_by"]
    monkeypatch.setenv("LLM_BASE_URL", f"http://ann:{KEY}@127.0.0.1:{server.server_port}/v1")  # nobody listens now
    failed = run("ask", QUESTION, "--now", NOW, "--json")
    kept = run("verify", answer(failed)["id"], "--json")
    assert kept.json["made_by"] == made_by
    assert KEY not in failed.out + failed.err + kept.out


def test_status_counts_what_was_dropped(ask_at: AskAt, run: Run) -> None:
    assert "dropped claims" in run("status").out
    assert run("status", "--json").json["dropped_claims"] == 0
    ask_at("openai:test", says(f"{NO_PROOF['wrong number']}\n{GOOD}"), says(NO_PROOF["wrong unit"]))
    told = next(line for line in run("status").out.splitlines() if line.startswith("dropped claims"))
    assert told.split() == ["dropped", "claims", "2"]
