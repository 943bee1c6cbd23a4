"""Records to what a person reads in a terminal, and to the JSON that scripts read; answers are in `render_answer.py`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from bot.records import Check, Citation
from index.records import Hit
from ingest.errors import DatelineError
from ingest.records import Article, Outcome, Revision, Status


def day(moment: datetime | None) -> str:
    """`12 Nov 2024`, or `undated`."""
    return f"{moment.day} {moment:%b %Y}" if moment else "undated"


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC; the date alone when the time is midnight, which is how a date without a time is kept."""
    if moment is None:
        return None
    moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%d" if not (moment.hour or moment.minute or moment.second) else "%Y-%m-%dT%H:%M:%SZ")


def hits_text(hits: Sequence[Hit]) -> Text:
    """Ranked passages, each with where it stands."""
    text = Text()
    for rank, hit in enumerate(hits, 1):
        article, passage = hit.article, hit.passage
        text.append(f"{rank}. ", "cyan").append(article.title or article.id, "bold")
        text.append(f" — {article.byline}, {day(article.published)}\n")
        text.append(f"{passage.text}\n")
        text.append(f"{article.id} revision {passage.revision}, chars {passage.start}–{passage.end}\n", "dim")
        text.append(f"{also(hit.also_in)}\n", "dim")
    return text


def article_text(article: Article, revision: Revision, marked: tuple[int, int] | None) -> Text:
    """An article with the cited span highlighted; `«…»` marks it where there is no colour."""
    text = Text()
    text.append(f"{article.title or article.id}\n", "bold")
    text.append(f"{article.byline}, {day(article.published)} — revision {revision.number} of {article.revision}")
    text.append("".join(f", {word}" for word in (article.state, *article.flags)))
    text.append(f"\n{article.url or article.id}\n\n", "dim")
    if not revision.text:
        return text.append("Its text was removed.")
    if marked is None:
        return text.append(revision.text)
    start, end = marked
    text.append(revision.text[:start]).append(f"«{revision.text[start:end]}»", "bold reverse")
    return text.append(revision.text[end:])


def checks_text(question: str, checks: Sequence[Check]) -> Text:
    """What re-checking a kept answer found."""
    text = Text(f"{question}\n\n", "bold")
    for check in checks:
        citation = check.citation
        text.append(f"[{citation.n}] ", "cyan").append(check.verdict, "green" if check.verdict.holds else "bold red")
        text.append(f" — {citation.title or citation.article}, revision {citation.revision}")
        if check.newest > citation.revision:
            text.append(f" (revision {check.newest} exists)")
        text.append(f", chars {citation.start}–{citation.end}\n    “{citation.quote}”\n")
    return text


def failures_text(outcomes: Iterable[Outcome]) -> Text:
    """One line for each item that failed."""
    return Text("\n").join(
        Text.assemble((f"{one.item}: {one.error.message}", "red"), (_hint(one.error), "dim"))
        for one in outcomes
        if one.error
    )


def error_text(error: DatelineError) -> Text:
    """One line of what went wrong, with the hint."""
    return Text.assemble(("error: ", "bold red"), error.message, (_hint(error), "dim"))


def citation_json(citation: Citation) -> dict[str, Any]:
    """One citation, as in `ask --json`."""
    fields = {name: getattr(citation, name) for name in Citation.__slots__}
    return fields | {"published": stamp(citation.published), "also": list(citation.also)}


def hits_json(hits: Sequence[Hit]) -> dict[str, Any]:
    """The object that `search --json` prints."""
    return {
        "hits": [
            {
                "rank": rank,
                "score": round(hit.score, 5),
                "article": hit.article.id,
                "revision": hit.passage.revision,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "title": hit.article.title,
                "outlet": hit.article.outlet,
                "url": hit.article.url,
                "published": stamp(hit.article.published),
                "also": list(hit.also_in),
            }
            for rank, hit in enumerate(hits, 1)
        ]
    }


def reindex_json(outcomes: Sequence[Outcome], sources: Sequence[str], embedded: int, seconds: float) -> dict[str, Any]:
    """The object that `reindex --json` prints."""
    return {
        "sources": [_source_json(source, [o for o in outcomes if o.source == source]) for source in sources],
        "passages_embedded": embedded,
        "seconds": round(seconds, 2),
    }


def checks_json(answer_id: str, question: str, checks: Sequence[Check]) -> dict[str, Any]:
    """The object that `verify --json` prints."""
    return {
        "id": answer_id,
        "question": question,
        "verified": all(check.verdict.holds for check in checks),
        "citations": [
            citation_json(check.citation)
            | {"verdict": check.verdict, "holds": check.verdict.holds, "newest": check.newest}
            for check in checks
        ],
    }


def article_json(article: Article, revision: Revision) -> dict[str, Any]:
    """The object that `show --json` prints."""
    fields = {name: getattr(article, name) for name in Article.__slots__ if name not in {"revision", "story"}}
    moments = {name: stamp(fields[name]) for name in ("published", "updated", "first_seen", "last_seen")}
    numbers = {"revision": revision.number, "revisions": article.revision, "fetched": stamp(revision.fetched)}
    return fields | moments | numbers | {"sha256": revision.sha256, "text": revision.text}


def also(outlets: Sequence[str], indent: str = "") -> str:
    """A line that names the other outlets of a report, empty when there are none."""
    return f"{indent}also in {', '.join(outlets)} · 1 report\n" if outlets else ""


def _hint(error: DatelineError) -> str:
    return f" ({error.hint})" if error.hint else ""


def _source_json(source: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    counts = {str(status): sum(outcome.status is status for outcome in outcomes) for status in Status}
    errors = [{"item": one.item, "message": one.error.message, "hint": one.error.hint} for one in outcomes if one.error]
    return {"source": source, **counts, "errors": errors}
