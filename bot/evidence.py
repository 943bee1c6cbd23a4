"""From hits to evidence: every sentence of the best passages, with what speaks for it."""

from __future__ import annotations

import math
import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.agreement import Relation, Value, relation
from bot.answer_type import asked_type, asks_yes_or_no, counts, echoes, holds, is_misdated, names, suits, values
from bot.asked_window import asked_window, wants_latest
from bot.injection import is_addressed_to_a_model
from bot.reader import Span
from index.records import Hit
from ingest.chunk import sentences

MIN_WORDS = 4  # a shorter "sentence" is a caption, a label or a fragment
MIN_WORDS_WITHOUT_STOP = 12  # one that does not end like a sentence is a heading, unless it is long
MOST_REPORTS = 4.0  # more reports that agree add no more
FAR = 12.0  # the reader's scores are cut here: beyond, they only say how sure it is of being sure
ON_TOPIC = 0.5  # share of the question's terms that a passage about it has
OLDEST = 3.0  # three years, on the scale of `age`
LATEST_WORDS = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|recent(?:ly)?|current(?:ly)?|so far|now|still)\b", re.I
)
UNKNOWN = 0.5  # of a feature from 0 to 1 that says nothing here


class Features(NamedTuple):
    """What speaks for a sentence, in numbers.

    reader: log-odds of its best words against "it is not said here", -12..12. overlap: idf-weighted share of the
    question's terms in it, 0..1. fits: 1 when it holds what the question asks for (a number, a date…), else 0.
    suits: the same of the best words alone, more for a day than for a year. counts: 1 when it counts the very thing
    that "how many …" asks for, else 0. passage_cosine, passage_overlap: of question and passage with its headline.
    unnamed: share of the names in the question that its passage does not mention. misdated: 1 when it is about
    another year than the question. echo: 1 when its best words only repeat the question. agreement: how many other
    reports give the same answer, each by the reader's probability, 0..4. alone: 1 when it is the only report about
    what is asked. newness: 1 for the newest article among the
    hits, 0 for the oldest, when the latest is asked for. age: log10(1 + days) between publication and the asker's
    clock, 0..3; 3 when undated. What the question does not ask is 0.5.
    """

    reader: float
    overlap: float
    fits: float
    suits: float
    counts: float
    passage_cosine: float
    passage_overlap: float
    unnamed: float
    misdated: float
    echo: float
    agreement: float
    alone: float
    newness: float
    age: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit. start, end: in the revision's text; answer: of its words that answer best.

    reader: the log-odds of those words against "it is not said here". value: what they say.
    """

    hit: Hit
    start: int
    end: int
    text: str
    answer: tuple[int, int]
    reader: float
    value: Value

    @property
    def words(self) -> str:
        """The words that answer best."""
        start, end = self.answer
        return self.text[start - self.start : end - self.start]

    @property
    def report(self) -> str:
        """The report that it is of: copies of one story are one."""
        return self.hit.article.story or self.hit.article.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence with what speaks for it. values: the numbers and names it gives."""

    sentence: Sentence
    values: frozenset[str]
    features: Features


class Reads(Protocol):
    """What finds, in each stretch of a text, the words that answer best."""

    @property
    def fingerprint(self) -> str:
        """Names it."""
        ...

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:
        """One span for each stretch."""
        ...


class Remembering:
    """A reader that reads nothing twice: a passage may be found in several windows."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._found: dict[tuple[str, str, str, tuple[tuple[int, int], ...]], list[Span]] = {}

    @property
    def fingerprint(self) -> str:
        """The reader's."""
        return self._reader.fingerprint

    def read(self, question: str, title: str, text: str, within: Sequence[tuple[int, int]]) -> list[Span]:
        """One span for each stretch."""
        place = (question, title, text, tuple(within))
        if place not in self._found:
            self._found[place] = self._reader.read(question, title, text, within)
        return self._found[place]


@dataclass(frozen=True, slots=True)
class Language:
    """What the features need to know of words: who reads them, their stems, and how rare these are."""

    reader: Reads
    terms: Callable[[str], list[str]]
    weights: Callable[[Sequence[str]], Mapping[str, float]]


def gather(question: str, asked: datetime, hits: Sequence[Hit], words: Language) -> list[Evidence]:
    """Every distinct sentence of the hits, with its features, in the hits' order. asked: the asker's clock."""
    found = _sentences(question, hits, words.reader)
    weights = words.weights(words.terms(_topic(question, asked)))
    answer_type = asked_type(question)
    named = set(words.terms(" ".join(names(question))))
    terms = {hit.passage.id: set(words.terms(f"{hit.article.title} {hit.passage.text}")) for hit in hits}
    newness = _newness(hits) if wants_latest(question) else {}
    unnamed = {place: len(named - its_terms) / max(1, len(named)) for place, its_terms in terms.items()}
    overlaps = {place: _overlap(weights, its_terms) for place, its_terms in terms.items()}
    told = {one.report for one in found if is_about(unnamed[one.hit.passage.id], overlaps[one.hit.passage.id])}

    def features(one: Sentence) -> Features:
        passage = one.hit.passage.id
        return Features(
            reader=max(-FAR, min(FAR, one.reader)),
            overlap=_overlap(weights, set(words.terms(one.text))),
            fits=float(holds(answer_type, one.text, question)) if answer_type else UNKNOWN,
            suits=suits(answer_type, one.words) if answer_type else UNKNOWN,
            counts=counts(question, one.text, words.terms),
            passage_cosine=one.hit.cosine,
            passage_overlap=overlaps[passage],
            unnamed=unnamed[passage],
            misdated=float(is_misdated(question, one.text)),
            echo=float(not asks_yes_or_no(question) and echoes(question, one.words)),
            agreement=_agreement(one, found),
            alone=float(told == {one.report}),
            newness=newness.get(one.hit.article.id, UNKNOWN),
            age=_age(one.hit.article.published, asked),
        )

    return [Evidence(one, values(one.text, question), features(one)) for one in found]


def is_about(unnamed: float, overlap: float) -> bool:
    """Whether a passage is about what is asked, though it may not say it, by `unnamed` and `passage_overlap`."""
    return unnamed == 0 and overlap >= ON_TOPIC


def _topic(question: str, asked: datetime) -> str:
    """The question without what it says of time: reports do not say "last week" or "latest"."""
    window = asked_window(question, asked)
    return LATEST_WORDS.sub(" ", question.replace(window.words, " ") if window else question)


def _sentences(question: str, hits: Sequence[Hit], reader: Reads) -> list[Sentence]:
    """The sentences that can be quoted, each once, with the words in it that answer best."""
    found: dict[tuple[str, int], Sentence] = {}
    stretches = [_stretches(hit) for hit in hits]

    def read(hit: Hit, within: Sequence[tuple[int, int]]) -> list[Span]:
        return reader.read(question, hit.article.title, hit.passage.text, within) if within else []

    # Each thread reads a passage of its own: that is faster than all of them reading one together.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        answers = list(threads.map(read, hits, stretches))
    for hit, within, spans in zip(hits, stretches, answers, strict=True):
        text, offset = hit.passage.text, hit.passage.start
        for (start, end), best in zip(within, spans, strict=True):
            answer = (offset + best.start, offset + best.end)
            value = Value.of(text[best.start : best.end])
            one = Sentence(hit, offset + start, offset + end, text[start:end], answer, best.score, value)
            # Passages overlap by a sentence: the one counts that lets the reader understand it better.
            place = (hit.article.id, one.start)
            if place not in found or found[place].reader < one.reader:
                found[place] = one
    return list(found.values())


def _stretches(hit: Hit) -> list[tuple[int, int]]:
    """Where in the passage the sentences stand that can be quoted."""
    text = hit.passage.text
    its = [(one.start, one.end) for one in sentences(text, hit.article.language)]
    return [(start, end) for start, end in its if _can_be_quoted(text[start:end])]


def _can_be_quoted(sentence: str) -> bool:
    """Whether it tells people something: no question, heading, caption or label, nor an order to a machine."""
    ending = sentence.rstrip("”“»\"’')]")[-1:]
    is_long = len(sentence.split()) >= (MIN_WORDS if ending in ".!…。" else MIN_WORDS_WITHOUT_STOP)
    return is_long and ending != "?" and not is_addressed_to_a_model(sentence)


def _agreement(one: Sentence, all_of_them: Sequence[Sentence]) -> float:
    """How many other reports give the same answer, each counted by how likely the reader finds it."""
    reports: defaultdict[str, float] = defaultdict(float)
    for other in all_of_them:
        if other.report != one.report and other.text != one.text and relation(one.value, other.value) is Relation.SAME:
            reports[other.report] = max(reports[other.report], 1 / (1 + math.exp(-max(-FAR, other.reader))))
    return min(MOST_REPORTS, sum(reports.values()))


def _newness(hits: Sequence[Hit]) -> dict[str, float]:
    """By article id, its place among the dates of the hits; undated ones, and a single date, are left out."""
    dates = sorted({hit.article.published for hit in hits if hit.article.published})
    if len(dates) < 2:
        return {}
    places = {date: place / (len(dates) - 1) for place, date in enumerate(dates)}
    return {hit.article.id: places[hit.article.published] for hit in hits if hit.article.published}


def _age(published: datetime | None, asked: datetime) -> float:
    if published is None:
        return OLDEST
    days = abs((asked - published).total_seconds()) / 86_400
    return min(OLDEST, math.log10(1 + days))


def _overlap(weights: Mapping[str, float], terms: set[str]) -> float:
    total = sum(weights.values())
    return sum(weights[term] for term in weights.keys() & terms) / total if total else 0.0
