"""From evidence to citations, links and headlines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote as percent_encode

from bot.evidence import Sentence
from bot.records import Citation, Headline
from index.records import Hit
from ingest.records import Article

NEAREST = 3
UNLIKELY = -6.0  # words with such log-odds are rather not what answers, though the sentence may


def cite(sentence: Sentence, number: int, *, single_words: bool) -> Citation:
    """The citation of a sentence. single_words: whether some of its words answer, rather than all it says."""
    answer = sentence.answer if single_words and sentence.reader > UNLIKELY else None
    return cite_words(sentence.hit, sentence.start, sentence.text, number, answer)


def cite_words(hit: Hit, start: int, words: str, number: int, answer: tuple[int, int] | None = None) -> Citation:
    """The citation of words that stand in the hit's revision from `start`. answer: as in `Citation`."""
    article = hit.article
    return Citation(
        n=number,
        quote=words,
        start=start,
        end=start + len(words),
        article=article.id,
        revision=hit.passage.revision,
        title=article.title,
        outlet=article.byline,
        url=article.url,
        published=article.published,
        link=text_fragment(article.url, words),
        also=hit.also_in,
        answer=answer,
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
