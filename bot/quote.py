"""Answer from the passages' own sentences, without a language model.

Each sentence gets two scores from its evidence: one ranks it among the others; in the other, "none of them answers"
has the score 0, and a softmax over all gives the log-odds that one does. The best sentence leads, up to two more
follow if they contradict it or add something.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.agreement import Relation, relation
from bot.answer_type import DATE, MONEY, NAME, NUMBER, asked_type, asks_yes_or_no
from bot.evidence import Evidence, Features, is_about
from index.records import Hit

SENTENCES_SHOWN = 3

# Fitted with training/fit_quote.py, which says on what and how. RANKING: which sentence answers, if one does.
# ANSWERING: whether one does; dates do not tell.
RANKING = Features(
    reader=0.31,
    overlap=1.43,
    fits=1.06,
    suits=0.87,
    counts=0.06,
    passage_cosine=3.24,
    passage_overlap=0.68,
    unnamed=0.51,
    misdated=-1.13,
    echo=-2.3,
    agreement=0.87,
    alone=1.21,
    newness=0.87,
    age=-1.27,
)
ANSWERING = Features(
    reader=0.33,
    overlap=0.86,
    fits=-0.17,
    suits=0.54,
    counts=0.2,
    passage_cosine=-0.47,
    passage_overlap=0.04,
    unnamed=-0.84,
    misdated=-1.21,
    echo=-1.73,
    agreement=1.2,
    alone=2.59,
    newness=0.0,
    age=0.0,
)
BIAS = -3.19
MORE_WITHIN = 3.0  # a further sentence scores at most this much less than the first
SAME_EVENT = timedelta(days=31)  # reports further apart tell of different events
DIFFERS_WITHIN = 1.5  # and one that contradicts it, this much


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sentences of an answer. differing: how many of them, from the first, give different answers; or 0."""

    evidence: tuple[Evidence, ...]
    differing: int = 0


def score(one: Evidence) -> float:
    """Log-odds, up to a constant, that this is the sentence that answers."""
    return _weighted(RANKING, one)


def log_odds(evidence: Sequence[Evidence]) -> float:
    """That one of these sentences answers, uncalibrated; minus infinity without any."""
    scores = [BIAS + _weighted(ANSWERING, one) for one in evidence]
    highest = max(scores, default=-math.inf)
    return highest + math.log(sum(math.exp(one - highest) for one in scores)) if scores else highest


def _weighted(weights: Features, one: Evidence) -> float:
    return sum(weight * value for weight, value in zip(weights, one.features, strict=True))


def choose(question: str, evidence: Sequence[Evidence]) -> Chosen:
    """The best sentence with those that contradict it, newest first; else with those that add something."""
    ranked = sorted(evidence, key=lambda one: -score(one))
    near = [one for one in ranked if score(one) >= score(ranked[0]) - MORE_WITHIN]
    if differing := _differing([one for one in near if score(one) >= score(ranked[0]) - DIFFERS_WITHIN], question):
        return Chosen(tuple(sorted(differing, key=newest_first)), len(differing))
    chosen = near[:1]
    for one in near[1:]:
        adds = one.values - frozenset().union(*(other.values for other in chosen))
        if len(chosen) < SENTENCES_SHOWN and adds and one.features.unnamed <= chosen[0].features.unnamed:
            chosen.append(one)
    return Chosen(tuple(chosen))


def _differing(evidence: Sequence[Evidence], question: str) -> list[Evidence]:
    """The best sentence and those of other reports whose answers exclude it; none when they agree, or it is unsure."""
    if asks_yes_or_no(question) or asked_type(question) not in {NUMBER, MONEY, DATE, NAME}:
        return []
    certain = [one for one in evidence if one.features.reader > 0 and one.features.suits and is_on_topic(one)]
    if not certain or certain[0] is not evidence[0]:
        return []
    kept: list[Evidence] = []
    for one in certain:
        if all(_contradict(one, other) for other in kept):
            kept.append(one)
    return kept[:SENTENCES_SHOWN] if len(kept) > 1 else []


def _contradict(one: Evidence, other: Evidence) -> bool:
    """Whether two reports give answers that cannot both be right."""
    ours, theirs = one.sentence, other.sentence
    dates = (ours.hit.article.published, theirs.hit.article.published)
    if ours.report == theirs.report or (dates[0] and dates[1] and abs(dates[0] - dates[1]) > SAME_EVENT):
        return False
    return relation(ours.value, theirs.value) is Relation.DIFFERENT


def is_on_topic(one: Evidence) -> bool:
    """Whether its passage is about what is asked, though it may not say it."""
    return is_about(one.features.unnamed, one.features.passage_overlap)


def newest_first(one: Evidence) -> float:
    """A key that sorts newest first, undated last."""
    published = one.sentence.hit.article.published
    return -published.timestamp() if published else math.inf


def reranked(hits: Sequence[Hit], evidence: Sequence[Evidence]) -> list[Hit]:
    """The hits by the best sentence that each holds; those without one that can be quoted stay last, in order."""
    best: dict[str, float] = {}
    for one in evidence:
        passage = one.sentence.hit.passage.id
        best[passage] = max(score(one), best.get(passage, -math.inf))
    return sorted(hits, key=lambda hit: -best.get(hit.passage.id, -math.inf))
