"""Imports run downstream only, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "ingest": set(),
    "prompts": set(),
    "index": {"ingest"},
    "bot": {"ingest", "index", "prompts"},
}
HEAVY = [
    *("torch", "sentence_transformers", "transformers", "onnxruntime", "tokenizers", "numpy", "matplotlib"),
    *("chromadb", "dateparser", "discord", "langchain", "langchain_core"),
    *("langchain_openai", "langchain_ollama", "langchain_anthropic", "openai", "anthropic", "ollama"),
    *("tiktoken", "langsmith", "json_repair"),
]


def imported(file: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_is_upstream_of_it(package: str) -> None:
    files = list((ROOT / package).glob("*.py"))
    assert files
    ours = set(MAY_IMPORT) | {"tests", "training", "benchmarks"}
    for file in files:
        assert imported(file) & ours - {package} <= MAY_IMPORT[package], file.name


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["status"],
        ["sources", "list"],
        ["sources", "add", "."],
        ["show", "x"],
        ["ask", ""],
        ["chat"],
        ["eval", "missing.jsonl"],
    ],
)
def test_a_command_that_does_not_answer_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys, json; from bot import cli; sys.argv = ['dateline', *json.loads(sys.argv[1])]\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(words)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_importing_every_module_reads_no_setting_and_opens_nothing(package: str, tmp_path: Path) -> None:
    modules = [f"{package}.{file.stem}" for file in (ROOT / package).glob("*.py") if file.stem != "__init__"]
    # LangChain or Discord is their very purpose.
    modules = [name for name in modules if name != "index.langchain_adapter" and not name.startswith("bot.discord_")]
    program = (
        "import os, sys, importlib\n"
        "seen = set(sys.modules)\n"
        f"for name in {modules}: importlib.import_module(name)\n"
        f"heavy = [name for name in {HEAVY} if name in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env={"DATELINE_HOME": str(tmp_path / "h")})
    assert not (tmp_path / "h").exists()
