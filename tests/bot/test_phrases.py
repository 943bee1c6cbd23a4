"""The catalogues say all that the bot says, in each language, and answers in each are within Discord's limits."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

import bot
from bot.bearing import Stance
from bot.discord_admin import ADMIN_COMMANDS
from bot.discord_commands import COMMANDS, help_text
from bot.discord_errors import in_words
from bot.discord_settings import settings
from bot.discord_text import MOST, size
from bot.discord_watch import watch
from bot.phrases import LANGUAGES, Phrase, dated, english, phrases, said
from bot.records import Check, Reason, Verdict, Window
from bot.render_discord import Page, answer_pages, headlines_page, verdicts_page
from index.records import Filter
from ingest.errors import UsageError
from tests.bot.test_render_discord import ANSWER, ASKED, BOTH, FLOOD, NEWER, NONE, ONE, TWO, article

PACKAGE = Path(bot.__file__).parent
MARKS = {"say", "english", "Phrase"}
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language: str) -> dict[str, str]:
    return tomllib.loads((PACKAGE / "languages" / f"{language}.toml").read_text("utf-8"))


def literals(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from (*literals(argument.body), *literals(argument.orelse))


def marked() -> Iterator[str]:
    """The phrases that the code says, or marks to be said later."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).rpartition(".")[2] in MARKS:
                yield from literals(node.args[0])


def descriptions(command: Any) -> Iterator[str]:
    """What commands and their options are for."""
    if not isinstance(command, app_commands.ContextMenu):
        yield command.description
    yield from (option.description for option in getattr(command, "parameters", ()))
    for inner in getattr(command, "commands", ()):
        yield from descriptions(inner)


def shown() -> set[str]:
    commands = (*COMMANDS, *ADMIN_COMMANDS, watch, settings)
    return {text for command in commands for text in descriptions(command)}


def placeholders(phrase: str) -> set[str]:
    names = [name for _, name, _, _ in string.Formatter().parse(phrase) if name]
    return {name.partition(".")[0] for name in names}


@EVERY
def test_a_catalogue_has_the_phrases_that_are_said_and_no_others(language: str) -> None:
    assert set(catalogue(language)) == {*marked(), *shown(), *Verdict, *Stance}


@EVERY
def test_each_phrase_is_translated_with_the_same_placeholders(language: str) -> None:
    for phrase, translation in catalogue(language).items():
        assert translation.strip()
        assert placeholders(translation) == placeholders(phrase)
        assert translation.count("`") == phrase.count("`")
        assert translation.startswith(" ") == phrase.startswith(" ")


@EVERY
def test_descriptions_fit_into_what_discord_offers(language: str) -> None:
    assert {text: len(text) for text in map(phrases(language), shown()) if len(text) > 100} == {}


def test_french_signs_stand_apart_by_spaces_at_which_no_line_breaks() -> None:
    for translation in catalogue("fr").values():
        assert not re.search(r"[ \w](?:[;?!»]|:(?!\S))|«(?!\u202f)", re.sub(r"[*`]|{[^}]*}", "", translation))


@pytest.mark.parametrize(
    ("locale", "word"),
    [("de", "ohne Datum"), ("es-ES", "sin fecha"), ("es-419", "sin fecha"), ("fr", "sans date")]
    + [(locale, "undated") for locale in ("", "en", "en-GB", "pl", "../de", "delta")],
)
def test_a_locale_speaks_its_language_or_english(locale: str, word: str) -> None:
    assert phrases(locale)("undated") == word
    assert phrases(locale)("never a phrase") == "never a phrase"


def test_dates_have_no_words_in_other_languages() -> None:
    assert dated(NEWER) == "18 Nov 2024"
    assert dated(NEWER, phrases("de")) == "2024-11-18"
    assert dated(None, phrases("es")) == "sin fecha"


def test_a_message_of_an_error_can_be_said_later() -> None:
    message = Phrase("ask in {channels}", channels="{#news}")
    assert message == str(message) == "ask in {#news}"
    assert said(message, phrases("de")) == "Fragen bitte in {#news}"
    assert said("ask again", phrases("de")) == "ask again"
    hint = Phrase("ask again after midnight (UTC)")
    refused = UsageError(Phrase("I do not answer in this channel"), hint=hint)
    assert in_words(refused, phrases("fr")) == (
        "Je ne réponds pas dans ce salon.\n-# de nouvelles questions seront possibles après minuit (UTC)"
    )
    assert in_words(refused, english) == "I do not answer in this channel.\n-# ask again after midnight (UTC)"


def only(pages: list[Page]) -> Page:
    (page,) = pages
    return page


def test_an_answer_is_worded_in_german_around_what_it_quotes() -> None:
    window = Window("last week", datetime(2024, 11, 11, tzinfo=UTC), datetime(2024, 11, 18, tzinfo=UTC))
    asked = replace(ASKED, where=Filter(outlets=("Courier", "Ledger")), read_as="who was displaced?")
    answer = replace(
        BOTH, differing=(1, 2), window=window, question=asked, citations=(replace(ONE, published=None), TWO)
    )
    page = only(answer_pages(answer, phrases("de")))
    for words in (
        "-# verstanden als: who was displaced? (nur Courier, Ledger)\nDie Berichte weichen voneinander ab:\n",
        "> “The flood displaced **1,320** people.” [1]\n-# [Flood](<https://c.example/1>) — Courier, ohne Datum\n",
        "\n-# auch in: Post, Herald",
        "-# durchsucht: last week, <t:1731319200:D> bis <t:1731837600:D>, Courier und Ledger",
    ):
        assert words in page.text
    assert page.footer == "Stand 2024-11-18 · 2 unabhängige Berichte · im Wortlaut der Artikel · Antwort a_1"


def test_a_refusal_and_a_verdict_are_worded_in_french() -> None:
    say = phrases("fr")
    refused = only(answer_pages(replace(NONE, reason=Reason.SILENT), say)).text
    question = "How many people were displaced?"
    assert refused.startswith(f"Ces articles en parlent, mais ne répondent pas à\u202f: «\u202f{question}\u202f»\n")
    page = verdicts_page([Check(ONE, Verdict.SUPERSEDED, 2)], say)
    assert page.text.startswith("[1] **vérifiée\u202f; l’article a changé depuis** — Flood, Courier, ")
    assert " (la version 2 existe)\n> “The flood displaced **1,320** people.”" in page.text
    assert page.footer == "1 citation vérifiée sur 1"


@EVERY
@pytest.mark.parametrize("reason", [None, *Reason])
def test_answers_are_within_the_limits_in_each_language(language: str, reason: Reason | None) -> None:
    say = phrases(language)
    cited = tuple(replace(ONE, n=n, also=("Herald" * 9,) * 9, quote=FLOOD * 20) for n in range(1, 30))
    claims = tuple(replace(ANSWER.claims[0], citations=(n,)) for n in range(1, 30))
    many = replace(ANSWER, claims=claims, citations=cited, differing=(1, 2, 3), note="x" * 900)
    answer = replace(NONE, reason=reason, nearest=NONE.nearest * 20, as_of=NEWER) if reason else many
    for page in [*answer_pages(answer, say), verdicts_page([Check(one, Verdict.GONE, 1) for one in cited], say)]:
        assert 0 < size(page.text) <= MOST
        assert size(page.text + page.footer) <= 6_000


@EVERY
def test_help_fits_into_a_message_and_names_the_button_as_it_is_labelled(language: str) -> None:
    text = help_text(phrases(language))
    assert size(text) <= 2_000
    assert f"*{phrases(language)('Ask more')}*" in text
    assert "*Fact-check this*" in text


def test_what_articles_say_keeps_its_spaces_at_which_no_line_breaks() -> None:
    title = "«\u202fNon\u202f», dit\xa0Macron"
    assert title in headlines_page([article(title, "Le Monde", "https://m.example/1", NEWER)], phrases("fr")).text
    blank = headlines_page([article("\xa0\u202f ", "", "https://m.example/1", NEWER)], phrases("fr")).text
    assert blank.startswith("- [1](<https://m.example/1>)")
