"""Hybrid search: nearest vectors and best keywords, fused, confirmed by the archive, and made diverse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from threading import Lock

from index.keywords import KeywordIndex
from index.records import Candidate, Filter, Hit
from index.vectors import VectorIndex
from ingest.archive import Archive
from ingest.chunk import header
from ingest.database import in_groups
from ingest.records import Article, Passage, State

FUSION_K = 60  # Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009
CANDIDATES = 50  # from each index
SHINGLE_WORDS = 3
NEARLY_IDENTICAL = 0.7  # Jaccard of word shingles; wire copies with edited leads stay above it


class Retriever:
    """Answers "which passages are about this?" from both indexes; only what the archive confirms comes out.

    Several threads may search: one does, the others wait.
    """

    def __init__(self, archive: Archive, vectors: VectorIndex, keywords: KeywordIndex) -> None:
        self._archive = archive
        self._vectors = vectors
        self._keywords = keywords
        self._seen = keywords.position
        self._searching = Lock()

    def search(self, question: str, vector: Sequence[float], limit: int, where: Filter) -> list[Hit]:
        """The `limit` best passages that pass the filter, best first; of one story, those of one article."""
        with self._searching:
            self._refresh()
            near = self._vectors.search(vector, CANDIDATES, where)
            worded = self._keywords.search(question, CANDIDATES, where)
            cosines = {candidate.id: candidate.score for candidate in near}
            hits = distinct(self._confirmed(fuse([near, worded]), cosines, 2 * limit, where))
            return self._name_the_others(list(islice(hits, limit)), where)

    def _confirmed(
        self, ranked: Sequence[tuple[Candidate, float]], cosines: Mapping[str, float], at_once: int, where: Filter
    ) -> Iterator[Hit]:
        """What the archive confirms, in the same order. It is asked about so many at once, and no more than are used."""
        for some in in_groups(ranked, at_once):
            confirmed = self._confirm([candidate for candidate, _ in some], where)
            for candidate, score in some:
                if candidate.id in confirmed:
                    yield Hit(*confirmed[candidate.id], score=score, cosine=cosines.get(candidate.id, 0.0))

    def _confirm(self, candidates: Sequence[Candidate], where: Filter) -> dict[str, tuple[Passage, Article]]:
        """Those whose article is live, at this revision, and admitted; with the archive's own text."""
        articles = self._archive.articles({candidate.article for candidate in candidates})
        current = [
            candidate
            for candidate in candidates
            if (article := articles.get(candidate.article)) is not None
            and article.state is State.LIVE
            and article.revision == candidate.revision
            and where.admits(article)
        ]
        texts = self._archive.texts({(candidate.article, candidate.revision) for candidate in current})
        return {
            candidate.id: (
                _passage(candidate, articles[candidate.article], texts),
                articles[candidate.article],
            )
            for candidate in current
        }

    def _name_the_others(self, hits: Sequence[Hit], where: Filter) -> list[Hit]:
        """The hits, each with the other articles of its story that may answer."""
        told = self._archive.told({hit.article.story for hit in hits if hit.article.story})

        def others(hit: Hit) -> tuple[Article, ...]:
            articles = told.get(hit.article.story, [])
            return tuple(one for one in articles if one.id != hit.article.id and where.admits(one))

        return [replace(hit, also=others(hit)) for hit in hits]

    def _refresh(self) -> None:
        """See what another process has indexed since."""
        position = self._keywords.position
        if position != self._seen:
            self._vectors.reload()
            self._keywords.reload()
            self._seen = position


def fuse(rankings: Iterable[Sequence[Candidate]]) -> list[tuple[Candidate, float]]:
    """Reciprocal rank fusion: each ranking gives 1 / (60 + rank), rank from 1. Best first, ties by id."""
    scores: dict[str, float] = {}
    candidates: dict[str, Candidate] = {}
    for ranking in rankings:
        for rank, candidate in enumerate(ranking, 1):
            candidates.setdefault(candidate.id, candidate)
            scores[candidate.id] = scores.get(candidate.id, 0.0) + 1 / (FUSION_K + rank)
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [(candidates[passage_id], score) for passage_id, score in ordered]


def distinct(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits that tell something of their own."""
    return collapse(one_article_a_story(hits))


def collapse(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Keep the best of passages that say nearly the same in nearly the same words."""
    kept: list[frozenset[tuple[str, ...]]] = []
    for hit in hits:
        shingles = _shingles(hit.passage.text)
        if all(_jaccard(shingles, other) < NEARLY_IDENTICAL for other in kept):
            kept.append(shingles)
            yield hit


def one_article_a_story(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of each story, only the passages of the article that has the best one."""
    chosen: dict[str, str] = {}
    for hit in hits:
        if chosen.setdefault(hit.article.story or hit.article.id, hit.article.id) == hit.article.id:
            yield hit


def _passage(candidate: Candidate, article: Article, texts: dict[tuple[str, int], str]) -> Passage:
    return Passage(
        id=candidate.id,
        article=candidate.article,
        revision=candidate.revision,
        start=candidate.start,
        end=candidate.end,
        header=header(article.title, article.outlet, article.published),
        text=texts[candidate.article, candidate.revision][candidate.start : candidate.end],
    )


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    shingles = zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False)
    return frozenset(shingles) or frozenset([tuple(words)])


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)
