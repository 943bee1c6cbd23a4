"""The numbers in a text, however they are written, and what they count."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from bot import units
from bot.units import CODES, NUMBER, PERCENT, POINTS, SPACE

SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: n for n, word in enumerate(SMALL.split())} | {word: 10 * n for n, word in enumerate(TENS.split(), 2)}
MULTIPLES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
NUMBER_WORDS = UNITS.keys() | MULTIPLES.keys()
ONES = SMALL.split()[1:10]
BELOW_TWENTY = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth
"""
ORDINALS = (
    dict(zip(BELOW_TWENTY.split(), SMALL.split()[1:], strict=True))
    | {word.replace("ty", "tieth"): word for word in TENS.split()}
    | {f"{word}th": word for word in ("hundred", "thousand", "million", "billion")}
)
PARTS = {name: UNITS[ORDINALS[name]] for name in BELOW_TWENTY.split()[2:10]} | {"half": 2, "halve": 2, "quarter": 4}
SIGNS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
SHORT = {"bn": 10**9, "tn": 10**12, "trn": 10**12, "mn": 10**6, "mln": 10**6}
SHORT_FOR_MONEY = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}  # elsewhere `5m` may be metres

# Kinds beside those of bot.units: `21st`; the `1990s`; `5m` of no currency is of the kind "m"; and what is no number
# but tells how many: `two thirds`; `hundreds of thousands`, `twice`; `3.5.7`; `3–1`; `3 to 1`.
ORDINAL, DECADE, FRACTION, VAGUE, LITERAL = "ordinal", "decade", "fraction", "vague", "literal"
SCORE, RANGE = "score", "range"


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest that fits."""
    return "|".join(sorted(sorted(words), key=len, reverse=True))  # the same in every process


_GAP = "[ \u00a0-]"
_MULTIPLE = rf"(?:{any_of(MULTIPLES)})s?\b"
_BELOW_100 = rf"(?:(?:{any_of(TENS.split())})(?:{_GAP}(?:{any_of(ONES)})\b)?|{any_of(SMALL.split())})\b"
_GROUP = rf"(?:{_BELOW_100}(?:{_GAP}{_MULTIPLE}){{0,3}}|{_MULTIPLE}(?:{_GAP}{_MULTIPLE}){{0,2}})"
_AFTER_MULTIPLE = rf"(?<=red|and|akh|ion|ore)(?: and |{_GAP})"
_ORDINAL = rf"(?:{any_of(ORDINALS)})\b"
_PART = any_of(PARTS.keys() - {"half", "halve", "quarter"})
_A_HALF = r"(?:a|one)[ -](?:half|quarter)|three[ -]quarters"
# half a million, three quarters of a million
_SHARE = rf"(?P<share>half|quarter|{_A_HALF})[ -](?:of )?(?:(?:a|one)[ -])?(?P<of>{_MULTIPLE})"
# a quarter, one third, a third of, two thirds
_FRACTION = (
    rf"(?P<fraction>(?:(?:a|one)[ -])?(?:half|quarter)\b|one[ -](?:{_PART})\b|a (?:{_PART})(?= of\b)"
    rf"|(?:{any_of(ONES)})[ -](?:halves|(?:quarter|{_PART})s)\b)"
)
# several million, tens of thousands, twice
_VAGUE = (
    rf"(?P<vague>(?:multi|several|many|few|couple(?: of)?)[ -]{_MULTIPLE}(?:{_GAP}{_MULTIPLE})?"
    rf"|(?:ten|{any_of(MULTIPLES)})s\b(?: of (?:{any_of(MULTIPLES)})s\b){{0,3}}"
    r"|(?:couple|twice|thrice|(?:doubl|tripl|trebl|quadrupl)(?:e|ed|es|ing)|hal(?:ves?|ved|ving)|quarters|thirds"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies)\b)"
)
# twenty-four thousand, two hundred and first; "no one" is no number
_SPELT = (
    rf"(?!(?<=\bno[ -])one\b)(?P<words>{_GROUP}(?:{_AFTER_MULTIPLE}{_GROUP}){{0,6}})"
    rf"(?:(?:(?<=ty){_GAP}|{_AFTER_MULTIPLE}|{_GAP}(?=hundredth|thousandth|millionth|billionth))(?P<ordinal>{_ORDINAL}))?"
)
# 24,000, 24 000, 24'000, .5, 2½
_DIGITS = (
    r"(?:(?<![\w.])\.(?P<point>\d++)(?![.,]\d)"
    rf"|(?:(?<![^\W_])|(?<={CODES}))(?P<digits>\d{{1,3}}(?:(?:{SPACE}\d{{3}})+|(?:['’]\d{{3}})+)(?:[.,]\d{{1,2}})?(?![.,]?\d)"
    r"|\d++(?:[.,]\d++)*+|(?=[½¼¾])))(?P<sign>[½¼¾])?"
)
# 21st, 1990s, 2 million, 2bn, 2m
_BEHIND_DIGITS = (
    rf"(?:(?P<th>st|nd|rd|th)\b|(?P<decade>(?<=0)['’]?s\b)|(?P<multiple>(?:{_GAP}{_MULTIPLE}){{1,2}})"
    rf"|(?P<short>{SPACE}?(?:{any_of(SHORT)})\b|[kmbt]\b))?"
)
_NUMBER = re.compile(
    rf"(?=[a-z])\b(?:{_SHARE}|{_FRACTION}|{_VAGUE}|{_SPELT}|(?P<alone>(?!(?<=\d[ -])second\b){_ORDINAL}))"
    rf"|(?=[\d.½¼¾]){_DIGITS}{_BEHIND_DIGITS}"
)
_AND_A_HALF = re.compile(rf"[ -]and[ -](?P<share>{_A_HALF})\b(?:[ -](?P<of>{_MULTIPLE}))?")
_MINUS = re.compile(r"(?:(?<![^\s(\[“\"'‘$£€])[-−–]|\b(?:minus|negative) )$")
_JOINT = re.compile(r"[-–‑−]|[ -](?P<word>to|or|and)[ -]")
_LED_BY = re.compile(r"\b(between|from) $")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d{1,2})?|(?:\.\d{3})+(?:,\d{1,2})?)")
_YEAR = re.compile(r"[12]\d{3}")


class Amount(NamedTuple):
    """A number or the like: what it counts, and where it stands. value: a Decimal if it is a number."""

    kind: str
    value: Decimal | Fraction | str | tuple[Decimal, Decimal]
    start: int
    end: int


class _Read(NamedTuple):
    """A number as it is written: `base * multiple`. letter: the `m` of `5m` until it is known whether this is money."""

    kind: str
    base: Decimal
    multiple: int
    letter: str
    start: int
    end: int

    @property
    def value(self) -> Decimal:
        return self.base * self.multiple if self.multiple > 1 else self.base  # a product is rounded to 28 digits

    def settled(self) -> _Read:
        """With its letter read as a multiple if this is money, else as what is counted."""
        if not self.letter:
            return self
        if self.kind in {NUMBER, PERCENT, POINTS, *SHORT_FOR_MONEY}:
            return self._replace(kind=self.letter, letter="")
        return self._replace(multiple=SHORT_FOR_MONEY[self.letter], letter="")


def figures(text: str) -> frozenset[float]:
    """Its numbers: `24,000`, `24 000`, `24 thousand` and `twenty-four thousand` are one."""
    return frozenset(
        float(abs(one.value))
        for one in amounts(text)
        if isinstance(one.value, Decimal) and (one.kind != ORDINAL or text[one.start].isdigit())
    )


def lowered(text: str) -> str:
    """In lower case, with every character at its place."""
    return text.replace("İ", "I").lower()  # the only character that lower() makes two of


def amounts(text: str) -> list[Amount]:
    """All that tells how many or how much, in order. The ends of a range share their unit: `20 to 30 million`.

    `3–1` is listed as its two numbers and as a SCORE, `3 to 1` as a RANGE.
    """
    text = lowered(text)
    found: list[Amount] = []
    last: _Read | None = None
    for match in _NUMBER.finditer(text):
        if last and match.start() < last.end:
            continue  # the half of "two and a half"
        read = _read(text, match)
        if read is None:
            found.append(_no_number(match))
            last = None
            continue
        if last and (kind := _joined(text, last, read)):
            first, read = _shared(text, last, read, kind)
            found[-1] = Amount(first.kind, first.value, first.start, first.end)
            found.append(Amount(kind, (first.value, read.value), first.start, read.end))
        last = read.settled()
        found.append(Amount(last.kind, last.value, last.start, last.end))
    return found


def _read(text: str, match: re.Match[str]) -> _Read | None:
    """The number that was matched, with the signs before it and the unit behind; None if it is no number."""
    scaled = _scaled(match)
    if scaled is None:
        return None
    base, multiple = scaled
    is_ordinal = bool(match["ordinal"] or match["alone"] or match["th"])
    end = match.end()
    if not is_ordinal and (half := _AND_A_HALF.match(text, end)):
        base, multiple, end = base + _part(half["share"]), multiple * _factor(half["of"]), half.end()
    bare = _before_minus(text, match.start())  # £-5
    currency, signed = units.before(text, bare)
    start = _before_minus(text, signed)  # -£5
    unit, end = units.after(text, end)
    kind = ORDINAL if is_ordinal else DECADE if match["decade"] else unit if currency == NUMBER else currency
    letter = match["short"] if match["short"] in SHORT_FOR_MONEY else ""
    is_negative = bare < match.start() or start < signed
    return _Read(kind, base.copy_negate() if is_negative else base, multiple, letter, start, end)


def _before_minus(text: str, end: int) -> int:
    """Where the minus before this place begins, or the place itself."""
    minus = _MINUS.search(text[max(0, end - 11) : end])
    return end - len(minus.group()) if minus else end


def _scaled(match: re.Match[str]) -> tuple[Decimal, int] | None:
    """The number and the multiple behind it: 2.5 and a million."""
    if match["fraction"] or match["vague"]:
        return None
    if match["share"]:
        return _part(match["share"]), _factor(match["of"])
    if match["words"] or match["alone"]:
        words = [word for word in re.findall("[a-z]+", match["words"] or "") if word != "and"]
        ordinal = match["ordinal"] or match["alone"]
        return (Decimal(_spelt([*words, ORDINALS[ordinal]])), 1) if ordinal else _spelt_and_multiple(words)
    written = _written(match["digits"] or f"0.{match['point'] or 0}")
    if written is None:
        return None
    short = re.sub(r"\s", "", match["short"] or "")
    base = written + SIGNS[match["sign"]] if match["sign"] else written
    return base, _factor(match["multiple"]) * SHORT.get(short, 1)


def _spelt_and_multiple(words: list[str]) -> tuple[Decimal, int]:
    """Of "two hundred thousand": 2 and a hundred thousand."""
    number, last = _spelt(words), max((n for n, word in enumerate(words, 1) if word in UNITS), default=0)
    multiple = _factor(" ".join(words[last:]))
    return (Decimal(number), 1) if number % multiple else (Decimal(number // multiple), multiple)


def _part(words: str) -> Decimal:
    """Of "a half", "three quarters"."""
    number, _, part = words.replace("-", " ").rpartition(" ")
    return Decimal(UNITS.get(number, 1)) / PARTS[part.rstrip("s")]


def _factor(words: str | None) -> int:
    """Of "hundred thousand"; 1 of nothing."""
    return math.prod(MULTIPLES[word.rstrip("s")] for word in re.findall("[a-z]+", words or ""))


def _written(digits: str) -> Decimal | None:
    """`24,000` and `24 000` are thousands; `8.4` and `8,4` are not; `12.11.2024` and `3.5.7` are no numbers."""
    digits = re.sub(r"[\s'’]", "", digits)
    if _THOUSANDS.fullmatch(digits):
        return Decimal(re.sub(r"[.,](?=\d{3}(?:[.,]|$))", "", digits).replace(",", "."))
    if len(re.findall(r"[.,]", digits)) > 1:
        return None
    return Decimal(digits.replace(",", "."))


def _spelt(words: list[str]) -> int:
    parts, current = [0], 0
    for word, before in zip(words, ["", *words], strict=False):
        multiple = MULTIPLES.get(word.rstrip("s"), 0)
        if multiple > 100 and before.rstrip("s") in MULTIPLES and not current:
            parts[-1] *= multiple  # a thousand million
        elif multiple > 100:
            parts.append(max(1, current) * multiple)
            current = 0
        else:
            current = max(1, current) * multiple if multiple else current + UNITS[word]
    return sum(parts) + current


def _no_number(match: re.Match[str]) -> Amount:
    """Two thirds; dozens; 3.5.7."""
    if not match["fraction"]:
        return Amount(VAGUE if match["vague"] else LITERAL, match.group(), *match.span())
    number, _, part = match["fraction"].replace("-", " ").rpartition(" ")
    return Amount(FRACTION, Fraction(UNITS.get(number, 1), PARTS[part.rstrip("s")]), *match.span())


def _joined(text: str, first: _Read, second: _Read) -> str:
    """SCORE or RANGE if these two numbers are its ends: `3–1`, `3 to 1`, `between 1 and 3`; else empty."""
    joint = _JOINT.fullmatch(text, first.end, second.start)
    if not joint or {first.kind, second.kind} & {ORDINAL, DECADE}:
        return ""
    if not joint["word"]:
        return SCORE
    return RANGE if joint["word"] != "and" or _led_by(text, first) == "between" else ""


def _led_by(text: str, first: _Read) -> str:
    """The "between" or "from" before a number, or nothing."""
    found = _LED_BY.search(text[max(0, first.start - 9) : first.start])
    return found[1] if found else ""


def _shared(text: str, first: _Read, second: _Read, kind: str) -> tuple[_Read, _Read]:
    """The ends of a range, each with what only the other one shows: `$20-30 million`, `20 to 30 per cent`."""
    if _YEAR.fullmatch(text, first.start, first.end):
        return first, second.settled()
    if second.kind == NUMBER and (kind == SCORE or _led_by(text, first)):  # but "he gave $5 to 30 people"
        second = second._replace(kind=first.kind)
    second = second.settled()
    if first.kind == NUMBER:
        first = first._replace(kind=second.kind)
    if first.kind == second.kind and first.multiple == 1 and first.base < second.base:  # but "from 200 to 2 million"
        first = first._replace(multiple=second.multiple)
    return first, second
