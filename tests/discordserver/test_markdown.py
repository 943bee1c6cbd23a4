"""Discord's markdown, read and wrapped."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from bot.discord_text import bold, escape
from tests.discordserver.markdown import Block, Kind, Line, Run, parse, wrap

AT = "<t:1731405600:D>"  # 12 November 2024, 10:00 in UTC


def length(run: Run) -> float:
    return len(run.text) * (2 if run.bold else 1)


def shown(rows: list[tuple[Run, ...]]) -> list[str]:
    return ["".join(run.text for run in row) for row in rows]


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("plain [1] “words” …", [Run("plain [1] “words” …")]),
        ("almost **24,000** flights", [Run("almost "), Run("24,000", bold=True), Run(" flights")]),
        (r"\*not\* bold\_", [Run("*not* bold_")]),
        (r"**2 \* 3** \\", [Run("2 * 3", bold=True), Run(" \\")]),
        (r"\**half**", [Run("**half**")]),
        ("**open", [Run("**open")]),
        ("[Six days](<https://a.example/#:~:text=x>).", [Run("Six days", kind=Kind.LINK), Run(".")]),
        (r"\[Six\](<https://a.example/>)", [Run("[Six](<https://a.example/>)")]),
        (f"Post, {AT}: x", [Run("Post, "), Run("12 November 2024", kind=Kind.DAY), Run(": x")]),
        (r"\<t:1731405600:D>", [Run("<t:1731405600:D>")]),
    ],
)
def test_a_line_is_read_as_runs(written: str, runs: list[Run]) -> None:
    assert parse(written) == [Line(tuple(runs))]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("> said", Line((Run("said"),), Block.QUOTE)),
        ("-# searched", Line((Run("searched"),), Block.SMALL)),
        ("- headline", Line((Run("headline"),), Block.ITEM)),
        (r"\- 5 degrees", Line((Run("- 5 degrees"),))),
        (r"\> said", Line((Run("> said"),))),
        ("-5", Line((Run("-5"),))),
        ("", Line(())),
    ],
)
def test_what_a_line_begins_with_says_what_it_is(written: str, line: Line) -> None:
    assert parse(f"first\n{written}") == [Line((Run("first"),)), line]


@pytest.mark.parametrize(
    "text", ["**a** [b](<c>) `d`", "- 1. # x", "<@1> \\ _s_ ~~t~~ ||u||", "> 5 @here https://a.example"]
)
def test_article_text_is_shown_as_it_is(text: str) -> None:
    assert parse(escape(text)) == [Line((Run(text),))]
    assert parse(bold(text)) == [Line((Run(text, bold=True),))]


def test_a_day_is_told_by_the_clock_of_the_reader() -> None:
    (line,) = parse(AT, timezone(timedelta(hours=-11)))
    assert line.runs == (Run("11 November 2024", kind=Kind.DAY),)


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("one two three", ["one two", "three"]),
        ("one  two", ["one  two"]),
        ("one sevens eight", ["one", "sevens", "eight"]),
        ("12345678", ["12345678"]),
        ("a 1234567890", ["a", "12345678", "90"]),
        ("ab **cdef**", ["ab", "cdef"]),
        ("ab “**cd**”", ["ab", "“cd”"]),
        ("", [""]),
    ],
)
def test_rows_are_filled_word_by_word(written: str, rows: list[str]) -> None:
    (line,) = parse(written)
    wrapped = wrap(line.runs, 8, length)
    assert shown(wrapped) == rows
    assert all(sum(map(length, row)) <= 8 for row in wrapped)


def test_a_wrapped_row_keeps_its_looks() -> None:
    (line,) = parse("of **one two** end")
    assert wrap(line.runs, 9, length) == [
        (Run("of "), Run("one", bold=True)),
        (Run("two", bold=True),),
        (Run("end"),),
    ]


def test_a_day_stays_on_one_row() -> None:
    (line,) = parse(f"on the {AT}")
    assert shown(wrap(line.runs, 17, length)) == ["on the", "12 November 2024"]
