"""Where the words that a language model quotes stand in an article: letter by letter, however they are set. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import merge
from itertools import islice, takewhile
from unicodedata import combining, is_normalized, normalize

from bot.figures import amounts

TEXTS_KEPT = 16  # the quotations of one answer stand in at most ten articles
MOST_PLACES = 10_000  # that are looked at: a text full of one word must not take long
FEWEST_LETTERS = 2

_APOSTROPHES = "'’‘‛′`´ʼ"
_MARKS = _APOSTROPHES + '‚"“”„‟«»‹›″'
_HYPHENS = "-‐‑"
_DASHES = _HYPHENS + "‒–—―−"
_ALIKE = str.maketrans(dict.fromkeys(_MARKS, "'") | dict.fromkeys(_DASHES, "-"))
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef"
)
_GAP = re.compile(rf"(?! (?![\s{_INVISIBLE}]))[\s{_INVISIBLE}]+")  # all but a lone blank
_LEAD = re.compile(r"^(?:[ '…]|\.{2,})+")
_TAIL = " '….,"
_DIGIT_ENDS = re.compile(r"\d[.,:/']?$")
_DIGIT_BEGINS = re.compile(r"[.,:/']?\d")
_DIGIT_ENDS_IN_VALUE = re.compile(r"(?:\d[.,:/' ]?|\.)$")  # 24 000, .5
_DIGIT_BEGINS_IN_VALUE = re.compile(r"[.,:/' ]?\d")

Span = tuple[int, int]


def locate(words: str, text: str, near: Span | None = None) -> Span | None:
    """Where the words stand: `text[start:end]` is the article's own spelling of them; None if they do not.

    White space, quotation marks, dashes, the case of the first letter, and what is set around the words may differ;
    nothing else. No word or number is cut: `24` is not found in `24,000`, and becomes `24 million` before "million".
    Of several places, the first inside `near`, else the nearest to it; without it, the first.
    """
    wanted = _read(words).normal
    without_lead = _LEAD.sub("", wanted)
    core = without_lead.rstrip(_TAIL)
    if sum(map(str.isalnum, core)) < FEWEST_LETTERS:
        return None
    page = _page(text)
    lead, tail = wanted[: len(wanted) - len(without_lead)], without_lead[len(core) :]
    places = islice(_places(page.normal, core), MOST_PLACES)
    spans = (page.span(place, place + len(core), lead, tail) for place in places)
    return min((span for span in spans if span), key=lambda span: _distance(span, near), default=None)


def _distance(span: Span, near: Span | None) -> int:
    """Characters between the two; less than none when it is inside."""
    if near is None or near[0] <= span[0] <= span[1] <= near[1]:
        return -1
    return max(near[0] - span[1], span[0] - near[1], 0)


def _places(normal: str, core: str) -> Iterator[int]:
    """Where it stands, in order, with its first letter in either case."""
    at = next(at for at, character in enumerate(core) if character.isalnum())
    other = core[at].swapcase()
    spellings = {core}
    if other.swapcase() == core[at]:  # not so for ß and ı
        spellings.add(core[:at] + other + core[at + 1 :])
    return merge(*(_finds(normal, spelling) for spelling in spellings))


def _common(one: str, other: str) -> int:
    """How many characters both begin with, without blanks at the end."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return len("".join(character for character, _ in same).rstrip())


def _finds(normal: str, words: str) -> Iterator[int]:
    at = normal.find(words)
    while at >= 0:
        yield at
        at = normal.find(words, at + 1)


@dataclass(frozen=True)
class _Page:
    """A text in plain typography. odd: where it is not the text, character by character: (start, end) in both."""

    text: str
    normal: str
    odd: tuple[tuple[Span, Span], ...]

    @cached_property
    def values(self) -> list[Span]:
        """Where its numbers stand, with signs and units; a range is one."""
        found: list[Span] = []
        for start, end in sorted((one.start, one.end) for one in amounts(self.normal)):
            if found and start < found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((start, end))
        return found

    def span(self, start: int, end: int, lead: str, tail: str) -> Span | None:
        """Where this part of the plain text stands in the text; None if it cuts a word or a number.

        It takes in what makes the value of a number, and of what is before and behind the words as much as is there.
        """
        edges = self._edge(start, 0), self._edge(end, 1)
        if edges[0] is None or edges[1] is None:
            return None
        start, end = edges[0], edges[1]
        before = self.normal[max(0, start - len(lead)) : start]
        behind = self.normal[end : end + len(tail)]
        start -= _common(lead[::-1], before[::-1])
        end += max(_common(tail, behind), _common(tail.replace(".", "").replace(",", ""), behind))
        return self._stands(start)[0], self._stands(end - 1)[1]

    def _stands(self, at: int) -> Span:
        """Where in the text a character of the plain one stands."""
        before = bisect_right(self.odd, at, key=lambda one: one[0][0]) - 1
        if before < 0:
            return at, at + 1
        plain, stands = self.odd[before]
        start = stands[1] + at - plain[1]
        return stands if at < plain[1] else (start, start + 1)

    def _edge(self, at: int, side: int) -> int | None:
        """The same place, or that end of the value it is inside of; None inside a word or the digits of a number."""
        around = bisect_right(self.values, at, key=lambda value: value[0]) - 1
        if around >= 0 and self.values[around][0] < at < self.values[around][1]:
            if self._between(at, _DIGIT_ENDS_IN_VALUE, _DIGIT_BEGINS_IN_VALUE):
                return None
            at = self.values[around][side]
        return None if self._is_in_word(at) else at

    def _between(self, at: int, before: re.Pattern[str], behind: re.Pattern[str]) -> bool:
        return bool(before.search(self.normal[max(0, at - 2) : at]) and behind.match(self.normal, at))

    def _is_in_word(self, at: int) -> bool:
        """Whether a word goes on here, maybe over a hyphen or an apostrophe, or a number over its comma."""
        before, behind = self._is_letter(at - 1), self._is_letter(at)
        return (
            (before and behind)
            or (before and self._is_joint(at) and self._is_letter(at + 1))
            or (behind and self._is_joint(at - 1) and self._is_letter(at - 2))
            or self._between(at, _DIGIT_ENDS, _DIGIT_BEGINS)
        )

    def _is_letter(self, at: int) -> bool:
        character = self.normal[at] if 0 <= at < len(self.normal) else " "
        return character.isalnum() or character == "_" or combining(character) > 0

    def _is_joint(self, at: int) -> bool:
        return self.normal[at : at + 1] in {"'", "-"} and self.text[self._stands(at)[0]] in _HYPHENS + _APOSTROPHES


@lru_cache(maxsize=TEXTS_KEPT)
def _page(text: str) -> _Page:
    return _read(text)


def _read(text: str) -> _Page:
    alike = text.translate(_ALIKE)
    parts: list[str] = []
    odd: list[tuple[Span, Span]] = []
    read = written = 0
    for start, end, plain in sorted([*_gaps(alike), *_decomposed(alike)]):
        if start < read:  # an accent on a blank
            continue
        parts += [alike[read:start], plain]
        written += start - read
        odd.append(((written, written + len(plain)), (start, end)))
        read, written = end, written + len(plain)
    return _Page(text, "".join(parts) + alike[read:], tuple(odd))


def _gaps(text: str) -> Iterator[tuple[int, int, str]]:
    """White space that is one blank, and invisible characters that are nothing."""
    for gap in _GAP.finditer(text):
        yield gap.start(), gap.end(), " " if re.search(r"\s", gap.group()) else ""


def _decomposed(text: str) -> Iterator[tuple[int, int, str]]:
    """Characters that Unicode writes in another way when it composes them (NFC)."""
    if is_normalized("NFC", text):
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (combining(text[end]) or _composes(text, start, end)):
            continue
        if (composed := normalize("NFC", text[start:end])) != text[start:end]:
            yield start, end, composed
        start = end


def _composes(text: str, start: int, end: int) -> bool:
    """Whether the next character, though no accent, becomes one with those before it, as Korean letters do."""
    if text[end] < "\u0300":
        return False
    together = normalize("NFC", text[start : end + 1])
    return together != normalize("NFC", text[start:end]) + normalize("NFC", text[end])
