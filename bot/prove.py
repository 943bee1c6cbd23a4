"""Whether the articles bear what a language model claims. Pure.

A claim holds when all words that it rests on are found in an article, and nothing it says goes beyond them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.facts import unsupported
from bot.locate import locate
from bot.protocol import Draft, DraftQuote
from bot.wording import objections
from index.records import Hit
from ingest.chunk import sentences

SAYS = r"(?:reports|reported|says|said|writes|wrote)(?: that)?"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage that a language model is shown. text: of the whole revision that it is cut from."""

    hit: Hit
    text: str

    @property
    def all_that_is_shown(self) -> str:
        """Everything in it that is somebody else's words; of the article, all."""
        return f"{self.hit.article.byline}\n{self.hit.article.title}\n{self.text}"

    @property
    def span(self) -> tuple[int, int]:
        """Where the passage stands in the text."""
        return self.hit.passage.start, self.hit.passage.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where quoted words stand: `excerpt.text[start:end]`."""

    excerpt: Excerpt
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The words, as the article has them."""
        return self.excerpt.text[self.start : self.end]

    @property
    def surroundings(self) -> str:
        """The whole sentences that the words are of."""
        text = self.excerpt.text
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.end)
        paragraph = text[first : last if last >= 0 else len(text)]
        spans = [
            (one.start, one.end)
            for one in sentences(paragraph, self.excerpt.hit.article.language)
            if one.start < self.end - first and one.end > self.start - first
        ]
        return paragraph[spans[0][0] : spans[-1][1]] if spans else self.quote


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the words stand that a claim rests on, and what speaks against it; it holds when nothing does."""

    places: tuple[Place, ...]
    objections: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it may be shown."""
        return bool(self.places) and not self.objections


def prove(draft: Draft, excerpts: Sequence[Excerpt], context: str, terms: Callable[[str], list[str]]) -> Proof:
    """Look for a claim's quotations, and compare the claim with them.

    context: all that the model was shown, which tells ordinary words from names. terms: the stems of a text.
    """
    found = [(quote, _find(quote, excerpts)) for quote in draft.quotes]
    if lost := tuple(f"“{quote.words}” stands in none of the passages" for quote, place in found if not place):
        return Proof((), lost)
    places = tuple(dict.fromkeys(place for _, place in found if place))
    quotes = [place.quote for place in places]
    claim = _without_attribution(draft.text, places)
    lacking = (f"“{words}” does not stand in the quoted words" for words in unsupported(claim, quotes, context))
    surroundings = [place.surroundings for place in places]
    return Proof(places, (*lacking, *objections(claim, quotes, surroundings, terms)))


def _find(quote: DraftQuote, excerpts: Sequence[Excerpt]) -> Place | None:
    """In the passage that the model names, else in another: models mix up numbers, and what counts is the words."""
    named = excerpts[quote.passage - 1 : quote.passage] if quote.passage > 0 else []
    for excerpt in (*named, *excerpts):
        if span := locate(quote.words, excerpt.text, excerpt.span):
            return Place(excerpt, *span)
    return None


def _without_attribution(claim: str, places: Sequence[Place]) -> str:
    """The claim without the outlet that it names as its source, if that is where all its quotations stand."""
    hits = [place.excerpt.hit for place in places]
    for outlet in set.intersection(*({hit.article.byline, *hit.also_in} for hit in hits)):
        name = rf"(?:the )?{re.escape(outlet)}"
        pattern = rf"according to {name}, |{name} {SAYS} |(?P<behind>.+?),? according to {name}(?P<stop>\.?)"
        if found := re.match(pattern, claim, re.I):
            behind = found["behind"]
            return behind + found["stop"] if behind else claim[found.end() :]
    return claim
