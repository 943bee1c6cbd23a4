"""Verified answers from the samples, corrupted in two hundred places for each kind: not one corruption may pass."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest

from bot.app import App
from bot.protocol import Draft, DraftQuote
from bot.prove import Excerpt, prove
from index.records import Hit
from ingest.chunk import passages, sentences

ANSWERS = 200
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
NAME = re.compile(r"(?<=\w )[A-Z][a-z]{2,}")  # not what a sentence begins with
LETTER = re.compile(r"[A-Za-z0-9]")


def excerpts(samples: App) -> Iterator[Excerpt]:
    """Every passage of the samples, as a language model would be shown it."""
    archive = samples.archive
    ids = sorted({change.article for change in archive.changes(0, 10**6)})
    for article in archive.articles(ids).values():
        revision = archive.revision(article.id, article.revision)
        assert revision is not None
        for passage in passages(article.id, article.revision, revision.text, "", samples.embedder.count, window=254):
            yield Excerpt(Hit(passage, article, 0.0, 0.0), revision.text)


def answers(shown: list[Excerpt]) -> list[tuple[Draft, Excerpt]]:
    """A claim for each sentence that holds a number or a name, resting on exactly that sentence."""
    found = {}
    for excerpt in shown:
        text = excerpt.hit.passage.text
        for one in sentences(text):
            words = text[one.start : one.end]
            if (NUMBER.search(words) or NAME.search(words)) and words.endswith("."):
                found[words] = Draft(words, (DraftQuote(1, words),)), excerpt
    return list(found.values())


def change(words: str, pattern: re.Pattern[str], chance: random.Random) -> str:
    """One character of one match made another of its kind."""
    match = chance.choice(list(pattern.finditer(words)))
    places = [place for place in range(*match.span()) if words[place].isalnum()]
    place = chance.choice(places)
    old = words[place]
    kind = "0123456789" if old.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    new = chance.choice([one for one in kind if one != old.casefold()])
    return words[:place] + (new.upper() if old.isupper() else new) + words[place + 1 :]


def in_the_number(draft: Draft, chance: random.Random) -> Draft | None:
    return Draft(change(draft.text, NUMBER, chance), draft.quotes) if NUMBER.search(draft.text) else None


def in_the_name(draft: Draft, chance: random.Random) -> Draft | None:
    return Draft(change(draft.text, NAME, chance), draft.quotes) if NAME.search(draft.text) else None


def in_the_quotation(draft: Draft, chance: random.Random) -> Draft:
    return Draft(draft.text, (DraftQuote(1, change(draft.quotes[0].words, LETTER, chance)),))


def in_both(draft: Draft, chance: random.Random) -> Draft | None:
    """The same number changed in claim and quotation: they agree with each other, and with no article."""
    if not NUMBER.search(draft.text):
        return None
    text = change(draft.text, NUMBER, chance)
    return Draft(text, (DraftQuote(1, text),))


@pytest.mark.parametrize("corrupt", [in_the_number, in_the_name, in_the_quotation, in_both])
def test_no_corruption_of_a_verified_answer_passes(
    samples: App, corrupt: Callable[[Draft, random.Random], Draft | None]
) -> None:
    chance = random.Random(corrupt.__name__)
    shown = list(excerpts(samples))
    terms = samples.keywords.terms
    tried: set[Draft] = set()
    passed = []
    for draft, excerpt in answers(shown) * 4:
        corrupted = corrupt(draft, chance)
        if corrupted is None or corrupted in tried or len(tried) == ANSWERS:
            continue
        tried.add(corrupted)
        others = [one for one in shown if one is not excerpt][:9]
        context = "\n".join(one.hit.passage.text for one in (excerpt, *others))
        assert prove(draft, [excerpt, *others], context, terms).holds, draft.text
        if prove(corrupted, [excerpt, *others], context, terms).holds:
            passed.append((draft.text, corrupted))
    assert passed == []
    assert len(tried) == ANSWERS
