"""Where an answer is looked for: the passages of the time asked about, and what speaks for each of their sentences."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import log

from bot import quote
from bot.answer_type import is_question
from bot.asked_window import asked_window
from bot.calibration import Calibration
from bot.evidence import Evidence, Language, Reads, Remembering, gather
from bot.records import Question, Window
from index.embed import Embedder
from index.keywords import KeywordIndex
from index.records import Filter, Hit
from index.rerank import Reranker
from index.retrieve import Retriever

PASSAGES = 10
RERANKED = 30  # a reranker, when one is set, chooses from so many
TOLD_WITHIN = timedelta(days=3)  # reports of what happened may be so much later


@dataclass
class Stopwatch:
    """Milliseconds spent in each named step; a step that is done twice adds up."""

    started: float = field(default_factory=time.perf_counter)
    laps: dict[str, int] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """Name the time since the last lap."""
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0) + round((now - self._last) * 1000)
        self._last = now

    def stop(self) -> dict[str, int]:
        """All laps and the total."""
        return self.laps | {"total": round((time.perf_counter() - self.started) * 1000)}


@dataclass(frozen=True, slots=True)
class Found:
    """What one search of a window found. log_odds: that one of the sentences answers, uncalibrated."""

    window: Window | None
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    log_odds: float

    @property
    def passages(self) -> list[Hit]:
        """The hits, those that hold the best sentences first."""
        return quote.reranked(self.hits, self.evidence)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds passages, and reads them."""

    retriever: Retriever
    keywords: KeywordIndex
    embedder: Embedder
    reader: Reads
    reranker: Reranker | None
    calibration: Calibration

    def search(self, question: Question, limit: int = PASSAGES) -> list[Hit]:
        """The passages that match best, without an answer; those that the reader finds an answer in come first."""
        vector = self.embedder.embed_query(question.words)
        hits = self._retrieve(question.words, vector, max(limit, PASSAGES), question.where)
        if not is_question(question.words):
            return hits[:limit]
        first, rest = hits[:PASSAGES], hits[PASSAGES:]
        evidence = gather(question.words, question.asked, first, self.language())
        return [*quote.reranked(first, evidence), *rest][:limit]

    def look(self, question: Question, watch: Stopwatch) -> tuple[Found, Found]:
        """What is found in the time asked about; and, when that is not enough, what there is from before.

        Reports of a time that a question names are often of the days after it, so these are looked at too.
        """
        vector = self.embedder.embed_query(question.words)
        watch.lap("embed")
        language = replace(self.language(), reader=Remembering(self.reader))

        def look(window: Window | None) -> Found:
            since, until = (window.since, window.until) if window else (None, None)
            # Who sets dates wants articles that have one; a question that names a time may be about any without.
            where = replace(question.where, since=since, until=until, undated=bool(window and window.words))
            hits = self._retrieve(question.words, vector, PASSAGES, where)
            watch.lap("search")
            evidence = gather(question.words, question.asked, hits, language)
            watch.lap("answer")
            return Found(window, tuple(hits), tuple(evidence), quote.log_odds(evidence))

        window = _window(question)
        found = look(window)
        if window is None or self.is_sure(found):
            return found, found
        if window.words and window.since and window.until and window.until <= question.asked:
            later = look(replace(window, until=min(question.asked, window.until + TOLD_WITHIN)))
            if self.is_sure(later):
                return later, later
        return found, look(Window("", None, window.since)) if window.since else found

    def is_sure(self, found: Found) -> bool:
        """Whether one of its sentences answers, as likely as the threshold demands."""
        return self.calibration.probability(found.log_odds) >= self.calibration.threshold

    def language(self) -> Language:
        """How words are read and measured: by the reader, and by the index that retrieval uses."""
        return Language(self.reader, self.keywords.terms, self._weights)

    def _retrieve(self, text: str, vector: Sequence[float], limit: int, where: Filter) -> list[Hit]:
        hits = self.retriever.search(text, vector, max(limit, RERANKED) if self.reranker else limit, where)
        return self.reranker.rerank(text, hits)[:limit] if self.reranker else hits

    def _weights(self, terms: Sequence[str]) -> Mapping[str, float]:
        """Inverse document frequency, as BM25 has it: log(1 + (N - n + 0.5) / (n + 0.5)).

        A word that no passage has counts half: the reports may well say the same in another word.
        """
        frequencies = self.keywords.document_frequency(terms)
        # Passages that are deleted but not yet merged away are counted in the frequencies.
        total = max([len(self.keywords), *frequencies])
        return {
            term: log(1 + (total - count + 0.5) / (count + 0.5)) * (1 if count else 0.5)
            for term, count in zip(terms, frequencies, strict=True)
        }


def _window(question: Question) -> Window | None:
    """The time to search: what the asker set, else what the question names."""
    where = question.where
    if where.since or where.until:
        return Window("", where.since, where.until)
    return None if question.any_time else asked_window(question.words, question.asked)
