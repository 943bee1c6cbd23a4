"""ask(): window → retrieve → quote → verify → journal."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from urllib.parse import quote as percent_encode

from bot import quote
from bot.journal import Journal
from bot.records import Answer, Citation, Claim, Headline, Mode, Question
from bot.verify import check
from index.embed import Embedder
from index.keywords import KeywordIndex
from index.records import Hit
from index.retrieve import Retriever
from ingest.archive import Archive
from ingest.errors import UsageError

PASSAGES = 10
NEAREST = 3
MAX_QUESTION_CHARACTERS = 1000


@dataclass
class Stopwatch:
    """Milliseconds spent in each named step."""

    started: float = field(default_factory=time.perf_counter)
    laps: dict[str, int] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """Name the time since the last lap."""
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000)
        self._last = now

    def stop(self) -> dict[str, int]:
        """All laps and the total."""
        return self.laps | {"total": round((time.perf_counter() - self.started) * 1000)}


class Assistant:
    """Answers questions from the archive, and keeps what it answered."""

    def __init__(
        self,
        archive: Archive,
        retriever: Retriever,
        keywords: KeywordIndex,
        embedder: Embedder,
        journal: Journal,
    ) -> None:
        self._archive = archive
        self._retriever = retriever
        self._keywords = keywords
        self._embedder = embedder
        self._journal = journal

    def search(self, question: Question, limit: int = PASSAGES) -> list[Hit]:
        """The passages that match best, without an answer."""
        self._require(question)
        vector = self._embedder.embed_query(question.text)
        return self._retriever.search(question.text, vector, limit, question.where)

    def ask(self, question: Question, limit: int = quote.SENTENCES_SHOWN) -> Answer:
        """The answer, kept in the journal so that it can be verified later.

        Raises:
            UsageError: the question is empty or too long.
        """
        answer = self.answer(question, limit)
        self._journal.keep(answer, f"quote-1 {self._embedder.fingerprint}")
        return answer

    def answer(self, question: Question, limit: int = quote.SENTENCES_SHOWN) -> Answer:
        """One to `limit` verified sentences, or none with the nearest headlines.

        Raises:
            UsageError: the question is empty or too long.
        """
        self._require(question)
        watch = Stopwatch()
        vector = self._embedder.embed_query(question.text)
        watch.lap("embed")
        hits = self._retriever.search(question.text, vector, PASSAGES, question.where)
        watch.lap("search")
        evidence = quote.gather(question.text, vector, hits, self.language())
        citations = self._prove(quote.choose(evidence)[:limit])
        watch.lap("answer")
        return Answer(
            id=f"a_{secrets.token_hex(5)}",
            question=question,
            mode=Mode.QUOTE,
            claims=tuple(Claim(citation.quote, (citation.n,)) for citation in citations),
            citations=citations,
            nearest=() if citations else nearest(hits),
            confidence=round(quote.confidence(evidence), 3),
            as_of=max((one.published for one in citations if one.published), default=None),
            timings_ms=watch.stop(),
        )

    def _prove(self, chosen: Sequence[quote.Evidence]) -> tuple[Citation, ...]:
        """Cite each sentence that stands in the archive exactly as quoted; drop the others."""
        proven: list[Citation] = []
        for evidence in chosen:
            citation = cite(evidence, len(proven) + 1)
            if check(citation, self._archive).verdict.holds:
                proven.append(citation)
        return tuple(proven)

    def language(self) -> quote.Language:
        """How words are measured: by the model and the index that retrieval uses."""
        return quote.Language(self._embedder.embed_documents, self._keywords.terms, self._weights)

    def _weights(self, terms: Sequence[str]) -> Mapping[str, float]:
        """Inverse document frequency, as BM25 has it: log(1 + (N - n + 0.5) / (n + 0.5)).

        A word that no passage has counts half: the reports may well say the same in another word.
        """
        total = len(self._keywords)
        frequencies = zip(terms, self._keywords.document_frequency(terms), strict=True)
        return {
            term: log(1 + (total - count + 0.5) / (count + 0.5)) * (1 if count else 0.5) for term, count in frequencies
        }

    def _require(self, question: Question) -> None:
        if not question.text.strip():
            raise UsageError("the question is empty", hint='ask something: dateline ask "how many …?"')
        if len(question.text) > MAX_QUESTION_CHARACTERS:
            raise UsageError(
                f"the question has {len(question.text):,} characters, {MAX_QUESTION_CHARACTERS:,} at most",
                hint="ask one thing at a time",
            )


def cite(evidence: quote.Evidence, number: int) -> Citation:
    """The citation of a sentence."""
    article, passage = evidence.hit.article, evidence.hit.passage
    return Citation(
        n=number,
        quote=evidence.text,
        start=evidence.start,
        end=evidence.end,
        article=article.id,
        revision=passage.revision,
        title=article.title,
        outlet=article.byline,
        url=article.url,
        published=article.published,
        link=text_fragment(article.url, evidence.text),
        also=evidence.hit.also_in,
    )


def text_fragment(url: str, quotation: str) -> str:
    """A link that a browser opens at the quotation (https://wicg.github.io/scroll-to-text-fragment/)."""
    if not url:
        return ""
    words = quotation.split()
    ends = [" ".join(words)] if len(words) <= 8 else [" ".join(words[:4]), " ".join(words[-4:])]
    # A hyphen has a meaning of its own in a fragment, so it is encoded too.
    directive = ",".join(percent_encode(end, safe="").replace("-", "%2D") for end in ends)
    return f"{url.partition('#')[0]}#:~:text={directive}"


def nearest(hits: Sequence[Hit]) -> tuple[Headline, ...]:
    """The headlines of the best hits, one an article."""
    articles = {hit.article.id: hit.article for hit in hits}
    return tuple(
        Headline(article.title, article.byline, article.published, article.url, article.id)
        for article in list(articles.values())[:NEAREST]
    )
