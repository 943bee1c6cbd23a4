"""A sentence of a report with what it is about: a report names that in its headline or in the sentence before. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from bot.dates_written import blanked, dates
from bot.facts import ORDINARY
from index.records import Hit
from ingest.chunk import sentences

_WORD = re.compile(r"[\w’'-]+")
_BIG = re.compile(r"[A-Z][\w’'-]+")
_NAME = re.compile(r"(?<=[\w,;“”] )[A-Z][\w’'-]+")
_FULL_NAME = re.compile(r"([A-Z][\w’'-]+) ([A-Z][\w’'-]+)")
_SUBJECT = re.compile(r"(?:The |Dr\.? )?((?:[A-Z][\w’'-]+ ?)+)")
_PRONOUN = re.compile(r"(?:He|She|They|It|His|Her|Their|Its)\b")
_LEADS_TO_TOPIC = re.compile(r"(?:^|\b(?:[Ii]n|[Dd]uring|of|[Aa]t|After|On) )(?:[Tt]he |[Aa] )?$")
_SHORT = 3  # letters of a word that headlines with capitals throughout may write small


@dataclass(frozen=True)
class Told:
    """A sentence of a hit: `hit.passage.text[start:end]`. before: the one before it in its line, or nothing."""

    hit: Hit
    start: int
    end: int
    before: str

    @cached_property
    def text(self) -> str:
        """Its words."""
        return self.hit.passage.text[self.start : self.end]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in it, word by word: what the passage writes big where no sentence begins."""
        known = _NAME.findall(self.hit.passage.text)
        return frozenset(known) & names(self.text)

    @property
    def leans_on_the_one_before(self) -> bool:
        """Whether it says "she" of somebody whom the sentence before names."""
        return bool(self.before) and _PRONOUN.match(self.text) is not None


def told(hit: Hit) -> Iterator[Told]:
    """The sentences of a hit, without its questions."""
    text = hit.passage.text
    before = (0, 0)
    for one in sentences(text, hit.article.language):
        same_line = before[1] and "\n" not in text[before[1] : one.start]
        if not text[one.start : one.end].rstrip("”\"’')").endswith("?"):
            yield Told(hit, one.start, one.end, text[slice(*before)] if same_line else "")
        before = (one.start, one.end)


def names(text: str) -> frozenset[str]:
    """The words that are written big and are no date."""
    return frozenset(_BIG.findall(blanked(text, dates(text))))


def without_topic(statement: str, sentence: Told) -> str:
    """The statement without the words for its topic that the sentence leaves to what stands before it."""
    statement = _without_first_names(statement, sentence)
    if sentence.leans_on_the_one_before:
        return _without_subject(statement, sentence.before)
    title = _WORD.findall(sentence.hit.article.title)
    if _is_all_big(title) or sentence.names - names(statement) - set(title):
        return statement  # the sentence may be about somebody else than the headline
    return _without_headline(statement, title, sentence)


def _without_first_names(statement: str, sentence: Told) -> str:
    """The statement with "Asher" for the "Delphine Asher" that the passage names in full, and the sentence does not."""

    def short(found: re.Match[str]) -> str:
        first, last = found.groups()
        in_full = f"{first} {last}" in sentence.hit.passage.text
        return last if in_full and first not in sentence.text and last in sentence.text else found[0]

    return _FULL_NAME.sub(short, statement)


def _without_subject(statement: str, before: str) -> str:
    """The statement without the name that it begins with, if the sentence before begins with it too."""
    ours, theirs = _SUBJECT.match(statement), _SUBJECT.match(before)
    if ours and theirs:
        own, named = set(ours[1].split()), set(theirs[1].split())
        if own <= named and not {word.lower() for word in own} & ORDINARY:
            return statement[ours.end() :]
    return statement


def _without_headline(statement: str, title: list[str], sentence: Told) -> str:
    own = list(_WORD.finditer(statement))
    ours, theirs = [word.group().casefold() for word in own], [word.casefold() for word in title]
    for start, place, length in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        run = own[start : start + length]
        has_name = any(_is_name(title, n, sentence) for n in range(place, place + length))
        if has_name and _LEADS_TO_TOPIC.search(statement, 0, run[0].start()):
            held = {word.casefold() for word in _WORD.findall(sentence.text)}
            return _without([word for word in run if word.group().casefold() not in held], statement)
    return statement


def _without(words: list[re.Match[str]], statement: str) -> str:
    for word in reversed(words):
        statement = statement[: word.start()] + statement[word.end() :]
    return " ".join(statement.split())


def _is_name(title: list[str], place: int, sentence: Told) -> bool:
    """Whether this word is written big, and not only because the headline begins with it."""
    word = title[place]
    return word[0].isupper() and (place > 0 or word in _NAME.findall(sentence.hit.passage.text))


def _is_all_big(title: list[str]) -> bool:
    return all(word[0].isupper() or len(word) <= _SHORT for word in title)
