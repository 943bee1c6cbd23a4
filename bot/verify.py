"""The proof: every quotation is compared with the archive, character by character."""

from __future__ import annotations

from bot.records import Check, Citation, Verdict
from ingest.archive import Archive
from ingest.records import Article, Revision, State


def judge(citation: Citation, article: Article | None, revision: Revision | None) -> Verdict:
    """Decide whether the quote stands where the citation says, and what became of the article since."""
    if article is None:
        return Verdict.MISSING
    if article.state is State.REMOVED:
        return Verdict.REMOVED
    if revision is None:
        return Verdict.MISSING
    if not citation.quote or revision.text[citation.start : citation.end] != citation.quote:
        return Verdict.MISMATCH
    if article.state is State.GONE:
        return Verdict.GONE
    return Verdict.VERIFIED if article.revision == citation.revision else Verdict.SUPERSEDED


def check(citation: Citation, archive: Archive) -> Check:
    """Re-read the cited span from the archive, never from an index, and judge it."""
    article = archive.article(citation.article)
    revision = archive.revision(citation.article, citation.revision)
    return Check(citation, judge(citation, article, revision), article.revision if article else 0)
