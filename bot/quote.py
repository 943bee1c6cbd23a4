"""Answer from the passages' own sentences, without a language model.

Each sentence of the best passages gets a few features; a logistic model turns them into the probability that
the sentence answers the question. The best sentence leads, up to two more follow if they add something, and
below a threshold nothing is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.records import Hit
from ingest.chunk import sentences

PASSAGES_READ = 8
SENTENCES_SHOWN = 3
MIN_WORDS = 4  # a shorter "sentence" is a caption, a label or a fragment
MORE_FROM = 0.35  # a further sentence is shown when it is at least this likely, relative to the first
REPEATS = 0.6  # share of a sentence's terms that an earlier one already said

# Logistic regression over the features of `Evidence`; see training/fit_quote.py for data and method.
WEIGHTS = (4.0, 2.5, 1.0, 0.5, 2.0, 1.5)
BIAS = -5.5
ANSWER_FROM = 0.3

NUMBER = re.compile(
    r"\b\d[\d,.]*\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)s?\b", re.I
)
YEAR_ONLY = re.compile(r"\b(?:19|20)\d\d\b")
MONEY = re.compile(r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:million|billion|dollars|euros|pounds|percent|per cent)\b|%", re.I)
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|tomorrow)\b",
    re.I,
)
NAME = re.compile(r"(?<!^)(?<![.!?:] )\b[A-Z][\w’'-]+(?:\s+(?:of|the|de|van|von)?\s*[A-Z][\w’'-]+)*")
PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|across)\s+(?:the\s+)?[A-Z]\w+")

ASKED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bhow much\b|\bwhat (?:price|cost|amount|percentage|share)\b", re.I), MONEY),
    (re.compile(r"\bhow (?:many|old|long|far|tall|big|large|fast|often)\b|\bwhat number\b", re.I), NUMBER),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|month|year|time)\b", re.I), DATE),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|state|venue)\b", re.I), PLACE),
    (re.compile(r"\bwho\b|\bwhose\b|\bwhom\b", re.I), NAME),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of one hit, with what speaks for it. start, end: in the revision's text.

    cosine: of question and sentence. overlap: idf-weighted share of the question's terms found in the
    sentence, 0..1. kind: 1 when it holds what the question asks for (a number, a date…), 0 when it does not,
    0.5 when the question does not say. new: share of the sentence's terms that the question did not give.
    passage_cosine, passage_overlap: the same of its passage and headline.
    """

    hit: Hit
    start: int
    end: int
    text: str
    terms: frozenset[str]
    cosine: float
    overlap: float
    kind: float
    new: float
    passage_cosine: float
    passage_overlap: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to show and the probability, 0..1, that it answers the question."""

    evidence: Evidence
    probability: float


@dataclass(frozen=True, slots=True)
class Language:
    """What the scorer needs to know of words: their vectors, their stems, and how rare these are."""

    embed: Callable[[list[str]], list[list[float]]]
    terms: Callable[[str], list[str]]
    weights: Callable[[Sequence[str]], Mapping[str, float]]


def gather(question: str, question_vector: Sequence[float], hits: Sequence[Hit], words: Language) -> list[Evidence]:
    """Every distinct sentence of the best passages, with its features, in the passages' order."""
    spans: dict[tuple[str, int, int], tuple[Hit, str]] = {}
    for hit in hits[:PASSAGES_READ]:
        passage = hit.passage
        for span in sentences(passage.text, hit.article.language):
            text = passage.text[span.start : span.end]
            if len(text.split()) >= MIN_WORDS and not text.endswith("?"):
                place = (passage.article, passage.start + span.start, passage.start + span.end)
                spans.setdefault(place, (hit, text))
    asked = words.terms(question)
    weights = words.weights(asked)
    kind = asked_kind(question)
    vectors = words.embed([text for _, text in spans.values()]) if spans else []
    passage_terms = {
        hit.passage.id: set(words.terms(f"{hit.article.title} {hit.passage.text}")) for hit, _ in spans.values()
    }
    gathered = []
    for ((_, start, end), (hit, text)), vector in zip(spans.items(), vectors, strict=True):
        terms = frozenset(words.terms(text))
        gathered.append(
            Evidence(
                hit=hit,
                start=start,
                end=end,
                text=text,
                terms=terms,
                cosine=sum(a * b for a, b in zip(question_vector, vector, strict=True)),
                overlap=_overlap(weights, terms),
                kind=0.5 if kind is None else float(_holds(kind, text, question)),
                new=len(terms - set(asked)) / max(1, len(terms)),
                passage_cosine=hit.cosine,
                passage_overlap=_overlap(weights, passage_terms[hit.passage.id]),
            )
        )
    return gathered


def asked_kind(question: str) -> re.Pattern[str] | None:
    """The pattern of what the question asks for: a number, a date, a name… None when it does not say."""
    return next((holds for asks, holds in ASKED if asks.search(question)), None)


def probability(evidence: Evidence) -> float:
    """That this sentence answers the question, 0..1: a logistic model over the features."""
    features = (
        evidence.cosine,
        evidence.overlap,
        evidence.kind,
        evidence.new,
        evidence.passage_cosine,
        evidence.passage_overlap,
    )
    score = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-score))


def choose(evidence: Sequence[Evidence]) -> list[Chosen]:
    """The best sentence and up to two more that add something; none when the best one is too unlikely."""
    ranked = sorted((Chosen(one, probability(one)) for one in evidence), key=lambda chosen: -chosen.probability)
    if not ranked or ranked[0].probability < ANSWER_FROM:
        return []
    chosen: list[Chosen] = []
    for candidate in ranked:
        if len(chosen) == SENTENCES_SHOWN or candidate.probability < ranked[0].probability * MORE_FROM:
            break
        if all(_adds(candidate.evidence, earlier.evidence) for earlier in chosen):
            chosen.append(candidate)
    return chosen


def _adds(candidate: Evidence, earlier: Evidence) -> bool:
    shared = len(candidate.terms & earlier.terms)
    return shared < REPEATS * max(1, min(len(candidate.terms), len(earlier.terms)))


def _holds(kind: re.Pattern[str], text: str, question: str) -> bool:
    """Whether the text has such a thing that the question itself does not name."""
    named = question.casefold()
    if kind is NUMBER:
        text = YEAR_ONLY.sub("", text)
    return any(match.group().casefold() not in named for match in kind.finditer(text))


def _overlap(weights: Mapping[str, float], terms: frozenset[str] | set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0
