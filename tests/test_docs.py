"""The README and `.env.example` say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from bot.cli import cli
from bot.config import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def commands() -> dict[str, set[str]]:
    """Every command with its long options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, name: str) -> None:
        for child_name, child in getattr(command, "commands", {}).items():
            walk(child, f"{name} {child_name}")
        if not getattr(command, "commands", {}):
            options = [option for parameter in command.params for option in parameter.opts]  # type: ignore[attr-defined]
            found[name] = {option for option in options if option.startswith("--")} - {"--help"}

    walk(typer.main.get_command(cli), "dateline")
    return found


def settings() -> dict[str, str]:
    """Names and defaults in `.env.example`."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.M))


def test_env_example_names_exactly_the_settings_with_their_defaults() -> None:
    assert list(settings()) == [name.upper() for name in Settings.model_fields]
    for name, value in settings().items():
        default = Settings.model_fields[name.lower()].default
        if value:
            assert str(default).removesuffix(".0") == value


def test_the_readme_names_every_setting() -> None:
    table = README[README.index("## Configuration") :]
    assert re.findall(r"^\| `([A-Z_]+)` \|", table, re.M) == list(settings())


def test_the_readme_names_every_command_and_option() -> None:
    table = README[README.index("## Commands") : README.index("## Configuration")]
    rows = dict(re.findall(r"^\| `(dateline[a-z ]*?)(?: [A-Z\"…].*?)?` \|(.*)$", table, re.M))
    assert set(rows) == set(commands())
    for name, options in commands().items():
        assert set(re.findall(r"--[a-z-]+", rows[name])) == options, name


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^\$ (dateline .+)$", README, re.M))))
def test_every_command_shown_in_the_readme_is_understood(command: str) -> None:
    name = max((known for known in commands() if command.startswith(known)), key=len)
    assert set(re.findall(r"--[a-z-]+", command)) <= commands()[name]


def test_every_quotation_in_the_readme_stands_in_a_sample_article() -> None:
    samples = "\n".join(path.read_text() for path in (ROOT / "samples" / "articles").rglob("*.*"))
    quotations = re.findall(r"“([^”]+)” \[\d\]", README)
    assert len(quotations) >= 3
    assert [quotation for quotation in quotations if quotation not in samples] == []


def test_every_file_the_readme_names_is_there() -> None:
    for name in re.findall(r"`((?:bot|ingest|index|tests|training|samples|benchmarks)/[\w./]*)`", README):
        assert (ROOT / name).exists(), name
