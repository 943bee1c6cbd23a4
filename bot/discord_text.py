"""Text as Discord shows it: what articles say as data, and the little markdown that is ours. Pure, without discord."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import quote as percent_encode

from bot.phrases import Say, english

MOST = 4_096  # characters of an embed's description
AIM = 3_500  # of a page to which more could be added
MOST_QUOTED = 1_000
MOST_URL = 2_048
FEWEST_QUOTED = 20

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
# With a backslash, each of these is only itself. A hyphen, a plus and "1." are signs where a line begins. Where a text
# begins or ends counts as such a place, so that texts can be joined.
_SIGN = re.compile(r"[\\*_~|`\[\]<>@#/]|:(?!\s)|(?<!\S)[-+]|(?<![^0-9])\.(?!\S)")
_NOT_IN_A_LINK = re.compile(r"[\\*_~|`\[\]<>@/]|:\S")
_BLANKS = re.compile(r"[^\S\xa0\u202f]+")  # but for those at which no line is to break
_WEB = re.compile(r"https?://[^/?#]", re.I)
_URL_SIGNS = "%/:?#@!$&'+,;=~"
_SHOWN_EVERYWHERE = time(10)  # in UTC: the same day from Hawaii to New Zealand


def escape(text: str) -> str:
    """Article text as data: what is seen are its own characters, without those that nobody sees."""
    return _SIGN.sub(r"\\\g<0>", _UNSEEN.sub("", text))


def cut(text: str, most: int) -> str:
    """Text on one line, cut at a word; not yet as data."""
    flat = _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip()
    return flat if len(flat) <= most else f"{flat[: _word_end(flat, 0, most)]}…"


def line(text: str, most: int) -> str:
    """Article text as data on one line, cut at a word."""
    return escape(cut(text, most))


def bold(text: str) -> str:
    """Article text as data in bold, line by line."""
    return "\n".join(f"**{escape(row)}**" if row.strip() else row for row in _UNSEEN.sub("", text).split("\n"))


def block(text: str) -> str:
    """Lines as a block quote; empty ones are left out."""
    return "\n".join(f"> {row}" for row in text.split("\n") if row.strip())


def small(text: str) -> str:
    """One line of ours in small letters."""
    return f"-# {text}"


def link(text: str, most: int, *urls: str, say: Say = english) -> str:
    """Article text that leads to the first of these addresses that Discord can link, without a preview.

    Discord does not take backslashes out of a link's own text, so that with signs in it stands before the link.
    """
    shown = cut(text, most) or say("untitled")
    for url in urls:
        target = percent_encode(url, safe=_URL_SIGNS, errors="replace")
        if _WEB.match(target) and len(target) <= MOST_URL:
            apart = _NOT_IN_A_LINK.search(shown)
            return f"{escape(shown)} [{say('open')}](<{target}>)" if apart else f"[{shown}](<{target}>)"
    return escape(shown)


def moment(published: datetime | None, say: Say = english) -> str:
    """The day of a publication by each reader's own clock; a date without a time is kept as midnight in UTC."""
    if published is None:
        return say("undated")
    published = published.astimezone(UTC)
    return day_shown(published.date()) if published.time() == time() else f"<t:{int(published.timestamp())}:D>"


def day_shown(day: date) -> str:
    """The same day to every reader, in the reader's language."""
    return f"<t:{int(datetime.combine(day, _SHOWN_EVERYWHERE, UTC).timestamp())}:D>"


def quotation(quote: str, start: int, end: int, room: int, most: int = MOST_QUOTED) -> str:
    """Quoted words within their marks, those from start to end in bold; room: for all of it as a block quote.

    Of more than `most` characters the part around the bold words is shown, with an ellipsis outside the marks.
    """
    while True:
        shown = _excerpt(quote, start, end, most)
        if size(block(shown)) <= room or most < FEWEST_QUOTED:
            return shown
        most = most * 3 // 4


def size(text: str) -> int:
    """How long a text is to Discord: in UTF-16."""
    return len(text) + sum(character > "\uffff" for character in text)


def pages(units: Sequence[Sequence[str]], most: int = MOST) -> list[str]:
    """Units of blocks, as many to a page as it holds. Only a unit longer than a page is split, between its blocks."""
    texts: list[str] = []
    for unit in filter(None, units):
        whole = "\n".join(unit)
        gap = "\n\n"
        for part in [whole] if size(whole) <= most else unit:
            if texts and size(texts[-1]) + len(gap) + size(part) <= most:
                texts[-1] += gap + part
            else:
                texts.append(part)
            gap = "\n"
    return texts


def _excerpt(quote: str, start: int, end: int, most: int) -> str:
    before = max(0, min(start - most // 2, len(quote) - most))
    first = (quote.find(" ", before, start) + 1 or before) if before else 0
    last = _word_end(quote, first, most)
    end = min(end, last)
    shown = escape(quote[first:start]) + bold(quote[start:end]) + escape(quote[end:last])
    return f"{'… ' if first else ''}“{shown}”{' …' if last < len(quote) else ''}"


def _word_end(text: str, start: int, most: int) -> int:
    """Where a word ends, at most so many characters behind the start."""
    if len(text) - start <= most:
        return len(text)
    blank = text.rfind(" ", start + most * 3 // 4, start + most + 1)
    return blank if blank > 0 else start + most
