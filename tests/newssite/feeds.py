"""An outlet's feeds and sitemaps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from tests.newssite.records import Article, Masthead

XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def rss(masthead: Masthead, articles: Sequence[Article], changed: datetime) -> str:
    """RSS 2.0, with the text in content:encoded if the masthead says so."""
    items = "\n".join(
        f"<item><title>{escape(article.title)}</title><link>{escape(masthead.link(article))}</link>"
        f'<guid isPermaLink="true">{masthead.base}{article.path}</guid>'
        + (f"<pubDate>{format_datetime(article.published)}</pubDate>" if article.published else "")
        + f"<dc:creator>{escape(article.author)}</dc:creator><description>{escape(article.lead)}</description>"
        + (f"<content:encoded>{escape(_html(article))}</content:encoded>" if masthead.full_text else "")
        + "</item>"
        for article in articles
    )
    return f"""{XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>{escape(masthead.name)}</title><link>{masthead.base}/</link><description>News</description>
<language>en</language><lastBuildDate>{format_datetime(changed)}</lastBuildDate>
<atom:link href="{masthead.base}/rss.xml" rel="self" type="application/rss+xml"/>
{items}
</channel></rss>"""


def rss091(masthead: Masthead, articles: Sequence[Article], _changed: datetime) -> str:
    """RSS 0.91, in which items have neither dates nor ids."""
    items = "\n".join(
        f"<item><title>{escape(article.title)}</title><link>{escape(masthead.link(article))}</link>"
        f"<description>{escape(article.lead)}</description></item>"
        for article in articles
    )
    return f"""{XML}<rss version="0.91"><channel>
<title>{escape(masthead.name)}</title><link>{masthead.base}/</link><description>News</description>
<language>en</language>
{items}
</channel></rss>"""


def rss10(masthead: Masthead, articles: Sequence[Article], _changed: datetime) -> str:
    """RSS 1.0, which is RDF."""
    contents = "".join(f'<rdf:li rdf:resource="{masthead.base}{article.path}"/>' for article in articles)
    items = "\n".join(
        f'<item rdf:about="{masthead.base}{article.path}"><title>{escape(article.title)}</title>'
        f"<link>{escape(masthead.link(article))}</link><description>{escape(article.lead)}</description>"
        f"<dc:creator>{escape(article.author)}</dc:creator>"
        + (f"<dc:date>{article.published.isoformat()}</dc:date>" if article.published else "")
        + (f"<content:encoded>{escape(_html(article))}</content:encoded>" if masthead.full_text else "")
        + "</item>"
        for article in articles
    )
    return f"""{XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="{masthead.base}/rss10.xml"><title>{escape(masthead.name)}</title><link>{masthead.base}/</link>
<description>News</description><items><rdf:Seq>{contents}</rdf:Seq></items></channel>
{items}
</rdf:RDF>"""


def atom(masthead: Masthead, articles: Sequence[Article], changed: datetime) -> str:
    """Atom 1.0."""
    entries = "\n".join(
        f"<entry><id>{masthead.base}{article.path}</id><title>{escape(article.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(masthead.link(article))}"/>'
        f"<author><name>{escape(article.author)}</name></author>"
        + (f"<published>{article.published.isoformat()}</published>" if article.published else "")
        + f"<updated>{(article.modified or article.changed).isoformat()}</updated>"
        f"<summary>{escape(article.lead)}</summary>"
        + (f'<content type="html">{escape(_html(article))}</content>' if masthead.full_text else "")
        + "</entry>"
        for article in articles
    )
    return f"""{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>{masthead.base}/</id>
<title>{escape(masthead.name)}</title><updated>{changed.isoformat()}</updated>
<link rel="self" href="{masthead.base}/atom.xml"/><link rel="alternate" href="{masthead.base}/"/>
{entries}
</feed>"""


def json_feed(masthead: Masthead, articles: Sequence[Article], _changed: datetime) -> str:
    """JSON Feed 1.1."""
    items = []
    for article in articles:
        item = {
            "id": masthead.base + article.path,
            "url": masthead.link(article),
            "title": article.title,
            "summary": article.lead,
            "authors": [{"name": article.author}],
        }
        # An item must have a text; the summary serves where the article's own is kept back.
        item |= {"content_html": _html(article)} if masthead.full_text else {"content_text": article.lead}
        if article.published:
            item["date_published"] = article.published.isoformat()
        if article.updated:
            item["date_modified"] = article.updated.isoformat()
        items.append(item)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": masthead.name,
        "home_page_url": f"{masthead.base}/",
        "feed_url": f"{masthead.base}/feed.json",
        "language": "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)


def sitemap_index(masthead: Masthead, _articles: Sequence[Article], changed: datetime) -> str:
    """A sitemap index that leads to the news sitemap."""
    return f"""{XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{masthead.base}/news-sitemap.xml</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>
</sitemapindex>"""


def news_sitemap(masthead: Masthead, articles: Sequence[Article], _changed: datetime) -> str:
    """A sitemap with Google's news elements: outlet, language, date and title."""
    urls = "\n".join(
        f"<url><loc>{masthead.base}{article.path}</loc>"
        + (f"<lastmod>{article.modified.isoformat()}</lastmod>" if article.modified else "")
        + f"<news:news><news:publication><news:name>{escape(masthead.name)}</news:name>"
        "<news:language>en</news:language></news:publication>"
        + (
            f"<news:publication_date>{article.published.isoformat()}</news:publication_date>"
            if article.published
            else ""
        )
        + f"<news:title>{escape(article.title)}</news:title></news:news></url>"
        for article in articles
    )
    return f"""{XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}
</urlset>"""


def _html(article: Article) -> str:
    entries = [f"{update.headline}: {update.text}" for update in article.updates]
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in [*article.paragraphs, *entries])
