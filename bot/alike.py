"""English words that a report and a retelling of it may put in place of each other, and words that carry no meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

WORDS_KEPT = 10_000

# One meaning a line: what a stemmer does not unite, and words of which each says what the other says.
_MEANINGS = """
people person persons
hurt injured injure injures injuries wounded
kill killed dead death deaths die died dies
start started begin begins began begun
shut closed close closes
win wins won
find finds found
leave leaves left
rise rises rose risen
fall falls fell fallen
lose loses lost
sell sells sold
buy buys bought purchase purchased
pay pays paid
take takes took taken
build builds built
break breaks broke broken
make makes made
hold holds held
send sends sent
bring brings brought
give gives gave given
go goes went gone
come comes came
show shows showed shown
say says said tell tells told
know knows knew known
see sees saw seen
become becomes became
keep keeps kept
grow grows grew grown
choose chooses chose chosen
sink sinks sank sunk
run runs ran
beat beats beaten beating
child children kids
woman women
man men
kilometre kilometres kilometer kilometers km
metre metres meter meters
sack sacked dismiss dismissed
"""
_LITTLE = """
a about already also an and are as at be been being by for from had has have he her him his i in into is it its now of
on or our she some so such than that the their them then there these they this those to up was we were which who will
with according total
"""


class Wording:
    """The stems of a text, with one for all words of a meaning. terms: the stems without stop words."""

    def __init__(self, terms: Callable[[str], list[str]]) -> None:
        self._terms = terms
        meanings = [[stem for word in line.split() for stem in terms(word)] for line in _MEANINGS.split("\n")]
        self._meaning = {stem: stems[0] for stems in meanings for stem in stems}
        self.little = frozenset(self._meaning.get(stem, stem) for stem in terms(_LITTLE))
        self.terms = lru_cache(WORDS_KEPT)(self._united)

    def _united(self, text: str) -> list[str]:
        return [self._meaning.get(stem, stem) for stem in self._terms(text)]
