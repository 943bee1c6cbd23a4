"""Records to pages of text for Discord, within its limits: what an embed's description and footer hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from bot.records import Answer, Check, Citation, Claim, Headline, Mode, Reason, Verdict
from bot.render import day
from bot.render_answer import instead_of_words, question_text, refusal, stretch
from index.records import Hit
from ingest.records import Article

MOST_HEADLINES = 10
PASSAGE = 300  # characters of each that was found
TITLE, OUTLET, OUTLETS, ANSWER, NOTE, REFUSAL = 150, 80, 200, 80, 300, 1_200
VERIFIED_QUOTE = 40  # characters below which a quotation is left out

Told = Sequence[tuple[Claim, Sequence[Citation]]]


@dataclass(frozen=True, slots=True)
class Page:
    """What one embed holds. text: its description, in markdown; footer: plain text, which may be empty."""

    text: str
    footer: str


def answer_pages(answer: Answer) -> list[Page]:
    """An answer with its quotations, or what was found instead of one."""
    units = _answered(answer) if answer.answered else _refused(answer)
    footer = _footer(answer)
    return [Page(text, footer) for text in pages([*units, _remarks(answer)])]


def partial_text(told: Told) -> str:
    """The claims that are proven so far, while more are being written."""
    shown = pages([[_said(claim, citations) for claim, citations in told]], AIM)
    return "\n".join([*shown[:1], "…"])


def hits_pages(hits: Sequence[Hit]) -> list[Page]:
    """Ranked passages, each with where it stands."""
    found = [[_hit(rank, hit)] for rank, hit in enumerate(hits, 1)]
    return [Page(text, "") for text in pages(found or [["No passage in the archive matches."]], AIM)]


def headlines_page(articles: Sequence[Article]) -> Page:
    """The first few of these articles, as links."""
    shown = [
        f"- {_headline(Headline(one.title, one.byline, one.published, one.url, one.id))}"
        for one in articles[:MOST_HEADLINES]
    ]
    return Page(_first(shown or ["There are no articles yet."]), "")


def verdicts_page(checks: Sequence[Check]) -> Page:
    """What re-checking a kept answer found."""
    if not checks:
        return Page("That answer quotes nothing.", "")
    stand = sum(check.verdict.holds for check in checks)
    text = _first([_verdict(check, AIM // len(checks)) for check in checks])
    return Page(text, f"{stand} of {_count(len(checks), 'quotation')} verified")


def _answered(answer: Answer) -> list[list[str]]:
    """What comes first, and the claims with what they rest on: as many together as a page holds."""
    cited = {citation.n: citation for citation in answer.citations}
    head = [*_read_as(answer), *_differing([cited[n] for n in answer.differing])]
    together: list[list[Claim]] = []
    for claim in answer.claims:
        if together and size("\n".join([*head, *_proven([*together[-1], claim], cited)])) <= AIM:
            together[-1].append(claim)
        else:
            together.append([claim])
    return [head, *(_proven(claims, cited) for claims in together)]


def _refused(answer: Answer) -> list[list[str]]:
    named = [f"- {_headline(headline)}" for headline in answer.nearest]
    announced = ["Nearest headlines:"] if named and answer.reason in {Reason.NOTHING, Reason.UNPROVEN} else []
    return [[*_read_as(answer), line(refusal(answer), REFUSAL)], [*announced, *named]]


def _proven(claims: Sequence[Claim], cited: Mapping[int, Citation]) -> list[str]:
    """The claims, and then their quotations. A claim that is nothing but its quotation is not said twice."""
    numbers = sorted({number for claim in claims for number in claim.citations})
    worded = [claim for claim in claims if len(claim.citations) > 1 or claim.text != cited[claim.citations[0]].quote]
    return [*(_said(one, [cited[n] for n in one.citations]) for one in worded), *(source(cited[n]) for n in numbers)]


def _said(claim: Claim, citations: Sequence[Citation]) -> str:
    """One claim with its markers: in quotation marks when it is the article's own words."""
    verbatim = claim.text == citations[0].quote
    words = quotation(claim.text, *_answering(citations[0]), AIM) if verbatim else line(claim.text, MOST_QUOTED)
    return f"{words} {''.join(f'[{one.n}]' for one in citations)}"


def source(citation: Citation, room: int = AIM) -> str:
    """A quotation, cut to the room that there is, and where it stands."""
    below = "\n".join(small(row) for row in f"{source_line(citation)}{_also(citation.also)}".split("\n"))
    marker = f" [{citation.n}]"
    quoted = quotation(citation.quote, *_answering(citation), room - size(marker + below))
    return f"{block(quoted + marker)}\n{below}"


def source_line(citation: Citation) -> str:
    """Where a quotation stands: the title, which leads there, the outlet and the date."""
    return f"{link(_title(citation), TITLE, citation.link, citation.url)} — {_place(citation)}"


def _answering(citation: Citation) -> tuple[int, int]:
    """Where in the quotation the words stand that answer."""
    start, end = citation.answer or (citation.start, citation.start)
    return start - citation.start, end - citation.start


def _place(one: Citation | Headline) -> str:
    return f"{line(one.outlet, OUTLET)}, {moment(one.published)}"


def _title(one: Citation | Headline) -> str:
    """The title, else the name of the page or file: where a file lies is nobody's business."""
    return one.title.strip() or one.article.rstrip("/").rsplit("/", 1)[-1]


def _headline(one: Headline) -> str:
    return f"{link(_title(one), TITLE, one.url)} — {_place(one)}"


def _also(outlets: Sequence[str]) -> str:
    """A line that names the other outlets of a report, empty when there are none."""
    return f"\nalso in: {line(', '.join(outlets), OUTLETS)}" if outlets else ""


def _hit(rank: int, hit: Hit) -> str:
    article, text = hit.article, hit.passage.text
    named = Headline(article.title, article.byline, article.published, article.url, article.id)
    title = link(_title(named), TITLE, text_fragment(article.url, text), article.url)
    above = f"**{rank}** {_place(named)}: {title}{_also(hit.also_in)}"
    return f"{above}\n{block(quotation(text, 0, 0, AIM - size(above), PASSAGE))}"


def _verdict(check: Check, room: int) -> str:
    citation = check.citation
    newer = f" (revision {check.newest} exists)" if check.newest > citation.revision else ""
    told = f"[{citation.n}] **{check.verdict}** — {line(_title(citation), OUTLET)}, {_place(citation)}{newer}"
    left = room - size(told)
    if check.verdict is Verdict.REMOVED or left < VERIFIED_QUOTE:
        return told
    return f"{told}\n{block(quotation(citation.quote, *_answering(citation), left))}"


def _read_as(answer: Answer) -> Iterator[str]:
    """How a follow-up was read, if it was."""
    if read := question_text(answer.question, answered=answer.answered).plain:
        yield small(line(read, MOST_QUOTED))


def _differing(citations: Sequence[Citation]) -> Iterator[str]:
    """The answers of differing reports side by side."""
    if citations:
        yield "Reports differ:"
        yield from (f"- {bold(cut(one.answer_words or one.quote, ANSWER))} — {_place(one)}" for one in citations)


def _remarks(answer: Answer) -> list[str]:
    """What was searched, when not everything was; and why no language model worded it, or not to the end."""
    remarks = []
    if searched := ", ".join(_searched(answer)):
        remarks.append(small(f"searched: {searched}"))
    if answer.note:
        remarks.append(small(line(answer.note, NOTE) + instead_of_words(answer)))
    return remarks


def _searched(answer: Answer) -> Iterator[str]:
    if window := answer.window:
        named = f"{line(window.words, OUTLET)}, " if window.words else ""
        yield named + stretch(window.since, window.until, lambda one: day_shown(one.date()))
    if answer.question.where.outlets:
        yield line(" and ".join(answer.question.where.outlets), OUTLETS)


def _footer(answer: Answer) -> str:
    if not answer.answered:
        return f"answer {answer.id}"
    story = {hit.article.id: hit.article.story or hit.article.id for hit in answer.passages}
    reports = len({story.get(one.article, one.article) for one in answer.citations})
    are_independent = 1 < reports == len({one.outlet for one in answer.citations})
    worded = "in the articles’ own words" if answer.mode is Mode.QUOTE else "worded by a language model"
    as_of = [f"as of {day(answer.as_of)}"] if answer.as_of else []
    return " · ".join(
        [*as_of, _count(reports, "independent report" if are_independent else "report"), worded, f"answer {answer.id}"]
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _first(blocks: Sequence[str]) -> str:
    """As much as one page holds, and an ellipsis when that is not all."""
    text, *more = pages([blocks], AIM)
    return f"{text}\n…" if more else text
