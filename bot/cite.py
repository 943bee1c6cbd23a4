"""From evidence to citations, links and headlines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote as percent_encode

from bot.evidence import Sentence
from bot.records import Citation, Headline
from ingest.records import Article

NEAREST = 3
UNLIKELY = -6.0  # words with such log-odds are rather not what answers, though the sentence may


def cite(sentence: Sentence, number: int, *, single_words: bool) -> Citation:
    """The citation of a sentence. single_words: whether some of its words answer, rather than all it says."""
    article, passage = sentence.hit.article, sentence.hit.passage
    return Citation(
        n=number,
        quote=sentence.text,
        start=sentence.start,
        end=sentence.end,
        article=article.id,
        revision=passage.revision,
        title=article.title,
        outlet=article.byline,
        url=article.url,
        published=article.published,
        link=text_fragment(article.url, sentence.text),
        also=sentence.hit.also_in,
        answer=sentence.answer if single_words and sentence.reader > UNLIKELY else None,
    )


def text_fragment(url: str, quotation: str) -> str:
    """A link that a browser opens at the quotation (https://wicg.github.io/scroll-to-text-fragment/)."""
    if not url:
        return ""
    words = quotation.split()
    ends = [" ".join(words)] if len(words) <= 8 else [" ".join(words[:4]), " ".join(words[-4:])]
    # A hyphen has a meaning of its own in a fragment, so it is encoded too.
    directive = ",".join(percent_encode(end, safe="").replace("-", "%2D") for end in ends)
    return f"{url.partition('#')[0]}#:~:text={directive}"


def headlines(articles: Iterable[Article]) -> tuple[Headline, ...]:
    """The first few of them, one an article."""
    distinct = {article.id: article for article in articles}
    return tuple(
        Headline(article.title, article.byline, article.published, article.url, article.id)
        for article in list(distinct.values())[:NEAREST]
    )
