"""Answers to what a person reads in a terminal, and to the JSON that scripts read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from rich.text import Text

from bot.phrases import Say, dated, english
from bot.records import Answer, Citation, Claim, Headline, Mode, Question, Reason, Window
from bot.render import also, citation_json, day, stamp


def answer_text(answer: Answer, told: int = 0) -> Text:
    """An answer with its quotations, or what was found instead of one. told: how many claims were shown already."""
    text = Text() if told else question_text(answer.question, answered=answer.answered)
    if not answer.answered:
        return text.append_text(_abstention(answer))
    cited = {citation.n: citation for citation in answer.citations}
    if answer.differing:
        text.append("Reports differ: ", "yellow").append(_side_by_side([cited[n] for n in answer.differing]) + "\n")
    for claim in answer.claims[told:]:
        text.append_text(claim_text(claim, [cited[n] for n in claim.citations])).append("\n")
    text.append("\n")
    said = {claim.text for claim in answer.claims}
    for citation in answer.citations:
        text.append_text(_citation(citation, with_quote=citation.quote not in said))
    as_of = f" · as of {day(answer.as_of)}" if answer.as_of else ""
    return text.append_text(_footer(answer, as_of))


def question_text(question: Question, *, answered: bool = True) -> Text:
    """How a follow-up was read, if it was."""
    read = read_as(question, answered=answered)
    return Text(f"{read}\n", "dim") if read else Text()


def read_as(question: Question, *, answered: bool, say: Say = english) -> str:
    """The same as plain words, empty if it was not; a refusal does not repeat what an earlier answer said."""
    if not question.read_as or (question.borrows and not answered):
        return ""
    if not question.where.outlets:
        return say("read as: {question}").format(question=question.read_as)
    outlets = ", ".join(question.where.outlets)
    return say("read as: {question} (only {outlets})").format(question=question.read_as, outlets=outlets)


def claim_text(claim: Claim, citations: Sequence[Citation]) -> Text:
    """One claim with its markers: in quotation marks when it is the article's own words."""
    words = _marked(citations[0]) if claim.text == citations[0].quote else Text(claim.text, "bold")
    return words.append(" " + "".join(f"[{one.n}]" for one in citations), "not bold cyan")


def claim_json(claim: Claim, citations: Sequence[Citation]) -> dict[str, Any]:
    """The object that `ask --json` prints for a claim as soon as it is proven; the answer follows."""
    return {"claim": claim.text, "citations": [citation_json(citation) for citation in citations]}


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that `ask --json` prints."""
    return {
        "id": answer.id,
        "question": answer.question.text,
        "answered": answer.answered,
        "mode": answer.mode,
        "text": answer.text,
        "window": _window_json(answer.window) if answer.window else None,
        "as_of": stamp(answer.as_of),
        "confidence": answer.confidence,
        "citations": [citation_json(citation) for citation in answer.citations],
        "nearest": [
            {"title": one.title, "published": stamp(one.published), "url": one.url, "article": one.article}
            for one in answer.nearest
        ],
        "timings_ms": answer.timings_ms,
        "window_words": (answer.window.words if answer.window else "") or None,
        "read_as": (answer.question.read_as if answer.answered or not answer.question.borrows else "") or None,
        "differing": list(answer.differing),
        "reason": answer.reason,
        "note": answer.note or None,
        "dropped": len(answer.dropped),
        "tokens": asdict(answer.usage) if answer.usage else None,
    }


def _window_json(window: Window) -> dict[str, str | None]:
    return {"since": stamp(window.since), "until": stamp(window.until)}


def _side_by_side(citations: list[Citation]) -> str:
    """`3,222 — Outlet A, 6 Nov 2024; about 3,000 — Outlet B, 5 Nov 2024`."""
    return "; ".join(f"{one.answer_words} — {one.outlet}, {day(one.published)}" for one in citations)


def _marked(citation: Citation) -> Text:
    """The quotation, with the words that answer in bold: nothing is added to it, so that it can be looked up."""
    start, end = citation.answer or (citation.end, citation.end)
    before, after = citation.quote[: start - citation.start], citation.quote[end - citation.start :]
    text = Text("“").append(before)
    if citation.answer_words:
        text.append(citation.answer_words, "bold green")
    return text.append(after).append("”")


def _citation(citation: Citation, *, with_quote: bool) -> Text:
    """Where a quotation stands. A claim that is the quotation is not said twice."""
    text = Text(f"[{citation.n}] ", "cyan").append(f"“{_as_part(citation.quote)}” — " if with_quote else "")
    text.append(f"{citation.outlet}, {day(citation.published)}, chars {citation.start}–{citation.end}")
    text.append(f": {citation.title}\n" if citation.title else "\n")
    text.append(f"    {citation.link or citation.article}\n", "dim")
    return text.append(also(citation.also, "    "), "dim")


def _as_part(quote: str) -> str:
    """`…almost 24,000 flights…`, when it is not a whole sentence."""
    before = "" if quote[0].isupper() or not quote[0].isalnum() else "…"
    after = "" if quote.rstrip('”’»"')[-1:] in ".!?…" else "…"
    return f"{before}{quote}{after}"


def _footer(answer: Answer, as_of: str = "") -> Text:
    """The id, what was searched, how sure it is; and why no language model worded it, or to no end."""
    text = Text(f"\n{answer.id}{as_of}{_searched(answer)} · confidence {answer.confidence:.2f}", "dim")
    if answer.usage and answer.usage.input:
        about = "about " if answer.usage.estimated else ""
        text.append(f" · {about}{answer.usage.input:,} + {answer.usage.output:,} tokens")
    if answer.note:
        text.append(f"\n{answer.note}{instead_of_words(answer)}", "yellow")
    return text


def _abstention(answer: Answer) -> Text:
    text = Text(f"{refusal(answer)}\n", "bold")
    if answer.nearest and answer.reason in {Reason.NOTHING, Reason.UNPROVEN}:
        text.append("Nearest headlines:\n")
    for headline in answer.nearest:
        text.append(f"  · {_headline(headline)}\n")
    return text.append_text(_footer(answer))


def refusal(answer: Answer, say: Say = english) -> str:
    """Why there is no answer, in a sentence."""
    if answer.reason is Reason.OLDER:
        older = say("No report of that time answers that; the newest that does is older, of {day}:")
        return older.format(day=dated(answer.as_of, say))
    if answer.reason is Reason.SILENT:
        asked = answer.question.text if answer.question.borrows else answer.question.words
        return say("These reports mention it, but do not say: “{question}”").format(question=asked.strip())
    if answer.reason is Reason.UNPROVEN:
        return say("The language model gave an answer that the reports do not bear out, so it is not shown.")
    return say("No report in the archive answers that.")


def _headline(headline: Headline) -> str:
    return f"{headline.title or headline.article} — {headline.outlet}, {day(headline.published)}"


def _searched(answer: Answer) -> str:
    """The window and outlets that were searched, when not everything was."""
    parts = []
    if answer.window:
        named = f"{answer.window.words}: " if answer.window.words else ""
        parts.append(f"{named}{stretch(answer.window.since, answer.window.until)}")
    if answer.question.where.outlets:
        parts.append(" and ".join(answer.question.where.outlets))
    return f" · searched: {', '.join(parts)}" if parts else ""


def stretch(
    since: datetime | None, until: datetime | None, shown: Callable[[datetime], str] = day, say: Say = english
) -> str:
    """`18 Nov 2024 to 24 Nov 2024`, `since 18 Nov 2024`, `3 May 2024`: with the last day, not the one after it."""
    first = shown(since) if since else ""
    last = shown(until - timedelta(microseconds=1)) if until else ""
    if first and last:
        return first if first == last else say("{first} to {last}").format(first=first, last=last)
    return say("since {day}").format(day=first) if first else say("until {day}").format(day=last)


def instead_of_words(answer: Answer, say: Say = english) -> str:
    """How an answer came about though its note says that no language model worded it; empty when there is none."""
    return say("; answered in the articles' own words") if answer.mode is Mode.QUOTE and answer.answered else ""
