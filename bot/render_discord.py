"""Records to pages of text for Discord, within its limits: what an embed's description and footer hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.cite import text_fragment
from bot.discord_text import (
    AIM,
    MOST_QUOTED,
    block,
    bold,
    cut,
    day_shown,
    line,
    link,
    moment,
    pages,
    quotation,
    size,
    small,
)
from bot.phrases import Say, dated, english
from bot.records import Answer, Check, Citation, Claim, Headline, Mode, Reason, Verdict
from bot.render_answer import instead_of_words, read_as, refusal, stretch
from index.records import Hit
from ingest.records import Article

MOST_HEADLINES = 10
PASSAGE = 300  # characters of each that was found
TITLE, OUTLET, OUTLETS, ANSWER, NOTE, REFUSAL = 150, 80, 200, 80, 300, 1_200
VERIFIED_QUOTE = 40  # characters below which a quotation is left out

Told = Sequence[tuple[Claim, Sequence[Citation]]]


class Page(NamedTuple):
    """What one embed holds. text: its description, in markdown; footer: plain text, which may be empty."""

    text: str
    footer: str


def answer_pages(answer: Answer, say: Say = english) -> list[Page]:
    """An answer with its quotations, or what was found instead of one."""
    units = _answered(answer, say) if answer.answered else _refused(answer, say)
    footer = _footer(answer, say)
    return [Page(text, footer) for text in pages([*units, _remarks(answer, say)])]


def partial_text(told: Told) -> str:
    """The claims that are proven so far, while more are being written."""
    shown = pages([[_said(claim, citations) for claim, citations in told]], AIM)
    return "\n".join([*shown[:1], "…"])


def hits_pages(hits: Sequence[Hit], say: Say = english) -> list[Page]:
    """Ranked passages, each with where it stands."""
    found = [[_hit(rank, hit, say)] for rank, hit in enumerate(hits, 1)]
    return [Page(text, "") for text in pages(found or [[say("No passage in the archive matches.")]], AIM)]


def headlines_page(articles: Sequence[Article], say: Say = english) -> Page:
    """The first few of these articles, as links."""
    named = [Headline(one.title, one.byline, one.published, one.url, one.id) for one in articles[:MOST_HEADLINES]]
    return Page(_first([f"- {_headline(one, say)}" for one in named] or [say("There are no articles yet.")]), "")


def verdicts_page(checks: Sequence[Check], say: Say = english) -> Page:
    """What re-checking a kept answer found."""
    if not checks:
        return Page(say("That answer quotes nothing."), "")
    stand, n = sum(check.verdict.holds for check in checks), len(checks)
    text = _first([_verdict(check, AIM // n, say) for check in checks])
    footer = say("{stand} of {n} quotation verified" if n == 1 else "{stand} of {n} quotations verified")
    return Page(text, footer.format(stand=stand, n=n))


def _answered(answer: Answer, say: Say) -> list[list[str]]:
    """What comes first, and the claims with what they rest on: as many together as a page holds."""
    cited = {citation.n: citation for citation in answer.citations}
    head = [*_read_as(answer, say), *_differing([cited[n] for n in answer.differing], say)]
    together: list[list[Claim]] = []
    for claim in answer.claims:
        if together and size("\n".join([*head, *_proven([*together[-1], claim], cited, say)])) <= AIM:
            together[-1].append(claim)
        else:
            together.append([claim])
    return [head, *(_proven(claims, cited, say) for claims in together)]


def _refused(answer: Answer, say: Say) -> list[list[str]]:
    named = [f"- {_headline(headline, say)}" for headline in answer.nearest]
    announced = [say("Nearest headlines:")] if named and answer.reason in {Reason.NOTHING, Reason.UNPROVEN} else []
    return [[*_read_as(answer, say), line(refusal(answer, say), REFUSAL)], [*announced, *named]]


def _proven(claims: Sequence[Claim], cited: Mapping[int, Citation], say: Say) -> list[str]:
    """The claims, and then their quotations. A claim that is nothing but its quotation is not said twice."""
    numbers = sorted({number for claim in claims for number in claim.citations})
    worded = [claim for claim in claims if len(claim.citations) > 1 or claim.text != cited[claim.citations[0]].quote]
    told = [_said(one, [cited[n] for n in one.citations]) for one in worded]
    return [*told, *(source(cited[n], say=say) for n in numbers)]


def _said(claim: Claim, citations: Sequence[Citation]) -> str:
    """One claim with its markers: in quotation marks when it is the article's own words."""
    verbatim = claim.text == citations[0].quote
    words = quotation(claim.text, *_answering(citations[0]), AIM) if verbatim else line(claim.text, MOST_QUOTED)
    return f"{words} {''.join(f'[{one.n}]' for one in citations)}"


def source(citation: Citation, room: int = AIM, say: Say = english) -> str:
    """A quotation, cut to the room that there is, and where it stands."""
    below = "\n".join(small(row) for row in f"{source_line(citation, say)}{_also(citation.also, say)}".split("\n"))
    marker = f" [{citation.n}]"
    quoted = quotation(citation.quote, *_answering(citation), room - size(marker + below))
    return f"{block(quoted + marker)}\n{below}"


def source_line(citation: Citation, say: Say = english) -> str:
    """Where a quotation stands: the title, which leads there, the outlet and the date."""
    return f"{link(_title(citation), TITLE, citation.link, citation.url, say=say)} — {_place(citation, say)}"


def _answering(citation: Citation) -> tuple[int, int]:
    """Where in the quotation the words stand that answer."""
    start, end = citation.answer or (citation.start, citation.start)
    return start - citation.start, end - citation.start


def _place(one: Citation | Headline, say: Say) -> str:
    return f"{line(one.outlet, OUTLET)}, {moment(one.published, say)}"


def _title(one: Citation | Headline) -> str:
    """The title, else the name of the page or file: where a file lies is nobody's business."""
    return one.title.strip() or one.article.rstrip("/").rsplit("/", 1)[-1]


def _headline(one: Headline, say: Say) -> str:
    return f"{link(_title(one), TITLE, one.url, say=say)} — {_place(one, say)}"


def _also(outlets: Sequence[str], say: Say) -> str:
    """A line that names the other outlets of a report, empty when there are none."""
    named = line(", ".join(outlets), OUTLETS)
    return "\n" + say("also in: {outlets}").format(outlets=named) if outlets else ""


def _hit(rank: int, hit: Hit, say: Say) -> str:
    article, text = hit.article, hit.passage.text
    named = Headline(article.title, article.byline, article.published, article.url, article.id)
    title = link(_title(named), TITLE, text_fragment(article.url, text), article.url, say=say)
    above = f"**{rank}** {_place(named, say)}: {title}{_also(hit.also_in, say)}"
    return f"{above}\n{block(quotation(text, 0, 0, AIM - size(above), PASSAGE))}"


def _verdict(check: Check, room: int, say: Say) -> str:
    citation = check.citation
    told = f"[{citation.n}] **{say(check.verdict)}** — {line(_title(citation), OUTLET)}, {_place(citation, say)}"
    if check.newest > citation.revision:
        told += say(" (revision {number} exists)").format(number=check.newest)
    left = room - size(told)
    if check.verdict is Verdict.REMOVED or left < VERIFIED_QUOTE:
        return told
    return f"{told}\n{block(quotation(citation.quote, *_answering(citation), left))}"


def _read_as(answer: Answer, say: Say) -> Iterator[str]:
    """How a follow-up was read, if it was."""
    if read := read_as(answer.question, answered=answer.answered, say=say):
        yield small(line(read, MOST_QUOTED))


def _differing(citations: Sequence[Citation], say: Say) -> Iterator[str]:
    """The answers of differing reports side by side."""
    if citations:
        yield say("Reports differ:")
        yield from (f"- {bold(cut(one.answer_words or one.quote, ANSWER))} — {_place(one, say)}" for one in citations)


def _remarks(answer: Answer, say: Say) -> list[str]:
    """What was searched, when not everything was; and why no language model worded it, or not to the end."""
    remarks = []
    if searched := ", ".join(_searched(answer, say)):
        remarks.append(small(say("searched: {where}").format(where=searched)))
    if answer.note:
        remarks.append(small(line(answer.note, NOTE) + instead_of_words(answer, say)))
    return remarks


def _searched(answer: Answer, say: Say) -> Iterator[str]:
    if window := answer.window:
        named = f"{line(window.words, OUTLET)}, " if window.words else ""
        yield named + stretch(window.since, window.until, lambda one: day_shown(one.date()), say)
    if answer.question.where.outlets:
        yield line(say(" and ").join(answer.question.where.outlets), OUTLETS)


def _footer(answer: Answer, say: Say) -> str:
    named = say("answer {id}").format(id=answer.id)
    if not answer.answered:
        return named
    worded = say("in the articles’ own words" if answer.mode is Mode.QUOTE else "worded by a language model")
    as_of = [say("as of {day}").format(day=dated(answer.as_of, say))] if answer.as_of else []
    return " · ".join([*as_of, _reports(answer, say), worded, named])


def _reports(answer: Answer, say: Say) -> str:
    """How many reports an answer rests on, and whether these are independent."""
    story = {hit.article.id: hit.article.story or hit.article.id for hit in answer.passages}
    reports = len({story.get(one.article, one.article) for one in answer.citations})
    if 1 < reports == len({one.outlet for one in answer.citations}):
        return say("{n} independent reports").format(n=reports)
    return say("{n} report" if reports == 1 else "{n} reports").format(n=reports)


def _first(blocks: Sequence[str]) -> str:
    """As much as one page holds, and an ellipsis when that is not all."""
    text, *more = pages([blocks], AIM)
    return f"{text}\n…" if more else text
