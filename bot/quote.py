"""Answer from the passages' own sentences, without a language model.

Every sentence of the best passages gets a few features and, from them, a score. "None of them answers" has the
score 0, and a softmax over all of these gives the probability that one does. The best sentence leads, up to
two more follow if they add something; below a threshold nothing is said.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.answer_type import asked_type, counts, holds, names, values
from index.records import Hit
from ingest.chunk import sentences

SENTENCES_SHOWN = 3
MIN_WORDS = 4  # a shorter "sentence" is a caption, a label or a fragment
MIN_WORDS_WITHOUT_STOP = 12  # one that does not end like a sentence is a heading, unless it is long
MOST_REPORTS = 4  # more reports that agree add no more

# Fitted with training/fit_quote.py, which says on what and how.
WEIGHTS = (3.38, 2.89, 1.61, 4.40, -1.39, 2.37, -1.12, 0.37)
BIAS = -11.34
ANSWER_FROM = 0.06
MORE_WITHIN = 3.0  # a further sentence scores at most this much less than the first


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of one hit, with what speaks for it. start, end: in the revision's text.

    values: the numbers and names it gives. cosine: of question and sentence. overlap: idf-weighted share of
    the question's terms in the sentence, 0..1. fits: 1 when it holds what the question asks for (a number,
    a date…), 0 when not, 0.5 when the question does not say. counts: 1 when it counts the very thing that "how
    many …" asks for, 0 when not, 0.5 when that is not asked. passage_cosine, passage_overlap: the same of
    its passage with the headline. unnamed: share of the names in the question that its passage does not
    mention, 0..1. agreement: how many other reports give one of its values, 0..4.
    """

    hit: Hit
    start: int
    end: int
    text: str
    values: frozenset[str]
    cosine: float
    overlap: float
    fits: float
    counts: float
    passage_cosine: float
    passage_overlap: float
    unnamed: float
    agreement: int

    @property
    def score(self) -> float:
        """Log-odds against "none of them answers"."""
        return BIAS + sum(weight * value for weight, value in zip(WEIGHTS, self.features, strict=True))

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of `WEIGHTS`."""
        passage = (self.passage_cosine, self.passage_overlap)
        return (self.cosine, self.overlap, self.fits, self.counts, *passage, self.unnamed, float(self.agreement))


@dataclass(frozen=True, slots=True)
class Language:
    """What the features need to know of words: their vectors, their stems, and how rare these are."""

    embed: Callable[[list[str]], list[list[float]]]
    terms: Callable[[str], list[str]]
    weights: Callable[[Sequence[str]], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    start: int
    end: int
    text: str
    values: frozenset[str]


def gather(question: str, vector: Sequence[float], hits: Sequence[Hit], words: Language) -> list[Evidence]:
    """Every distinct sentence of the hits, with its features, in the hits' order. vector: the question's."""
    found = _sentences(question, hits)
    vectors = words.embed([one.text for one in found]) if found else []
    weights = words.weights(words.terms(question))
    answer_type = asked_type(question)
    reports = _reports(found)
    named = set(words.terms(" ".join(names(question))))
    terms = {hit.passage.id: words.terms(f"{hit.article.title} {hit.passage.text}") for hit in hits}
    return [
        Evidence(
            hit=one.hit,
            start=one.start,
            end=one.end,
            text=one.text,
            values=one.values,
            cosine=_dot(vector, its_vector),
            overlap=_overlap(weights, words.terms(one.text)),
            fits=0.5 if answer_type is None else float(holds(answer_type, one.text, question)),
            counts=counts(question, one.text, words.terms),
            passage_cosine=one.hit.cosine,
            passage_overlap=_overlap(weights, terms[one.hit.passage.id]),
            unnamed=len(named - set(terms[one.hit.passage.id])) / max(1, len(named)),
            agreement=min(MOST_REPORTS, max((len(reports[value]) - 1 for value in one.values), default=0)),
        )
        for one, its_vector in zip(found, vectors, strict=True)
    ]


def confidence(evidence: Sequence[Evidence]) -> float:
    """The probability, 0..1, that one of these sentences answers the question."""
    total = sum(math.exp(one.score) for one in evidence)
    return total / (1 + total)


def choose(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence and up to two more that give a value of their own; none below the threshold."""
    if confidence(evidence) < ANSWER_FROM:
        return []
    ranked = sorted(evidence, key=lambda one: -one.score)
    chosen = ranked[:1]
    for one in ranked[1:]:
        if len(chosen) == SENTENCES_SHOWN or one.score < chosen[0].score - MORE_WITHIN:
            break
        if one.values - frozenset().union(*(earlier.values for earlier in chosen)):
            chosen.append(one)
    return chosen


def _sentences(question: str, hits: Sequence[Hit]) -> list[_Sentence]:
    """Each sentence once, though passages overlap."""
    found: dict[tuple[str, int], _Sentence] = {}
    for hit in hits:
        passage = hit.passage
        for span in sentences(passage.text, hit.article.language):
            text = passage.text[span.start : span.end]
            if _can_be_quoted(text):
                start, end = passage.start + span.start, passage.start + span.end
                one = _Sentence(hit, start, end, text, values(text, question))
                found.setdefault((passage.article, start), one)
    return list(found.values())


def _can_be_quoted(sentence: str) -> bool:
    """Whether it says something: neither a question nor a heading, a caption or a label."""
    ending = sentence.rstrip("”\"’')]")[-1:]
    return ending != "?" and len(sentence.split()) >= (MIN_WORDS if ending in ".!…" else MIN_WORDS_WITHOUT_STOP)


def _reports(found: Sequence[_Sentence]) -> Mapping[str, set[str]]:
    """By value, the reports that give it: copies of one are one."""
    reports: defaultdict[str, set[str]] = defaultdict(set)
    for one in found:
        for value in one.values:
            reports[value].add(one.hit.article.story or one.hit.article.id)
    return reports


def _overlap(weights: Mapping[str, float], terms: Sequence[str]) -> float:
    total = sum(weights.values())
    return sum(weights[term] for term in weights.keys() & set(terms)) / total if total else 0.0


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
