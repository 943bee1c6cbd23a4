"""What can be checked word by word in a claim: its numbers, dates, times, names, and the speech that it quotes.

Each of them has to stand in the quotes that the claim rests on. In doubt it does not: a true claim that is dropped
costs little, a false one that is shown costs everything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from bot.agreement import MONTH_OF
from bot.dates_written import Date, blanked, dates, times
from bot.figures import LITERAL, RANGE, SCORE, VAGUE, amounts
from bot.units import CODES, NUMBER

# Kinds beside those of bot.figures. YEAR: a bare 2024, which a date may bear out. WORD: one that needs no support.
# NAME: a word with a capital. ACRONYM: one all of capitals, as "US", which "us" does not bear out.
DATE, TIME, YEAR, WORD, NAME, ACRONYM, SPEECH = "date", "time", "year", "word", "name", "acronym", "speech"
BORNE_OUT_BY = {NAME: (NAME, WORD, ACRONYM), ACRONYM: (ACRONYM, NAME), SCORE: (SCORE, RANGE), YEAR: (NUMBER,)}
UNCHECKED = {WORD, RANGE}
DAY_WORDS = {"today", "tonight", "tomorrow", "yesterday", "noon", "midday", "midnight"}
HONORIFICS = {"mr", "mrs", "ms", "dr"}
# They may begin a sentence. "Will", "May" and "Can" are missing: where they begin a statement, they are names.
FIRST_WORDS = """
a about above according across after against all almost along already also although always amid among an and another
any anybody anyone anything apparently approximately are around as at because before behind being below beneath
beside besides between beyond both but by could despite did do does down due during each earlier either else
elsewhere enough even eventually every everybody everyone everything except few fewer finally following for from
further furthermore had has have having he hence her here hers herself him himself his how however i if in indeed
inside instead into is it its itself just last later least less like likely many maybe me meanwhile more moreover
most mostly much must my near nearly neither never nevertheless next no nobody none nor not nothing notably now of
off often on once only onto or other others otherwise our out outside over overall own per perhaps possibly
previously probably rather recently regarding reportedly roughly same several shall she should since so some
somebody someone something sometimes soon still such than that the their theirs them themselves then there therefore
these they this those though through throughout thus till to together too toward towards under unless unlike until
up upon various versus via was we were what whatever when where whereas whether which while who whom whose why with
within without would yes yet you your
"""
TEXTS_KEPT = 64  # several rules read the same few texts
ORDINARY = frozenset(FIRST_WORDS.split())

_HIDDEN = {ord(sign): None for sign in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"} | {ord("_"): " "}
_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛ʼ", "'") | dict.fromkeys("‐‑‒–—―−", "-") | {"…": "..."}
)
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_WORD = re.compile(
    r"\w{2,}(?:['’ʼ]\w+)*|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?|[^\W\d_]\.[^\W\d_](?!\w)|\w(?:['’ʼ]\w+)*"
)
_POSSESSIVE = re.compile(r"['’ʼ][sS]$")
_YEAR = re.compile(r"[12]\d{3}")
# A number that is part of a name counts nothing: G20, A320neo, 4x100m; COVID-19; 5G; 24/7, 2:10:34; 007; m².
_CODE = re.compile(
    rf"\b(?!(?i:{CODES})\d)\w*[^\W\d_]\d\w*"
    r"|\b(?!(?:Mid|Pre|Post|Under|Over|Top|Early|Late|About)-)[A-Z][^\W\d_]*[-‑]\d\w*"
    r"|(?<![\w.,$£€¥])\d++(?:[.,]\d+)?[A-Z](?!\w)"
    r"|(?<![\w.,:/])\d++(?:[:/]\d++)+"
    r"|(?<![\w.,:])(?<!\d['’\s])0\d+(?![.,:]?\d)"
    r"|[¹²³⁰-₉⅐-ↈ①-⓿❶-➓]"
)
_SOME_CODE = re.compile(r"\b0\d|\d(?:(?<=[^\W\d_].)|(?<=[^\W\d_][-‑].)|[A-Z]|[:/]\d)|[¹²³⁰-₉⅐-ↈ①-⓿❶-➓]")
_START = re.compile(
    r"\A\W{0,4}(?=\w)|(?:[!?…:]|\b(?P<last>\w++)\.)['\"”’»)]{0,3} [^\w\s]{0,3}(?=\w)|(?<=[\s(])[\"'“«„‘](?=\w)"
)
_SPEECH = re.compile(
    r'“(?P<a>[^“”"]+)|"(?P<b>[^"]+)"?|«(?P<c>[^«»]+)|„(?P<d>[^„“”]+)[“”]?'
    r"|‘(?P<e>[^‘’]*+(?:’\w[^‘’]*+)*+)’|(?<!\w)'(?=\w)(?P<f>[^']*+(?:'\w[^']*+)*+)'"
)
_SINGLE = {"e", "f"}  # they may be apostrophes, so it takes two words between them to be speech


class Fact(NamedTuple):
    """Something that a text tells, and where. value: the same however it is written; of a type for each kind."""

    kind: str
    value: Any
    start: int
    end: int


class _Held(NamedTuple):
    """What the quotes tell: all kinds with their values, and what is not compared for being equal."""

    told: set[tuple[str, Any]]
    dates: list[Date]
    times: list[frozenset[int]]
    texts: list[str]


def unsupported(claim: str, quotes: Sequence[str], context: str = "") -> tuple[str, ...]:
    """The words of the claim that no quote bears out, as written there, in order; none if all stand.

    context: what else was read; it tells only whether a capitalised first word is an ordinary one.
    """
    claim, quotes = _clean(claim), [_clean(quote) for quote in quotes]
    held = _hold(quotes)
    lacking = [fact for fact in (*_facts(claim), *_speech(claim)) if not _stands(fact, held)]
    if any(fact.kind == NAME for fact in lacking):
        first, others = _first_words(claim), "\n".join((*quotes, context))
        lacking = [
            fact
            for fact in lacking
            if fact.kind != NAME or fact.start not in first or not _is_ordinary(claim, fact, others)
        ]
    return tuple(dict.fromkeys(claim[fact.start : fact.end] for fact in sorted(lacking, key=lambda fact: fact[2:])))


def _clean(text: str) -> str:
    """Composed letters, single spaces, and nothing that cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_HIDDEN).split())


@lru_cache(maxsize=TEXTS_KEPT)
def numbers(text: str) -> tuple[Fact, ...]:
    """The numbers that are part of no date, time or name, each with what it counts when that is money or the like."""
    _, rest = _literals(text)
    return tuple(_of_amount(rest, Fact(*amount)) for amount in amounts(rest))


def _facts(text: str) -> list[Fact]:
    """All that the text tells, but the speech that it quotes."""
    found, rest = _literals(text)
    counted = numbers(text)
    return [*found, *counted, *_words(blanked(rest, counted))]


@lru_cache(maxsize=TEXTS_KEPT)
def _literals(text: str) -> tuple[list[Fact], str]:
    """The dates, times and names with numbers in them; and the text with blanks in their places."""
    found = [Fact(DATE, *date) for date in dates(text)]
    rest = blanked(text, found)
    clock = [Fact(TIME, *time) for time in times(rest)]
    rest = blanked(rest, clock)
    has_codes = _SOME_CODE.search(rest)  # this is quick, that is slow
    codes = [Fact(LITERAL, _coded(one.group()), *one.span()) for one in _CODE.finditer(rest)] if has_codes else []
    return [*found, *clock, *codes], blanked(rest, codes)


def _of_amount(text: str, fact: Fact) -> Fact:
    if fact.kind == NUMBER and _YEAR.fullmatch(text, fact.start, fact.end):
        return fact._replace(kind=YEAR)
    return fact._replace(value=fact.value.replace("-", " ")) if fact.kind == VAGUE else fact


def _words(text: str) -> Iterator[Fact]:
    for match in _WORD.finditer(text):
        word = match.group()
        if not word.isalpha():
            word = _POSSESSIVE.sub("", word)
        value = _folded(word)
        if value in DAY_WORDS:
            kind = LITERAL
        elif word == value or word == word.lower() or value in HONORIFICS:
            kind = WORD
        else:
            kind = ACRONYM if word.isupper() and len(value) > 1 else NAME
        yield Fact(kind, value, match.start(), match.start() + len(word))


def _speech(text: str) -> Iterator[Fact]:
    """What stands between quotation marks; to the end if they are not closed."""
    for match in _SPEECH.finditer(text):
        group = match.lastgroup or ""
        words = _spoken(match[group]).strip(" .,;:!?'\"-")
        if words and (group not in _SINGLE or " " in words):
            yield Fact(SPEECH, words, *match.span(group))


def _folded(word: str) -> str:
    """Without case, accents, the dots of an acronym, and kinds of apostrophes."""
    if word.isascii() and word.isalpha():
        return word.lower()
    letters = unicodedata.normalize("NFKD", word.translate(_MARKS).replace(".", ""))
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold().translate(_PLAIN_LETTERS)


def _coded(word: str) -> str:
    """Without case and hyphens: `COVID-19`, `Covid19`."""
    return word.casefold().replace("-", "").replace("‑", "")


def _spoken(text: str) -> str:
    """With one kind of quotation marks, dashes and spaces."""
    return " ".join(text.translate(_MARKS).split())


def _hold(quotes: Sequence[str]) -> _Held:
    facts = [fact for quote in quotes for fact in _facts(quote)]
    told = {(fact.kind, fact.value) for fact in facts}
    told |= {(NAME, part) for kind, code in told if kind == LITERAL for part in re.findall(r"[^\W\d_]{2,}", code)}
    told |= {(NUMBER, value) for kind, value in told if kind == YEAR}
    written = [date for fact in facts if fact.kind == DATE for date in fact.value]
    return _Held(
        told,
        [*written, *(Date(year=int(fact.value)) for fact in facts if fact.kind == YEAR)],
        [fact.value for fact in facts if fact.kind == TIME],
        [_spoken(quote) for quote in quotes],
    )


def _stands(fact: Fact, held: _Held) -> bool:
    """Whether the quotes tell this."""
    kind, value = fact.kind, fact.value
    if kind == DATE:
        return any(date.tells(reading) for date in held.dates for reading in value)
    if kind == TIME:
        return any(time <= value for time in held.times)  # the claim need not tell which half of the day it is
    if kind == SPEECH:
        return any(_says(text, value) for text in held.texts)
    if kind == YEAR and any(date.year == value for date in held.dates):
        return True
    return kind in UNCHECKED or any((one, value) in held.told for one in BORNE_OUT_BY.get(kind, (kind,)))


def _says(text: str, words: str) -> bool:
    """Whether these whole words stand there; the case of the first letter does not count."""
    first, rest = words[0], words[1:]
    if rest not in text:
        return False
    either = "|".join(re.escape(one) for one in (first, first.lower(), first.upper()))
    return bool(re.search(rf"(?<!\w)(?:{either}){re.escape(rest)}(?!\w)", text))


def _first_words(claim: str) -> set[int]:
    """Where its sentences and quoted words begin. No sentence ends in an abbreviation: `Gen. Stock`, `J. Stock`."""
    return {
        match.end()
        for match in _START.finditer(claim)
        if not (last := match["last"]) or not (len(last) == 1 or (len(last) <= 4 and last[0].isupper()))
    }


def _is_ordinary(claim: str, name: Fact, others: str) -> bool:
    """Whether this first word is no name: a word that begins sentences, or written small elsewhere and never big."""
    word = claim[name.start : name.end]
    if word != word.capitalize():
        return False
    if re.split("['’ʼ]", word)[0].lower() in ORDINARY:
        return True
    if word.lower() in MONTH_OF or claim[name.end : name.end + 2].lstrip(" -")[:1].isupper():
        return False
    small, big = re.escape(word.lower()), re.escape(word)
    return bool(re.search(rf"{small}(?!\w)(?<!\w{small})", others)) and not re.search(
        rf"{big}(?!\w)(?:(?<=[^\W\d_A-Z] {big})|(?<=[,;] {big}))", others
    )
