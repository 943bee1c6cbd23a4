"""Whether a sentence of a report says what a statement says, or says otherwise. Pure.

By the wording, with rules for English, and in doubt neither: a statement has to be said in its own words, or in words
of one meaning, by one part of the sentence. The sentence says otherwise when it would bear out the same statement with
another figure, date or name, or without its "not".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.alike import Wording
from bot.clauses import Clauses
from bot.dates_written import blanked, dates
from bot.differing import DENIES, alternatives, denials, may_agree
from bot.facts import ORDINARY, unsupported
from bot.figures import any_of
from bot.plainness import LONGEST
from bot.polarity import unreserved
from bot.protocol_lines import Draft, DraftQuote
from bot.prove import Excerpt, prove
from bot.topic import Told, names, without_topic
from index.records import Hit

FEWEST_TERMS = 2  # of a statement, beside its figures
SHARED = 0.5  # of the terms of what is told otherwise, so many are the statement's too

_PART_END = re.compile(
    r"[,;:](?=\s)|[—()]|\s[–-]\s|\b(?:but|while|whereas|because|although|though|who|which|where|when|if|unless)\b"
    r"|\band (?=[A-Z]|(?:that|it|they|he|she)\b)"
)
_APPOSITION = re.compile(r", ((?:Dr\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}),(?= )")
_ASIDE = re.compile(
    r"(?P<who>(?:The |Dr\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}), (?P<aside>(?:who|which|an?|the|its|his|her)\b[^,]+),"
    r" (?P<rest>.+)"
)
_SETTING = re.compile(r"(?:In|On|At|After|Before|During|Since|For|By)\b[^,]{1,60}, ")
_RELATION = re.compile(
    r"\b(?:before|after|during|until|till|since|above|below|under|over|against|without|within|between|more|most|less|least"
    r"|all|both|each|every|any|only|few|some|again|off|out|up|down|further|once|other|still|from|into)\b",
    re.I,
)
_FULL_NAME = re.compile(rf"\b(?!(?i:{any_of(ORDINARY)})\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")
_BE = r"\b(?:was|were|been|is|are|be|being)\b"
_BY = re.compile(r"\bby (?!\d)")
_PASSIVE = re.compile(rf"^(.*?){_BE}(.*?)\bby (.*)$")


class Stance(StrEnum):
    """What the reports say to a statement."""

    SUPPORTED = "a report says so"
    CONFLICT = "a report says otherwise"
    UNKNOWN = "no report in the archive says so, or otherwise"


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a sentence stands to a statement. words: where in it stands what it says instead, if single words do.

    may_agree: whether an unknown one has the same figures, so that it might say so in words that are not understood.
    """

    stance: Stance
    words: tuple[int, int] | None = None
    may_agree: bool = False


class Scales:
    """Weighs statements against sentences. context: all that is read, which tells ordinary words from names."""

    def __init__(self, wording: Wording, context: str) -> None:
        self._wording = wording
        self._context = context

    def weigh(self, statement: str, sentence: Told) -> Bearing:
        """How this sentence stands to a statement."""
        if len(statement) <= LONGEST and len(set(self._terms(statement))) >= FEWEST_TERMS:
            said = without_topic(statement, sentence)
            if self._bears_out(sentence.text, said, sentence.hit):
                return Bearing(Stance.SUPPORTED)
            if said != statement or sentence.names & names(statement):
                otherwise = Bearing(Stance.UNKNOWN, may_agree=may_agree(said, sentence.text))
                return next(self._conflicts(said, sentence), otherwise)
        return Bearing(Stance.UNKNOWN)

    def _conflicts(self, said: str, sentence: Told) -> Iterator[Bearing]:
        """What the sentence says instead."""
        lacking = unsupported(said, [sentence.text], self._context)
        for other, words in alternatives(said, lacking, sentence.text):
            if self._is_most_of(other, sentence.text) and self._bears_out(sentence.text, other, sentence.hit):
                yield Bearing(Stance.CONFLICT, words)
        for other, affirmed in denials(said, sentence.text):
            if self._is_most_of(other, affirmed) and self._bears_out(affirmed, other, sentence.hit):
                yield Bearing(Stance.CONFLICT)

    def _bears_out(self, sentence: str, said: str, hit: Hit) -> bool:
        """Whether the sentence says this: one part of it says each part of the statement, and nothing objects."""
        parts, terms = _parts(sentence), self._wording.terms
        if not all(any(self._says(part, own) for part in parts) for own in _parts(said)):
            return False
        if any(unreserved(Clauses(sentence, terms), Clauses(said, terms), [(0, len(said))])):
            return False  # the statement is less sure, or of another time
        draft = Draft(said, (DraftQuote(0, sentence),))
        return prove(draft, [Excerpt(hit, sentence)], self._context, terms).holds

    def _says(self, part: str, own: str) -> bool:
        """Whether this part has the words, figures and names of that one, and begins with what that one is about."""
        if not set(self._terms(own)) <= set(self._terms(part)) or unsupported(own, [part], self._context):
            return False
        if not _relations(own) <= _relations(part) or len(DENIES.findall(own)) != len(DENIES.findall(part)):
            return False
        if not all(name in part for name in _FULL_NAME.findall(own)):
            return False
        return _begins_alike(*map(self._terms, _in_one_voice(own, part)))

    def _is_most_of(self, said: str, sentence: str) -> bool:
        """Whether something that the sentence tells is little else, so that both tell of one thing."""
        own = set(self._terms(said))
        told = [set(self._terms(one)) for part in _parts(sentence) for one in re.split(r"\band\b", part)]
        return any(len(own & terms) >= SHARED * len(terms) for terms in told if terms)

    def _terms(self, text: str) -> list[str]:
        """Its stems in order, without little words, numbers and dates."""
        rest = blanked(text, dates(text))
        return [term for term in Clauses(rest, self._wording.terms).terms if term not in self._wording.little]


def _parts(text: str) -> list[str]:
    """The parts of a sentence that say one thing each, as sentences of their own.

    In "In Iraq, Ann Roe, a nurse, found …" it is Ann Roe who found in Iraq, and Ann Roe who is a nurse.
    """
    text = _APPOSITION.sub(r" \1", text.rstrip(" .!…”\"'"))
    if aside := _ASIDE.match(text):
        return [f"{aside['who']} {aside['aside']}", *_parts(f"{aside['who']} {aside['rest']}")]
    parts = [part for part in _PART_END.split(text) if part.strip()]
    if len(parts) > 1 and _SETTING.match(text):
        return [f"{parts[1]} {parts[0]}", *parts[2:]]
    return parts


def _relations(text: str) -> set[str]:
    """Its words for which of two comes first, and the like."""
    return {word.casefold() for word in _RELATION.findall(text)}


def _in_one_voice(own: str, part: str) -> tuple[str, str]:
    """Both with whoever does it first, also where it is done "by" them."""
    if _BY.search(own) and _BY.search(part):
        return own, part
    active = _PASSIVE.sub(r"\3 \2 \1", own)
    stays = active == own and re.search(_BE, own)
    return active, part if stays else _PASSIVE.sub(r"\3 \2 \1", part)


def _begins_alike(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether what the one begins with stands before most of its other words in the other as well."""
    if not ours:
        return True
    first, *others = (theirs.index(term) for term in ours)
    return 2 * sum(place < first for place in others) <= len(others)
