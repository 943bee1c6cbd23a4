"""A fetched page to an article, or to the reason why it is none. Nothing here reads or writes anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.errors import ItemError
from ingest.extract import Fields, clean, decode, from_html, parse_date
from ingest.furniture import strip_furniture
from ingest.markup import Page, plain
from ingest.urls import address_of

HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream"})
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(hours=26)  # time zones, and clocks that are wrong by a little
# A page with more text than this is an article whatever else it says.
MOST_WORDS_OF_A_NOTICE = 150
PAYWALL = "behind a paywall"
NOTICES = {
    "an error page": re.compile(
        r"page (?:not found|cannot be found|does not exist)|\b(?:error )?404\b|not found\b|no longer available"
        r"|access denied|forbidden|just a moment|attention required|are you (?:a )?(?:robot|human)|verify you are human",
        re.I,
    ),
    "a consent page": re.compile(
        r"before you continue|we value your privacy|your privacy choices|consent to (?:the )?(?:use|processing)"
        r"|accept (?:all )?(?:cookies|and continue)|manage (?:your )?(?:consent|cookies)",
        re.I,
    ),
    PAYWALL: re.compile(
        r"subscribe (?:now )?to (?:continue|read|keep|unlock)|to continue reading|already a subscriber"
        r"|this (?:article|content) is (?:for|reserved for|only for) subscribers|subscribers only|register to (?:continue|read)",
        re.I,
    ),
}
CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.I)


class NotAnArticleError(ItemError):
    """The page is a paywall, a consent form, an error page, or no page at all."""


def read_page(body: bytes, content_type: str, url: str, now: datetime) -> Fields:
    """The article on a page. url: where the page was found; the article's own address may be another.

    Raises:
        ItemError: there is no article on it; NotAnArticleError when it says so itself.
    """
    kind = content_type.partition(";")[0].strip().casefold()
    if kind not in HTML_TYPES:
        raise NotAnArticleError(f"it is {kind[:60]}, not a page")
    html = decode_page(body, content_type)
    page = Page(html)
    nodes = list(page.linked_data())
    try:
        fields = live_blog(nodes) or from_html(html, url)
    except ItemError as error:
        raise _notice(page, "", nodes) or error from error
    notice = _notice(page, fields.text, nodes)
    if notice:
        raise notice
    return doubt_dates(replace(fields, url=address_of(url, fields.url)), now)


def decode_page(body: bytes, content_type: str) -> str:
    """Text of a page. UTF-8 when it is valid, for no other text is by chance; else as the server or the page says."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = re.search(r"charset=[\"']?([\w-]+)", content_type, re.I)
    meta = CHARSET.search(body[:4096])
    for encoding in (meta and meta.group(1).decode("ascii"), declared and declared.group(1)):
        try:
            if encoding and encoding.casefold() not in {"utf-8", "utf8"}:
                return body.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return decode(body)


def live_blog(nodes: list[dict[str, Any]]) -> Fields | None:
    """The updates of a live blog, newest first as it gives them, each below a line with its date."""
    blog = next((node for node in nodes if "LiveBlogPosting" in str(node.get("@type"))), None)
    updates = blog.get("liveBlogUpdate") if blog else None
    if blog is None or not isinstance(updates, list):
        return None
    lines: list[str] = []
    for update in updates:
        if isinstance(update, dict):
            moment = parse_date(str(update.get("datePublished", "")))
            lines += [f"{moment:%d %B %Y, %H:%M} UTC"] if moment else []
            lines += clean(plain(f"{update.get('headline', '')}\n{update.get('articleBody', '')}")).split("\n")
    text = "\n".join(strip_furniture([line for line in lines if line]))
    publisher = blog.get("publisher")
    if not text:
        return None
    return Fields(
        text=text,
        title=clean(plain(str(blog.get("headline", "")))),
        outlet=clean(str(publisher.get("name", ""))) if isinstance(publisher, dict) else "",
        url=str(blog.get("url", "")),
        published=parse_date(str(blog.get("datePublished", ""))),
        updated=parse_date(str(blog.get("dateModified", ""))),
    )


def doubt_dates(fields: Fields, now: datetime) -> Fields:
    """The same without dates that cannot be: before 1990, or in the future. Each is flagged."""
    moments = {"published": fields.published, "updated": fields.updated}
    doubted = {name: one for name, one in moments.items() if one and not EARLIEST <= one <= now + CLOCKS_DIFFER}
    flags = tuple(f"{name} date doubted: {moment:%Y-%m-%d}" for name, moment in doubted.items())
    return replace(
        fields,
        published=None if "published" in doubted else fields.published,
        updated=None if "updated" in doubted else fields.updated,
        flags=(*fields.flags, *flags),
    )


def _notice(page: Page, text: str, nodes: list[dict[str, Any]]) -> NotAnArticleError | None:
    """What the page is instead of an article, when it says so and has little text."""
    if len(text.split()) > MOST_WORDS_OF_A_NOTICE:
        return None
    locked = any(str(node.get("isAccessibleForFree", "")).casefold() == "false" for node in nodes)
    for name, pattern in NOTICES.items():
        where = f"{text}\n{page.text if name == PAYWALL else page.title}"
        if pattern.search(where) or (locked and name == PAYWALL):
            return NotAnArticleError(f"it is {name}", hint="the feed's own text is used where there is one")
    return None
