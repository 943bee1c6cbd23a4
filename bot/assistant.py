"""ask(): look → have a language model word it, or quote → prove → keep."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import quote
from bot.answer_type import asks_yes_or_no
from bot.calibration import Calibration
from bot.cite import cite, headlines
from bot.evidence import Evidence, Language
from bot.journal import Journal
from bot.lookup import PASSAGES, Found, Lookup, Stopwatch
from bot.records import MAX_QUESTION_CHARACTERS, Answer, Citation, Claim, Mode, Question, Reason, Usage
from bot.verify import check
from index.records import Hit
from ingest.archive import Archive
from ingest.errors import UsageError
from ingest.records import Article

if TYPE_CHECKING:  # quoting does without what words answers
    from bot.generate import Tell, Writer, Written


def silently(_claim: Claim, _citations: Sequence[Citation]) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assistant works with. writer: gives None when no language model is set; it is asked when needed."""

    archive: Archive
    lookup: Lookup
    writer: Callable[[], Writer | None]
    journal: Journal
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Body:
    """What an answer says. differing: the numbers of the citations that give different answers, newest first."""

    mode: Mode
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    differing: tuple[int, ...] = ()


class Assistant:
    """Answers questions from the archive, and keeps what it answered."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def threshold(self) -> float:
        """The least confidence that is quoted from."""
        return self._calibration.threshold

    def search(self, question: Question, limit: int = PASSAGES) -> list[Hit]:
        """The passages that match best, without an answer; those that the reader finds an answer in come first."""
        _require(question)
        return self._parts.lookup.search(question, limit)

    def language(self) -> Language:
        """How words are read and measured."""
        return self._parts.lookup.language()

    def ask(
        self,
        question: Question,
        limit: int = quote.SENTENCES_SHOWN,
        *,
        own_words: bool = False,
        tell: Tell = silently,
    ) -> Answer:
        """The answer, kept in the journal so that it can be verified later.

        own_words: whether to answer in the articles' own words, though there is a language model. tell: is given each
        claim of the model as soon as it is proven; what is quoted comes with the answer.

        Raises:
            UsageError: the question is empty or too long.
            LanguageModelError: the language model that is set cannot be used here at all.
        """
        writer = None if own_words else self._parts.writer()
        answer = self._answer(question, limit, writer, tell)
        made_by = (self._parts.fingerprint, writer.fingerprint) if writer else (self._parts.fingerprint,)
        self._parts.journal.keep(answer, " ".join(made_by))
        return answer

    def answer(self, question: Question, limit: int = quote.SENTENCES_SHOWN, *, abstain: bool = True) -> Answer:
        """One to `limit` quoted sentences, or none with the nearest headlines; not kept, and without a language model.

        abstain: whether to say nothing below the threshold; evaluation wants to see the best sentences all the same.

        Raises:
            UsageError: the question is empty or too long.
        """
        return self._answer(question, limit, None, silently, abstain=abstain)

    def _answer(
        self, question: Question, limit: int, writer: Writer | None, tell: Tell, *, abstain: bool = True
    ) -> Answer:
        _require(question)
        watch = Stopwatch()
        found, wider = self._parts.lookup.look(question, watch)
        written = writer.write(question, found.passages, limit, tell) if writer and found.hits else None
        if written:
            watch.lap("model")
        if written and (written.claims or not written.failure):
            body = self._worded(question, found, written, tell)
        else:
            body = self._quoted(question, found, limit, abstain=abstain)
        answer = Answer(
            id=f"a_{secrets.token_hex(5)}",
            question=question,
            mode=body.mode,
            claims=body.claims,
            citations=body.citations,
            nearest=(),
            confidence=self._calibration.probability(found.log_odds),
            as_of=max((one.published for one in body.citations if one.published), default=None),
            timings_ms={},
            window=found.window,
            differing=body.differing,
            log_odds=found.log_odds,
            passages=tuple(found.passages),
        )
        if written:
            usage = written.usage + (question.usage or Usage())
            answer = replace(answer, note=written.failure, dropped=written.dropped, usage=usage)
        if not body.claims:
            answer = self._abstained(answer, found, wider, unproven=bool(written and written.dropped))
        watch.lap("answer")
        return replace(answer, timings_ms=watch.stop())

    def _quoted(self, question: Question, found: Found, limit: int, *, abstain: bool) -> _Body:
        """The sentences that answer, or nothing when it is unsure."""
        if abstain and not self._is_sure(found):
            return _Body(Mode.QUOTE)
        chosen = quote.choose(question.words, found.evidence)
        citations: list[Citation] = []
        for evidence in chosen.evidence[: max(limit, chosen.differing)]:
            citation = self._cite(question, evidence, len(citations) + 1)
            citations += [citation] if citation else []
        differing = tuple(one.n for one in citations[: chosen.differing]) if len(citations) > 1 else ()
        return _Body(Mode.QUOTE, tuple(map(_verbatim, citations)), tuple(citations), differing)

    def _worded(self, question: Question, found: Found, written: Written, tell: Tell) -> _Body:
        """The language model's claims; and if reports differ, each report's own words that it did not cite."""
        claims, citations, differing = list(written.claims), list(written.citations), []
        for evidence in self._differing(question, found, written):
            citation = _marked(evidence, citations)
            if citation is None and (citation := self._cite(question, evidence, len(citations) + 1)):
                claims.append(_verbatim(citation))
                citations.append(citation)
                tell(claims[-1], [citation])
            if citation:
                citations[citation.n - 1] = citation
                differing.append(citation.n)
        return _Body(Mode.LLM, tuple(claims), tuple(citations), tuple(differing) if len(differing) > 1 else ())

    def _differing(self, question: Question, found: Found, written: Written) -> Sequence[Evidence]:
        """The sentences that give different answers, newest first: of all reports, else of those that are cited."""
        if not written.claims:
            return ()
        cited = [one for one in found.evidence if any(_covers(one, citation) for citation in written.citations)]
        for evidence in ([found.evidence] if self._is_sure(found) else []) + [cited]:
            chosen = quote.choose(question.words, evidence)
            if chosen.differing:
                return chosen.evidence[: chosen.differing]
        return ()

    def _cite(self, question: Question, evidence: Evidence, number: int) -> Citation | None:
        """The citation of a sentence, if it stands in the archive exactly as quoted."""
        citation = cite(evidence.sentence, number, single_words=not asks_yes_or_no(question.words))
        return citation if check(citation, self._parts.archive).verdict.holds else None

    def _abstained(self, answer: Answer, found: Found, wider: Found, *, unproven: bool) -> Answer:
        """The answer with why there is none, and what there is instead."""
        reason = Reason.UNPROVEN if unproven else self._reason(found, wider)
        known = (
            _newest(quote.choose(answer.question.words, wider.evidence).evidence) if reason is Reason.OLDER else None
        )
        named = _worth_naming(found, wider, reason)
        return replace(
            answer,
            reason=reason,
            nearest=headlines([*([known] if known else []), *named]),
            as_of=known.published if known else None,
        )

    def _reason(self, found: Found, wider: Found) -> Reason:
        """Why there is no answer."""
        if wider is not found and self._is_sure(wider):
            return Reason.OLDER
        return Reason.SILENT if any(map(quote.is_on_topic, found.evidence)) else Reason.NOTHING

    def _is_sure(self, found: Found) -> bool:
        return self._parts.lookup.is_sure(found)

    @property
    def _calibration(self) -> Calibration:
        return self._parts.lookup.calibration


def _require(question: Question) -> None:
    if not question.text.strip():
        raise UsageError("the question is empty", hint='ask something: dateline ask "how many …?"')
    if len(question.words) > MAX_QUESTION_CHARACTERS:
        raise UsageError(
            f"the question has {len(question.words):,} characters, {MAX_QUESTION_CHARACTERS:,} at most",
            hint="ask one thing at a time",
        )
    if not question.words.isprintable() and any("\ud800" <= character <= "\udfff" for character in question.words):
        raise UsageError("the question is not UTF-8 text", hint="set the terminal to UTF-8")


def _verbatim(citation: Citation) -> Claim:
    """The quotation as a claim of its own."""
    return Claim(citation.quote, (citation.n,))


def _covers(evidence: Evidence, citation: Citation) -> bool:
    """Whether the citation is of this sentence."""
    sentence = evidence.sentence
    place = (sentence.hit.article.id, sentence.hit.passage.revision)
    return place == (citation.article, citation.revision) and (
        citation.start < sentence.end and sentence.start < citation.end
    )


def _marked(evidence: Evidence, citations: Sequence[Citation]) -> Citation | None:
    """The citation that quotes the sentence's words that answer, with these marked; None when none does."""
    start, end = evidence.sentence.answer
    for citation in citations:
        if _covers(evidence, citation) and citation.start <= start and end <= citation.end:
            return replace(citation, answer=(start, end))
    return None


def _worth_naming(found: Found, wider: Found, reason: Reason | None) -> Sequence[Article]:
    """The articles whose headlines tell best what there is instead of an answer."""
    if reason in {Reason.SILENT, Reason.UNPROVEN}:
        on_topic = sorted(filter(quote.is_on_topic, found.evidence), key=lambda one: -one.features.passage_overlap)
        if on_topic:
            return [one.sentence.hit.article for one in on_topic]
    hits = wider.hits if reason is Reason.OLDER else (*found.hits, *wider.hits)
    return [hit.article for hit in hits]


def _newest(evidence: Sequence[Evidence]) -> Article:
    """The newest article that the sentences are of."""
    return min(evidence, key=quote.newest_first).sentence.hit.article
