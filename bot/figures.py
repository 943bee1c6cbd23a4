"""The numbers in a text, however they are written."""

from __future__ import annotations

import re

SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: n for n, word in enumerate(SMALL.split())} | {word: 10 * n for n, word in enumerate(TENS.split(), 2)}
MULTIPLES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NUMBER_WORDS = UNITS.keys() | MULTIPLES.keys()

_WORD = rf"(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})s?"
_SPACE = "[ \u00a0\u202f\u2009]"  # a thin or no-break one too
_NOT_ORDINAL = r"(?!-(?:first|second|third|(?:four|fif|six|seven|eigh|nin)th)\b)"
_NUMBER = re.compile(
    rf"(?P<digits>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![,.]?\d)|\d+(?:[,.]\d+)*)"
    rf"(?:[ -](?P<multiple>{'|'.join(MULTIPLES)})s?\b)?"
    rf"|\b(?P<words>{_WORD}(?:(?:[ -]|(?<=red|ion|and) and ){_WORD}){{0,12}})\b{_NOT_ORDINAL}",
    re.I,
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d{1,2})?|(?:\.\d{3})+(?:,\d{1,2})?)")
VAGUE = {"tens", "dozens", "hundreds", "thousands", "millions", "billions", "trillions"}  # no number in particular


def figures(text: str) -> frozenset[float]:
    """Its numbers: `24,000`, `24 000`, `24 thousand` and `twenty-four thousand` are one."""
    found = (match for match in _NUMBER.finditer(text) if (match["words"] or "").casefold() not in VAGUE)
    return frozenset(value for match in found if (value := _value(match)) is not None)


def _value(found: re.Match[str]) -> float | None:
    if found["words"]:
        return _spelt(re.split(r"[ -]", found["words"].casefold()))
    multiple = (found["multiple"] or "").casefold()
    written = _written(found["digits"])
    return None if written is None else round(written * MULTIPLES.get(multiple, 1), 6)


def _written(digits: str) -> float | None:
    """`24,000` and `24 000` are thousands; `8.4` and `8,4` are not; `12.11.2024` and `3.5.7` are no numbers."""
    digits = re.sub(r"\s", "", digits)
    if _THOUSANDS.fullmatch(digits):
        return float(re.sub(r"[.,](?=\d{3}(?:[.,]|$))", "", digits).replace(",", "."))
    if len(re.findall(r"[.,]", digits)) > 1:
        return None
    return float(digits.replace(",", "."))


def _spelt(words: list[str]) -> float:
    total = current = 0
    for word in words:
        multiple = MULTIPLES.get(word.rstrip("s"), 0)
        if multiple > 100:
            total, current = total + max(1, current) * multiple, 0
        elif multiple:
            current = max(1, current) * multiple
        else:
            current += UNITS.get(word, UNITS.get(word.rstrip("s"), 0))
    return float(total + current)
