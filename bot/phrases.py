"""The bot's own words in the languages that it speaks. What articles say is never translated."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Self

LANGUAGES = ("de", "es", "fr")  # beside English, in which the phrases are written

Say = Callable[[str], str]


def english(phrase: str) -> str:
    """The phrase itself. It marks a phrase, too, that is to be said later."""
    return phrase


def phrases(language: str) -> Say:
    """How phrases are said in a language, which is named as Discord does, such as es-ES; in English, if it is unknown."""
    code = language.partition("-")[0]
    if code not in LANGUAGES:
        return english
    catalogue = _catalogue(code)
    return lambda phrase: catalogue.get(phrase, phrase)


class Phrase(str):
    """A phrase with its values, in English, that can be said in another language later: the message of an error."""

    __slots__ = ("phrase", "values")
    phrase: str
    values: Mapping[str, object]

    def __new__(cls, phrase: str, **values: object) -> Self:
        """Fill the values in."""
        self = super().__new__(cls, phrase.format(**values))
        self.phrase, self.values = phrase, values
        return self


def said(text: str, say: Say) -> str:
    """A phrase with its values as it is said in a language; any other text as it is."""
    return say(text.phrase).format(**text.values) if isinstance(text, Phrase) else text


def dated(moment: datetime | None, say: Say = english) -> str:
    """`12 Nov 2024`, or without words in other languages; `undated`."""
    return say("{day.day} {day:%b %Y}").format(day=moment) if moment else say("undated")


@cache
def _catalogue(code: str) -> Mapping[str, str]:
    return tomllib.loads((Path(__file__).parent / "languages" / f"{code}.toml").read_text("utf-8"))
