"""Records to what a person reads in a terminal, and to the JSON that scripts read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from bot.records import Answer, Check, Citation, Headline, Mode
from index.records import Filter, Hit
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


def answer_text(answer: Answer) -> Text:
    """An answer with its quotations, or what was found instead of one."""
    if not answer.answered:
        return _abstention(answer)
    text = Text()
    quoted = answer.mode is Mode.QUOTE
    for claim in answer.claims:
        words = f"“{claim.text}”" if quoted else claim.text
        text.append(words, "bold").append(" " + "".join(f"[{n}]" for n in claim.citations) + "\n", "cyan")
    text.append("\n")
    for citation in answer.citations:
        text.append_text(_citation(citation, with_quote=not quoted))
    return text.append(_footer(answer), "dim")


def hits_text(hits: Sequence[Hit]) -> Text:
    """Ranked passages, each with where it stands."""
    text = Text()
    for rank, hit in enumerate(hits, 1):
        article, passage = hit.article, hit.passage
        text.append(f"{rank}. ", "cyan").append(article.title or article.id, "bold")
        text.append(f" — {article.byline}, {day(article.published)}\n")
        text.append(f"{passage.text}\n")
        text.append(f"{article.id} revision {passage.revision}, chars {passage.start}–{passage.end}\n", "dim")
        text.append(f"{_also(hit.also_in)}\n", "dim")
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


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that `ask --json` prints."""
    return {
        "id": answer.id,
        "question": answer.question.text,
        "answered": answer.answered,
        "mode": answer.mode,
        "text": answer.text,
        "window": _window(answer.question.where),
        "as_of": stamp(answer.as_of),
        "confidence": answer.confidence,
        "citations": [citation_json(citation) for citation in answer.citations],
        "nearest": [
            {"title": one.title, "published": stamp(one.published), "url": one.url, "article": one.article}
            for one in answer.nearest
        ],
        "timings_ms": answer.timings_ms,
    }


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


def _hint(error: DatelineError) -> str:
    return f" ({error.hint})" if error.hint else ""


def _source_json(source: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    counts = {str(status): sum(outcome.status is status for outcome in outcomes) for status in Status}
    errors = [{"item": one.item, "message": one.error.message, "hint": one.error.hint} for one in outcomes if one.error]
    return {"source": source, **counts, "errors": errors}


def _window(where: Filter) -> dict[str, str | None] | None:
    if where.since is None and where.until is None:
        return None
    return {"since": stamp(where.since), "until": stamp(where.until)}


def _citation(citation: Citation, *, with_quote: bool) -> Text:
    """Where a quotation stands. In quote mode the claim is the quotation, and is not said twice."""
    text = Text(f"[{citation.n}] ", "cyan").append(f"“{citation.quote}” — " if with_quote else "")
    text.append(f"{citation.outlet}, {day(citation.published)}, chars {citation.start}–{citation.end}")
    text.append(f": {citation.title}\n" if citation.title else "\n")
    text.append(f"    {citation.link or citation.article}\n", "dim")
    return text.append(_also(citation.also, "    "), "dim")


def _also(outlets: Sequence[str], indent: str = "") -> str:
    """A line that names the other outlets of a report, empty when there are none."""
    return f"{indent}also in {', '.join(outlets)} · 1 report\n" if outlets else ""


def _footer(answer: Answer) -> str:
    as_of = f" · as of {day(answer.as_of)}" if answer.as_of else ""
    return f"\n{answer.id}{as_of}{_searched(answer)} · confidence {answer.confidence:.2f}"


def _abstention(answer: Answer) -> Text:
    text = Text("No report in the archive answers that.\n", "bold")
    if answer.nearest:
        text.append("Nearest headlines:\n")
    for headline in answer.nearest:
        text.append(f"  · {_headline(headline)}\n")
    return text.append(f"\n{answer.id}{_searched(answer)} · confidence {answer.confidence:.2f}", "dim")


def _headline(headline: Headline) -> str:
    return f"{headline.title or headline.article} — {headline.outlet}, {day(headline.published)}"


def _searched(answer: Answer) -> str:
    """The window and outlets that were searched, when not everything was."""
    where = answer.question.where
    parts = [f"since {day(where.since)}"] if where.since else []
    parts += [f"until {where.until:%Y-%m-%d %H:%M}"] if where.until else []
    parts += [" and ".join(where.outlets)] if where.outlets else []
    return f" · searched: {', '.join(parts)}" if parts else ""
