"""An outlet's HTML pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from tests.newssite.records import Article, Kind, LiveUpdate, Masthead

SECTIONS = ("world", "politics", "science", "sport")
FEEDS = {
    "/rss.xml": "application/rss+xml",
    "/atom.xml": "application/atom+xml",
    "/feed.json": "application/feed+json",
}


def article_page(masthead: Masthead, article: Article) -> str:
    """The page at an article's address, whatever its kind shows there."""
    match article.kind:
        case Kind.CONSENT:
            return _document(masthead, article, "", CONSENT_WALL)
        case Kind.SOFT_404:
            return _document(masthead, article, "", NOT_FOUND, title="Page not found")
        case Kind.LIVE:
            entries = "\n".join(_live_entry(n, update) for n, update in enumerate(article.updates, 1))
            main = f"<main>\n{_header(article)}\n{_body(article.paragraphs)}\n{entries}\n</main>"
        case Kind.PAYWALL:
            main = _main(article, [article.lead], PAYWALL)
        case Kind.THIN:
            main = _main(article, [article.lead])
        case _:
            main = _main(article, article.paragraphs)
    return _document(masthead, article, _metadata(masthead, article), main)


def amp_page(masthead: Masthead, article: Article) -> str:
    """The AMP variant, whose canonical link leads to the article."""
    return f"""<!doctype html>
<html amp lang="en"><head>{_charset(article)}<title>{escape(article.title)} - {escape(masthead.name)}</title>
<link rel="canonical" href="{escape(_canonical(masthead, article))}">
<meta name="viewport" content="width=device-width"><script async src="https://cdn.ampproject.org/v0.js"></script>
{_metadata(masthead, article)}</head><body>
<amp-sidebar id="menu" layout="nodisplay">{_navigation()}</amp-sidebar>
{_main(article, article.paragraphs)}
<amp-ad width="300" height="250" type="doubleclick"></amp-ad>
</body></html>"""


def mobile_page(masthead: Masthead, article: Article) -> str:
    """The variant for telephones, whose canonical link leads to the article."""
    return f"""<!doctype html>
<html lang="en"><head>{_charset(article)}<title>{escape(article.title)} - {escape(masthead.name)}</title>
<link rel="canonical" href="{escape(_canonical(masthead, article))}">
{_metadata(masthead, article)}</head><body class="mobile">
{_main(article, article.paragraphs)}
<footer><a href="{article.path}">Desktop version</a></footer>
</body></html>"""


def front_page(masthead: Masthead, articles: Iterable[Article]) -> str:
    """The home page, or a section's: headlines with links and summaries."""
    teasers = "\n".join(
        f'<div class="teaser"><h2><a href="{escape(masthead.link(article).removeprefix(masthead.base))}">'
        f"{escape(article.title)}</a></h2><p>{escape(article.lead)}</p></div>"
        for article in articles
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(masthead.name)}</title>
<meta property="og:type" content="website"><meta property="og:site_name" content="{escape(masthead.name)}">
<link rel="canonical" href="{masthead.base}/">
{_alternates(masthead)}</head><body>
<header><p class="logo">{escape(masthead.name)}</p>{_navigation()}</header>
<main>
{teasers}
</main>
{_aside(masthead)}
{_footer(masthead)}
</body></html>"""


def _document(masthead: Masthead, article: Article, metadata: str, main: str, title: str = "") -> str:
    name = escape(masthead.name)
    return f"""<!doctype html>
<html lang="en"><head>
{_charset(article)}
<title>{escape(title or article.title)} - {name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{metadata}{_variants(masthead, article) if metadata else ""}{_alternates(masthead)}
<link rel="stylesheet" href="/style.css">
<script>window.dataLayer = window.dataLayer || []; dataLayer.push({{"page": "{article.slug}"}});</script>
</head><body>
<div id="cookie-banner" class="cookie-consent" role="dialog"><p>We use cookies to improve your experience.</p>
<button>Accept all</button><button>Manage settings</button></div>
<header class="site-header"><a class="logo" href="/">{name}</a>{_navigation()}
<form action="/search"><input name="q" placeholder="Search"></form></header>
{main}
{_aside(masthead)}
{_footer(masthead)}
</body></html>"""


def _charset(article: Article) -> str:
    _, _, charset = article.charset.value
    return f'<meta charset="{charset}">' if charset else ""


def _metadata(masthead: Masthead, article: Article) -> str:
    tags = {
        "og:type": "article",
        "og:site_name": masthead.name,
        "og:title": article.title,
        "og:description": article.lead,
        "og:url": _canonical(masthead, article),
        "og:image": f"{masthead.base}/images/{article.slug}.jpg",
        "article:section": article.section,
    }
    if article.published:
        tags["article:published_time"] = article.published.isoformat()
    if article.updated:
        tags["article:modified_time"] = article.updated.isoformat()
    lines = [f'<meta property="{name}" content="{escape(value)}">' for name, value in tags.items()]
    lines.append(f'<meta name="description" content="{escape(article.lead)}">')
    lines.append(f'<meta name="author" content="{escape(article.author)}">')
    data = json.dumps(_json_ld(masthead, article), ensure_ascii=False).replace("</", "<\\/")
    lines.append(f'<script type="application/ld+json">{data}</script>\n')
    return "\n".join(lines)


def _json_ld(masthead: Masthead, article: Article) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if article.kind is Kind.LIVE else "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": _canonical(masthead, article),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": masthead.name, "url": masthead.base},
    }
    if article.published:
        data["datePublished"] = article.published.isoformat()
    if article.modified:
        data["dateModified"] = article.modified.isoformat()
    if article.kind is Kind.PAYWALL:
        data["isAccessibleForFree"] = False
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
    if article.updates:
        data["liveBlogUpdate"] = [
            {
                "@type": "BlogPosting",
                "headline": update.headline,
                "datePublished": update.time.isoformat(),
                "articleBody": update.text,
                "url": f"{_canonical(masthead, article)}#update-{n}",
            }
            for n, update in enumerate(article.updates, 1)
        ]
    return data


def _main(article: Article, paragraphs: Iterable[str], after: str = "") -> str:
    return f"""<main><article>
{_header(article)}
<figure><img src="/images/{article.slug}.jpg" alt=""><figcaption>Photograph: Press Agency</figcaption></figure>
{_body(paragraphs)}
</article>{after}</main>"""


def _header(article: Article) -> str:
    shown = article.published
    stamp = f' | <time datetime="{shown.isoformat()}">{shown:%d %B %Y, %H:%M}</time>' if shown else ""
    return f"""<h1>{escape(article.title)}</h1>
<div class="byline">By <a rel="author" href="/authors">{escape(article.author)}</a>{stamp}</div>"""


def _body(paragraphs: Iterable[str]) -> str:
    inner = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return f'<div class="article-body">\n{inner}\n</div>'


def _live_entry(number: int, update: LiveUpdate) -> str:
    return f"""<article class="live-update" id="update-{number}">
<time datetime="{update.time.isoformat()}">{update.time:%H:%M}</time>
<h2>{escape(update.headline)}</h2>
<p>{escape(update.text, quote=False)}</p>
</article>"""


def _canonical(masthead: Masthead, article: Article) -> str:
    return article.canonical or masthead.base + article.path


def _variants(masthead: Masthead, article: Article) -> str:
    return f"""<link rel="canonical" href="{escape(_canonical(masthead, article))}">
<link rel="amphtml" href="{masthead.base}/amp/{article.slug}">
<link rel="alternate" media="only screen and (max-width: 640px)" href="{masthead.base}/m/{article.slug}">
"""


def _alternates(masthead: Masthead) -> str:
    if not masthead.feeds:
        return ""
    return "\n".join(
        f'<link rel="alternate" type="{kind}" title="{escape(masthead.name)}" href="{path}">'
        for path, kind in FEEDS.items()
    )


def _navigation() -> str:
    items = "".join(f'<li><a href="/section/{section}">{section.title()}</a></li>' for section in SECTIONS)
    return f'<nav><ul><li><a href="/">Home</a></li>{items}</ul></nav>'


def _aside(masthead: Masthead) -> str:
    lines = masthead.furniture.split("\n")
    most_read = "\n".join(f'<li><a href="/">{escape(line)}</a></li>' for line in lines)
    readers = len(masthead.furniture) * 37
    return f"""<aside class="sidebar"><h3>Most read</h3><ol class="most-read">
{most_read}
</ol><div class="ad" data-slot="{readers}">Advertisement</div><span class="counter">{readers} readers now</span></aside>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/section/world">More from the world</a></li>
<li><a href="/section/science">More from science</a></li></ul></aside>"""


def _footer(masthead: Masthead) -> str:
    return f"""<footer class="site-footer"><p>© 2024 {escape(masthead.name)}. All rights reserved.</p>
<ul><li><a href="/section/world">About us</a></li><li><a href="/">Contact</a></li></ul></footer>"""


PAYWALL = """<div class="paywall"><h2>Subscribe to continue reading</h2>
<p>You have read your last free article this month. Subscribe for one crown a week.</p><button>Subscribe</button></div>"""
CONSENT_WALL = """<main class="consent-wall"><h1>We value your privacy</h1>
<p>We and our 842 partners store and access information on a device, such as cookies, and process personal data,
such as unique identifiers, for personalised advertising and content.</p>
<p>Before you continue to our site, please accept or manage your choices.</p>
<button>Accept all</button><button>Reject all</button></main>"""
NOT_FOUND = """<main><h1>Page not found</h1><p>Sorry, the page you are looking for does not exist or has moved.</p>
<p>Try the search, or go back to the home page.</p></main>"""
