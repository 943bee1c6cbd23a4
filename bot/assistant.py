"""ask(): window → retrieve → read → quote → verify → journal."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import log

from bot import quote
from bot.answer_type import asks_yes_or_no, is_question
from bot.asked_window import asked_window
from bot.calibration import Calibration
from bot.cite import cite, headlines
from bot.evidence import Evidence, Language, Reads, gather
from bot.journal import Journal
from bot.records import MAX_QUESTION_CHARACTERS, Answer, Citation, Claim, Mode, Question, Reason, Window
from bot.verify import check
from index.embed import Embedder
from index.keywords import KeywordIndex
from index.records import Filter, Hit
from index.rerank import Reranker
from index.retrieve import Retriever
from ingest.archive import Archive
from ingest.errors import UsageError
from ingest.records import Article

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


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assistant works with."""

    archive: Archive
    retriever: Retriever
    keywords: KeywordIndex
    embedder: Embedder
    reader: Reads
    reranker: Reranker | None
    calibration: Calibration
    journal: Journal
    fingerprint: str


class Assistant:
    """Answers questions from the archive, and keeps what it answered."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def threshold(self) -> float:
        """The least confidence that is answered from."""
        return self._parts.calibration.threshold

    def search(self, question: Question, limit: int = PASSAGES) -> list[Hit]:
        """The passages that match best, without an answer; those that the reader finds an answer in come first."""
        self._require(question)
        vector = self._parts.embedder.embed_query(question.words)
        hits = self._retrieve(question.words, vector, max(limit, PASSAGES), question.where)
        if not is_question(question.words):
            return hits[:limit]
        first, rest = hits[:PASSAGES], hits[PASSAGES:]
        evidence = gather(question.words, question.asked, first, self.language())
        return [*quote.reranked(first, evidence), *rest][:limit]

    def ask(self, question: Question, limit: int = quote.SENTENCES_SHOWN) -> Answer:
        """The answer, kept in the journal so that it can be verified later.

        Raises:
            UsageError: the question is empty or too long.
        """
        answer = self.answer(question, limit)
        self._parts.journal.keep(answer, self._parts.fingerprint)
        return answer

    def answer(self, question: Question, limit: int = quote.SENTENCES_SHOWN, *, abstain: bool = True) -> Answer:
        """One to `limit` verified sentences, or none with the nearest headlines.

        abstain: whether to say nothing below the threshold; evaluation wants to see the best sentences all the same.

        Raises:
            UsageError: the question is empty or too long.
        """
        self._require(question)
        watch = Stopwatch()
        vector = self._parts.embedder.embed_query(question.words)
        watch.lap("embed")
        found, wider = self._look(question, vector, watch)
        chosen = quote.choose(question.words, found.evidence)
        shown = chosen.evidence[: max(limit, chosen.differing)] if self._is_sure(found) or not abstain else ()
        citations = self._prove(shown, single_words=not asks_yes_or_no(question.words))
        reason = None if citations else self._reason(found, wider)
        known = _newest(quote.choose(question.words, wider.evidence).evidence) if reason is Reason.OLDER else None
        named = [] if citations else _worth_naming(found, wider, reason)
        watch.lap("answer")
        return Answer(
            id=f"a_{secrets.token_hex(5)}",
            question=question,
            mode=Mode.QUOTE,
            claims=tuple(Claim(citation.quote, (citation.n,)) for citation in citations),
            citations=citations,
            nearest=headlines([*([known] if known else []), *named]),
            confidence=self._parts.calibration.probability(found.log_odds),
            as_of=known.published
            if known
            else max((one.published for one in citations if one.published), default=None),
            timings_ms=watch.stop(),
            window=found.window,
            differing=tuple(one.n for one in citations[: chosen.differing]) if len(citations) > 1 else (),
            reason=reason,
            log_odds=found.log_odds,
            passages=tuple(quote.reranked(found.hits, found.evidence)),
        )

    def _look(self, question: Question, vector: Sequence[float], watch: Stopwatch) -> tuple[Found, Found]:
        """What is found in the time asked about; and, when that is not enough, what there is from before.

        Reports of a time that a question names are often of the days after it, so these are looked at too.
        """

        def look(window: Window | None) -> Found:
            since, until = (window.since, window.until) if window else (None, None)
            # Who sets dates wants articles that have one; a question that names a time may be about any without.
            where = replace(question.where, since=since, until=until, undated=bool(window and window.words))
            hits = self._retrieve(question.words, vector, PASSAGES, where)
            watch.lap("search")
            evidence = gather(question.words, question.asked, hits, self.language())
            watch.lap("answer")
            return Found(window, tuple(hits), tuple(evidence), quote.log_odds(evidence))

        window = _window(question)
        found = look(window)
        if window is None or self._is_sure(found):
            return found, found
        if window.words and window.since and window.until and window.until <= question.asked:
            later = look(replace(window, until=min(question.asked, window.until + TOLD_WITHIN)))
            if self._is_sure(later):
                return later, later
        return found, look(Window("", None, window.since)) if window.since else found

    def _retrieve(self, text: str, vector: Sequence[float], limit: int, where: Filter) -> list[Hit]:
        reranker = self._parts.reranker
        hits = self._parts.retriever.search(text, vector, max(limit, RERANKED) if reranker else limit, where)
        return reranker.rerank(text, hits)[:limit] if reranker else hits

    def _is_sure(self, found: Found) -> bool:
        return self._parts.calibration.probability(found.log_odds) >= self.threshold

    def _prove(self, chosen: Sequence[Evidence], *, single_words: bool) -> tuple[Citation, ...]:
        """Cite each sentence that stands in the archive exactly as quoted; drop the others."""
        proven: list[Citation] = []
        for evidence in chosen:
            citation = cite(evidence.sentence, len(proven) + 1, single_words=single_words)
            if check(citation, self._parts.archive).verdict.holds:
                proven.append(citation)
        return tuple(proven)

    def language(self) -> Language:
        """How words are read and measured: by the reader, and by the index that retrieval uses."""
        return Language(self._parts.reader, self._parts.keywords.terms, self._weights)

    def _weights(self, terms: Sequence[str]) -> Mapping[str, float]:
        """Inverse document frequency, as BM25 has it: log(1 + (N - n + 0.5) / (n + 0.5)).

        A word that no passage has counts half: the reports may well say the same in another word.
        """
        frequencies = self._parts.keywords.document_frequency(terms)
        # Passages that are deleted but not yet merged away are counted in the frequencies.
        total = max([len(self._parts.keywords), *frequencies])
        return {
            term: log(1 + (total - count + 0.5) / (count + 0.5)) * (1 if count else 0.5)
            for term, count in zip(terms, frequencies, strict=True)
        }

    def _reason(self, found: Found, wider: Found) -> Reason:
        """Why there is no answer."""
        if wider is not found and self._is_sure(wider):
            return Reason.OLDER
        return Reason.SILENT if any(map(quote.is_on_topic, found.evidence)) else Reason.NOTHING

    def _require(self, question: Question) -> None:
        if not question.text.strip():
            raise UsageError("the question is empty", hint='ask something: dateline ask "how many …?"')
        if len(question.words) > MAX_QUESTION_CHARACTERS:
            raise UsageError(
                f"the question has {len(question.words):,} characters, {MAX_QUESTION_CHARACTERS:,} at most",
                hint="ask one thing at a time",
            )
        if not question.words.isprintable() and any("\ud800" <= character <= "\udfff" for character in question.words):
            raise UsageError("the question is not UTF-8 text", hint="set the terminal to UTF-8")


def _window(question: Question) -> Window | None:
    """The time to search: what the asker set, else what the question names."""
    where = question.where
    if where.since or where.until:
        return Window("", where.since, where.until)
    return None if question.any_time else asked_window(question.words, question.asked)


def _worth_naming(found: Found, wider: Found, reason: Reason | None) -> Sequence[Article]:
    """The articles whose headlines tell best what there is instead of an answer."""
    if reason is Reason.SILENT:
        on_topic = sorted(filter(quote.is_on_topic, found.evidence), key=lambda one: -one.features.passage_overlap)
        return [one.sentence.hit.article for one in on_topic]
    hits = wider.hits if reason is Reason.OLDER else (*found.hits, *wider.hits)
    return [hit.article for hit in hits]


def _newest(evidence: Sequence[Evidence]) -> Article:
    """The newest article that the sentences are of."""
    return min(evidence, key=quote.newest_first).sentence.hit.article
