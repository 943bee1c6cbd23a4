"""Whether a claim says what the words say that it rests on: by the wording, with rules for English. Pure.

Numbers, dates and names are compared elsewhere. Out of reach is what takes understanding: a word in place of another
("opened" for "closed", "rose by" for "fell by"), a change of tense, and who did what to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.clauses import Clauses
from bot.plainness import unfit
from bot.polarity import negated, unreserved
from bot.quantities import miscounted, unhedged

COVERED = 0.5  # of a claim's terms


def objections(
    claim: str, quotes: Sequence[str], surroundings: Sequence[str], terms: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """What speaks against the wording of a claim, each a phrase that can follow "dropped: "; empty when nothing does.

    quotes: the words that it rests on. surroundings: the whole sentences that they are of, in the same order.
    terms: the stems of a text without stop words.
    """
    if unfits := tuple(unfit(claim, "\n".join(map(_flat, quotes)))):
        return unfits
    said, quoted = Clauses(_flat(claim), terms), Clauses("\n".join(map(_flat, quotes)), terms)
    around = Clauses("\n".join(map(_flat, surroundings)), terms)
    return (
        *unhedged(said.text, quoted.text),
        *negated(said, around),
        *unreserved(said, around, _spans(quotes, surroundings)),
        *miscounted(said, quoted),
        *_uncovered(said, quoted),
    )


def _flat(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def _spans(quotes: Sequence[str], surroundings: Sequence[str]) -> list[tuple[int, int]]:
    """Where each quotation stands in its surroundings, when those are written one to a line."""
    spans, offset = [], 0
    for quote, whole in zip(map(_flat, quotes), map(_flat, surroundings), strict=True):
        start = whole.find(quote)
        spans.append((offset + start, offset + start + len(quote)) if start >= 0 else (offset, offset + len(whole)))
        offset += len(whole) + 1
    return spans


def _uncovered(claim: Clauses, quotes: Clauses) -> Iterator[str]:
    own, known = set(claim.terms), set(quotes.terms)
    if len(own & known) < COVERED * len(own) or not (own or claim.text.casefold() in quotes.text.casefold()):
        yield "most of its words are not in the quotation"
