"""What surrounds an article on a news page, and must never be quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(alternatives)})\\W*", re.I)


# From here to the end there is no article any more.
TAIL = _any(
    r"you (?:may|might) also (?:like|be interested in)",
    r"related (?:articles?|stories|posts|topics|news|content)",
    r"more (?:from|on this story|stories|news)\b.{0,40}",
    r"recommended(?: for you| stories)?",
    r"most (?:read|popular|viewed)",
    r"leave a (?:comment|reply).*",
    r"(?:\d+ )?comments?(?: \(\d+\))?",
    r"(?:post a comment|join the conversation)",
    r"(?:about the author|trending(?: now)?|read next|up next|don[’']t miss|popular now|latest news)",
)
# A line of its own that is not the article's.
LINE = _any(
    r"(?:advertisement|advertising|sponsored(?: content)?|ad)",
    r"share(?: this)?(?: (?:article|story|post|page|on|via)\b.{0,40})?",
    r"(?:tweet|email|print|facebook|twitter|whatsapp|linkedin|copy link)(?: this)?",
    r"(?:read|see|watch|listen)(?: more| also)?\s?: .{0,200}",
    r"(?:read more|continue reading.{0,60}|click here.{0,80})",
    r"(?:sign up|subscribe|register)\b.{0,120}(?:newsletter|inbox|updates?|free|alerts?|unlimited access)\b.{0,40}",
    r"(?:subscribe(?: now)?|follow us(?: on)?.{0,60}|download our app.{0,60})",
    r"(?:we|this (?:site|website)) uses? cookies.{0,300}",
    r"(?:accept (?:all )?cookies|cookie (?:policy|settings|preferences))",
    r"(?:©|copyright ©|copyright \d{4}).{0,150}",
    r"all rights reserved.{0,40}",
    r"(?:photo|image|picture|file photo)\s?(?:credit|by|courtesy)?\s?: .{0,120}",
    r"(?:skip to (?:main )?content|back to top|loading(?:\.{3}|…)?|home|menu|search)",
    r"\d+ (?:min|minute)s? read",
)
STAMP = r"(?:published|updated|posted|last updated)\b"
BYLINE = re.compile(r"(?:by|from)\s+\S.{0,120}", re.I)
DATED = re.compile(rf"{STAMP}.{{0,80}}|.{{0,40}}\b\d{{1,2}}\b.{{0,12}}\b(?:19|20)\d\d\b.{{0,30}}", re.I)
LONGEST_HEADLINE = 200
BYLINE_AMONG_LINES = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A pasted news page, taken apart. byline: one line, `|` between its parts, empty when there is none."""

    headline: str
    byline: str
    body: tuple[str, ...]


def split_page(lines: Sequence[str]) -> Page:
    """Headline, byline and body of a page pasted as plain text; its furniture is dropped."""
    kept = strip_furniture(lines)
    if not kept:
        return Page("", "", ())
    if len(kept) == 1 or len(kept[0]) > LONGEST_HEADLINE:
        return Page(_first_words(kept[0]), "", tuple(kept))
    headline, rest = kept[0], kept[1:]
    about: list[str] = []
    while rest and len(about) < BYLINE_AMONG_LINES and is_byline(rest[0]):
        about.append(re.sub(rf"^{STAMP}\W*(?:on|at)?\s*", "", rest.pop(0), flags=re.I))
    return Page(headline, " | ".join(about), tuple(rest))


def strip_furniture(lines: Sequence[str]) -> list[str]:
    """The lines that are the article's. A closing heading such as "You may also like" ends it.

    A line counts as furniture only as a whole: a sentence that merely mentions cookies stays.
    """
    kept: list[str] = []
    for position, line in enumerate(lines):
        if kept and TAIL.fullmatch(line) and not _is_prose(lines[position + 1 :]):
            break
        if not LINE.fullmatch(line) and not TAIL.fullmatch(line):
            kept.append(line)
    return kept


def is_byline(line: str) -> bool:
    """Whether a line below the headline names the author or the date, and is no sentence."""
    if len(line) > 140 or (line.endswith(".") and len(line.split()) > 8):
        return False
    return bool(BYLINE.fullmatch(line) or (len(line.split()) <= 10 and DATED.fullmatch(line)))


def _is_prose(lines: Sequence[str]) -> bool:
    """Whether at least two full sentences of body text follow: then a heading was in the middle."""
    return sum(len(line) > 120 and line.rstrip("”\"'’)").endswith((".", "!", "?")) for line in lines) >= 2


def _first_words(line: str) -> str:
    words = line.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
